// date(), time(), datetime(), julianday(), unixepoch() and strftime() as SQLite has them, but for
// what it passes over in silence: a text that is not a date, a day that does not exist, a number
// where a date is meant, and a modifier that it does not know are errors of the row. NULL stays
// NULL.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>

namespace chunkmill::select {

struct RowFault;

class DateFunctions {
 public:
  // Takes their places in `db`; both outlive the statements of `db`. Throws std::bad_alloc.
  DateFunctions(sqlite3* db, const char* vfs, RowFault* fault);

 private:
  struct Function {
    DateFunctions* all;
    const char* name;
    bool needs_day;   // made of the time alone it would be a day of the year 2000
    int first_value;  // the argument that is a time
  };
  static void call(sqlite3_context* context, int count, sqlite3_value** values);
  void run(const Function& function, sqlite3_context* context, int count, sqlite3_value** values);
  sqlite3_stmt* original(const Function& function, int count);
  void refuse(const Function& function, sqlite3_context* context, const std::string& value,
              const std::string& why);

  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  static constexpr int kFunctions = 6;
  static constexpr int kMostArguments = 8;

  RowFault* fault_;
  Function functions_[kFunctions];
  std::unique_ptr<sqlite3, Close> db_;  // where the names are still SQLite's own
  std::unique_ptr<sqlite3_stmt, Finalize> originals_[kFunctions][kMostArguments + 1];
};

}  // namespace chunkmill::select
