#include "plugins/databases/mysql/connection.hpp"

#include <errmsg.h>
#include <mysqld_error.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <charconv>
#include <limits>
#include <new>

namespace chunkmill::mysql {
namespace {

// The oldest ones whose array binding, window functions and CHECK constraints we count on.
constexpr unsigned long kOldestMariadb = 100300;
constexpr unsigned long kOldestMysql = 80000;
// From here on GET DIAGNOSTICS says which row it was.
constexpr unsigned long kMariadbWithRowNumbers = 100700;
// From here on a session may set explicit_defaults_for_timestamp.
constexpr unsigned long kMariadbWithPlainTimestamps = 100804;
// Two looks at when the server was started differ by no more.
constexpr int64_t kStartTolerance = 2;

unsigned whole_seconds(int64_t milliseconds) {
  const int64_t seconds = (milliseconds + 999) / 1000;
  return static_cast<unsigned>(
      std::min<int64_t>(seconds, std::numeric_limits<int32_t>::max() / 1000));
}

// The start of a statement, for messages: no values, and no more than tells it apart.
std::string shown(const std::string& sql) { return sql.substr(0, 60); }

int64_t to_number(std::string_view text) {
  int64_t number = -1;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  return result.ec == std::errc() ? number : -1;
}

int64_t number_of(const sql::Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return *number;
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? -1 : to_number(*text);
}

}  // namespace

Connection::Connection(const Endpoint& endpoint, Access access,
                       std::shared_ptr<Interrupts> interrupts)
    : endpoint_(endpoint), interrupts_(std::move(interrupts)), mysql_(mysql_init(nullptr)) {
  if (mysql_ == nullptr) throw std::bad_alloc();
  set_options();
  connect();
  check_server();
  set_up(access);
}

Connection::~Connection() = default;

void Connection::set_options() {
  MYSQL* const mysql = mysql_.get();
  const unsigned connect_timeout = whole_seconds(endpoint_.connect_timeout_ms);
  const unsigned timeout = whole_seconds(endpoint_.timeout_ms);
  const unsigned off = 0;
  const my_bool yes = 1;
  mysql_optionsv(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connect_timeout);
  mysql_optionsv(mysql, MYSQL_OPT_READ_TIMEOUT, &timeout);
  mysql_optionsv(mysql, MYSQL_OPT_WRITE_TIMEOUT, &timeout);
  mysql_optionsv(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  // A server must not ask for files of this machine, nor for the password in plain text.
  mysql_optionsv(mysql, MYSQL_OPT_LOCAL_INFILE, &off);
  mysql_optionsv(mysql, MARIADB_OPT_RESTRICTED_AUTH,
                 "mysql_native_password,client_ed25519,caching_sha2_password,sha256_password");
  const unsigned protocol = endpoint_.socket.empty() ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET;
  mysql_optionsv(mysql, MYSQL_OPT_PROTOCOL, &protocol);
  mysql_optionsv(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "chunkmill");
  if (endpoint_.tls == Tls::kDisable) return;
  mysql_optionsv(mysql, MYSQL_OPT_SSL_ENFORCE, &yes);
  if (!endpoint_.tls_ca.empty()) mysql_optionsv(mysql, MYSQL_OPT_SSL_CA, endpoint_.tls_ca.c_str());
  if (endpoint_.tls == Tls::kVerify) mysql_optionsv(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &yes);
}

void Connection::connect() {
  if (interrupts_->raised())
    throw Error(CM_CANCELLED, "interrupted before it connected to " + endpoint_.text());
  const std::string doing = "cannot connect to " + endpoint_.text();
  // Rows that an UPDATE finds as they shall be count as touched.
  constexpr unsigned long kFlags = CLIENT_FOUND_ROWS;
  if (mysql_real_connect(mysql_.get(), endpoint_.host.c_str(), endpoint_.user.c_str(),
                         endpoint_.password.c_str(), endpoint_.database.c_str(), endpoint_.port,
                         endpoint_.socket.empty() ? nullptr : endpoint_.socket.c_str(),
                         kFlags) == nullptr)
    fail(fault(), doing);
  // The client library goes on in plain text where the server has no TLS.
  if ((endpoint_.tls == Tls::kRequire || endpoint_.tls == Tls::kVerify) &&
      mysql_get_ssl_cipher(mysql_.get()) == nullptr)
    throw Error(CM_INVALID, doing + ": the server has no TLS; set it up there, or change `tls`");
  const int socket = mysql_get_socket(mysql_.get());
  if (endpoint_.socket.empty()) {
    const auto timeout = static_cast<unsigned>(whole_seconds(endpoint_.timeout_ms)) * 1000;
    setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof timeout);
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
  }
  socket_ = std::make_unique<LiveSocket>(interrupts_, socket);
}

void Connection::check_server() {
  const std::string info = mysql_get_server_info(mysql_.get());
  is_mariadb_ = mariadb_connection(mysql_.get()) != 0;
  version_ = mysql_get_server_version(mysql_.get());
  if (version_ < (is_mariadb_ ? kOldestMariadb : kOldestMysql))
    throw Error(CM_UNSUPPORTED, "the server at " + endpoint_.text() + " is " +
                                    std::string(server()) + " " + info +
                                    "; MariaDB 10.3 or MySQL 8.0 is the oldest that will do");
  unsigned long abilities = 0;
  mariadb_get_infov(mysql_.get(), MARIADB_CONNECTION_EXTENDED_SERVER_CAPABILITIES, &abilities);
  can_bind_arrays_ = (abilities & (MARIADB_CLIENT_STMT_BULK_OPERATIONS >> 32)) != 0;
}

void Connection::set_up(Access access) {
  const unsigned timeout = whole_seconds(endpoint_.timeout_ms);
  // Shorter than our own deadline, so that it is the server that says why.
  const std::string lock_timeout = std::to_string(std::max(1U, timeout * 2 / 3));
  std::string sql =
      "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,"
      "ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION', "
      "time_zone = '+00:00', autocommit = 1, foreign_key_checks = 1, unique_checks = 1, "
      "sql_safe_updates = 0, default_storage_engine = InnoDB, innodb_lock_wait_timeout = " +
      lock_timeout + ", lock_wait_timeout = " + lock_timeout;
  // A run may last days between two uses of one connection; a reader waits for its sink.
  sql += ", wait_timeout = 31536000, net_write_timeout = 31536000, net_read_timeout = 3600";
  if (is_mariadb_ && access == Access::kWrite) sql += ", idle_transaction_timeout = 600";
  // NULL in a TIMESTAMP column is NULL, not the time of day.
  if (is_mariadb_ && version_ >= kMariadbWithPlainTimestamps)
    sql += ", explicit_defaults_for_timestamp = 1";
  run(sql);
  run("SET SESSION TRANSACTION ISOLATION LEVEL " +
      std::string(access == Access::kWrite ? "READ COMMITTED" : "REPEATABLE READ"));
  const std::vector<sql::Values> facts =
      all("SELECT CAST(@@max_allowed_packet AS SIGNED), CONNECTION_ID()", {});
  max_packet_ = static_cast<uint64_t>(std::max<int64_t>(number_of(facts[0][0]), 1024));
  number_ = number_of(facts[0][1]);
  session_id_ = std::to_string(number_);
}

bool Connection::try_run(const std::string& sql) {
  if (mysql_real_query(mysql_.get(), sql.data(), sql.size()) != 0) return false;
  if (MYSQL_RES* const result = mysql_store_result(mysql_.get())) mysql_free_result(result);
  return mysql_errno(mysql_.get()) == 0;
}

void Connection::run(const std::string& sql) {
  if (!try_run(sql)) fail(fault(), shown(sql));
}

Statement& Connection::prepared(const std::string& sql) {
  const auto known = statements_.find(sql);
  if (known != statements_.end()) return known->second;
  Statement made(mysql_.get());
  if (!made.prepare(sql)) fail(Fault::of(made.get()), shown(sql));
  return statements_.emplace(sql, std::move(made)).first->second;
}

int64_t Connection::execute(const std::string& sql, const sql::Values& parameters) {
  Statement& statement = prepared(sql);
  if (!statement.execute(parameters)) fail(Fault::of(statement.get()), shown(sql));
  return statement.touched_rows();
}

std::vector<sql::Values> Connection::all(const std::string& sql, const sql::Values& parameters) {
  Statement& statement = prepared(sql);
  std::vector<sql::Values> rows;
  if (!statement.execute(parameters) || !statement.read(&rows))
    fail(Fault::of(statement.get()), shown(sql));
  return rows;
}

std::optional<sql::Values> Connection::first(const std::string& sql,
                                             const sql::Values& parameters) {
  std::vector<sql::Values> rows = all(sql, parameters);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

void Connection::begin() {
  run("START TRANSACTION");
  in_transaction_ = true;
}

void Connection::begin_reading() {
  run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
  in_transaction_ = true;
}

// Only another connection can say so: this one is busy. Where none can be made, hanging up does it.
void Connection::end_running_select() noexcept {
  try {
    Connection other(endpoint_, Access::kLook, interrupts_);
    other.run("KILL QUERY " + std::to_string(number_));
  } catch (const std::exception&) {
    in_transaction_ = false;
    ::shutdown(mysql_get_socket(mysql_.get()), SHUT_RDWR);
  }
}

// Only an answer tells what became of it. A deadlock or a lock that was waited for too long is one
// that says no; all else may have come after the server had made it durable.
void Connection::commit() {
  const bool committed = try_run("COMMIT");
  in_transaction_ = false;
  if (committed) return;
  const Fault why = fault();
  if (why.number == ER_LOCK_DEADLOCK || why.number == ER_LOCK_WAIT_TIMEOUT) fail(why, "COMMIT");
  throw Error(CM_COMMIT_UNKNOWN,
              without_password("the commit's outcome is not known: " + why.text(server()),
                               endpoint_.password))
      .at(endpoint_.text())
      .vendor(static_cast<int>(why.number))
      .sqlstate(why.sqlstate)
      .retryable_if(true);
}

void Connection::rollback() noexcept {
  if (!in_transaction_) return;
  in_transaction_ = false;
  constexpr std::string_view kSql = "ROLLBACK";
  mysql_real_query(mysql_.get(), kSql.data(), kSql.size());
}

// One name for all databases of the server, and of at most 64 characters.
bool Connection::try_lock(const std::string& name) {
  const std::optional<sql::Values> got =
      first("SELECT GET_LOCK(SHA1(CONCAT(DATABASE(), '/', ?)), 0)", {name});
  return got && number_of((*got)[0]) == 1;
}

void Connection::unlock(const std::string& name) noexcept {
  try {
    first("SELECT RELEASE_LOCK(SHA1(CONCAT(DATABASE(), '/', ?)))", {name});
  } catch (const std::exception&) {
    // The connection is lost, and the lock with it.
  }
}

namespace {
// When the server was started; numbers of connections begin anew then.
constexpr const char* kStart = "SELECT CAST(UNIX_TIMESTAMP() - VARIABLE_VALUE AS SIGNED) FROM ";

std::string start_query(bool is_mariadb) {
  return std::string(kStart) + (is_mariadb ? "information_schema" : "performance_schema") +
         ".GLOBAL_STATUS WHERE VARIABLE_NAME = 'UPTIME'";
}
}  // namespace

std::string Connection::session_id() {
  if (session_id_.find('/') == std::string::npos) {
    const std::optional<sql::Values> start = first(start_query(is_mariadb_), {});
    session_id_ += "/" + std::to_string(start ? number_of((*start)[0]) : 0);
  }
  return session_id_;
}

std::string Connection::lock_holder(const std::string& name) {
  const std::optional<sql::Values> holder =
      first("SELECT CAST(IS_USED_LOCK(SHA1(CONCAT(DATABASE(), '/', ?))) AS SIGNED)", {name});
  if (!holder || !std::holds_alternative<int64_t>((*holder)[0])) return {};
  // The server that this connection is to is the one that the holder's is to.
  const std::string own = session_id();
  return std::to_string(number_of((*holder)[0])) + own.substr(own.find('/'));
}

bool Connection::session_lives(const std::string& id) {
  const size_t slash = id.find('/');
  if (slash == std::string::npos) return false;
  const int64_t number = to_number(std::string_view(id).substr(0, slash));
  const int64_t its_start = to_number(std::string_view(id).substr(slash + 1));
  const std::optional<sql::Values> start = first(start_query(is_mariadb_), {});
  if (!start || std::abs(number_of((*start)[0]) - its_start) > kStartTolerance) return false;
  return first("SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = ?", {number}).has_value();
}

void Connection::end_session(const std::string& id) {
  if (!session_lives(id)) return;
  const int64_t number = to_number(std::string_view(id).substr(0, id.find('/')));
  if (try_run("KILL CONNECTION " + std::to_string(number))) return;
  const Fault why = fault();
  if (why.number != ER_NO_SUCH_THREAD) fail(why, "ending session " + std::to_string(number));
}

int64_t Connection::failed_row(const Fault& fault) {
  if (is_mariadb_ && version_ >= kMariadbWithRowNumbers &&
      try_run("GET DIAGNOSTICS CONDITION 1 @chunkmill_row = ROW_NUMBER")) {
    const std::optional<sql::Values> row = first("SELECT CAST(@chunkmill_row AS SIGNED)", {});
    if (row && number_of((*row)[0]) > 0) return number_of((*row)[0]) - 1;
  }
  constexpr std::string_view kAtRow = " at row ";
  const size_t at = fault.message.rfind(kAtRow);
  if (at == std::string::npos) return -1;
  const int64_t row = to_number(std::string_view(fault.message).substr(at + kAtRow.size()));
  return row > 0 ? row - 1 : -1;
}

void Connection::fail(const Fault& fault, std::string_view doing, std::string_view where) {
  if (fault.ends_transaction()) in_transaction_ = false;
  const std::string place = where.empty() ? endpoint_.text() : std::string(where);
  if (interrupts_->raised() && fault.is_connection_lost())
    throw Error(CM_CANCELLED, std::string(doing) + ": interrupted").at(place);
  throw to_error(fault, doing, place, server(), endpoint_);
}

}  // namespace chunkmill::mysql
