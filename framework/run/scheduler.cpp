#include "framework/run/scheduler.hpp"

#include <algorithm>
#include <chrono>

#include "chunkmill/parse.hpp"
#include "framework/core/failpoint.hpp"
#include "framework/plan/option_place.hpp"
#include "framework/run/retried.hpp"
#include "framework/run/run_chunk.hpp"
#include "framework/run/run_splits.hpp"
#include "framework/run/sharing.hpp"
#include "framework/run/tally.hpp"

namespace chunkmill::host {
namespace {

constexpr std::chrono::milliseconds kWatchEvery(20);

}  // namespace

Scheduler::Scheduler(Pipeline& pipeline, RunServices services, RunOptions options)
    : pipeline_(&pipeline), services_(services), options_(std::move(options)) {}

Scheduler::~Scheduler() = default;

void Scheduler::replay(Start start, ReplayFeed feed, bool only_begun) {
  context_.replays = true;
  replay_.emplace(Replay{std::move(start), std::move(feed), only_begun});
}

RunOutcome Scheduler::run() {
  Status started = checked(start());
  if (!started.ok()) {
    if (services_.cancelled->load() && is_transient(started))
      started = Status(Code::kCancelled, "interrupted; before that: " + started.message());
    RunOutcome outcome;
    outcome.failure = started;
    outcome.run = start_.run.run;
    outcome.end = is_resumable(started) ? RunEnd::kStopped : RunEnd::kFailed;
    return outcome;
  }
  if (start_.kind == StartKind::kUpToDate) return finish();

  // Calculators' lanes are opened one after the other, before anybody works.
  std::vector<ChunkRunner> runners;
  for (size_t i = 0; i < worker_count_; ++i) {
    Result<ChunkRunner> runner = ChunkRunner::make(context_, (i + 1) * 0x9e3779b97f4a7c15ULL);
    if (!runner.ok()) {
      fail(runner.status(), 0);
      return finish();
    }
    runners.push_back(runner.take());
  }
  working_ = worker_count_;
  for (ChunkRunner& runner : runners)
    workers_.push_back(services_.threads->start([this, &runner] { work(runner); }));
  watch();
  for (std::thread& worker : workers_) worker.join();
  return finish();
}

Status Scheduler::start() {
  context_.pipeline = pipeline_;
  context_.state = services_.state;
  context_.log = services_.log;
  context_.metrics = services_.metrics;
  context_.clock = services_.clock;
  context_.cancelled = services_.cancelled;
  context_.listeners = std::move(options_.listeners);
  started_ns_ = services_.clock->steady_ns();

  const JobSpec& spec = *pipeline_->spec;
  if (context_.listeners.on_chunk && spec.order != Order::kAny) pipeline_->ordered = true;
  context_.shared = !replay_ && shares_splits(*pipeline_);
  ASSIGN_OR_RETURN(const FingerprintParts parts, fingerprint_parts(*pipeline_));
  RETURN_IF_ERROR(decide(parts));
  if (!start_.warning.empty()) context_.log->warn(start_.warning);
  if (start_.kind == StartKind::kUpToDate) return Status();

  // What a sink would refuse anyway is said before the run leaves a trace.
  for (BoundSink& bound : pipeline_->sinks)
    RETURN_IF_ERROR(at_place(spec, bound.spec->plugin,
                             retried(context_, "check", [&] { return bound.sink.check(); })));
  if (context_.shared) {
    RETURN_IF_ERROR(join(parts));
    if (start_.kind == StartKind::kUpToDate) return Status();
  }
  Result<RunRecord> known = services_.state->find_run(start_.run.run);
  if (known.ok()) {
    RETURN_IF_ERROR(services_.state->resume_run(start_.run.run, start_.run.epoch));
  } else {
    RETURN_IF_ERROR(services_.state->begin_run(start_.run));
  }
  failpoint("run.begun");
  for (BoundSink& bound : pipeline_->sinks) {
    if (context_.shared && bound.sink.shares()) continue;
    RETURN_IF_ERROR(at_place(spec, bound.spec->plugin, retried(context_, "attach", [&] {
                               return bound.sink.attach(run_for(bound));
                             })));
    failpoint("run.sink_attached");
  }
  failpoint("run.attached");
  // Behind the sinks, as theirs is the word that counts: whoever is killed here resumes.
  if (known.ok() && known->fingerprint != start_.run.fingerprint)
    RETURN_IF_ERROR(services_.state->set_fingerprint(start_.run));
  return make_board();
}

Status Scheduler::decide(const FingerprintParts& parts) {
  const JobSpec& spec = *pipeline_->spec;
  if (replay_) {
    start_ = replay_->start;
  } else {
    ASSIGN_OR_RETURN(start_, retried(context_, "start", [&] {
                       return decide_start(*pipeline_, *services_.state, spec.id, parts,
                                           options_.start, services_.clock->now_ms());
                     }));
  }
  context_.run = {replay_ ? spec.id + "/replay" : spec.id, start_.run.run, start_.run.fingerprint,
                  owner_text(start_.run.epoch), start_.run.epoch};
  // A run that is not the first to read its source adds to what is there.
  context_.run.appends =
      replay_ || start_.extends ||
      (start_.kind == StartKind::kResume && pipeline_->source->rerun() == CM_RERUN_CONTINUE);
  return Status();
}

Run Scheduler::run_for(const BoundSink& sink) const {
  Run run = context_.run;
  run.appends &= sink.abilities.appends();
  return run;
}

// Two processes that start together may each begin a run: the second one then joins the first's, or
// finds it finished.
Status Scheduler::join(const FingerprintParts& parts) {
  constexpr int kTries = 20;
  constexpr int64_t kPauseMs = 100;
  const auto keeper = std::find_if(pipeline_->sinks.begin(), pipeline_->sinks.end(),
                                   [](const BoundSink& bound) { return bound.sink.shares(); });
  for (int i = 0; i < kTries; ++i) {
    const Result<bool> joined = retried(
        context_, "join", [&] { return keeper->sink.join(context_.run, options_.start.restart); });
    if (!joined.ok()) return at_place(*pipeline_->spec, keeper->spec->plugin, joined.status());
    if (*joined) return Status();
    services_.clock->sleep_ms(kPauseMs, *services_.cancelled);
    RETURN_IF_ERROR(decide(parts));
    if (start_.kind == StartKind::kUpToDate) return Status();
  }
  return at_place(*pipeline_->spec, keeper->spec->plugin,
                  Status(Code::kUnavailable,
                         "other workers are at another run of this job; wait until they are done, "
                         "or give --restart, which ends them"));
}

Status Scheduler::make_board() {
  const JobSpec& spec = *pipeline_->spec;
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  worker_count_ = spec.workers > 0 ? static_cast<size_t>(spec.workers) : cores;

  std::vector<Split> splits;
  if (replay_) {
    splits.push_back(Split{"replay", "rejected records", replay_->feed.records, -1});
  } else {
    ASSIGN_OR_RETURN(splits, splits_of(context_, worker_count_, start_.later));
  }
  for (const Split& split : splits) {
    rows_expected_ += std::max<int64_t>(split.estimated_rows, 0);
    bytes_expected_ += std::max<int64_t>(split.estimated_bytes, 0);
  }
  std::vector<SplitStart> starts;
  if (context_.shared) {
    for (const Split& split : splits) starts.emplace_back().split = split;
    context_.split_counts.resize(splits.size());
  } else {
    ASSIGN_OR_RETURN(starts, retried(context_, "positions", [&] {
                       return find_starts(*pipeline_, *services_.state, context_.run, splits,
                                          &committed_before_);
                     }));
  }
  context_.elsewhere = committed_before_;

  std::vector<SplitReader> readers;
  for (const SplitStart& begin : starts) {
    readers.emplace_back(*pipeline_, readers.size(), begin);
    if (!replay_) continue;
    if (replay_->only_begun) {
      int64_t begun = 0;
      if (!begin.position.empty() && parse_int64(begin.position, &begun) != ParseFault::kNone)
        return Status(Code::kState, "\"" + begin.position + "\" is not a position of a replay");
      replay_->feed.records = std::min(replay_->feed.records, begun + begin.align_records);
    }
    readers.back().read_from(replay_->feed);
  }
  const size_t splits_total = readers.size();
  const bool parks = keep_order();
  context_.board = std::make_unique<SplitBoard>(
      std::move(readers), starts,
      SplitBoard::Rules{pipeline_->ordered, context_.shared, parks ? spec.memory / 8 : 0},
      *services_.threads);
  context_.chunk_size =
      std::make_unique<ChunkSize>(spec.chunk, spec.memory, static_cast<int>(worker_count_));
  pacer_.emplace(spec.rate.rows_per_second);
  bool keeps = false;
  bool forgets = true;
  for (BoundSink& bound : pipeline_->sinks) {
    // A chunk that waits for its turn may keep its lane.
    context_.sinks.emplace_back(bound, parks ? SIZE_MAX : worker_count_,
                                context_.shared && bound.sink.shares(), *services_.threads);
    keeps |= bound.abilities.keeps_position();
    forgets &= (bound.abilities.flags & CM_SINK_FORGETS) != 0;
  }
  context_.flush_each_chunk = !keeps && !forgets;
  announce(context_, run_start_event(spec.name, start_.run.run, start_.kind == StartKind::kResume,
                                     static_cast<int64_t>(splits_total)));
  if (options_.progress != nullptr) options_.progress->start(progress_counts());
  return Status();
}

// Says whether chunks that wait for their turns may be left on the board. Not where they hold
// locks, nor where a calculator sees them only in turn; and a limit on rows counts those that are
// read.
bool Scheduler::keep_order() {
  const std::vector<BoundSink>& sinks = pipeline_->sinks;
  if (!pipeline_->ordered || pipeline_->ordered_calculation) return false;
  const bool ahead = std::all_of(sinks.begin(), sinks.end(), [](const BoundSink& bound) {
    // Where lanes are few, chunks that wait could keep all of them from the one whose turn it is.
    return bound.sink.writes_ahead() && bound.abilities.max_lanes == 0 &&
           (bound.abilities.atomic_write() || bound.abilities.per_row_result());
  });
  const bool locks = ahead && std::any_of(sinks.begin(), sinks.end(),
                                          [](const BoundSink& b) { return b.sink.locks_ahead(); });
  // Two sinks whose chunks wait for each other's turns may do so in a circle.
  if (ahead && (!locks || sinks.size() == 1)) context_.ahead = std::make_unique<Ahead>(locks);
  return !locks && !context_.shared && !options_.limit && !pipeline_->spec->budget.rows;
}

void Scheduler::work(ChunkRunner& runner) {
  std::optional<size_t> preferred;
  while (!services_.cancelled->load(std::memory_order_relaxed)) {
    std::optional<SplitBoard::Turn> turn = context_.board->take(preferred);
    if (!turn) break;
    preferred = turn->split;
    if (turn->must_claim) {
      const Result<bool> ours = claim(&*turn, runner);
      if (!ours.ok()) {
        context_.board->put_aside(*turn);
        fail(ours.status(), 0);
        break;
      }
      if (!*ours) continue;
    }
    Result<std::optional<Chunk>> chunk = std::optional<Chunk>();
    if (!turn->ready) {
      chunk = read(turn->split, runner);
      const bool got = chunk.ok() && *chunk;
      if (got) (**chunk).claim = turn->claim;
      context_.board->give_back(*turn, got && !(**chunk).last, got);
      if (!chunk.ok()) {
        fail(chunk.status(), 0);
        break;
      }
      if (!got) continue;
      failpoint("chunk.read");
    }
    const Chunk& in_hand = turn->ready ? turn->ready->chunk : **chunk;
    const int64_t rows = in_hand.records;
    const uint64_t sequence = in_hand.sequence;
    const Status status =
        turn->ready ? runner.finish(std::move(*turn->ready)) : runner.run(std::move(**chunk));
    if (status.ok()) continue;
    const Result<bool> lost = give_up_if_lost(context_, status, turn->split, turn->claim, sequence);
    if (lost.ok() && *lost) continue;
    fail(lost.ok() ? status : lost.status(), rows);
    break;
  }
  const Lock lock(watching_);
  --working_;
  worker_left_.notify_all();
}

Result<bool> Scheduler::claim(SplitBoard::Turn* turn, ChunkRunner& runner) {
  const std::string& split = context_.board->reader(turn->split).split().id;
  runner.backoff().reset();
  while (true) {
    Result<bool> ours = claim_split(context_, turn);
    if (ours.ok() || !is_transient(ours.status()) ||
        !wait_to_retry(context_, runner.backoff(), ours.status(), split, -1, "claim"))
      return ours;
  }
}

Result<std::optional<Chunk>> Scheduler::read(size_t split, ChunkRunner& runner) {
  SplitReader& reader = context_.board->reader(split);
  const auto max_rows = static_cast<uint64_t>(context_.chunk_size->rows());
  const ReadLimits limits{max_rows, static_cast<uint64_t>(context_.chunk_size->max_bytes()),
                          static_cast<uint32_t>(pipeline_->spec->chunk.linger_ms)};
  runner.backoff().reset();
  const int64_t started = services_.clock->steady_ns();
  int64_t retries = 0;
  while (true) {
    MetricSet metrics;
    const MetricScope scope(&metrics);
    Result<std::optional<Chunk>> chunk = reader.next(limits);
    if (chunk.ok()) {
      if (*chunk) {
        (**chunk).times.started = started;
        (**chunk).times.read = services_.clock->steady_ns() - started;
        (**chunk).retries = retries;
        (**chunk).read_metrics = std::move(metrics);
        keep_pace((**chunk).records);
      }
      return chunk;
    }
    if (!is_transient(chunk.status()) ||
        !wait_to_retry(context_, runner.backoff(), chunk.status(), reader.split().id, -1, "read"))
      return chunk;
    ++retries;
  }
}

void Scheduler::keep_pace(int64_t rows) {
  const int64_t taken = rows_taken_ += rows;
  const std::optional<int64_t> budget =
      options_.limit ? options_.limit : pipeline_->spec->budget.rows;
  if (budget && taken >= *budget) {
    budget_used_ = true;
    context_.board->stop(false);
  }
  pacer_->wait(rows, *services_.clock, *services_.cancelled);
}

// Only whoever was told to stop may say that it was stopped.
Status Scheduler::checked(Status status) const {
  if (status.facts().code != CM_CANCELLED || services_.cancelled->load()) return status;
  return Status(Code::kPlugin,
                status.message() +
                    " (it answered CM_CANCELLED, and nobody had told it to stop: a "
                    "bug of the plugin, tell its author)",
                status.facts());
}

void Scheduler::fail(const Status& reason, int64_t rows) {
  const Status status = checked(reason);
  {
    const Lock lock(context_.mutex);
    context_.rows_given_up += rows;
    // Those who waited for the one that failed come after it.
    if (context_.failure.ok() || context_.failure.code() == Code::kCancelled)
      context_.failure = status;
  }
  context_.board->stop(true);
}

void Scheduler::watch() {
  int64_t cancelled_ns = 0;
  bool interrupted = false;
  Lock lock(watching_);
  const auto all_left = [&] {
    watching_.assert_held();
    return working_ == 0;
  };
  while (!services_.threads->wait_until(worker_left_, lock, all_left, Threads::in(kWatchEvery))) {
    if (options_.progress != nullptr) options_.progress->update(progress_counts());
    if (!budget_used_ && budget_is_used()) {
      budget_used_ = true;
      context_.board->stop(false);
    }
    if (services_.cancelled->load() && cancelled_ns == 0) {
      cancelled_ns = services_.clock->steady_ns();
      context_.board->stop(false);
    }
    const int64_t grace_ns = pipeline_->spec->grace_ms * 1'000'000;
    if (cancelled_ns != 0 && !interrupted &&
        services_.clock->steady_ns() - cancelled_ns > grace_ns) {
      interrupted = true;
      pipeline_->source->interrupt();
      for (BoundSink& bound : pipeline_->sinks) bound.sink.interrupt();
      context_.board->stop(true);
    }
  }
}

ProgressCounts Scheduler::progress_counts() {
  const Lock lock(context_.mutex);
  ProgressCounts counts;
  counts.rows = committed_before_.read + context_.totals.chunk_size;
  counts.rejected = committed_before_.rejected + context_.totals.failed;
  counts.rows_total = rows_expected_;
  counts.splits = static_cast<int64_t>(context_.board->splits_done());
  counts.splits_total = static_cast<int64_t>(context_.board->split_count());
  return counts;
}

// What other processes, and earlier attempts, have committed of a shared run.
void Scheduler::count_others() {
  committed_before_ = {};
  for (const RowCounts& counts : context_.split_counts) committed_before_ += counts;
  committed_before_.read -= context_.totals.chunk_size;
  committed_before_.written -= context_.totals.successful;
  committed_before_.rejected -= context_.totals.failed;
  committed_before_.filtered -= context_.totals.filtered;
}

Status Scheduler::compare_with_sinks(std::vector<SinkTally>* sinks) {
  const RunTotals& here = context_.totals;
  RowCounts counted{here.chunk_size, here.successful, here.failed, here.filtered, 0};
  counted += committed_before_;
  ASSIGN_OR_RETURN(*sinks, ask_sinks(context_, counted));
  return check_tallies(*sinks, counted);
}

const RunTotals& Scheduler::add_up() {
  RunTotals& totals = context_.totals;
  totals.job = pipeline_->spec->name;
  totals.run = start_.run.run;
  totals.chunk_size += committed_before_.read + context_.rows_given_up;
  totals.successful += committed_before_.written;
  totals.failed += committed_before_.rejected;
  totals.filtered += committed_before_.filtered;
  totals.pending = context_.rows_given_up;
  totals.earlier = committed_before_.read;
  totals.time_seconds = static_cast<double>(services_.clock->steady_ns() - started_ns_) * 1e-9;
  totals.errors = causes_of(*services_.state, start_.run.run);
  return totals;
}

Status Scheduler::finish_sinks() {
  failpoint("run.finishing");
  // A ledger that says finished is not asked again: the mirror must be whole before it says so.
  RETURN_IF_ERROR(services_.state->flush());
  for (BoundSink& bound : pipeline_->sinks) {
    const Status finished =
        retried(context_, "finish", [&] { return bound.sink.finish(run_for(bound)); });
    failpoint("run.sink_finished");
    RETURN_IF_ERROR(finished);
  }
  if (replay_) replayed_ = replay_->feed.records;
  return Status();
}

RunOutcome Scheduler::finish() {
  RunOutcome outcome;
  outcome.run = start_.run.run;
  outcome.cannot_tell = start_.cannot_tell;
  outcome.resumed = start_.kind == StartKind::kResume;
  outcome.budget_used = budget_used_;
  const bool nothing = start_.kind == StartKind::kUpToDate;
  if (nothing) {
    // Another machine's run may be unknown here.
    const Result<RowCounts> counts = services_.state->committed_counts(outcome.run);
    if (counts.ok()) committed_before_ = *counts;
  }
  if (options_.progress != nullptr) options_.progress->finish();

  Status failure = context_.failure;
  const bool all_read = nothing || context_.board->splits_done() == context_.board->split_count();
  if (failure.ok() && services_.cancelled->load() && !all_read)
    failure = Status(Code::kCancelled, "interrupted");
  // Whoever is stopped while waiting to try again was interrupted, not unlucky.
  if (services_.cancelled->load() && is_transient(failure))
    failure = Status(Code::kCancelled, "interrupted; before that: " + failure.message());
  if (all_read) outcome.budget_used = false;
  if (context_.shared && !nothing) count_others();
  // Of a shared run that is not over others may commit meanwhile.
  if (failure.ok() && !nothing && (all_read || !context_.shared))
    failure = compare_with_sinks(&outcome.sinks);
  if (failure.ok() && all_read && !nothing) failure = finish_sinks();
  if (const Status flushed = services_.state->flush(); !flushed.ok() && failure.ok())
    failure = flushed;
  const RunTotals& totals = add_up();
  const RunFacts facts{failure, nothing, all_read, totals.failed > 0};
  outcome.end = end_of(facts);
  const RunStatus status = run_status_of(facts);
  context_.totals.status = run_status_name(status);
  const RowCounts rows{totals.chunk_size, totals.successful, totals.failed, totals.filtered,
                       totals.pending};
  // The mirror may be behind what the ledger calls finished: a crash came between the two.
  const Result<RunRecord> record = services_.state->find_run(outcome.run);
  if (record.ok() && (!nothing || record->status == RunStatus::kRunning)) {
    const Status ended =
        services_.state->end_run(outcome.run, status, rows, failure.ok() ? "" : failure.message());
    if (!ended.ok() && failure.ok()) failure = ended;
  }
  failpoint("run.ended");
  if (const Result<RunRecord> after = services_.state->find_run(outcome.run); after.ok()) {
    if (!after->sums.empty()) context_.totals.sums = after->sums;
    outcome.sums_complete = after->sums_complete;
  }
  outcome.failure = failure;
  outcome.totals = totals;
  if (!nothing) announce(context_, to_event(totals));
  return outcome;
}

}  // namespace chunkmill::host
