#include "plugins/databases/sqlite/connection.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <thread>

namespace chunkmill::sqlite {
namespace {

int busy(void* context, int tries) {
  const auto& options = *static_cast<const OpenOptions*>(context);
  // 1, 2, 4, ... 32 ms, then 32 ms each: what has been waited for before this try.
  constexpr int64_t kLongest = 32;
  const int64_t step = tries < 5 ? int64_t{1} << tries : kLongest;
  const int64_t waited = tries < 5 ? step - 1 : kLongest - 1 + (tries - 5) * kLongest;
  if (waited >= options.busy_ms || *options.interrupted) return 0;
  std::this_thread::sleep_for(std::chrono::milliseconds(std::min(step, options.busy_ms - waited)));
  return 1;
}

cm_code code_of(int result) {
  switch (result & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return CM_UNAVAILABLE;
    case SQLITE_FULL:
      return CM_FULL;
    case SQLITE_IOERR:
      return result == SQLITE_IOERR_NOMEM ? CM_TOO_LARGE : CM_IO;
    case SQLITE_NOMEM:
      return CM_TOO_LARGE;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
      return CM_PERMISSION;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return CM_DATA;
    case SQLITE_INTERRUPT:
      return CM_CANCELLED;
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_INTERNAL:
      return CM_INTERNAL;
    default:
      return CM_INVALID;
  }
}

// Where a file cannot be made, SQLite looks for one that is there and then says that it is not.
int why_not(int system, const std::string& path) {
  if (system != ENOENT) return system;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const std::string name = folder.empty() ? "." : folder.string();
  if (access(name.c_str(), F_OK) == 0 && access(name.c_str(), W_OK) != 0) return errno;
  return system;
}

// What to do about it, after SQLite's own words.
std::string advice(int result, const OpenOptions& options) {
  switch (result & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "; another connection holds " + options.path + " (waited " +
             std::to_string(options.busy_ms) +
             " ms): close the other program, raise `busy_timeout`, and write several tables of one "
             "job with `tables`, not with several sinks";
    case SQLITE_FULL:
      return "; make room for " + options.path + " and run again: the run resumes where it stopped";
    case SQLITE_IOERR:
      return "; look at the disk of " + options.path +
             " and run again: the run resumes where it stopped";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return "; " + options.path + " and its folder must be writable: SQLite makes files beside it";
    case SQLITE_NOTADB:
      return "; " + options.path +
             " is not a SQLite database: change `path`, or move the file away";
    case SQLITE_CORRUPT:
      return "; " + options.path +
             " is damaged: look at it with PRAGMA integrity_check, or restore a copy";
    default:
      return "";
  }
}

// `path` as a URI that opens the file as one that nobody changes: no lock, no file beside it.
std::string immutable_uri(const std::string& path) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string uri = "file:";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '%' || c == '?' || c == '#') {
      uri += {'%', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

int bind_value(sqlite3_stmt* statement, int index, const sql::Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value))
    return sqlite3_bind_int64(statement, index, *number);
  if (const auto* text = std::get_if<std::string>(&value))
    return sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_TRANSIENT,
                               SQLITE_UTF8);
  if (const auto* binary = std::get_if<Binary>(&value)) {
    const char* data = binary->bytes.data() == nullptr ? "" : binary->bytes.data();
    return sqlite3_bind_blob64(statement, index, data, binary->bytes.size(), SQLITE_TRANSIENT);
  }
  return sqlite3_bind_null(statement, index);
}

sql::Values read_row(sqlite3_stmt* statement) {
  sql::Values row;
  const int count = sqlite3_column_count(statement);
  for (int i = 0; i < count; ++i) {
    const int type = sqlite3_column_type(statement, i);
    if (type == SQLITE_NULL) {
      row.emplace_back();
    } else if (type == SQLITE_INTEGER) {
      row.emplace_back(int64_t{sqlite3_column_int64(statement, i)});
    } else {
      // As text, because a database may keep it as UTF-16.
      const void* data = type == SQLITE_BLOB
                             ? sqlite3_column_blob(statement, i)
                             : static_cast<const void*>(sqlite3_column_text(statement, i));
      const auto size = static_cast<size_t>(sqlite3_column_bytes(statement, i));
      row.emplace_back(size == 0 ? std::string()
                                 : std::string(static_cast<const char*>(data), size));
    }
  }
  return row;
}

// A statement that is not reset keeps its transaction open.
class Reset {
 public:
  explicit Reset(sqlite3_stmt* statement) : statement_(statement) {}
  Reset(const Reset&) = delete;
  Reset& operator=(const Reset&) = delete;
  ~Reset() { sqlite3_reset(statement_); }

 private:
  sqlite3_stmt* statement_;
};

}  // namespace

Connection::Connection(const OpenOptions& options, Access access) : options_(options) {
  open(access);
  sqlite3_busy_handler(db_.get(), busy, &options_);
  if (access == Access::kWrite) set_up();
}

std::optional<Connection::FileId> Connection::file_at(const std::string& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0) return std::nullopt;
  return FileId{facts.st_dev, facts.st_ino};
}

void Connection::check_files() const {
  if (!file_) return;
  std::string gone;
  if (file_at(options_.path) != file_) gone = options_.path;
  if (gone.empty() && log_ && file_at(options_.path + "-wal") != log_)
    gone = options_.path + "-wal";
  if (gone.empty()) return;
  throw Error(CM_IO, "the file " + gone +
                         " was removed, moved or replaced while the run wrote to it, so that "
                         "nothing more is committed. Put it back to resume; without it, the same "
                         "command begins anew")
      .at(options_.path);
}

void Connection::begin() {
  execute("BEGIN IMMEDIATE", {});
  if (!log_ && options_.wal) log_ = file_at(options_.path + "-wal");
}

void Connection::commit() {
  check_files();
  execute("COMMIT", {});
  check_files();
}

void Connection::open(Access access) {
  namespace fs = std::filesystem;
  const std::string& path = options_.path;
  std::error_code ignored;
  if (fs::is_directory(path, ignored))
    throw Error(CM_INVALID, path + " is a folder; `path` must name a database file").at(path);
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty() && !fs::is_directory(folder, ignored))
    throw Error(CM_NOT_FOUND, "the folder " + folder.string() +
                                  " of the database does not exist; make it, or change `path`")
        .at(path);

  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  std::string name = path;
  const bool is_quiet =
      !fs::exists(path + "-wal", ignored) && !fs::exists(path + "-journal", ignored);
  if (access == Access::kLook && is_quiet) {
    flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    name = immutable_uri(path);
  } else {
    flags |= SQLITE_OPEN_READWRITE | (access == Access::kWrite ? SQLITE_OPEN_CREATE : 0);
  }
  sqlite3* db = nullptr;
  const int result = sqlite3_open_v2(name.c_str(), &db, flags, nullptr);
  db_.reset(db);
  if (db == nullptr) throw std::bad_alloc();
  if (result != SQLITE_OK) fail("cannot open " + path);
}

void Connection::set_up() {
  if (sqlite3_db_readonly(db_.get(), "main") == 1)
    throw Error(CM_PERMISSION,
                options_.path +
                    " cannot be written; give the user of this process write permission "
                    "to the file and its folder, or change `path`")
        .at(options_.path);
  file_ = file_at(options_.path);
  int has_moved = 0;
  sqlite3_file_control(db_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &has_moved);
  if (has_moved != 0) file_.emplace();  // between open and here: no file is that one
  run(std::string("PRAGMA journal_mode = ") + (options_.wal ? "wal" : "delete"));
  run("PRAGMA synchronous = " + options_.synchronous);
  run("PRAGMA cache_size = -8000");
  // 16 MiB of log between checkpoints: each one syncs, and pages written often are copied once.
  run("PRAGMA wal_autocheckpoint = 4000");
}

void Connection::run(const std::string& sql) {
  if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    fail(sql.substr(0, 60));
}

sqlite3_stmt* Connection::bound(const std::string& sql, const sql::Values& parameters) {
  StatementPtr& kept = statements_[sql];
  if (kept == nullptr) {
    sqlite3_stmt* made = nullptr;
    const int result =
        sqlite3_prepare_v3(db_.get(), sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (result != SQLITE_OK) fail(sql.substr(0, 60));
    kept.reset(made);
  }
  for (size_t i = 0; i < parameters.size(); ++i)
    if (bind_value(kept.get(), static_cast<int>(i + 1), parameters[i]) != SQLITE_OK)
      fail(sql.substr(0, 60));
  return kept.get();
}

int64_t Connection::execute(const std::string& sql, const sql::Values& parameters) {
  sqlite3_stmt* const statement = bound(sql, parameters);
  const Reset reset(statement);
  int result = sqlite3_step(statement);
  while (result == SQLITE_ROW) result = sqlite3_step(statement);
  if (result != SQLITE_DONE) fail(sql.substr(0, 60));
  return sqlite3_changes64(db_.get());
}

std::vector<sql::Values> Connection::all(const std::string& sql, const sql::Values& parameters) {
  sqlite3_stmt* const statement = bound(sql, parameters);
  const Reset reset(statement);
  std::vector<sql::Values> rows;
  int result = sqlite3_step(statement);
  for (; result == SQLITE_ROW; result = sqlite3_step(statement))
    rows.push_back(read_row(statement));
  if (result != SQLITE_DONE) fail(sql.substr(0, 60));
  return rows;
}

std::optional<sql::Values> Connection::first(const std::string& sql,
                                             const sql::Values& parameters) {
  std::vector<sql::Values> rows = all(sql, parameters);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

void Connection::rollback() noexcept {
  if (in_transaction()) sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

bool Connection::has_open_references() const {
  int open = 0;
  int unused = 0;
  sqlite3_db_status(db_.get(), SQLITE_DBSTATUS_DEFERRED_FKS, &open, &unused, 0);
  return open != 0;
}

void Connection::fail(std::string_view doing, std::string_view where) const {
  const int result = sqlite3_extended_errcode(db_.get());
  cm_code code = code_of(result);
  std::string message = std::string(doing) + ": " + sqlite3_errmsg(db_.get());
  const int system = why_not(sqlite3_system_errno(db_.get()), options_.path);
  if (system != 0 && (code == CM_IO || code == CM_PERMISSION || code == CM_FULL))
    message += " (" + std::generic_category().message(system) + ")";
  if (code == CM_UNAVAILABLE && *options_.interrupted) {
    code = CM_CANCELLED;
  } else {
    message += advice(result, options_);
  }
  throw Error(code, message)
      .at(where.empty() ? std::string_view(options_.path) : where)
      .vendor(result)
      .retryable_if(code == CM_UNAVAILABLE);
}

}  // namespace chunkmill::sqlite
