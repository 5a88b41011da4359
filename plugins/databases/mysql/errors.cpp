#include "plugins/databases/mysql/errors.hpp"

#include <errmsg.h>
#include <mysqld_error.h>

#include <algorithm>
#include <utility>

namespace chunkmill::mysql {
namespace {

// Numbers that mysqld_error.h of MariaDB does not have: MySQL's own, or newer ones.
constexpr unsigned kMysqlCheckFailed = 3819;
constexpr unsigned kMysqlInvalidJson = 3140;
constexpr unsigned kMysqlIdleDisconnect = 4031;
constexpr unsigned kJsonSyntax = 4038;

template <size_t N>
bool is_one_of(unsigned number, const unsigned (&list)[N]) {
  return std::find(std::begin(list), std::end(list), number) != std::end(list);
}

constexpr unsigned kLost[] = {
    CR_SERVER_GONE_ERROR,    CR_SERVER_LOST,    CR_SERVER_LOST_EXTENDED, CR_CONNECTION_ERROR,
    CR_CONN_HOST_ERROR,      CR_UNKNOWN_HOST,   ER_CONNECTION_KILLED,    ER_SERVER_SHUTDOWN,
    kMysqlIdleDisconnect,    ER_NET_READ_ERROR, ER_NET_READ_INTERRUPTED, ER_NET_ERROR_ON_WRITE,
    ER_NET_WRITE_INTERRUPTED};
constexpr unsigned kBusy[] = {
    ER_CON_COUNT_ERROR,  ER_TOO_MANY_USER_CONNECTIONS, ER_USER_LIMIT_REACHED,
    ER_HOST_IS_BLOCKED,  ER_LOCK_WAIT_TIMEOUT,         ER_LOCK_DEADLOCK,
    ER_CHECKREAD,        ER_QUERY_INTERRUPTED,         ER_STATEMENT_TIMEOUT,
    ER_OUT_OF_RESOURCES, ER_CANT_CREATE_THREAD,        ER_WARN_I_S_SKIPPED_TABLE};
constexpr unsigned kFull[] = {ER_DISK_FULL, ER_RECORD_FILE_FULL};
constexpr unsigned kDenied[] = {
    ER_ACCESS_DENIED_ERROR,       ER_ACCESS_DENIED_NO_PASSWORD_ERROR,
    ER_DBACCESS_DENIED_ERROR,     ER_TABLEACCESS_DENIED_ERROR,
    ER_COLUMNACCESS_DENIED_ERROR, ER_SPECIFIC_ACCESS_DENIED_ERROR,
    ER_PROCACCESS_DENIED_ERROR,   ER_HOST_NOT_PRIVILEGED,
    ER_MUST_CHANGE_PASSWORD,      ER_MUST_CHANGE_PASSWORD_LOGIN,
    ER_OPTION_PREVENTS_STATEMENT, ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION,
    ER_ACCOUNT_HAS_BEEN_LOCKED};
constexpr unsigned kMissing[] = {ER_BAD_DB_ERROR, ER_NO_SUCH_TABLE, ER_BAD_TABLE_ERROR,
                                 ER_NO_SUCH_TABLE_IN_ENGINE};
constexpr unsigned kTooLarge[] = {ER_NET_PACKET_TOO_LARGE, CR_NET_PACKET_TOO_LARGE,
                                  ER_TOO_MANY_ROWS, CR_OUT_OF_MEMORY};
constexpr unsigned kNoSuchWay[] = {CR_AUTH_PLUGIN_CANNOT_LOAD, ER_NOT_SUPPORTED_AUTH_MODE,
                                   CR_AUTH_PLUGIN_ERR};

// Numbers of row faults that SQLSTATE does not put into the classes 22 and 23.
constexpr unsigned kRowFaults[] = {ER_NO_DEFAULT_FOR_FIELD,
                                   ER_TRUNCATED_WRONG_VALUE_FOR_FIELD,
                                   WARN_DATA_TRUNCATED,
                                   ER_TOO_BIG_ROWSIZE,
                                   ER_INVALID_CHARACTER_STRING,
                                   ER_CONSTRAINT_FAILED,
                                   kMysqlCheckFailed,
                                   kMysqlInvalidJson,
                                   kJsonSyntax,
                                   ER_NO_REFERENCED_ROW,
                                   ER_NO_PARTITION_FOR_GIVEN_VALUE};

bool says(const Fault& fault, std::string_view words) {
  return fault.message.find(words) != std::string::npos;
}

// What a disk says comes through as text: "Got error 28 from storage engine".
bool is_full(const Fault& fault) {
  return is_one_of(fault.number, kFull) || says(fault, "No space left") ||
         says(fault, "Errcode: 28") || says(fault, "error 28 ");
}

// "INSERT command denied to user 'u'@'h' for table `d`.`t`"
std::string grant_for(const Fault& fault) {
  constexpr std::string_view kFor = " for table ";
  const size_t right = fault.message.find(" command denied");
  const size_t table = fault.message.rfind(kFor);
  if (right == std::string::npos || table == std::string::npos)
    return "; let an administrator GRANT it to the user";
  return "; let an administrator GRANT " + fault.message.substr(0, right) + " ON " +
         fault.message.substr(table + kFor.size()) + " TO the user";
}

std::string advice(const Fault& fault, const Endpoint& endpoint) {
  switch (fault.number) {
    case CR_UNKNOWN_HOST:
    case CR_CONNECTION_ERROR:
    case CR_CONN_HOST_ERROR:
      return "; is the server up, and are `host` and `port` (or `socket`) right?";
    case ER_ACCESS_DENIED_ERROR:
    case ER_ACCESS_DENIED_NO_PASSWORD_ERROR:
      return "; look at `user` and `password`, and from which hosts the user may connect";
    case ER_DBACCESS_DENIED_ERROR:
    case ER_COLUMNACCESS_DENIED_ERROR:
      return "; let an administrator GRANT it to the user";
    case ER_TABLEACCESS_DENIED_ERROR:
      return grant_for(fault);
    case ER_BAD_DB_ERROR:
      return "; make it with CREATE DATABASE, or change `database`";
    case ER_OPTION_PREVENTS_STATEMENT:
      return "; the server takes no writes: is it a replica?";
    case ER_LOCK_WAIT_TIMEOUT:
      return "; another transaction holds the rows or the table";
    case ER_NET_PACKET_TOO_LARGE:
    case CR_NET_PACKET_TOO_LARGE:
      return "; raise max_allowed_packet of the server, or lower `chunk`";
    case ER_TOO_LONG_KEY:
      return "; make the table yourself, with shorter key columns";
    case CR_SSL_CONNECTION_ERROR:
      return "; look at `tls` and `tls_ca`";
    case CR_SERVER_LOST:
    case CR_SERVER_GONE_ERROR:
      return "; the server ended the connection, or gave no answer in `timeout` (" +
             std::to_string(endpoint.timeout_ms) + " ms)";
    default:
      return is_full(fault) ? "; make room on the server's disk and run again" : "";
  }
}

bool is_certificate_fault(const Fault& fault) {
  return says(fault, "certificate") || says(fault, "required") || says(fault, "Validation") ||
         says(fault, "No such file");
}

std::string percent_encoded(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

void replace_all(std::string* text, std::string_view what) {
  constexpr std::string_view kShown = "***";
  for (size_t at = text->find(what); at != std::string::npos; at = text->find(what, at)) {
    text->replace(at, what.size(), kShown);
    at += kShown.size();
  }
}

// What stands between the quotes that follow `words`.
std::string_view quoted_after(std::string_view message, std::string_view words) {
  const size_t at = message.find(words);
  if (at == std::string_view::npos) return {};
  std::string_view rest = message.substr(at + words.size());
  const char quote = rest.empty() ? ' ' : rest[0];
  if (quote != '\'' && quote != '`') return {};
  rest.remove_prefix(1);
  return rest.substr(0, rest.find(quote));
}

}  // namespace

Fault Fault::of(MYSQL* connection) {
  return {mysql_errno(connection), mysql_sqlstate(connection), mysql_error(connection)};
}

Fault Fault::of(MYSQL_STMT* statement) {
  return {mysql_stmt_errno(statement), mysql_stmt_sqlstate(statement), mysql_stmt_error(statement)};
}

bool Fault::is_connection_lost() const {
  // A packet that is too large makes the server hang up as well.
  return is_one_of(number, kLost) || number == ER_NET_PACKET_TOO_LARGE;
}

bool Fault::ends_transaction() const {
  return is_connection_lost() || number == ER_LOCK_DEADLOCK || number == ER_CHECKREAD ||
         is_full(*this);
}

bool Fault::is_row_fault() const {
  if (is_one_of(number, kRowFaults)) return true;
  // 45: SIGNAL in a trigger of the table.
  return sqlstate.starts_with("22") || sqlstate.starts_with("23") || sqlstate.starts_with("45");
}

std::string Fault::text(std::string_view server) const {
  if (number >= CR_MIN_ERROR && number <= CR_MAX_ERROR)
    return message + " (client error " + std::to_string(number) + ")";
  return message + " (" + std::string(server) + " " + std::to_string(number) + ", SQLSTATE " +
         sqlstate + ")";
}

cm_code code_of(const Fault& fault) {
  if (is_full(fault)) return CM_FULL;
  if (is_one_of(fault.number, kTooLarge)) return CM_TOO_LARGE;
  if (is_one_of(fault.number, kLost) || is_one_of(fault.number, kBusy)) return CM_UNAVAILABLE;
  if (is_one_of(fault.number, kDenied) || fault.sqlstate.starts_with("28")) return CM_PERMISSION;
  if (is_one_of(fault.number, kMissing)) return CM_NOT_FOUND;
  if (is_one_of(fault.number, kNoSuchWay)) return CM_UNSUPPORTED;
  if (fault.number == CR_SSL_CONNECTION_ERROR)
    return is_certificate_fault(fault) ? CM_INVALID : CM_UNAVAILABLE;
  if (fault.is_row_fault()) return CM_DATA;
  return CM_INVALID;
}

std::string_view reject_code(const Fault& fault) {
  switch (fault.number) {
    case ER_BAD_NULL_ERROR:
    case ER_WARN_NULL_TO_NOTNULL:
    case ER_NO_DEFAULT_FOR_FIELD:
      return "not_null";
    case ER_DUP_KEY:
    case ER_DUP_ENTRY:
    case ER_DUP_ENTRY_WITH_KEY_NAME:
    case ER_DUP_UNKNOWN_IN_INDEX:
      return "not_unique";
    case ER_CONSTRAINT_FAILED:
    case kMysqlCheckFailed:
      return "check_failed";
    case ER_NO_REFERENCED_ROW:
    case ER_NO_REFERENCED_ROW_2:
      return "no_such_reference";
    case ER_DATA_TOO_LONG:
    case ER_TOO_BIG_ROWSIZE:
      return "too_large";
    case ER_WARN_DATA_OUT_OF_RANGE:
    case ER_DATA_OUT_OF_RANGE:
    case ER_DATETIME_FUNCTION_OVERFLOW:
      return "out_of_range";
    case ER_TRUNCATED_WRONG_VALUE:
    case ER_TRUNCATED_WRONG_VALUE_FOR_FIELD:
    case WARN_DATA_TRUNCATED:
    case ER_INVALID_CHARACTER_STRING:
    case kMysqlInvalidJson:
    case kJsonSyntax:
      return "wrong_type";
    default:
      return "constraint";
  }
}

std::string_view column_in(std::string_view message) {
  if (message.starts_with("Column ")) return quoted_after(message, "Column ");
  if (message.starts_with("Field ")) return quoted_after(message, "Field ");
  std::string_view column = quoted_after(message, "for column ");
  const size_t at = message.find("for column `");
  if (at == std::string_view::npos) return column;
  // "for column `database`.`table`.`column` at row 3"
  std::string_view path = message.substr(at, message.rfind(" at row ") - at);
  if (!path.ends_with('`')) return column;
  path.remove_suffix(1);
  return path.substr(path.rfind('`') + 1);
}

std::string_view key_in(std::string_view message) {
  const size_t at = message.rfind(" for key '");
  if (at == std::string_view::npos) return {};
  std::string_view key = message.substr(at + 10);
  key = key.substr(0, key.rfind('\''));
  // MySQL puts the table's name before it.
  const size_t dot = key.rfind('.');
  return dot == std::string_view::npos ? key : key.substr(dot + 1);
}

Error to_error(const Fault& fault, std::string_view doing, std::string_view where,
               std::string_view server, const Endpoint& endpoint) {
  const cm_code code = code_of(fault);
  std::string message = std::string(doing) + ": " + fault.text(server) + advice(fault, endpoint);
  return Error(code, without_password(std::move(message), endpoint.password))
      .at(where)
      .vendor(static_cast<int>(fault.number))
      .sqlstate(fault.sqlstate)
      .retryable_if(code == CM_UNAVAILABLE);
}

std::string without_password(std::string text, std::string_view password) {
  if (password.empty()) return text;
  replace_all(&text, password);
  const std::string encoded = percent_encoded(password);
  if (encoded != password) replace_all(&text, encoded);
  return text;
}

}  // namespace chunkmill::mysql
