// The SQLite sink: rows and the ledger in one file, one transaction a chunk.
//
// Durability: a killed process loses nothing that was committed, with any `synchronous`. When the
// machine loses power, `normal` with the write-ahead log may lose the last commits, rows and ledger
// together, so that the next run writes them again; a finished run is synced before finish()
// returns. `full` syncs every chunk: for sources that forget what is acknowledged. `off` may leave
// a damaged file after a power loss.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "chunkmill/sql/sink.hpp"
#include "plugins/databases/sqlite/connection.hpp"
#include "plugins/databases/sqlite/dialect.hpp"

namespace chunkmill::sqlite {

class SqliteSink final : public sql::SqlSink {
 public:
  static constexpr Info kInfo{"sqlite", "1.1.0", "Write rows to tables of a SQLite file"};

  void configure(Options& opt);
  // Ends waits for a lock, now and from now on; what is being written is finished.
  void interrupt() override { interrupted_ = true; }

 protected:
  const sql::Dialect& dialect() const override { return dialect_; }
  SinkAbilities abilities() const override;
  std::string place() const override { return path_.value; }
  std::unique_ptr<sql::Connection> connect(Access access) override;
  std::optional<sql::ExistingTable> read_shape(sql::Connection& db,
                                               const std::string& table) override;
  std::unique_ptr<sql::TableWriter> make_writer(sql::Connection& db, const sql::Target& target,
                                                size_t index) override;
  bool is_there() const override;
  void check_may_be_made() const override;
  void check_name(const std::string& table) const override;
  void make_staging(sql::Connection& db, const sql::Target& target) override;
  void swap_staging(sql::Connection& db, const sql::Target& target) override;
  // Syncs the log, which with `synchronous: normal` no commit does.
  void settle(sql::Connection& db) override;

 private:
  enum class Journal { kWal, kDelete };
  enum class Synchronous { kFull, kNormal, kOff };

  OpenOptions open_options() const;

  Path path_;
  Journal journal_ = Journal::kWal;
  Synchronous synchronous_ = Synchronous::kNormal;
  Duration busy_timeout_{10'000};
  SqliteDialect dialect_;
  std::atomic<bool> interrupted_ = false;
};

}  // namespace chunkmill::sqlite
