#include "fixture.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>

namespace chunkmill::sqlite {
Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "chunkmill_sqlite_XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  path_ = name;
}

Database::Database(const std::string& path) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  db_.reset(db);
}

void Database::run(const std::string& sql) {
  INFO(sql);
  const int result = sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  INFO(sqlite3_errmsg(db_.get()));
  REQUIRE(result == SQLITE_OK);
}

std::string Database::rows(const std::string& sql) {
  INFO(sql);
  std::string out;
  const auto add = [](void* to, int count, char** values, char**) {
    auto& text = *static_cast<std::string*>(to);
    for (int i = 0; i < count; ++i) {
      if (i > 0) text += "|";
      text += values[i] == nullptr ? "(null)" : values[i];
    }
    text += "\n";
    return 0;
  };
  const int result = sqlite3_exec(db_.get(), sql.c_str(), add, &out, nullptr);
  INFO(sqlite3_errmsg(db_.get()));
  REQUIRE(result == SQLITE_OK);
  return out;
}

}  // namespace chunkmill::sqlite
