#include "framework/run/settle_chunk.hpp"

#include <algorithm>

#include "framework/core/failpoint.hpp"
#include "framework/run/reject_records.hpp"

namespace chunkmill::host {
namespace {
constexpr double kNanosecond = 1e-9;
}  // namespace

Status ChunkSettler::recall_rejects(Chunk& chunk) {
  RejectFilter filter;
  filter.run = context_->run.run;
  filter.stages = {RejectStage::kWrite};
  ASSIGN_OR_RETURN(const std::vector<Reject> stored, context_->state->find_rejects(filter));
  const std::string& split = chunk.reader->split().id;
  std::vector<int64_t> unreadable;
  for (const RowReject& reject : chunk.rejects)
    if (reject.row < 0) unreadable.push_back(reject.ordinal);
  for (const Reject& reject : stored) {
    if (reject.split != split || reject.chunk != chunk.sequence) continue;
    RowError error;
    error.code = reject.code;
    error.column = reject.column;
    error.message = reject.message;
    const auto before = std::count_if(unreadable.begin(), unreadable.end(),
                                      [&](int64_t bad) { return bad < reject.ordinal; });
    const Module* module = &context_->sinks.front().bound().sink.module();
    for (SinkLanes& sink : context_->sinks)
      if (sink.bound().sink.module().name() == reject.plugin) module = &sink.bound().sink.module();
    chunk.rejects.push_back({reject.ordinal - before, reject.ordinal, RejectStage::kWrite, module,
                             std::move(error), static_cast<uint32_t>(reject.attempt)});
  }
  return Status();
}

Status ChunkSettler::check_rejected_before(const Chunk& chunk) const {
  const auto rejected = static_cast<int64_t>(chunk.rejects.size());
  if (chunk.rejected_before < 0 || rejected == chunk.rejected_before) return Status();
  return Status(Code::kState,
                "chunk " + std::to_string(chunk.sequence) + " of " + chunk.reader->split().where +
                    " is in one sink with " + std::to_string(chunk.rejected_before) +
                    " rejected rows by its ledger, and " + std::to_string(rejected) +
                    " are known here: the state that held the others is lost, and "
                    "another sink would get rows "
                    "that this one refused. Put the state file " +
                    context_->state->path().string() + " back, or begin anew with `--restart`");
}

// Each process of a shared run counts what the others have committed, and its own. What they have
// in hand at that moment it cannot know.
Status ChunkSettler::ask_ledger() {
  const auto keeper = std::find_if(context_->sinks.begin(), context_->sinks.end(),
                                   [](SinkLanes& s) { return !s.bound().abilities.forgets(); });
  ASSIGN_OR_RETURN(const std::optional<Tally> tally, keeper->tally(context_->run));
  const Lock lock(context_->mutex);
  RowCounts all;
  for (const RowCounts& counts : context_->split_counts) all += counts;
  RowCounts& elsewhere = context_->elsewhere;
  elsewhere.read = std::max(elsewhere.read, all.read - context_->totals.chunk_size);
  elsewhere.rejected = std::max(elsewhere.rejected, all.rejected - context_->totals.failed);
  if (!tally) return Status();
  // What is reserved here may be in the ledger already, or not yet.
  elsewhere.read =
      std::max(elsewhere.read, static_cast<int64_t>(tally->counts.rows_in) -
                                   context_->totals.chunk_size - context_->reserved.read);
  elsewhere.rejected =
      std::max(elsewhere.rejected, static_cast<int64_t>(tally->counts.rows_rejected) -
                                       context_->totals.failed - context_->reserved.rejected);
  return Status();
}

void ChunkSettler::release_locked(Chunk& chunk) {
  context_->reserved.read -= chunk.reserved.read;
  context_->reserved.rejected -= chunk.reserved.rejected;
  chunk.reserved = {};
}

void ChunkSettler::release(Chunk& chunk) {
  const Lock lock(context_->mutex);
  release_locked(chunk);
}

Status ChunkSettler::check_threshold(Chunk& chunk, int64_t rejected) {
  // Rows that failed once may well fail again: a replay is not judged by them.
  if (context_->replays) return Status();
  const ErrorSpec& spec = context_->pipeline->spec->errors;
  if (context_->shared && rejected > 0 && (spec.max_rejects || spec.per == Per::kRun))
    RETURN_IF_ERROR(ask_ledger());
  const Lock lock(context_->mutex);
  release_locked(chunk);
  int64_t total = chunk.records;
  int64_t failed = rejected;
  const int64_t run_failed = context_->totals.failed + context_->elsewhere.rejected +
                             context_->reserved.rejected + rejected;
  if (spec.per == Per::kRun) {
    total += context_->totals.chunk_size + context_->elsewhere.read + context_->reserved.read;
    failed = run_failed;
  }
  const bool judged = total >= std::max<int64_t>(spec.min_rows, 1);
  const bool over_percent = judged && static_cast<double>(failed) * 100 >
                                          spec.max_failed_percent * static_cast<double>(total);
  const bool over_count = spec.max_rejects && run_failed > *spec.max_rejects;
  if (!over_percent && !over_count) {
    chunk.reserved.read = chunk.records;
    chunk.reserved.rejected = rejected;
    context_->reserved += chunk.reserved;
    return Status();
  }
  std::vector<ErrorGroup> groups = error_groups(chunk.rejects);
  sort_errors(groups);
  const std::string& split = chunk.reader->split().where;
  tell(*context_,
       threshold_event(split, static_cast<int64_t>(chunk.sequence), total, failed, groups));
  std::string message =
      over_percent
          ? std::to_string(failed) + " of " + std::to_string(total) + " rows failed" +
                (spec.per == Per::kRun ? " in this run" : " in one chunk of " + split) +
                ", more than `errors.max_failed_percent` allows; nothing of that chunk was written"
          : std::to_string(run_failed) + " rows were rejected, more than `errors.max_rejects: " +
                std::to_string(*spec.max_rejects) + "` allows";
  for (size_t i = 0; i < groups.size() && i < 5; ++i)
    message += "\n  " + std::to_string(groups[i].count) + " x " + groups[i].code + ": " +
               context_->log->redact(groups[i].example);
  return Status(Code::kThreshold, message);
}

Status ChunkSettler::recorded(Chunk& chunk, const Streams& streams, const cm_counts& counts) {
  const int64_t now = context_->clock->steady_ns();
  const RowCounts rows{static_cast<int64_t>(counts.rows_in), static_cast<int64_t>(counts.rows_out),
                       static_cast<int64_t>(counts.rows_rejected),
                       static_cast<int64_t>(counts.rows_filtered), 0};
  ChunkReport report;
  report.split = chunk.reader->split().id;
  report.chunk_size = rows.read;
  report.successful = rows.written;
  report.failed = rows.rejected;
  report.filtered = rows.filtered;
  report.time_seconds = static_cast<double>(now - chunk.times.started) * kNanosecond;
  report.read_seconds = static_cast<double>(chunk.times.read) * kNanosecond;
  report.calculate_seconds = static_cast<double>(chunk.times.calculate) * kNanosecond;
  report.write_seconds = static_cast<double>(chunk.times.write) * kNanosecond;
  report.commit_seconds = static_cast<double>(chunk.times.commit) * kNanosecond;
  report.retries = chunk.retries;
  report.fallback = chunk.fallback;
  report.bytes = chunk.bytes;
  report.errors = error_groups(chunk.rejects);
  report.sums = chunk.metrics.sums();
  context_->chunk_size->committed(rows.read, report.commit_seconds, report.time_seconds);

  ChunkRecord record{context_->run.run,
                     report.split,
                     chunk.sequence,
                     chunk.begin,
                     chunk.end,
                     chunk.last,
                     rows,
                     chunk.bytes,
                     static_cast<int32_t>(chunk.attempt),
                     report.time_seconds,
                     report.read_seconds,
                     report.calculate_seconds,
                     report.write_seconds,
                     report.commit_seconds,
                     report.sums};
  RETURN_IF_ERROR(context_->state->record_chunk(std::move(record)));
  if (context_->flush_each_chunk) RETURN_IF_ERROR(context_->state->flush());
  failpoint("chunk.recorded");
  SplitReader& reader = *chunk.reader;
  reader.committed(chunk.end);
  if (chunk.last) RETURN_IF_ERROR(reader.close());
  context_->metrics->merge(chunk.metrics);

  const Lock lock(context_->mutex);
  release_locked(chunk);
  if (context_->shared) context_->split_counts[chunk.split] += rows;
  report.chunk_index = context_->totals.chunks;
  // Retries were counted as they happened.
  const int64_t retries = context_->totals.retries;
  const int64_t fallbacks = context_->totals.fallbacks;
  context_->totals.add(report);
  context_->totals.retries = retries;
  context_->totals.fallbacks = fallbacks;
  if (!context_->listeners.observers.empty()) tell(*context_, to_event(report));
  if (context_->listeners.on_chunk) {
    ChunkResult result{std::move(report), context_->pipeline->streams, {}};
    for (const std::vector<Piece>& pieces : streams.pieces) {
      std::vector<Batch>& batches = result.batches.emplace_back();
      for (const Piece& piece : pieces) batches.push_back(piece.batch);
    }
    context_->listeners.on_chunk(std::move(result));
  }
  return Status();
}

}  // namespace chunkmill::host
