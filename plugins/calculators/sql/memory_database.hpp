// A SQLite database in memory that knows no clock and writes nothing, with the functions that
// statements of jobs have beyond SQLite's own:
//
//   number(x)       the number that a text is, the whole of it; what is none is an error of the row
//   number(x, ',')  the same, and thousands may be separated by this character
//   date(x), ...    as SQLite's, but a text that is not a date is an error of the row
//
// Ownership: owns its sqlite3; statements end before it. Threads: one at a time.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>

#include "chunkmill/error.hpp"
#include "plugins/calculators/sql/date_functions.hpp"

namespace chunkmill::select {

// Why a row ended the statement, beyond SQLite's message.
struct RowFault {
  std::string code{};  // empty: SQLite's own error
  std::string column{};
  std::string value{};  // the text that is no number
};

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using StatementPtr = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

class MemoryDatabase {
 public:
  MemoryDatabase();
  MemoryDatabase(const MemoryDatabase&) = delete;
  MemoryDatabase& operator=(const MemoryDatabase&) = delete;

  sqlite3* get() const { return db_.get(); }
  // Throws Error(CM_INTERNAL).
  void run(const std::string& sql);
  StatementPtr prepare(const std::string& sql);
  [[noreturn]] void fail(const std::string& doing) const;

  // Filled by functions and tables that end a statement with an error.
  RowFault& fault() { return *fault_; }

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  std::unique_ptr<RowFault> fault_;  // stays where it is: functions point to it
  std::unique_ptr<DateFunctions> dates_;
  std::unique_ptr<sqlite3, Close> db_;
};

// `name` as an identifier of SQL.
std::string quoted_name(std::string_view name);

}  // namespace chunkmill::select
