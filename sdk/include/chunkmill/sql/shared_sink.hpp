// SharedSqlSink: the sink of a database server. Several processes that run the same job share its
// splits through the ledger: each split belongs to one worker that lives; when that one is gone,
// another takes the split over, which ends the connections it has left behind and raises the epoch.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chunkmill/sql/heartbeat.hpp"
#include "chunkmill/sql/sink.hpp"
#include "chunkmill/sql/workers.hpp"

namespace chunkmill::sql {

class SharedSqlSink : public SqlSink {
 public:
  // Of two chunks with rows of one key, the locks of the rows let one in after the other.
  static constexpr uint32_t kAhead = CM_AHEAD_LOCKS;

  SinkAbilities bind(const std::vector<SinkStream>& streams) override;
  void attach(const Run& run) override;
  bool join(const Run& run, bool supersede);
  std::optional<SplitState> claim(std::string_view split);
  std::unique_ptr<SinkLane> open() override;
  // The last call: what the connections of this base use is still there.
  void leave() noexcept {
    heartbeat_.reset();
    drop_control();
  }

 protected:
  int64_t patience_ms() const override { return lease_.ms; }
  void configure_sharing(Options& opt) {
    opt.optional("lease", lease_,
                 "a worker that has not been heard of for so long is taken for dead, and its "
                 "splits go to others");
  }

 private:
  void make_own_tables();
  bool is_gone(const std::string& worker);
  void enter(const Run& run);

  Duration lease_{30'000};
  std::optional<Workers> workers_;
  std::unique_ptr<Heartbeat> heartbeat_;  // after attach() or join()
};

inline SinkAbilities SharedSqlSink::bind(const std::vector<SinkStream>& streams) {
  const SinkAbilities abilities = SqlSink::bind(streams);
  workers_.emplace(dialect());
  return abilities;
}

inline void SharedSqlSink::make_own_tables() {
  create_ledger_tables();
  const Locked lock(control(), kMakingTables, patience_ms());
  if (!read_shape(control(), "chunkmill_worker")) control().run(workers_->create_table());
}

inline void SharedSqlSink::enter(const Run& run) {
  heartbeat_.reset();
  heartbeat_ = std::make_unique<Heartbeat>(
      *workers_, [this] { return connect(Access::kRead); }, run.owner, lease_.ms);
}

inline bool SharedSqlSink::is_gone(const std::string& worker) {
  if (worker == attached_run().owner) return false;
  if (workers_->lives(control(), worker, lease_.ms)) return false;
  workers_->end(control(), worker);
  return true;
}

// For a worker alone: whoever else is at the job is ended.
inline void SharedSqlSink::attach(const Run& run) {
  on_control([&](Connection& db) {
    const Locked lock(db, lock_name(run.job), patience_ms());
    check_tables(db);
    make_own_tables();
    for (const std::string& other : run_ledger().workers(db, run.job, "")) workers_->end(db, other);
  });
  SqlSink::attach(run);
  enter(run);
}

inline bool SharedSqlSink::join(const Run& run, bool supersede) {
  return on_control([&](Connection& db) {
    const Locked lock(db, lock_name(run.job), patience_ms());
    check_tables(db);
    make_own_tables();
    // What was decided on from ledger()'s word does not hold where another run has begun since.
    const std::optional<LedgerRun> latest = run_ledger().latest(db, run.job);
    if (!supersede && latest && latest->run != run.run && latest->run != seen_run()) return false;
    const std::vector<std::string> others = run_ledger().workers(db, run.job, run.run);
    for (const std::string& other : others)
      if (!supersede && workers_->lives(db, other, lease_.ms)) return false;
    for (const std::string& other : others) workers_->end(db, other);
    // Before others can see the run, so that none of them takes it for abandoned.
    enter(run);
    attach_locked(run);
    return true;
  });
}

// Whoever is gone is ended before the transaction: what a database says of sessions may stay as it
// was at a transaction's begin.
inline std::optional<SplitState> SharedSqlSink::claim(std::string_view split) {
  const Run& run = attached_run();
  return on_control([&](Connection& db) -> std::optional<SplitState> {
    const Locked lock(db, lock_name(run.job), patience_ms());
    const std::string holder = run_ledger().holder(db, run, split);
    if (!holder.empty() && !is_gone(holder)) return std::nullopt;
    Transaction transaction(db);
    std::optional<SplitState> state = run_ledger().claim(db, run, split, holder);
    transaction.commit();
    return state;
  });
}

inline std::unique_ptr<SinkLane> SharedSqlSink::open() {
  return open_lane([this](Connection& db) { workers_->enter(db, attached_run().owner, false); });
}

}  // namespace chunkmill::sql
