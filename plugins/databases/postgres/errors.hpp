// What PostgreSQL says when something does not work, and what it means for the host. The fields are
// those of the protocol, the same in every language of the server.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "chunkmill/abi/base.h"

namespace chunkmill::postgres {

// An error of the server. Without a SQLSTATE it is none of the server's but of the connection.
struct Failure {
  std::string sqlstate;
  std::string message;
  std::string detail;
  std::string context;
  std::string column;
  std::string constraint;
  int position = 0;  // of the statement's character that is at fault, from 1; 0: not told
};

// The class of an error by its SQLSTATE.
struct Meaning {
  cm_code code = CM_IO;
  bool retryable = false;
  std::string_view advice{};  // what to do, after "; "; may be empty
};
Meaning meaning_of(std::string_view sqlstate);

// True where the rows are at fault and not the statement, the server or the connection.
bool is_row_fault(std::string_view sqlstate);
// The reject's code: "not_null", "not_unique", ...
std::string_view reject_code(std::string_view sqlstate);
// What is wrong with the row, in our words where we know it, with the SQLSTATE.
std::string reject_message(const Failure& failure, std::string_view column);

// The line and the column that "COPY t, line 3, column x: ..." in the context names, whatever
// language the words are in. 0 and "": it names none.
struct CopyPlace {
  int64_t line = 0;
  std::string column;
};
CopyPlace copy_place(std::string_view context, std::string_view table);

// Splits what libpq says of a connection that did not come about, with verbose errors asked for.
Failure connect_failure(std::string_view text);

}  // namespace chunkmill::postgres
