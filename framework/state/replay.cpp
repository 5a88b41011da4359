// What a replay reads, and what becomes of the rejects that it has taken up.
#include "framework/state/reject_sql.hpp"
#include "framework/state/store_impl.hpp"

namespace chunkmill::host {
namespace {

constexpr const char* kIsWhole = " AND r.raw <> '' AND r.code <> 'record_too_large'";

Status mark_taken_up(const Database& database, int64_t key, std::string_view replay_run) {
  ASSIGN_OR_RETURN(Statement mark,
                   database.prepare("UPDATE rejects SET state = 'replayed', replay_run = ?2 WHERE "
                                    "id IN (SELECT reject FROM replay_records WHERE replay = ?1)"));
  return mark.bind(key, replay_run).run();
}

RejectFilter open_ones(RejectFilter filter) {
  filter.states = {RejectState::kOpen};
  filter.committed = true;
  return filter;
}

// No statement must be open when the transaction is committed.
Result<int64_t> take_edits(Database& database, int64_t key, const NextEdit& next) {
  const Condition open(open_ones({}));
  const std::string sql = "INSERT INTO replay_records SELECT ?8, ?9, r.id, ?10 FROM rejects r " +
                          open.sql() + " AND r.id = ?11";
  ASSIGN_OR_RETURN(Statement take, database.prepare(sql.c_str()));
  ASSIGN_OR_RETURN(Statement reject, database.prepare("SELECT 1 FROM rejects WHERE id = ?1"));
  RETURN_IF_ERROR(
      database.execute("CREATE TEMP TABLE IF NOT EXISTS named (id INTEGER PRIMARY KEY)"));
  RETURN_IF_ERROR(database.execute("DELETE FROM temp.named"));
  ASSIGN_OR_RETURN(Statement name,
                   database.prepare("INSERT OR IGNORE INTO temp.named VALUES (?1)"));
  int64_t place = 0;
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<EditedRecord> record, next());
    if (!record) break;
    ASSIGN_OR_RETURN(const bool there, reject.bind(record->id).next());
    if (!there)
      return Status(Code::kUsage, "the state knows no reject " + std::to_string(record->id) +
                                      "; is the file one that `rejects export` has written of "
                                      "this job?");
    RETURN_IF_ERROR(name.bind(record->id).run());
    if (database.changes() == 0)
      return Status(Code::kUsage, "reject " + std::to_string(record->id) +
                                      " stands twice in the file; leave one of its lines");
    RETURN_IF_ERROR(take.bind(open.run, open.code, open.column, open.stages, open.states, open.ids,
                              open.runs, key, place, record->raw, record->id)
                        .run());
    place += database.changes();
  }
  return place;
}

}  // namespace

Result<int64_t> StateStore::take_up(std::string_view replay_run, const RejectFilter& filter) {
  const Lock lock(impl_->file_mutex);
  RETURN_IF_ERROR(impl_->flush_locked());
  Database& database = *impl_->database;
  ASSIGN_OR_RETURN(Transaction transaction, impl_->begin(Survives::kPowerCut));
  ASSIGN_OR_RETURN(const int64_t key, impl_->run_key(replay_run));
  const Condition condition(open_ones(filter));
  const std::string sql =
      "INSERT INTO replay_records SELECT ?8, row_number() OVER (ORDER BY r.id) - 1, r.id, NULL "
      "FROM rejects r " +
      condition.sql() + kIsWhole + " ORDER BY r.id LIMIT ?9";
  ASSIGN_OR_RETURN(Statement take, database.prepare(sql.c_str()));
  RETURN_IF_ERROR(take.bind(condition.run, condition.code, condition.column, condition.stages,
                            condition.states, condition.ids, condition.runs, key, filter.limit)
                      .run());
  const int64_t taken = database.changes();
  RETURN_IF_ERROR(mark_taken_up(database, key, replay_run));
  RETURN_IF_ERROR(impl_->commit(std::move(transaction)));
  return taken;
}

Result<int64_t> StateStore::take_up(std::string_view replay_run, const NextEdit& next) {
  const Lock lock(impl_->file_mutex);
  RETURN_IF_ERROR(impl_->flush_locked());
  Database& database = *impl_->database;
  ASSIGN_OR_RETURN(Transaction transaction, impl_->begin(Survives::kPowerCut));
  ASSIGN_OR_RETURN(const int64_t key, impl_->run_key(replay_run));
  ASSIGN_OR_RETURN(const int64_t taken, take_edits(database, key, next));
  RETURN_IF_ERROR(mark_taken_up(database, key, replay_run));
  RETURN_IF_ERROR(impl_->commit(std::move(transaction)));
  return taken;
}

Result<Unreadable> StateStore::count_unreadable(const RejectFilter& filter) {
  const Lock lock(impl_->file_mutex);
  RejectFilter open = open_ones(filter);
  open.committed.reset();
  const Condition condition(open);
  const std::string sql = std::string(
                              "SELECT coalesce(sum(r.raw = ''), 0), "
                              "coalesce(sum(r.code = 'record_too_large'), 0), "
                              "coalesce(sum(NOT ") +
                          kIsCommitted + "), 0) FROM rejects r " + condition.sql();
  ASSIGN_OR_RETURN(Statement count, impl_->database->prepare(sql.c_str()));
  count.bind(condition.run, condition.code, condition.column, condition.stages, condition.states,
             condition.ids, condition.runs);
  ASSIGN_OR_RETURN(const bool found, count.next());
  return found ? Unreadable{count.integer(0), count.integer(1), count.integer(2)} : Unreadable{};
}

Result<std::optional<RunRecord>> StateStore::unsettled_replay() {
  std::string run;
  {
    const Lock lock(impl_->file_mutex);
    ASSIGN_OR_RETURN(
        Statement find,
        impl_->database->prepare(
            "SELECT run FROM runs WHERE seq = (SELECT max(replay) FROM replay_records)"));
    ASSIGN_OR_RETURN(const bool found, find.next());
    if (!found) return std::optional<RunRecord>();
    run = find.text(0);
  }
  ASSIGN_OR_RETURN(RunRecord record, find_run(run));
  return std::optional<RunRecord>(std::move(record));
}

Result<std::vector<Reject>> StateStore::replay_records(std::string_view replay_run, int64_t place,
                                                       int64_t rows, int64_t bytes) {
  const Lock lock(impl_->file_mutex);
  ASSIGN_OR_RETURN(const int64_t key, impl_->run_key(replay_run));
  const std::string sql = std::string(kSelect) +
                          "JOIN replay_records p ON p.reject = r.id WHERE p.replay = ?1 AND "
                          "p.place >= ?2 ORDER BY p.place LIMIT ?3";
  ASSIGN_OR_RETURN(Statement find, impl_->database->prepare(sql.c_str()));
  ASSIGN_OR_RETURN(Statement edited,
                   impl_->database->prepare("SELECT raw FROM replay_records WHERE replay = ?1 AND "
                                            "place = ?2 AND raw IS NOT NULL"));
  find.bind(key, place, rows);
  std::vector<Reject> found;
  for (int64_t size = 0; found.empty() || size < bytes;) {
    ASSIGN_OR_RETURN(const bool more, find.next());
    if (!more) break;
    found.push_back(read_reject(find));
    const auto at = place + static_cast<int64_t>(found.size()) - 1;
    ASSIGN_OR_RETURN(const bool is_edited, edited.bind(key, at).next());
    if (is_edited) found.back().raw = edited.text(0);
    size += static_cast<int64_t>(found.back().raw.size());
  }
  return found;
}

Result<int64_t> StateStore::count_replay_records(std::string_view replay_run) {
  const Lock lock(impl_->file_mutex);
  ASSIGN_OR_RETURN(const int64_t key, impl_->run_key(replay_run));
  ASSIGN_OR_RETURN(Statement count, impl_->database->prepare(
                                        "SELECT count(*) FROM replay_records WHERE replay = ?1"));
  ASSIGN_OR_RETURN(const bool found, count.bind(key).next());
  return found ? count.integer(0) : 0;
}

Result<std::vector<std::pair<std::string, int64_t>>> StateStore::replayed_runs(
    std::string_view replay_run) {
  const Lock lock(impl_->file_mutex);
  ASSIGN_OR_RETURN(const int64_t key, impl_->run_key(replay_run));
  ASSIGN_OR_RETURN(Statement find,
                   impl_->database->prepare(
                       "SELECT runs.run, count(*) FROM replay_records p JOIN rejects r ON r.id = "
                       "p.reject JOIN runs ON runs.seq = r.run WHERE p.replay = ?1 GROUP BY r.run "
                       "ORDER BY r.run"));
  find.bind(key);
  std::vector<std::pair<std::string, int64_t>> out;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, find.next());
    if (!more) return out;
    out.emplace_back(find.text(0), find.integer(1));
  }
}

Status StateStore::settle_replay(std::string_view replay_run, int64_t written) {
  const Lock lock(impl_->file_mutex);
  ASSIGN_OR_RETURN(Transaction transaction, impl_->begin(Survives::kPowerCut));
  ASSIGN_OR_RETURN(const int64_t key, impl_->run_key(replay_run));
  const Database& database = *impl_->database;
  ASSIGN_OR_RETURN(
      Statement resolve,
      database.prepare("UPDATE rejects SET state = 'resolved' WHERE id IN (SELECT reject FROM "
                       "replay_records WHERE replay = ?1 AND place < ?2) AND id NOT IN (SELECT "
                       "parent FROM rejects WHERE parent <> 0)"));
  RETURN_IF_ERROR(resolve.bind(key, written).run());
  ASSIGN_OR_RETURN(
      Statement reopen,
      database.prepare("UPDATE rejects SET state = 'open', replay_run = '' WHERE id IN (SELECT "
                       "reject FROM replay_records WHERE replay = ?1 AND place >= ?2)"));
  RETURN_IF_ERROR(reopen.bind(key, written).run());
  ASSIGN_OR_RETURN(Statement forget,
                   database.prepare("DELETE FROM replay_records WHERE replay = ?1"));
  RETURN_IF_ERROR(forget.bind(key).run());
  return impl_->commit(std::move(transaction));
}

Result<int64_t> StateStore::dismiss_rejects(const RejectFilter& filter, std::string_view reason) {
  const Lock lock(impl_->file_mutex);
  ASSIGN_OR_RETURN(Transaction transaction, impl_->begin(Survives::kPowerCut));
  RejectFilter open = filter;
  open.states = {RejectState::kOpen};
  const Condition condition(open);
  Database& database = *impl_->database;
  const std::string note =
      "INSERT OR REPLACE INTO dismissals SELECT r.id, ?8, ?9 FROM rejects r " + condition.sql();
  ASSIGN_OR_RETURN(Statement put, database.prepare(note.c_str()));
  RETURN_IF_ERROR(put.bind(condition.run, condition.code, condition.column, condition.stages,
                           condition.states, condition.ids, condition.runs, reason,
                           impl_->clock.now_ms())
                      .run());
  ASSIGN_OR_RETURN(Statement mark,
                   database.prepare("UPDATE rejects SET state = 'dismissed' WHERE state = 'open' "
                                    "AND id IN (SELECT reject FROM dismissals)"));
  RETURN_IF_ERROR(mark.run());
  const int64_t dismissed = database.changes();
  RETURN_IF_ERROR(impl_->commit(std::move(transaction)));
  return dismissed;
}

Result<std::string> StateStore::dismissal(int64_t id) {
  const Lock lock(impl_->file_mutex);
  ASSIGN_OR_RETURN(Statement find,
                   impl_->database->prepare("SELECT reason FROM dismissals WHERE reject = ?1"));
  ASSIGN_OR_RETURN(const bool found, find.bind(id).next());
  return found ? find.text(0) : std::string();
}

}  // namespace chunkmill::host
