// A SQLite file as a database to read from.
//
// Threads: any; each connection is used by one at a time.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "chunkmill/sql/source_database.hpp"
#include "plugins/databases/sqlite/connection.hpp"
#include "plugins/databases/sqlite/dialect.hpp"
#include "plugins/databases/sqlite/source_dialect.hpp"

namespace chunkmill::sqlite {

class SqliteSourceDatabase final : public sql::SourceDatabase {
 public:
  // Set before anything is read.
  std::string path;
  int64_t busy_ms = 10'000;
  std::map<std::string, Field> types;  // by column, instead of what is declared

  // Makes everything that runs or waits end with CM_CANCELLED, now and from now on.
  void interrupt() { interrupted_ = true; }

  const sql::Dialect& dialect() const override { return dialect_; }
  const sql::SourceDialect& source_dialect() const override { return source_dialect_; }
  std::string place() const override { return path; }
  std::unique_ptr<sql::Connection> connect() override;
  void begin_reading(sql::Connection& db) override { db.run("BEGIN"); }
  std::optional<sql::SourceTable> read_table(sql::Connection& db, const std::string& name) override;
  std::vector<std::string> table_names(sql::Connection& db) override;
  std::vector<sql::SourceColumn> describe(sql::Connection& db, const std::string& select) override;
  std::unique_ptr<sql::RowStream> stream(sql::Connection& db, const std::string& select,
                                         const sql::ReadColumns& columns) override;

 private:
  SqliteDialect dialect_;
  SqliteSourceDialect source_dialect_;
  std::atomic<bool> interrupted_ = false;
};

}  // namespace chunkmill::sqlite
