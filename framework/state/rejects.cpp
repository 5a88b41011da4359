#include "framework/state/reject_sql.hpp"
#include "framework/state/store_impl.hpp"

namespace chunkmill::host {
namespace {

Result<std::vector<Reject>> collect(Statement& statement) {
  std::vector<Reject> found;
  for (;;) {
    ASSIGN_OR_RETURN(const bool more, statement.next());
    if (!more) return found;
    found.push_back(read_reject(statement));
  }
}

// Whether the split is held under a later epoch than `epoch`.
Result<bool> is_taken(const Database& database, int64_t run, std::string_view split,
                      uint64_t epoch) {
  if (epoch == UINT64_MAX) return false;
  ASSIGN_OR_RETURN(
      Statement later,
      database.prepare("SELECT 1 FROM splits WHERE run = ?1 AND split = ?2 AND epoch > ?3"));
  return later.bind(run, split, epoch).next();
}

}  // namespace

Status StateStore::store_rejects(std::string_view run, std::string_view split, uint64_t chunk,
                                 std::span<const Reject> rejects, uint64_t epoch) {
  const Lock lock(impl_->file_mutex);
  Database& database = *impl_->database;
  ASSIGN_OR_RETURN(Transaction transaction, impl_->begin(Survives::kPowerCut));
  ASSIGN_OR_RETURN(const int64_t key, impl_->run_key(run));
  ASSIGN_OR_RETURN(const bool taken, is_taken(database, key, split, epoch));
  if (taken) {
    PluginFacts facts;
    facts.code = CM_FENCED;
    return Status(Code::kUnavailable,
                  "split \"" + std::string(split) + "\" has been taken over by another worker",
                  facts);
  }
  ASSIGN_OR_RETURN(
      Statement clear,
      database.prepare("DELETE FROM rejects WHERE run = ?1 AND split = ?2 AND chunk = ?3"));
  RETURN_IF_ERROR(clear.bind(key, split, chunk).run());
  ASSIGN_OR_RETURN(Statement put,
                   database.prepare("INSERT INTO rejects VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, "
                                    "?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, 'open', '', ?17)"));
  const int64_t now = impl_->clock.now_ms();
  for (const Reject& reject : rejects) {
    RETURN_IF_ERROR(put.bind(key, split, chunk, reject.ordinal, reject.where, reject.line,
                             reject_stage_name(reject.stage), reject.plugin, reject.plugin_version,
                             reject.code, reject.column, reject.message, reject.attempt, reject.raw,
                             reject.fields_json, reject.parent, now)
                        .run());
  }
  return impl_->commit(std::move(transaction));
}

Status StateStore::drop_rejects_from(std::string_view run, std::string_view split,
                                     uint64_t next_chunk, uint64_t epoch) {
  const Lock lock(impl_->file_mutex);
  const Database& database = *impl_->database;
  ASSIGN_OR_RETURN(Transaction transaction, impl_->begin(Survives::kPowerCut));
  ASSIGN_OR_RETURN(const int64_t key, impl_->run_key(run));
  ASSIGN_OR_RETURN(const bool taken, is_taken(database, key, split, epoch));
  if (taken) return {};
  ASSIGN_OR_RETURN(
      Statement drop,
      database.prepare("DELETE FROM rejects WHERE run = ?1 AND split = ?2 AND chunk >= ?3"));
  RETURN_IF_ERROR(drop.bind(key, split, next_chunk).run());
  return impl_->commit(std::move(transaction));
}

Result<std::vector<Reject>> StateStore::find_rejects(const RejectFilter& filter) {
  const Lock lock(impl_->file_mutex);
  const Condition condition(filter);
  const std::string sql = kSelect + condition.sql() + " AND r.id > ?8 ORDER BY r.id LIMIT ?9";
  ASSIGN_OR_RETURN(Statement find, impl_->database->prepare(sql.c_str()));
  find.bind(condition.run, condition.code, condition.column, condition.stages, condition.states,
            condition.ids, condition.runs, filter.after_id, filter.limit);
  return collect(find);
}

Result<std::vector<RejectGroup>> StateStore::reject_groups(const RejectFilter& filter) {
  const Lock lock(impl_->file_mutex);
  const Condition condition(filter);
  const std::string sql = "SELECT r.code, r.stage, count(*), min(r.id) FROM rejects r " +
                          condition.sql() +
                          " GROUP BY r.code, r.stage ORDER BY count(*) DESC, r.code, r.stage";
  ASSIGN_OR_RETURN(Statement count, impl_->database->prepare(sql.c_str()));
  count.bind(condition.run, condition.code, condition.column, condition.stages, condition.states,
             condition.ids, condition.runs);
  const std::string by_id = std::string(kSelect) + "WHERE r.id = ?1";
  ASSIGN_OR_RETURN(Statement example, impl_->database->prepare(by_id.c_str()));
  std::vector<RejectGroup> groups;
  for (;;) {
    ASSIGN_OR_RETURN(const bool more, count.next());
    if (!more) return groups;
    RejectGroup& group = groups.emplace_back();
    group.code = count.text(0);
    group.stage = stage_named(count.text(1));
    group.count = count.integer(2);
    ASSIGN_OR_RETURN(const bool found, example.bind(count.integer(3)).next());
    if (found) group.first = read_reject(example);
  }
}

Result<RejectTally> StateStore::count_rejects(std::string_view run) {
  const Lock lock(impl_->file_mutex);
  ASSIGN_OR_RETURN(const int64_t key, impl_->run_key(run));
  ASSIGN_OR_RETURN(
      Statement count,
      impl_->database->prepare(
          "SELECT coalesce(sum(state = 'open'), 0), coalesce(sum(state = 'replayed'), 0), "
          "coalesce(sum(state = 'resolved'), 0), coalesce(sum(state = 'dismissed'), 0) "
          "FROM rejects WHERE run = ?1"));
  ASSIGN_OR_RETURN(const bool row, count.bind(key).next());
  return row ? RejectTally{count.integer(0), count.integer(1), count.integer(2), count.integer(3)}
             : RejectTally{};
}

Result<std::vector<Reject>> StateStore::reject_history(int64_t id) {
  const Lock lock(impl_->file_mutex);
  const std::string sql =
      "WITH RECURSIVE line(id) AS (SELECT ?1 UNION SELECT r.parent FROM rejects r JOIN line ON "
      "r.id = line.id "
      "WHERE r.parent <> 0) " +
      std::string(kSelect) + "WHERE r.id IN (SELECT id FROM line) ORDER BY r.id";
  ASSIGN_OR_RETURN(Statement find, impl_->database->prepare(sql.c_str()));
  find.bind(id);
  return collect(find);
}

}  // namespace chunkmill::host
