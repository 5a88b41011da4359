// A SQLite sink driven as the host does it, and a second look at its file with SQLite itself.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugins/databases/sqlite/sink.hpp"
#include "tests/sql/sink_run.hpp"

namespace chunkmill::sqlite {

using testing::BadRow;
using testing::CellRow;
using testing::List;
using testing::Map;
using testing::Outcome;
using testing::people;
using testing::people_rows;
using testing::Rows;
using testing::TestChunk;
using testing::Value;

class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// A connection of somebody else's.
class Database {
 public:
  explicit Database(const std::string& path);
  void run(const std::string& sql);
  // Rows as text, columns separated by |, NULL as (null), rows by a newline; typeof() shows types.
  std::string rows(const std::string& sql);

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
  };
  std::unique_ptr<sqlite3, Close> db_;
};

using SqliteRun = testing::SqlSinkRun<SqliteSink>;

}  // namespace chunkmill::sqlite
