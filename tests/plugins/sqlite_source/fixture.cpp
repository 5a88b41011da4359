#include "tests/plugins/sqlite_source/fixture.hpp"

#include <unistd.h>

#include <stdexcept>

namespace chunkmill::sqlite {

File::File(const std::string& sql) {
  std::string name = (std::filesystem::temp_directory_path() / "chunkmill-source-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  sqlite3* db = nullptr;
  if (sqlite3_open(path().c_str(), &db) != SQLITE_OK) throw std::runtime_error("cannot open");
  db_.reset(db);
  run("PRAGMA journal_mode = wal; PRAGMA synchronous = off");
  run(sql);
}

File::~File() {
  db_.reset();
  std::filesystem::remove_all(folder_);
}

void File::run(const std::string& sql) {
  if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw std::runtime_error(sql + ": " + sqlite3_errmsg(db_.get()));
}

Map reading(const File& file, Map more) {
  more.emplace_back("path", file.path());
  return more;
}

Outcome first_fault(const File& file, Map options) {
  Reader reader(file, std::move(options));
  if (!reader->created.ok()) return reader->created;
  Schema schema;
  if (Outcome outcome = reader->schema(&schema); !outcome.ok()) return outcome;
  return reader->plan(2);
}

}  // namespace chunkmill::sqlite
