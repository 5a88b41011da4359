// A connection to a SQLite file and its statements, and SQLite's result codes as Error.
//
// Ownership: a Connection owns its sqlite3 and the statements it keeps; Statements end before their
// Connection. Threads: one at a time for each connection.
#pragma once

#include <sqlite3.h>
#include <sys/types.h>

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "chunkmill/sql/connection.hpp"

namespace chunkmill::sqlite {

// How a database is opened.
struct OpenOptions {
  std::string path;
  bool wal = true;
  std::string synchronous = "normal";
  int64_t busy_ms = 10'000;
  const std::atomic<bool>* interrupted;  // ends waits for a lock; outlives the connection
};

using sql::Access;

class Connection final : public sql::Connection {
 public:
  // kWrite creates the file; for the others it must be there, and kRead rolls unfinished
  // transactions in it back first. Throws Error: CM_NOT_FOUND, CM_PERMISSION, CM_INVALID (not a
  // database), CM_UNAVAILABLE (locked).
  Connection(const OpenOptions& options, Access access);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  sqlite3* get() const { return db_.get(); }
  const std::string& path() const { return options_.path; }

  void run(const std::string& sql) override;
  int64_t execute(const std::string& sql, const sql::Values& parameters) override;
  std::optional<sql::Values> first(const std::string& sql, const sql::Values& parameters) override;
  std::vector<sql::Values> all(const std::string& sql, const sql::Values& parameters) override;

  // Takes the write lock at once, so that nothing later in the transaction waits for it.
  void begin() override;
  // Nothing is committed to a file that was removed, moved or replaced since it was opened.
  void commit() override;
  void rollback() noexcept override;
  // False once an error made SQLite give the transaction up by itself.
  bool in_transaction() const override { return sqlite3_get_autocommit(db_.get()) == 0; }

  // True while rows of the transaction refer to rows that are not there, as deferred foreign keys
  // allow until COMMIT.
  bool has_open_references() const;

  // Throws what the last call's error means. `doing` begins the message; `where` is a table, or
  // empty for the file.
  [[noreturn]] void fail(std::string_view doing, std::string_view where = {}) const;

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using StatementPtr = std::unique_ptr<sqlite3_stmt, Close>;

  // Which file lies at a path; nothing: none.
  struct FileId {
    dev_t device;
    ino_t inode;
    bool operator==(const FileId&) const = default;
  };
  static std::optional<FileId> file_at(const std::string& path);
  // Throws Error(CM_IO) where the files that are open are not those of the path any more.
  void check_files() const;

  void open(Access access);
  void set_up();
  sqlite3_stmt* bound(const std::string& sql, const sql::Values& parameters);

  OpenOptions options_;
  std::unique_ptr<sqlite3, Close> db_;
  std::map<std::string, StatementPtr> statements_;
  std::optional<FileId> file_;  // as it was when it was opened to write
  std::optional<FileId> log_;   // the write-ahead log, once there is a transaction
};

}  // namespace chunkmill::sqlite
