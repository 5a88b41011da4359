// A prepared statement. Its calls return false where they failed; Fault::of(get()) says why.
//
// Ownership: ends before its connection. Threads: the connection's.
#pragma once

#include <mysql.h>

#include <memory>
#include <string>
#include <vector>

#include "chunkmill/sql/ledger.hpp"

namespace chunkmill::mysql {

class Statement {
 public:
  // Throws bad_alloc alone; prepare() is what may fail.
  explicit Statement(MYSQL* connection);

  bool prepare(const std::string& sql);
  bool execute(const sql::Values& parameters);
  int64_t touched_rows() const {
    return static_cast<int64_t>(mysql_stmt_affected_rows(statement_.get()));
  }
  // Reads all rows of the result: integers as int64_t, NULL as monostate, all else as text.
  bool read(std::vector<sql::Values>* rows);

  MYSQL_STMT* get() const { return statement_.get(); }

 private:
  struct Close {
    void operator()(MYSQL_STMT* statement) const { mysql_stmt_close(statement); }
  };
  std::unique_ptr<MYSQL_STMT, Close> statement_;
};

}  // namespace chunkmill::mysql
