#include "sink.hpp"

#include <filesystem>

#include "chunkmill/sql/statements.hpp"
#include "lane.hpp"
#include "replace.hpp"
#include "shape.hpp"

namespace chunkmill::sqlite {

void SqliteSink::configure(Options& opt) {
  opt.required("path", path_, "the database file; made where it is missing");
  tables_.configure(opt);
  opt.choice("journal", journal_, {{"wal", Journal::kWal}, {"delete", Journal::kDelete}},
             "wal: others read while rows are written; delete: for file systems without shared "
             "memory");
  opt.choice(
      "synchronous", synchronous_,
      {{"full", Synchronous::kFull}, {"normal", Synchronous::kNormal}, {"off", Synchronous::kOff}},
      "what a power loss may cost. full: nothing; normal: the last chunks, which the next "
      "run writes again; off: the file. A killed process costs nothing with any of them");
  opt.optional("busy_timeout", busy_timeout_, "how long to wait for another connection's lock");
}

OpenOptions SqliteSink::open_options() const {
  constexpr const char* kWords[] = {"full", "normal", "off"};
  return {path_.value, journal_ == Journal::kWal, kWords[static_cast<size_t>(synchronous_)],
          busy_timeout_.ms, &interrupted_};
}

bool SqliteSink::file_exists() const {
  std::error_code ignored;
  return std::filesystem::exists(path_.value, ignored);
}

SinkAbilities SqliteSink::bind(const std::vector<SinkStream>& streams) {
  targets_ = tables_.bind(streams, dialect_);
  for (const sql::Target& target : targets_)
    if (sql::equal_ignoring_case(target.table.substr(0, 7), "sqlite_"))
      throw Error(CM_INVALID, "table \"" + target.table +
                                  "\": SQLite keeps names that begin with "
                                  "sqlite_ for itself")
          .at(target.table);
  ledger_.emplace(dialect_, targets_);
  return {CM_SINK_TRANSACTIONAL | CM_SINK_KEEPS_POSITION | CM_SINK_UPSERT | CM_SINK_ATOMIC_WRITE, 1,
          0};
}

void SqliteSink::check_table(Connection& db, const sql::Target& target) const {
  if (const std::optional<sql::ExistingTable> shape = read_shape(db, target.table))
    return sql::match_table(target, *shape, dialect_);
  if (target.if_missing == sql::IfMissing::kError)
    throw Error(CM_NOT_FOUND, "table \"" + target.table + "\" is not in " + path_.value +
                                  "; make it, or say `if_table_missing: create`")
        .at(target.table);
}

void SqliteSink::check() {
  if (file_exists()) {
    Connection db(open_options(), Access::kLook);
    for (const sql::Target& target : targets_) check_table(db, target);
    return;
  }
  for (const sql::Target& target : targets_)
    if (target.if_missing == sql::IfMissing::kError)
      throw Error(CM_NOT_FOUND, "there is no file " + path_.value + ", and table \"" +
                                    target.table + "\" is to be there already")
          .at(path_.value);
  const std::filesystem::path folder = std::filesystem::path(path_.value).parent_path();
  std::error_code ignored;
  if (!folder.empty() && !std::filesystem::is_directory(folder, ignored))
    throw Error(CM_NOT_FOUND, "the folder " + folder.string() +
                                  " of the database does not exist; make it, or change `path`")
        .at(path_.value);
}

std::optional<LedgerRun> SqliteSink::ledger(std::string_view job) {
  if (!file_exists()) return std::nullopt;
  Connection db(open_options(), Access::kRead);
  if (!read_shape(db, "chunkmill_run")) return std::nullopt;
  return ledger_->latest(db, job);
}

void SqliteSink::attach(const Run& run) {
  if (control_ == nullptr) control_ = std::make_unique<Connection>(open_options(), Access::kWrite);
  Transaction transaction(*control_);
  for (const sql::Target& target : targets_) check_table(*control_, target);
  for (const std::string& sql : ledger_->create_tables()) control_->run(sql);
  const sql::Ledger::Attached attached = ledger_->attach(*control_, run);
  for (const sql::Target& target : targets_) {
    if (target.mode != sql::Mode::kReplace) {
      make_table(*control_, target);
    } else if (attached != sql::Ledger::Attached::kFinished) {
      make_ready_to_replace(target, run, attached);
    }
  }
  transaction.commit();
  run_ = run;
}

void SqliteSink::make_table(Connection& db, const sql::Target& target) const {
  if (!read_shape(db, target.table)) db.run(sql::create_table(target, target.table, dialect_));
}

// A run that goes on keeps what it has staged.
void SqliteSink::make_ready_to_replace(const sql::Target& target, const Run& run,
                                       sql::Ledger::Attached attached) {
  if (attached == sql::Ledger::Attached::kKnown) {
    if (read_shape(*control_, target.staging())) return;
    if (ledger_->has_commits(*control_, run))
      throw Error(CM_INVALID, "table \"" + target.staging() +
                                  "\", which holds what the run has written so far, is gone; begin "
                                  "anew with --restart")
          .at(target.table);
  }
  make_staging(*control_, target, dialect_);
}

std::optional<SplitState> SqliteSink::committed(std::string_view split) {
  if (!run_) throw Error(CM_INTERNAL, "committed() before attach()");
  Transaction transaction(*control_);
  std::optional<SplitState> state = ledger_->take_over(*control_, *run_, split);
  transaction.commit();
  return state;
}

std::unique_ptr<SinkLane> SqliteSink::open() {
  return std::make_unique<Lane>(open_options(), targets_, *ledger_, dialect_);
}

void SqliteSink::finish(const Run& run) {
  if (control_ == nullptr) control_ = std::make_unique<Connection>(open_options(), Access::kWrite);
  // Views that name the table must not keep it from being exchanged.
  control_->run("PRAGMA legacy_alter_table = on");
  Transaction transaction(*control_);
  if (ledger_->finish(*control_, run))
    for (const sql::Target& target : targets_)
      if (target.mode == sql::Mode::kReplace) swap_staging(*control_, target, dialect_);
  transaction.commit();
  // Syncs the log, which with `synchronous: normal` no commit does. A reader may hold it up; that
  // costs nothing but a longer log.
  if (journal_ == Journal::kWal) control_->execute("PRAGMA wal_checkpoint(PASSIVE)", {});
}

}  // namespace chunkmill::sqlite
