#include "framework/state/reject_sql.hpp"
#include "framework/state/store_impl.hpp"

namespace chunkmill::host {
namespace {

constexpr const char* kColumns =
    "seq, run, job, job_path, command, fingerprint, status, epoch, started_ms, ended_ms, "
    "rows_read, rows_written, "
    "rows_rejected, rows_filtered, rows_pending, message, sums_complete";

// A word that we do not know is taken for the gravest one: a damaged row must not look like a run
// that went well.
RunStatus status_named(std::string_view name) {
  for (const RunStatus status : {RunStatus::kRunning, RunStatus::kSuccess,
                                 RunStatus::kPartialSuccess, RunStatus::kStopped}) {
    if (run_status_name(status) == name) return status;
  }
  return RunStatus::kFailed;
}

Result<RunRecord> read_run(const Database& database, const Statement& row) {
  RunRecord run;
  const int64_t key = row.integer(0);
  run.run = row.text(1);
  run.job = row.text(2);
  run.job_path = row.text(3);
  run.command = row.text(4);
  run.fingerprint = row.text(5);
  run.status = status_named(row.text(6));
  run.epoch = static_cast<uint64_t>(row.integer(7));
  run.started_ms = row.integer(8);
  run.ended_ms = row.integer(9);
  run.totals = {row.integer(10), row.integer(11), row.integer(12), row.integer(13),
                row.integer(14)};
  run.message = row.text(15);
  run.sums_complete = row.integer(16) != 0;

  ASSIGN_OR_RETURN(
      Statement parts,
      database.prepare("SELECT name, value FROM run_parts WHERE run = ?1 ORDER BY place"));
  parts.bind(key);
  for (;;) {
    ASSIGN_OR_RETURN(const bool more, parts.next());
    if (!more) break;
    run.fingerprint_parts.emplace_back(parts.text(0), parts.text(1));
  }
  ASSIGN_OR_RETURN(
      Statement sums,
      database.prepare("SELECT name, value FROM run_sums WHERE run = ?1 ORDER BY name"));
  sums.bind(key);
  for (;;) {
    ASSIGN_OR_RETURN(const bool more, sums.next());
    if (!more) return run;
    run.sums.emplace_back(sums.text(0), sums.real(1));
  }
}

// Chunks of runs long past are history that nobody looks at; their totals and rejects stay.
Status forget_old_chunks(Database& database, int64_t history_runs) {
  ASSIGN_OR_RETURN(
      Statement forget,
      database.prepare("DELETE FROM chunks WHERE run <= (SELECT max(seq) FROM runs) - ?1"));
  return forget.bind(history_runs).run();
}

Status put_parts(Database& database, int64_t key, const RunRecord& run) {
  ASSIGN_OR_RETURN(Statement part,
                   database.prepare("INSERT INTO run_parts VALUES (?1, ?2, ?3, ?4)"));
  int64_t place = 0;
  for (const auto& [name, value] : run.fingerprint_parts) {
    RETURN_IF_ERROR(part.bind(key, place++, name, value).run());
  }
  return {};
}

// Rejects of chunks that an abandoned run has not committed: the new run reads those rows again.
Status forget_uncommitted(Database& database, int64_t key) {
  const std::string sql =
      std::string(
          "DELETE FROM rejects WHERE id IN (SELECT r.id FROM rejects r WHERE r.run <> ?1 "
          "AND NOT ") +
      kIsCommitted + ")";
  ASSIGN_OR_RETURN(Statement forget, database.prepare(sql.c_str()));
  return forget.bind(key).run();
}

}  // namespace

Result<std::optional<RunRecord>> StateStore::latest_run(std::string_view command) {
  const Lock lock(impl_->file_mutex);
  const std::string sql =
      std::string("SELECT ") + kColumns + " FROM runs WHERE command = ?1 ORDER BY seq DESC LIMIT 1";
  ASSIGN_OR_RETURN(Statement find, impl_->database->prepare(sql.c_str()));
  ASSIGN_OR_RETURN(const bool found, find.bind(command).next());
  if (!found) return std::optional<RunRecord>();
  ASSIGN_OR_RETURN(RunRecord run, read_run(*impl_->database, find));
  return std::optional<RunRecord>(std::move(run));
}

Result<RunRecord> StateStore::find_run(std::string_view run) {
  const Lock lock(impl_->file_mutex);
  ASSIGN_OR_RETURN(const int64_t key, impl_->run_key(run));
  const std::string sql = std::string("SELECT ") + kColumns + " FROM runs WHERE seq = ?1";
  ASSIGN_OR_RETURN(Statement find, impl_->database->prepare(sql.c_str()));
  ASSIGN_OR_RETURN(const bool found, find.bind(key).next());
  // Another process may remove rows between the two looks.
  if (!found) return Status(Code::kNotFound, "no run \"" + std::string(run) + "\" any more");
  return read_run(*impl_->database, find);
}

Result<std::vector<RunRecord>> StateStore::runs(int64_t limit) {
  const Lock lock(impl_->file_mutex);
  const std::string sql =
      std::string("SELECT ") + kColumns + " FROM runs ORDER BY seq DESC LIMIT ?1";
  ASSIGN_OR_RETURN(Statement find, impl_->database->prepare(sql.c_str()));
  find.bind(limit);
  std::vector<RunRecord> found;
  for (;;) {
    ASSIGN_OR_RETURN(const bool more, find.next());
    if (!more) return found;
    ASSIGN_OR_RETURN(RunRecord run, read_run(*impl_->database, find));
    found.push_back(std::move(run));
  }
}

Status StateStore::begin_run(const RunRecord& run) {
  const Lock lock(impl_->file_mutex);
  Database& database = *impl_->database;
  ASSIGN_OR_RETURN(Transaction transaction, impl_->begin(Survives::kKill));
  ASSIGN_OR_RETURN(Statement known, database.prepare("SELECT 1 FROM runs WHERE run = ?1"));
  ASSIGN_OR_RETURN(const bool taken, known.bind(run.run).next());
  if (taken) {
    return {Code::kState, "state file " + impl_->path.string() + ": there is a run \"" + run.run +
                              "\" already; give the new one another id"};
  }
  const std::string sql =
      std::string("INSERT INTO runs (") + kColumns +
      ") VALUES (NULL, ?1, ?2, ?3, ?4, ?5, 'running', ?6, ?7, 0, 0, 0, 0, 0, 0, '', 1)";
  ASSIGN_OR_RETURN(Statement put, database.prepare(sql.c_str()));
  RETURN_IF_ERROR(put.bind(run.run, run.job, run.job_path, run.command, run.fingerprint, run.epoch,
                           impl_->clock.now_ms())
                      .run());
  ASSIGN_OR_RETURN(const int64_t key, impl_->run_key(run.run));
  RETURN_IF_ERROR(put_parts(database, key, run));
  RETURN_IF_ERROR(forget_old_chunks(database, impl_->settings.history_runs));
  if (run.command == "run") RETURN_IF_ERROR(forget_uncommitted(database, key));
  return impl_->commit(std::move(transaction));
}

Status StateStore::resume_run(std::string_view run, uint64_t epoch) {
  const Lock lock(impl_->file_mutex);
  ASSIGN_OR_RETURN(Transaction transaction, impl_->begin(Survives::kKill));
  ASSIGN_OR_RETURN(const int64_t key, impl_->run_key(run));
  ASSIGN_OR_RETURN(Statement update,
                   impl_->database->prepare("UPDATE runs SET status = 'running', epoch = ?2, "
                                            "ended_ms = 0, message = '' WHERE seq = ?1"));
  RETURN_IF_ERROR(update.bind(key, epoch).run());
  return impl_->commit(std::move(transaction));
}

Status StateStore::set_fingerprint(const RunRecord& run) {
  const Lock lock(impl_->file_mutex);
  Database& database = *impl_->database;
  ASSIGN_OR_RETURN(Transaction transaction, impl_->begin(Survives::kKill));
  ASSIGN_OR_RETURN(const int64_t key, impl_->run_key(run.run));
  ASSIGN_OR_RETURN(Statement update,
                   database.prepare("UPDATE runs SET fingerprint = ?2 WHERE seq = ?1"));
  RETURN_IF_ERROR(update.bind(key, run.fingerprint).run());
  ASSIGN_OR_RETURN(Statement forget, database.prepare("DELETE FROM run_parts WHERE run = ?1"));
  RETURN_IF_ERROR(forget.bind(key).run());
  RETURN_IF_ERROR(put_parts(database, key, run));
  return impl_->commit(std::move(transaction));
}

Status StateStore::end_run(std::string_view run, RunStatus status, const RowCounts& totals,
                           std::string_view message) {
  const Lock lock(impl_->file_mutex);
  RETURN_IF_ERROR(impl_->flush_locked());
  ASSIGN_OR_RETURN(Transaction transaction, impl_->begin(Survives::kKill));
  ASSIGN_OR_RETURN(const int64_t key, impl_->run_key(run));
  ASSIGN_OR_RETURN(Statement update,
                   impl_->database->prepare(
                       "UPDATE runs SET status = ?2, ended_ms = ?3, rows_read = ?4, rows_written = "
                       "?5, rows_rejected = ?6, "
                       "rows_filtered = ?7, rows_pending = ?8, message = ?9 WHERE seq = ?1"));
  RETURN_IF_ERROR(update
                      .bind(key, run_status_name(status), impl_->clock.now_ms(), totals.read,
                            totals.written, totals.rejected, totals.filtered, totals.pending,
                            message)
                      .run());
  return impl_->commit(std::move(transaction));
}

}  // namespace chunkmill::host
