// What a server or the client library says, as an Error with the facts the host decides by.
// Threads: any.
#pragma once

#include <mysql.h>

#include <string>
#include <string_view>

#include "chunkmill/error.hpp"
#include "plugins/databases/mysql/endpoint.hpp"

namespace chunkmill::mysql {

// A failed call, before it is judged.
struct Fault {
  unsigned number = 0;
  std::string sqlstate;
  std::string message;

  static Fault of(MYSQL* connection);
  static Fault of(MYSQL_STMT* statement);

  // The connection is gone, and with it its transaction.
  bool is_connection_lost() const;
  // The server has rolled the whole transaction back.
  bool ends_transaction() const;
  // A row is to blame, not the statement or the server.
  bool is_row_fault() const;
  // "Duplicate entry '1' for key 'PRIMARY' (MariaDB 1062, SQLSTATE 23000)"
  std::string text(std::string_view server) const;
};

cm_code code_of(const Fault& fault);
// The reject code of a row fault: not_null, not_unique, ...
std::string_view reject_code(const Fault& fault);
// The column that the message of a row fault names; empty where it names none.
std::string_view column_in(std::string_view message);
// The key that the message of a duplicate names.
std::string_view key_in(std::string_view message);

// `doing` begins the message: a table, or what was tried. `server` is "MariaDB" or "MySQL".
Error to_error(const Fault& fault, std::string_view doing, std::string_view where,
               std::string_view server, const Endpoint& endpoint);

// `text` without the password, as it is and as a url holds it.
std::string without_password(std::string text, std::string_view password);

}  // namespace chunkmill::mysql
