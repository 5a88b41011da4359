#include "framework/run/run_chunk.hpp"

#include <algorithm>

#include "framework/core/failpoint.hpp"
#include "framework/run/reject_records.hpp"
#include "framework/run/retried.hpp"
#include "framework/run/write.hpp"

namespace chunkmill::host {
namespace {

// Adds the time since it was made to `*sum`.
class Stopwatch {
 public:
  Stopwatch(Clock* clock, int64_t* sum) : clock_(clock), sum_(sum), start_(clock->steady_ns()) {}
  ~Stopwatch() { *sum_ += clock_->steady_ns() - start_; }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  Clock* clock_;
  int64_t* sum_;
  int64_t start_;
};

}  // namespace

bool about_the_lane(const Status& status) {
  const cm_code code = status.facts().code;
  return code == CM_UNAVAILABLE || code == CM_IO || code == CM_COMMIT_UNKNOWN ||
         code == CM_INTERNAL;
}

void tell(RunContext& context, const Event& event) {
  for (Observer* observer : context.listeners.observers) observer->on(event);
}

void announce(RunContext& context, const Event& event) {
  const Lock lock(context.mutex);
  tell(context, event);
}

Result<ChunkRunner> ChunkRunner::make(RunContext& context, uint64_t seed) {
  ASSIGN_OR_RETURN(CalculatorLanes lanes, CalculatorLanes::open(*context.pipeline));
  // A caller who takes whole chunks holds them anyway.
  if (!context.listeners.on_chunk) lanes.hold_at_most(context.chunk_size->output_bytes());
  return ChunkRunner(context, std::move(lanes), seed);
}

cm_chunk ChunkRunner::facts(const Chunk& chunk) const {
  return cm_chunk{sizeof(cm_chunk),
                  chunk.attempt,
                  chunk.sequence,
                  chunk.reader->epoch(),
                  to_abi(context_->run.job),
                  to_abi(context_->run.run),
                  to_abi(chunk.reader->split().id),
                  to_abi(chunk.begin),
                  to_abi(chunk.end),
                  chunk.last ? 1 : 0};
}

Status ChunkRunner::run(Chunk chunk) {
  backoff_.reset();
  ReadyChunk ready;
  ready.chunk = std::move(chunk);
  const bool in_order = context_->pipeline->ordered_calculation;
  const Status too_late(Code::kCancelled, "a chunk before this one failed");
  // A calculator that depends on order must not see a chunk before the one before it.
  if (in_order && !await_turn(&ready)) return too_late;
  RETURN_IF_ERROR(calculate(&ready));
  failpoint("chunk.calculated");
  if (!in_order) {
    // One that is calculated in slices is calculated as it is written.
    if (ready.chunk.slice_rows == 0) write_ahead(&ready);
    if (context_->board->leave(&ready)) return Status();
    if (!await_turn(&ready)) return too_late;
  }
  return finish(std::move(ready));
}

Status ChunkRunner::calculate(ReadyChunk* ready) {
  Chunk& chunk = ready->chunk;
  if (const int64_t known = context_->slice_rows; known > 0 && chunk.input.row_count() > known)
    chunk.slice_rows = known;
  if (chunk.slice_rows > 0) return Status();
  const size_t rejects = chunk.rejects.size();
  const Status calculated = calculate(chunk, &ready->streams);
  if (calculated.ok() || !makes_too_much(calculated)) return calculated;
  ready->streams.pieces.assign(context_->pipeline->streams.size(), {});
  chunk.rejects.resize(rejects);
  const double rows = static_cast<double>(chunk.input.row_count()) * lanes_.share() / 2;
  chunk.slice_rows = std::max<int64_t>(static_cast<int64_t>(rows), 1);
  // A calculator with state forgets this attempt.
  if (context_->pipeline->ordered_calculation) ++chunk.attempt;
  return Status();
}

Status ChunkRunner::finish(ReadyChunk ready) {
  const Status status = settle(ready);
  settler_.release(ready.chunk);
  return status;
}

Status ChunkRunner::settle(ReadyChunk& ready) {
  backoff_.reset();
  Chunk& chunk = ready.chunk;
  Streams& streams = ready.streams;
  std::vector<Delivery>& deliveries = ready.deliveries;
  if (deliveries.empty())
    for (SinkLanes& sink : context_->sinks) deliveries.emplace_back().lanes = &sink;
  const std::vector<RowReject> calculated = chunk.rejects;
  while (true) {
    const Status status = deliver(chunk, streams, &deliveries);
    let_go(&deliveries);
    if (status.ok()) break;
    if (status.facts().code == CM_TOO_LARGE) context_->chunk_size->too_large(chunk.records);
    if (!is_transient(status)) return status;
    const std::string& split = chunk.reader->split().id;
    if (!wait_to_retry(*context_, backoff_, status, split, static_cast<int64_t>(chunk.sequence),
                       "write"))
      return status;
    ++chunk.attempt;
    ++chunk.retries;
    // Rows that the sink refused before it failed are offered to it again. (Those of several sinks
    // are no longer in the streams.)
    if (delivers_alone() && chunk.rejects.size() != calculated.size()) {
      chunk.rejects = calculated;
      if (chunk.slice_rows == 0 && !chunk.metrics.empty())
        RETURN_IF_ERROR(calculate(chunk, &streams));
    }
  }
  context_->board->committed(chunk.split, chunk.last);
  return Status();
}

Status ChunkRunner::calculate(Chunk& chunk, Streams* streams) {
  streams->pieces.assign(context_->pipeline->streams.size(), {});
  if (chunk.input.column_count() == 0) return Status();  // the empty end of a split
  const Stopwatch watch(context_->clock, &chunk.times.calculate);
  while (true) {
    const size_t rejects = chunk.rejects.size();
    const Status status = lanes_.calculate(facts(chunk), chunk, streams);
    if (!is_transient(status)) return status;
    chunk.rejects.resize(rejects);
    const std::string& split = chunk.reader->split().id;
    if (!wait_to_retry(*context_, backoff_, status, split, static_cast<int64_t>(chunk.sequence),
                       "calculate"))
      return status;
    ++chunk.attempt;
    ++chunk.retries;
  }
}

Status ChunkRunner::write_all(Chunk& chunk, Streams& streams, std::vector<Delivery>* deliveries) {
  while (true) {
    RETURN_IF_ERROR(begin(chunk, deliveries));
    const bool some_have_it = std::any_of(deliveries->begin(), deliveries->end(),
                                          [](const Delivery& d) { return d.committed; });
    const size_t rejects = chunk.rejects.size();
    // Also later, where the commit of an earlier attempt took place after all.
    if (some_have_it && (chunk.attempt == 1 || delivers_alone()))
      RETURN_IF_ERROR(settler_.recall_rejects(chunk));
    if (chunk.rejects.size() == rejects) {
      const Status written = write(chunk, streams, deliveries);
      if (!written.ok()) {
        chunk.rejects.resize(rejects);
        return written;
      }
    }
    if (chunk.rejects.size() == rejects) return Status();
    // Rows that one sink refuses must be in no other, and in no sum.
    const bool alone = delivers_alone();
    if (alone && chunk.metrics.empty()) return Status();
    if (alone) {
      Streams unused;
      return calculate(chunk, &unused);
    }
    let_go(deliveries);
    RETURN_IF_ERROR(calculate(chunk, &streams));
    ++chunk.attempt;
  }
}

Status ChunkRunner::deliver(Chunk& chunk, Streams& streams, std::vector<Delivery>* deliveries) {
  RETURN_IF_ERROR(chunk.slice_rows > 0 ? deliver_slices(chunk, &streams, deliveries)
                                       : write_all(chunk, streams, deliveries));
  failpoint("chunk.written");

  settle_rejects(&chunk);
  const auto rejected = static_cast<int64_t>(chunk.rejects.size());
  chunk.filtered = streams.filtered;
  RETURN_IF_ERROR(settler_.check_rejected_before(chunk));
  const Status threshold = settler_.check_threshold(chunk, rejected);
  // Those of a chunk that is over the threshold are kept to be looked at; a resumed run reads
  // the chunk again and puts its rejects in their place.
  if (rejected > 0) {
    ASSIGN_OR_RETURN(const std::vector<Reject> rejects, reject_records(*context_, chunk));
    RETURN_IF_ERROR(context_->state->store_rejects(context_->run.run, chunk.reader->split().id,
                                                   chunk.sequence, rejects, chunk.reader->epoch()));
  }
  RETURN_IF_ERROR(threshold);
  failpoint("chunk.rejects_stored");

  const cm_counts counts{sizeof(cm_counts),
                         0,
                         static_cast<uint64_t>(chunk.records),
                         static_cast<uint64_t>(chunk.records - rejected - chunk.filtered),
                         static_cast<uint64_t>(rejected),
                         static_cast<uint64_t>(chunk.filtered)};
  {
    const Stopwatch watch(context_->clock, &chunk.times.commit);
    for (Delivery& delivery : *deliveries) {
      if (delivery.committed) continue;
      RETURN_IF_ERROR(commit(chunk, counts, delivery));
      failpoint("chunk.committed");
    }
  }
  return settler_.recorded(chunk, streams, counts);
}

Status ChunkRunner::begin(Chunk& chunk, std::vector<Delivery>* deliveries) {
  const Stopwatch watch(context_->clock, &chunk.times.write);
  for (Delivery& delivery : *deliveries) {
    if (delivery.committed || delivery.written) continue;
    ASSIGN_OR_RETURN(delivery.lane, delivery.lanes->take());
    const Result<bool> open = delivery.lane->begin(facts(chunk));
    if (!open.ok()) {
      delivery.broken = about_the_lane(open.status());
      return open.status();
    }
    delivery.committed = !*open;
  }
  failpoint("chunk.begun");
  return Status();
}

Status ChunkRunner::write(Chunk& chunk, Streams& streams, std::vector<Delivery>* deliveries) {
  const Stopwatch watch(context_->clock, &chunk.times.write);
  const OnFallback on_fallback = [&](const char* fallback, const Status& why) {
    const Lock lock(context_->mutex);
    ++context_->totals.fallbacks;
    tell(*context_, fallback_event(chunk.reader->split().id, static_cast<int64_t>(chunk.sequence),
                                   fallback, context_->log->redact(why.message())));
  };
  for (Delivery& delivery : *deliveries) {
    if (delivery.committed || delivery.written) continue;
    if (!delivery.lanes->pacer().wait(chunk.records, *context_->clock, *context_->cancelled))
      return Status(Code::kCancelled, "interrupted while waiting for the sink's `rate:`");
    const Status status =
        write_streams(delivery.lanes->bound(), *delivery.lane, streams, chunk, on_fallback);
    if (!status.ok()) {
      delivery.broken = about_the_lane(status);
      return status;
    }
  }
  if (chunk.too_large) {
    // The next chunks are to go in whole.
    context_->chunk_size->too_large(chunk.records);
    chunk.too_large = false;
  }
  return Status();
}

Status ChunkRunner::commit(Chunk& chunk, const cm_counts& counts, Delivery& delivery) {
  Status status = delivery.lane->commit(counts);
  if (status.facts().code == CM_COMMIT_UNKNOWN) status = find_out(chunk, delivery, status);
  if (!status.ok()) {
    delivery.broken = about_the_lane(status);
    return status;
  }
  delivery.committed = true;
  return Status();
}

Status ChunkRunner::find_out(const Chunk& chunk, Delivery& delivery, const Status& lost) {
  delivery.lane->abort();
  delivery.broken = true;
  const std::string& split = chunk.reader->split().id;
  while (true) {
    Result<std::optional<SplitState>> state = delivery.lanes->committed(split);
    if (state.ok()) {
      const uint64_t next = *state ? (**state).next_chunk : 0;
      if (next == chunk.sequence + 1) return Status();
      PluginFacts facts = lost.facts();
      facts.code = CM_UNAVAILABLE;
      facts.retryable = true;
      return Status(Code::kUnavailable,
                    lost.message() + " (the sink says that it was not committed)", facts);
    }
    if (!is_transient(state.status()) ||
        !wait_to_retry(*context_, backoff_, state.status(), split,
                       static_cast<int64_t>(chunk.sequence), "commit"))
      return state.status();
  }
}

void ChunkRunner::let_go(std::vector<Delivery>* deliveries) {
  for (Delivery& delivery : *deliveries) {
    delivery.written = false;
    if (!delivery.lane) continue;
    delivery.lane->abort();
    if (delivery.broken) {
      delivery.lane.reset();
      delivery.lanes->drop();
    } else {
      delivery.lanes->put(std::move(*delivery.lane));
    }
    delivery.lane.reset();
    delivery.broken = false;
  }
}

}  // namespace chunkmill::host
