// A SELECT of SQLite that is stepped through, row by row, into Arrow columns.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>

#include "chunkmill/sql/source_rows.hpp"
#include "plugins/databases/sqlite/connection.hpp"

namespace chunkmill::sqlite {

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using StatementPtr = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

class SqliteRowStream final : public sql::RowStream {
 public:
  // `connection` outlives it.
  SqliteRowStream(Connection& connection, StatementPtr statement)
      : connection_(connection), statement_(std::move(statement)) {}
  bool next(sql::RowOutput& out) override;

 private:
  // Appends a value to its column. Returns its size.
  size_t append(int column, sql::RowOutput& out);

  Connection& connection_;
  StatementPtr statement_;
};

}  // namespace chunkmill::sqlite
