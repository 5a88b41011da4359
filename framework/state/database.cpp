#include "framework/state/database.hpp"

#include <cstring>

namespace chunkmill::host {
namespace {

// What a person can do about it; the primary code is enough to tell.
Status explain(const std::string& path, int code, const std::string& reason, int system_error) {
  const std::string state = "state file " + path + ": ";
  const std::string elsewhere = "keep the state elsewhere with --state DIR";
  std::string cause = reason;
  if (system_error != 0) cause += std::string(" (") + std::strerror(system_error) + ")";
  switch (code) {
    case SQLITE_FULL:
      return {Code::kState,
              state + "the disk is full; free some space and run the same command again, or " +
                  elsewhere};
    case SQLITE_CORRUPT:
      return {Code::kState, state + "is damaged (" + cause +
                                "); move it away to begin with an empty one: progress in sinks "
                                "that keep their own position "
                                "is not lost, history and rejects are"};
    case SQLITE_NOTADB:
      return {Code::kState,
              state + "is not a state file of chunkmill; move it away, or " + elsewhere};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
      return {Code::kState,
              state + cause + "; check that file and folder can be written, or " + elsewhere};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Code::kState,
              state + "is locked by another program; close it and run the same command again, or " +
                  elsewhere};
    default:
      return {Code::kState, state + cause + "; check the disk, or " + elsewhere};
  }
}

}  // namespace

std::string Statement::text(int column) const {
  const void* data = sqlite3_column_blob(handle_.get(), column);
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return data == nullptr ? std::string()
                         : std::string(static_cast<const char*>(data), static_cast<size_t>(size));
}

void Statement::bind_one(int index, std::string_view value) {
  // A null pointer would bind NULL.
  const char* data = value.data() == nullptr ? "" : value.data();
  sqlite3_bind_text64(handle_.get(), index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8);
}

Result<bool> Statement::next() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return database_->failure();
}

Status Statement::run() {
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, next());
    if (!row) return {};
  }
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path, const std::string& name,
                                                 int flags) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<Database> database(new Database(path, handle));
  if (handle == nullptr) return explain(path, code, sqlite3_errstr(code), 0);
  if (code != SQLITE_OK) return database->failure();
  sqlite3_extended_result_codes(handle, 0);
  sqlite3_busy_timeout(handle, 5000);
  // A file that somebody tampered with must not run code through its schema.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return database;
}

Status Database::execute(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure();
  return {};
}

Result<Statement> Database::prepare(const char* sql) const {
  sqlite3_stmt* handle = nullptr;
  if (sqlite3_prepare_v2(handle_.get(), sql, -1, &handle, nullptr) != SQLITE_OK) return failure();
  return Statement(*this, handle);
}

Result<int64_t> Database::query_integer(const char* sql) const {
  ASSIGN_OR_RETURN(Statement statement, prepare(sql));
  ASSIGN_OR_RETURN(const bool row, statement.next());
  return row ? statement.integer(0) : int64_t{0};
}

Status Database::failure() const {
  return explain(path_, sqlite3_errcode(handle_.get()) & 0xff, sqlite3_errmsg(handle_.get()),
                 sqlite3_system_errno(handle_.get()));
}

Result<Transaction> Transaction::begin(Database& database) {
  RETURN_IF_ERROR(database.execute("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Transaction::~Transaction() {
  // A failure here means that SQLite has rolled back by itself already.
  if (database_ != nullptr) (void)database_->execute("ROLLBACK");
}

Status Transaction::commit() {
  RETURN_IF_ERROR(database_->execute("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace chunkmill::host
