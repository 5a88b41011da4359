// Database, Statement, Transaction: the little of SQLite that the state file needs, with Status in
// place of result codes. For this room only.
#pragma once

#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "framework/core/status.hpp"

namespace chunkmill::host {

class Database;

// One prepared statement. Texts that are bound are borrowed until the next bind or reset.
class Statement {
 public:
  Statement(const Database& database, sqlite3_stmt* handle)
      : database_(&database), handle_(handle) {}

  // Binds `arguments` to ?1, ?2, ...
  template <typename... Arguments>
  Statement& bind(const Arguments&... arguments) {
    sqlite3_reset(handle_.get());
    int index = 0;
    (bind_one(++index, arguments), ...);
    return *this;
  }

  // True: a row is there to be read. False: no more.
  Result<bool> next();
  // Runs to its end.
  Status run();

  int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  double real(int column) const { return sqlite3_column_double(handle_.get(), column); }
  std::string text(int column) const;

 private:
  template <std::integral T>
  void bind_one(int index, T value) {
    sqlite3_bind_int64(handle_.get(), index, static_cast<sqlite3_int64>(value));
  }
  void bind_one(int index, double value) { sqlite3_bind_double(handle_.get(), index, value); }
  void bind_one(int index, std::string_view value);

  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  const Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// One connection. Threads: one at a time.
class Database {
 public:
  // `name` (a path, or a URI when `flags` say so) and `flags` as for sqlite3_open_v2; `path` is for
  // messages.
  static Result<std::unique_ptr<Database>> open(const std::string& path, const std::string& name,
                                                int flags);

  Status execute(const char* sql);
  Result<Statement> prepare(const char* sql) const;
  // The one integer that `sql` gives.
  bool is_read_only() const { return sqlite3_db_readonly(handle_.get(), "main") == 1; }
  Result<int64_t> query_integer(const char* sql) const;

  // What the last failed call on this connection means to a person.
  Status failure() const;
  int64_t changes() const { return sqlite3_changes64(handle_.get()); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  Database(std::string path, sqlite3* handle) : path_(std::move(path)), handle_(handle) {}

  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
};

// Rolls back unless it was committed.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(other.database_) {
    other.database_ = nullptr;
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  Status commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}

  Database* database_;
};

}  // namespace chunkmill::host
