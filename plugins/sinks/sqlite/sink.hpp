// The SQLite sink: rows and the ledger in one file, one transaction a chunk.
//
// Exactly once: a chunk's rows and the ledger's move are one transaction, and the ledger is read
// under the write lock before the first row, so that a chunk that is there already is not written
// again and a worker whose split went to another one is stopped (CM_FENCED).
//
// Durability: a killed process loses nothing that was committed, with any `synchronous`. When the
// machine loses power, `normal` with the write-ahead log may lose the last commits, rows and ledger
// together, so that the next run writes them again; a finished run is synced before finish()
// returns. `full` syncs every chunk: for sources that forget what is acknowledged. `off` may leave
// a damaged file after a power loss.
//
// Threads: the sink's own connection is used by [control] calls, each lane has one of its own.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chunkmill/sink.hpp"
#include "chunkmill/sql/ledger.hpp"
#include "chunkmill/sql/tables.hpp"
#include "connection.hpp"
#include "dialect.hpp"

namespace chunkmill::sqlite {

class SqliteSink final : public Sink {
 public:
  static constexpr Info kInfo{"sqlite", "1.0.0", "Write rows to tables of a SQLite file"};

  void configure(Options& opt);

  SinkAbilities bind(const std::vector<SinkStream>& streams) override;
  void check() override;
  std::optional<LedgerRun> ledger(std::string_view job) override;
  void attach(const Run& run) override;
  std::optional<SplitState> committed(std::string_view split) override;
  std::unique_ptr<SinkLane> open() override;
  void finish(const Run& run) override;
  // Ends waits for a lock, now and from now on; what is being written is finished.
  void interrupt() override { interrupted_ = true; }

 private:
  enum class Journal { kWal, kDelete };
  enum class Synchronous { kFull, kNormal, kOff };

  OpenOptions open_options() const;
  bool file_exists() const;
  // Throws unless the table is there and fits, or may be made.
  void check_table(Connection& db, const sql::Target& target) const;
  void make_table(Connection& db, const sql::Target& target) const;
  void make_ready_to_replace(const sql::Target& target, const Run& run,
                             sql::Ledger::Attached attached);

  Path path_;
  sql::Tables tables_;
  Journal journal_ = Journal::kWal;
  Synchronous synchronous_ = Synchronous::kNormal;
  Duration busy_timeout_{10'000};

  SqliteDialect dialect_;
  std::vector<sql::Target> targets_;     // after bind()
  std::optional<sql::Ledger> ledger_;    // after bind()
  std::optional<Run> run_;               // after attach()
  std::unique_ptr<Connection> control_;  // after attach()
  std::atomic<bool> interrupted_ = false;
};

}  // namespace chunkmill::sqlite
