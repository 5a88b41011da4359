#include <algorithm>

#include "framework/state/store_impl.hpp"

namespace chunkmill::host {
namespace {

Status write_splits(Database& database, int64_t key, const PendingRun& run) {
  using Named = std::pair<const std::string, SplitDelta>;
  std::vector<const Named*> ordered;
  for (const Named& split : run.splits) ordered.push_back(&split);
  std::sort(ordered.begin(), ordered.end(),
            [](const Named* a, const Named* b) { return a->second.order < b->second.order; });
  ASSIGN_OR_RETURN(Statement put, database.prepare(R"sql(
      INSERT INTO splits (run, split, position, next_chunk, done, rows_read, rows_written, rows_rejected,
        rows_filtered, rows_pending)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
      ON CONFLICT (run, split) DO UPDATE SET position = excluded.position, next_chunk = excluded.next_chunk,
        done = excluded.done, rows_read = rows_read + excluded.rows_read,
        rows_written = rows_written + excluded.rows_written, rows_rejected = rows_rejected + excluded.rows_rejected,
        rows_filtered = rows_filtered + excluded.rows_filtered, rows_pending = rows_pending + excluded.rows_pending)sql"));
  for (const Named* split : ordered) {
    const auto& [name, delta] = *split;
    const RowCounts& rows = delta.counts;
    RETURN_IF_ERROR(put.bind(key, name, delta.position, delta.next_chunk, delta.done, rows.read,
                             rows.written, rows.rejected, rows.filtered, rows.pending)
                        .run());
  }
  return {};
}

Status write_sums(Database& database, int64_t key, const PendingRun& run) {
  ASSIGN_OR_RETURN(Statement put, database.prepare(R"sql(
      INSERT INTO run_sums VALUES (?1, ?2, ?3)
      ON CONFLICT (run, name) DO UPDATE SET value = value + excluded.value)sql"));
  for (const auto& [name, value] : run.sums) RETURN_IF_ERROR(put.bind(key, name, value).run());
  return {};
}

Status write_history(Database& database, int64_t key, const PendingRun& run, int64_t history) {
  ASSIGN_OR_RETURN(Statement newest,
                   database.prepare("SELECT coalesce(max(number), 0) FROM chunks WHERE run = ?1"));
  ASSIGN_OR_RETURN(const bool found, newest.bind(key).next());
  int64_t number = found ? newest.integer(0) : 0;
  ASSIGN_OR_RETURN(Statement put,
                   database.prepare("INSERT INTO chunks VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
                                    "?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)"));
  for (size_t index = 0; index < run.chunks.size(); ++index) {
    const ChunkRecord& chunk = run.chunks.at(index);
    const RowCounts& rows = chunk.counts;
    RETURN_IF_ERROR(put.bind(key, ++number, chunk.split, chunk.sequence, chunk.begin, chunk.end,
                             chunk.last, rows.read, rows.written, rows.rejected, rows.filtered,
                             rows.pending, chunk.bytes, chunk.attempts, chunk.time_seconds,
                             chunk.read_seconds, chunk.calculate_seconds, chunk.write_seconds,
                             chunk.commit_seconds)
                        .run());
  }
  ASSIGN_OR_RETURN(Statement trim,
                   database.prepare("DELETE FROM chunks WHERE run = ?1 AND number <= ?2"));
  return trim.bind(key, number - history).run();
}

}  // namespace

PendingRun& StateStore::Impl::pending_of(std::vector<PendingRun>& runs,
                                         std::string_view run) const {
  for (PendingRun& known : runs) {
    if (known.run == run) return known;
  }
  return runs.emplace_back(run, static_cast<size_t>(std::max<int64_t>(settings.history, 0)));
}

Status StateStore::record_chunk(ChunkRecord chunk) {
  {
    const Lock lock(impl_->pending_mutex);
    PendingRun& run = impl_->pending_of(impl_->pending, chunk.run);
    run.add(std::move(chunk));
    const int64_t now = impl_->clock.steady_ns();
    if (now - impl_->last_flush_ns < impl_->settings.flush_every_ms * 1'000'000) return {};
    // Set here already, so that only one thread goes on to flush.
    impl_->last_flush_ns = now;
  }
  return flush();
}

Status StateStore::flush() {
  const Lock lock(impl_->file_mutex);
  return impl_->flush_locked();
}

Status StateStore::Impl::flush_locked() {
  std::vector<PendingRun> taken;
  {
    const Lock lock(pending_mutex);
    last_flush_ns = clock.steady_ns();
    if (pending.empty()) return {};
    taken.swap(pending);
  }
  const auto write = [&]() -> Status {
    file_mutex.assert_held();
    ASSIGN_OR_RETURN(Transaction transaction, begin(Survives::kKill));
    for (const PendingRun& run : taken) {
      ASSIGN_OR_RETURN(const int64_t key, run_key(run.run));
      RETURN_IF_ERROR(write_splits(*database, key, run));
      RETURN_IF_ERROR(write_sums(*database, key, run));
      RETURN_IF_ERROR(write_history(*database, key, run, settings.history));
    }
    return commit(std::move(transaction));
  };
  const Status status = write();
  if (!status.ok()) {
    // Nothing was written: it goes back in front of what has come meanwhile.
    const Lock lock(pending_mutex);
    for (PendingRun& later : pending) pending_of(taken, later.run).add(std::move(later));
    pending.swap(taken);
  }
  return status;
}

Status StateStore::save_splits(std::string_view run, std::span<const SplitRecord> splits) {
  const Lock lock(impl_->file_mutex);
  RETURN_IF_ERROR(impl_->flush_locked());
  Database& database = *impl_->database;
  ASSIGN_OR_RETURN(Transaction transaction, impl_->begin(Survives::kKill));
  ASSIGN_OR_RETURN(const int64_t key, impl_->run_key(run));
  ASSIGN_OR_RETURN(Statement known,
                   database.prepare("SELECT next_chunk FROM splits WHERE run = ?1 AND split = ?2"));
  ASSIGN_OR_RETURN(Statement put, database.prepare(R"sql(
      INSERT INTO splits VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
      ON CONFLICT (run, split) DO UPDATE SET position = excluded.position, next_chunk = excluded.next_chunk,
        done = excluded.done, rows_read = excluded.rows_read, rows_written = excluded.rows_written,
        rows_rejected = excluded.rows_rejected, rows_filtered = excluded.rows_filtered,
        rows_pending = excluded.rows_pending, epoch = max(epoch, excluded.epoch))sql"));
  bool behind = false;
  for (const SplitRecord& split : splits) {
    ASSIGN_OR_RETURN(const bool found, known.bind(key, split.split).next());
    const int64_t mirrored = found ? known.integer(0) : 0;
    behind = behind || static_cast<int64_t>(split.next_chunk) > mirrored;
    const RowCounts& rows = split.counts;
    RETURN_IF_ERROR(put.bind(key, split.split, split.position, split.next_chunk, split.done,
                             rows.read, rows.written, rows.rejected, rows.filtered, rows.pending,
                             split.epoch)
                        .run());
  }
  if (behind) {
    ASSIGN_OR_RETURN(Statement mark,
                     database.prepare("UPDATE runs SET sums_complete = 0 WHERE seq = ?1"));
    RETURN_IF_ERROR(mark.bind(key).run());
  }
  return impl_->commit(std::move(transaction));
}

Result<std::vector<SplitRecord>> StateStore::splits(std::string_view run) {
  const Lock lock(impl_->file_mutex);
  RETURN_IF_ERROR(impl_->flush_locked());
  ASSIGN_OR_RETURN(const int64_t key, impl_->run_key(run));
  ASSIGN_OR_RETURN(Statement find, impl_->database->prepare(
                                       "SELECT split, position, next_chunk, done, rows_read, "
                                       "rows_written, rows_rejected, rows_filtered, rows_pending "
                                       "FROM splits WHERE run = ?1 ORDER BY seq"));
  find.bind(key);
  std::vector<SplitRecord> found;
  for (;;) {
    ASSIGN_OR_RETURN(const bool more, find.next());
    if (!more) return found;
    found.push_back(
        {find.text(0),
         find.text(1),
         static_cast<uint64_t>(find.integer(2)),
         find.integer(3) != 0,
         {find.integer(4), find.integer(5), find.integer(6), find.integer(7), find.integer(8)}});
  }
}

Result<std::vector<ChunkRecord>> StateStore::chunks(std::string_view run, int64_t limit) {
  const Lock lock(impl_->file_mutex);
  RETURN_IF_ERROR(impl_->flush_locked());
  ASSIGN_OR_RETURN(const int64_t key, impl_->run_key(run));
  ASSIGN_OR_RETURN(
      Statement find,
      impl_->database->prepare(
          "SELECT split, chunk, begins, ends, last, rows_read, rows_written, rows_rejected, "
          "rows_filtered, rows_pending, bytes, "
          "attempts, time_seconds, read_seconds, calculate_seconds, write_seconds, commit_seconds "
          "FROM chunks WHERE run = ?1 ORDER BY number DESC LIMIT ?2"));
  find.bind(key, limit);
  std::vector<ChunkRecord> found;
  for (;;) {
    ASSIGN_OR_RETURN(const bool more, find.next());
    if (!more) return found;
    ChunkRecord& chunk = found.emplace_back();
    chunk.run = run;
    chunk.split = find.text(0);
    chunk.sequence = static_cast<uint64_t>(find.integer(1));
    chunk.begin = find.text(2);
    chunk.end = find.text(3);
    chunk.last = find.integer(4) != 0;
    chunk.counts = {find.integer(5), find.integer(6), find.integer(7), find.integer(8),
                    find.integer(9)};
    chunk.bytes = find.integer(10);
    chunk.attempts = static_cast<int32_t>(find.integer(11));
    chunk.time_seconds = find.real(12);
    chunk.read_seconds = find.real(13);
    chunk.calculate_seconds = find.real(14);
    chunk.write_seconds = find.real(15);
    chunk.commit_seconds = find.real(16);
  }
}

Result<RowCounts> StateStore::committed_counts(std::string_view run) {
  ASSIGN_OR_RETURN(const std::vector<SplitRecord> all, splits(run));
  RowCounts total;
  for (const SplitRecord& split : all) total += split.counts;
  return total;
}

}  // namespace chunkmill::host
