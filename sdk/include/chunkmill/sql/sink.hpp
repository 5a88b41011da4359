// Start here for a SQL sink: SqlSink is everything that the sinks of all databases share. A
// database adds its Dialect, its Connection, its TableWriter, and how it reads a table's shape.
//
// Exactly once: a chunk's rows and the ledger's move are one transaction, and the ledger is read
// before the first row, so that a chunk that is there already is not written again and a worker
// whose split went to another one is stopped (CM_FENCED).
//
// Threads: the sink's own connection is used by [control] calls, each lane has one of its own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chunkmill/sink.hpp"
#include "chunkmill/sql/connection.hpp"
#include "chunkmill/sql/lane.hpp"
#include "chunkmill/sql/ledger.hpp"
#include "chunkmill/sql/statements.hpp"
#include "chunkmill/sql/table_writer.hpp"
#include "chunkmill/sql/tables.hpp"

namespace chunkmill::sql {

// The lock under which tables are made and looked at: jobs that share nothing else may begin
// together in an empty database, where CREATE TABLE IF NOT EXISTS alone can fail.
inline constexpr const char* kMakingTables = "chunkmill tables";

class SqlSink : public Sink {
 public:
  SinkAbilities bind(const std::vector<SinkStream>& streams) override;
  void check() override;
  std::optional<LedgerRun> ledger(std::string_view job) override;
  void attach(const Run& run) override;
  std::optional<SplitState> committed(std::string_view split) override;
  std::unique_ptr<SinkLane> open() override;
  void finish(const Run& run) override;
  Tally tally(const Run& run);

 protected:
  // The options of tables; to be called by configure().
  void configure_tables(Options& opt) { tables_.configure(opt); }

  // What a database brings.
  virtual const Dialect& dialect() const = 0;
  virtual SinkAbilities abilities() const = 0;
  // Where the rows go, as messages say it: a path, "host:port/database". No secret.
  virtual std::string place() const = 0;
  virtual std::unique_ptr<Connection> connect(Access access) = 0;
  // Nothing where there is no such table.
  virtual std::optional<ExistingTable> read_shape(Connection& db, const std::string& table) = 0;
  // `index` is the stream's. The table is there.
  virtual std::unique_ptr<TableWriter> make_writer(Connection& db, const Target& target,
                                                   size_t index) = 0;
  // False where nothing is there yet, not even a database; connect(kWrite) makes it.
  virtual bool is_there() const { return true; }
  // Throws where it cannot be made.
  virtual void check_may_be_made() const {}
  // Throws Error(CM_PERMISSION) where the job's user lacks a right on the table, which is there and
  // has the columns that are written, and says what to GRANT.
  virtual void check_rights(Connection& /*db*/, const Target& /*target*/) const {}
  // Throws for a table name that this database keeps for itself.
  virtual void check_name(const std::string& /*table*/) const {}
  // `mode: replace`: makes an empty staging table in place of one that an older run left. A table
  // that is there gives its own definition to it.
  virtual void make_staging(Connection& db, const Target& target) = 0;
  // Puts the staging table in the table's place, in one step for others.
  virtual void swap_staging(Connection& db, const Target& target) = 0;
  // How long another process may hold a lock that is meant for moments.
  virtual int64_t patience_ms() const { return 30'000; }
  // What is left to do once a run is finished.
  virtual void settle(Connection& /*db*/) {}

  const std::vector<Target>& targets() const { return targets_; }
  const Ledger& run_ledger() const { return *ledger_; }
  // The connection of [control] calls; made anew where it was lost.
  Connection& control();
  const Run& attached_run() const;
  const std::string& seen_run() const { return seen_run_; }
  static std::string lock_name(std::string_view job) { return "chunkmill " + std::string(job); }
  // Calls `use` with the control connection, which is made anew the next time where it was lost.
  template <typename F>
  auto on_control(F&& use) {
    try {
      return use(control());
    } catch (const Error& error) {
      if (error.retryable()) control_.reset();
      throw;
    }
  }
  void drop_control() { control_.reset(); }
  // Where a user may write rows and not read them, what is there is believed to be there. Not in a
  // transaction, which an error may end.
  bool may_read(Connection& db, const std::string& table) const;
  void check_tables(Connection& db);
  void create_ledger_tables();
  // What attach() does under the job's lock, once the ledger's tables are there.
  void attach_locked(const Run& run);
  // A lane whose connection `prepare` has seen.
  template <typename F>
  std::unique_ptr<SinkLane> open_lane(F&& prepare);

 private:
  void check_not_emptied(Connection& db);
  bool counts_rows(Connection& db);
  bool has_its_rows(Connection& db, const KnownRun& known);
  void check_still_there(Connection& db);
  void warn_of(const std::string& namesake);
  void make_tables(const Run& run, Ledger::Attached attached);
  void check_table(Connection& db, const Target& target);
  void make_table(Connection& db, const Target& target, const std::string& name);
  void make_ready_to_replace(const Target& target, const Run& run, Ledger::Attached attached);

  Tables tables_;
  std::vector<Target> targets_;          // after bind()
  std::optional<Ledger> ledger_;         // after bind()
  std::optional<Run> run_;               // after attach()
  std::string seen_run_;                 // the job's last run, as ledger() said; empty: none
  std::unique_ptr<Connection> control_;  // made when it is needed
};

inline SinkAbilities SqlSink::bind(const std::vector<SinkStream>& streams) {
  targets_ = tables_.bind(streams, dialect());
  for (const Target& target : targets_) check_name(target.table);
  ledger_.emplace(dialect(), targets_);
  SinkAbilities can = abilities();
  if (std::ranges::all_of(targets_, &Target::is_repeatable)) can.flags |= CM_SINK_REPEATABLE;
  const auto replaces = [](const Target& target) { return target.mode == Mode::kReplace; };
  if (std::ranges::none_of(targets_, replaces)) can.flags |= CM_SINK_APPENDS;
  const auto upserts = [](const Target& target) { return target.mode == Mode::kUpsert; };
  if (std::ranges::any_of(targets_, upserts)) can.flags |= CM_SINK_SHOWS_ORDER;
  return can;
}

inline Connection& SqlSink::control() {
  if (control_ == nullptr) control_ = connect(Access::kWrite);
  return *control_;
}

inline const Run& SqlSink::attached_run() const {
  if (!run_) throw Error(CM_INTERNAL, "called before attach()");
  return *run_;
}

inline void SqlSink::check_table(Connection& db, const Target& target) {
  if (const std::optional<ExistingTable> shape = read_shape(db, target.table)) {
    match_table(target, *shape, dialect());
    if (missing_columns(target, *shape, dialect()).empty()) check_rights(db, target);
    return;
  }
  if (target.if_missing == IfMissing::kError)
    throw Error(CM_NOT_FOUND, "table \"" + target.table + "\" is not in " + place() +
                                  "; make it, or say `if_table_missing: create`")
        .at(target.table);
}

inline bool SqlSink::may_read(Connection& db, const std::string& table) const {
  try {
    db.first("SELECT 1 FROM " + dialect().quote(table) + " LIMIT 1", {});
    return true;
  } catch (const Error& error) {
    if (error.code() != CM_PERMISSION) throw;
    return false;
  }
}

inline void SqlSink::check_tables(Connection& db) {
  // A table that is being made cannot be looked at everywhere.
  const Locked lock(db, kMakingTables, patience_ms());
  for (const Target& target : targets_) check_table(db, target);
}

inline void SqlSink::check() {
  if (is_there()) {
    const std::unique_ptr<Connection> db = connect(Access::kLook);
    return check_tables(*db);
  }
  for (const Target& target : targets_)
    if (target.if_missing == IfMissing::kError)
      throw Error(CM_NOT_FOUND, "there is no " + place() + ", and table \"" + target.table +
                                    "\" is to be there already")
          .at(place());
  check_may_be_made();
}

inline std::optional<LedgerRun> SqlSink::ledger(std::string_view job) {
  seen_run_.clear();
  if (!is_there()) return std::nullopt;
  const std::unique_ptr<Connection> db = connect(Access::kRead);
  if (!read_shape(*db, "chunkmill_run")) return std::nullopt;
  const std::optional<KnownRun> known = ledger_->latest_with_rows(*db, job, counts_rows(*db));
  if (!known) return std::nullopt;
  seen_run_ = known->run.run;
  if (has_its_rows(*db, *known)) return known->run;
  return std::nullopt;
}

inline bool SqlSink::counts_rows(Connection& db) {
  const std::optional<ExistingTable> shape = read_shape(db, "chunkmill_split");
  return shape && detail::find_column(*shape, "stored", dialect()) != nullptr;
}

// The ledger outlives its tables. Where all that a run had stored is gone, the job begins anew;
// where a part of it is, neither resuming nor beginning anew would leave each row once.
inline bool SqlSink::has_its_rows(Connection& db, const KnownRun& known) {
  if (known.state == "finishing") return true;
  std::string gone;
  bool any_there = false;
  for (size_t i = 0; i < targets_.size(); ++i) {
    const std::string& table = known.run.finished ? targets_[i].table : targets_[i].written_table();
    const bool is_there = read_shape(db, table).has_value();
    if (is_there && !may_read(db, table)) {
      any_there = true;
      continue;
    }
    const bool has_rows =
        is_there && db.first("SELECT 1 FROM " + dialect().quote(table) + " LIMIT 1", {});
    if (known.stored[i] == 0 || (known.stored[i] < 0 && is_there)) continue;
    any_there |= has_rows;
    if (!has_rows)
      gone += (gone.empty() ? "" : ", ") + ("table \"" + table + "\" is ") +
              (is_there ? "empty" : "not there");
  }
  if (gone.empty()) return true;
  if (!any_there) return false;
  throw Error(CM_INVALID, "in " + place() + " " + gone + ", but run " + known.run.run +
                              " of this job has stored rows in it, and other tables of the run "
                              "still have theirs; nothing was written. Put the missing rows back, "
                              "or drop the other tables as well and run again; --restart writes "
                              "all rows to every table once more")
      .at(place());
}

inline void SqlSink::create_ledger_tables() {
  const Locked lock(control(), kMakingTables, patience_ms());
  // CREATE IF NOT EXISTS asks for the right to create also where there is nothing to create.
  if (!read_shape(control(), "chunkmill_run") || !read_shape(control(), "chunkmill_split"))
    for (const std::string& sql : ledger_->create_tables()) control().run(sql);
  if (!counts_rows(control())) control().run(ledger_->add_stored_column());
}

inline void SqlSink::attach(const Run& run) {
  on_control([&](Connection& db) {
    const Locked lock(db, lock_name(run.job), patience_ms());
    check_tables(db);
    create_ledger_tables();
    attach_locked(run);
  });
}

inline void SqlSink::attach_locked(const Run& run) {
  Transaction transaction(control());
  const std::string namesake = ledger_->namesake(control(), run.job);
  const Ledger::Attached attached = ledger_->attach(control(), run);
  transaction.commit();
  if (attached == Ledger::Attached::kNew && !namesake.empty()) warn_of(namesake);
  make_tables(run, attached);
  for (size_t i = 0; i < targets_.size(); ++i) {
    // The staging table is ours, and gone where the run is finished.
    const bool is_ours = targets_[i].mode == Mode::kReplace;
    if (!is_ours && !may_read(control(), targets_[i].table)) ledger_->look_away_from(i);
  }
  if (attached == Ledger::Attached::kKnown)
    if (const auto known = ledger_->latest_with_rows(control(), run.job, counts_rows(control())))
      ledger_->note_stored(known->stored);
  run_ = run;
}

// A job file that was copied or moved is another job by its id, and loads its input once more.
inline void SqlSink::warn_of(const std::string& namesake) {
  std::string tables;
  for (const Target& target : targets_)
    if (!target.is_repeatable()) tables += (tables.empty() ? "\"" : ", \"") + target.table + "\"";
  if (tables.empty()) return;
  host().warn("in " + place() + " a job of the same name under another id, " + namesake +
              ", has finished a run into table " + tables +
              ": what both read stands there twice after this run. Where it is the same job with "
              "its file in another place, interrupt this run, and put the file back or move the "
              "folder of its state with it; a job with an `id:` is the same wherever its file "
              "lies");
}

inline void SqlSink::make_tables(const Run& run, Ledger::Attached attached) {
  for (const Target& target : targets_) {
    if (target.mode != Mode::kReplace) {
      make_table(control(), target, target.table);
    } else if (attached == Ledger::Attached::kNew || attached == Ledger::Attached::kKnown) {
      make_ready_to_replace(target, run, attached);
    }
  }
}

inline void SqlSink::make_table(Connection& db, const Target& target, const std::string& name) {
  const Locked lock(db, kMakingTables, patience_ms());
  const std::optional<ExistingTable> shape = read_shape(db, name);
  if (!shape) return db.run(create_table(target, name, dialect()));
  for (const size_t field : missing_columns(target, *shape, dialect()))
    db.run(add_column(target, name, field, dialect()));
}

// A resumed run keeps what it has staged.
inline void SqlSink::make_ready_to_replace(const Target& target, const Run& run,
                                           Ledger::Attached attached) {
  if (attached == Ledger::Attached::kKnown) {
    if (read_shape(control(), target.staging())) return;
    if (ledger_->has_commits(control(), run))
      throw Error(CM_INVALID, "table \"" + target.staging() +
                                  "\", which holds what the run has written so far, is gone; begin "
                                  "anew with --restart")
          .at(target.table);
  }
  if (dialect().ddl_is_transactional()) {
    Transaction transaction(control());
    make_staging(control(), target);
    make_table(control(), target, target.staging());
    transaction.commit();
  } else {
    make_staging(control(), target);
    make_table(control(), target, target.staging());
  }
}

inline std::optional<SplitState> SqlSink::committed(std::string_view split) {
  const Run& run = attached_run();
  return on_control([&](Connection& db) {
    const Locked lock(db, lock_name(run.job), patience_ms());
    Transaction transaction(db);
    std::optional<SplitState> state = ledger_->take_over(db, run, split);
    transaction.commit();
    return state;
  });
}

inline Tally SqlSink::tally(const Run& run) {
  return on_control([&](Connection& db) { return ledger_->tally(db, run); });
}

inline std::unique_ptr<SinkLane> SqlSink::open() {
  return open_lane([](Connection&) {});
}

template <typename F>
std::unique_ptr<SinkLane> SqlSink::open_lane(F&& prepare) {
  std::unique_ptr<Connection> db = connect(Access::kWrite);
  prepare(*db);
  std::vector<std::unique_ptr<TableWriter>> writers;
  for (size_t i = 0; i < targets_.size(); ++i) writers.push_back(make_writer(*db, targets_[i], i));
  return std::make_unique<Lane>(std::move(db), *ledger_, place(), std::move(writers),
                                [this](Connection& connection) { check_still_there(connection); });
}

inline void SqlSink::check_still_there(Connection& db) {
  for (const Target& target : targets_)
    if (!read_shape(db, target.written_table()))
      throw Error(CM_IO,
                  "table \"" + target.written_table() + "\" in " + place() +
                      " is gone: it was dropped or renamed while the run was in progress. Put it "
                      "back to resume; without it, the same command begins anew")
          .at(target.table);
}

// An empty delivery is seldom meant to empty the table.
inline void SqlSink::check_not_emptied(Connection& db) {
  const auto has_rows = [&](const std::string& table) {
    return read_shape(db, table) &&
           db.first("SELECT 1 FROM " + dialect().quote(table) + " LIMIT 1", {});
  };
  for (const Target& target : targets_) {
    if (target.mode != Mode::kReplace || target.allow_empty) continue;
    if (!read_shape(db, target.staging()) || has_rows(target.staging()) || !has_rows(target.table))
      continue;
    throw Error(CM_DATA,
                "the run gave no rows for table \"" + target.table +
                    "\", which `mode: replace` would empty: nothing was replaced, and the "
                    "table keeps its rows. Look at the input and run again once it has rows, "
                    "or give `allow_empty: true` to empty the table")
        .at(target.table);
  }
}

// Where a change of tables commits by itself, the ledger says first that the exchange is due: a
// run that is killed in between finds that, and ends it.
inline void SqlSink::finish(const Run& run) {
  on_control([&](Connection& db) {
    const Locked lock(db, lock_name(run.job), patience_ms());
    check_not_emptied(db);
    if (dialect().ddl_is_transactional()) {
      Transaction transaction(db);
      if (ledger_->finish(db, run))
        for (const Target& target : targets_)
          if (target.mode == Mode::kReplace) swap_staging(db, target);
      transaction.commit();
    } else {
      Transaction first(db);
      const bool is_due = ledger_->begin_finish(db, run);
      first.commit();
      for (const Target& target : targets_)
        if (is_due && target.mode == Mode::kReplace && read_shape(db, target.staging()))
          swap_staging(db, target);
      Transaction last(db);
      ledger_->finish(db, run);
      last.commit();
    }
    settle(db);
  });
}

}  // namespace chunkmill::sql
