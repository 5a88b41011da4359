// The replay of rejects: a run of its own over records that the state holds.
#include <algorithm>

#include "framework/run/hook_observer.hpp"
#include "framework/run/session.hpp"

namespace chunkmill::host {
namespace {

std::string sink_name(size_t index, const BoundSink& sink) {
  return "sink " + std::to_string(index) + " (" + sink.spec->plugin.type + ")";
}

bool upserts(const BoundSink& sink) {
  if (!sink.abilities.upsert()) return false;
  const auto is_upsert = [](const Value& options) {
    const Value* mode = options.find("mode");
    return mode != nullptr && mode->text() == "upsert";
  };
  const Value& options = sink.spec->plugin.options;
  bool found = is_upsert(options);
  if (const Value* tables = options.find("tables"); tables != nullptr)
    for (size_t i = 0; i < tables->size(); ++i) found |= is_upsert(tables->at(i));
  return found;
}

}  // namespace

Status JobSession::check_can_replay(const ReplayRequest& request) {
  for (size_t i = 0; i < pipeline_->sinks.size(); ++i) {
    BoundSink& bound = pipeline_->sinks[i];
    const std::string name = sink_name(i, bound);
    if (bound.abilities.forgets()) continue;
    if (!bound.abilities.appends())
      return Status(Code::kUsage,
                    name +
                        " cannot add rows to what a finished run has left, so that a replay "
                        "would leave the replayed rows alone; nothing was touched. Replay into "
                        "a sink that appends (--set sinks." +
                        std::to_string(i) +
                        ".mode=insert or upsert for a table), or mend the input and run the job "
                        "again");
    if (!bound.abilities.keeps_position() || request.confirmed) continue;
    ASSIGN_OR_RETURN(const std::optional<LedgerRun> run, bound.sink.ledger(spec().id));
    if (!run)
      return Status(
          Code::kUsage,
          name +
              " knows no run of this job, so that the rows of the run whose rejects "
              "these are cannot be in it: was the output removed or changed, or is it another "
              "one now? Nothing was touched. Run the job again, or give --yes to "
              "write the replayed rows there even so");
  }
  if (!pipeline_->source->has_replay())
    return Status(Code::kUsage, pipeline_->source->module().label() +
                                    " cannot read single records again; export the "
                                    "rejects and run a job over the file");
  return Status();
}

Status JobSession::check_not_newer(const std::string& replay, const ReplayRequest& request) {
  ASSIGN_OR_RETURN(const auto taken, state_->replayed_runs(replay));
  ASSIGN_OR_RETURN(const std::vector<RunRecord> newest_first,
                   state_->runs(std::numeric_limits<int64_t>::max()));
  const bool overwrites = std::any_of(pipeline_->sinks.begin(), pipeline_->sinks.end(), upserts);
  for (const auto& [run, count] : taken) {
    for (const RunRecord& later : newest_first) {
      if (later.run == run) break;
      if (later.command != "run") continue;
      ASSIGN_OR_RETURN(const RowCounts counts, state_->committed_counts(later.run));
      if (counts.written == 0) continue;
      const std::string facts = std::to_string(count) + " of these rejects " +
                                (count == 1 ? "is" : "are") + " of run " + run + ", and run " +
                                later.run + " has written " + std::to_string(counts.written) +
                                " rows since";
      if (overwrites && !request.confirmed)
        return Status(Code::kUsage,
                      facts +
                          ": an upsert of the older rows could overwrite newer ones of the same "
                          "key. Nothing was touched. Replay the rejects of the newer run alone "
                          "with --run " +
                          later.run + ", dismiss the older ones, or give --yes to replay them");
      log_->warn(facts + (overwrites ? "; newer rows of the same key may be overwritten"
                                     : "; the older rows are added to those"));
      break;
    }
  }
  return Status();
}

Result<std::optional<Start>> JobSession::begin_replay(const ReplayRequest& request,
                                                      const FingerprintParts& parts) {
  StartOptions options;
  options.restart = true;
  options.command = "replay";
  ASSIGN_OR_RETURN(Start start,
                   decide_start(*pipeline_, *state_, spec().id, parts, options, clock_->now_ms()));
  RETURN_IF_ERROR(state_->begin_run(start.run));
  const std::string& run = start.run.run;
  const Result<int64_t> taken =
      request.edits ? state_->take_up(run, request.edits) : state_->take_up(run, request.filter);
  Status status = taken.status();
  if (taken.ok() && *taken > 0) status = check_not_newer(run, request);
  if (status.ok() && *taken > 0) return std::optional<Start>(std::move(start));
  RETURN_IF_ERROR(state_->settle_replay(run, 0));
  RETURN_IF_ERROR(state_->end_run(run, status.ok() ? RunStatus::kSuccess : RunStatus::kFailed, {},
                                  status.message()));
  RETURN_IF_ERROR(status);
  return std::optional<Start>();
}

Status JobSession::close_replay(const RunRecord& known) {
  log_->info("replay " + known.run +
             " was not finished, and the job or what is to be replayed has changed since; what it "
             "has written is settled first");
  Start start;
  start.kind = StartKind::kResume;
  start.run = known;
  start.run.epoch = std::max<uint64_t>(known.epoch + 1, static_cast<uint64_t>(clock_->now_ms()));
  ASSIGN_OR_RETURN(const int64_t records, state_->count_replay_records(known.run));
  Scheduler scheduler(*pipeline_, services(), RunOptions());
  scheduler.replay(std::move(start), ReplayFeed{state_.get(), known.run, records}, true);
  const RunOutcome outcome = scheduler.run();
  if (!outcome.failure.ok()) return outcome.failure;
  if (!scheduler.replayed())
    return Status(Code::kCancelled, "interrupted while replay " + known.run + " was settled");
  return state_->settle_replay(known.run, *scheduler.replayed());
}

RunOutcome JobSession::replay(const ReplayRequest& request, RunOptions options) {
  RunOutcome outcome;
  const auto stopped = [&](const Status& why) {
    outcome.failure = why;
    return outcome;
  };
  if (const Status can = check_can_replay(request); !can.ok()) return stopped(can);
  // The source must have seen its input (header, columns) before it can read records of it.
  if (const auto splits = pipeline_->source->plan(1); !splits.ok()) return stopped(splits.status());
  Result<FingerprintParts> parts = fingerprint_parts(*pipeline_);
  if (!parts.ok()) return stopped(parts.status());
  parts->emplace_back("replay: rejects", request.what);
  Result<std::optional<RunRecord>> known = state_->unsettled_replay();
  if (!known.ok()) return stopped(known.status());
  if (*known && (**known).fingerprint != fingerprint_of(*parts)) {
    if (const Status closed = close_replay(**known); !closed.ok()) return stopped(closed);
    known->reset();
  }
  Start start;
  if (*known) {
    start.kind = StartKind::kResume;
    start.run = **known;
    start.run.epoch =
        std::max<uint64_t>(start.run.epoch + 1, static_cast<uint64_t>(clock_->now_ms()));
  } else {
    Result<std::optional<Start>> begun = begin_replay(request, *parts);
    if (!begun.ok()) return stopped(begun.status());
    if (!*begun) {
      outcome.end = RunEnd::kUpToDate;
      return outcome;
    }
    start = std::move(**begun);
  }
  const bool fresh = start.kind == StartKind::kFresh;
  const std::string run = start.run.run;
  const Result<int64_t> records = state_->count_replay_records(run);
  if (!records.ok()) return stopped(records.status());
  HookObserver hooks(pipeline_->hooks, *log_);
  if (!pipeline_->hooks.empty()) options.listeners.observers.push_back(&hooks);
  options.start.command = "replay";
  Scheduler scheduler(*pipeline_, services(), std::move(options));
  scheduler.replay(std::move(start), ReplayFeed{state_.get(), run, *records}, false);
  outcome = scheduler.run();
  outcome.resumed = !fresh;
  Status settled;
  if (scheduler.replayed()) {
    settled = state_->settle_replay(run, *scheduler.replayed());
  } else if (fresh && outcome.totals.job.empty()) {
    // It did not come to write: the rejects are as they were.
    settled = state_->settle_replay(run, 0);
    if (settled.ok())
      settled = state_->end_run(run, RunStatus::kFailed, {}, outcome.failure.message());
  }
  if (!settled.ok() && outcome.failure.ok()) outcome.failure = settled;
  return outcome;
}

}  // namespace chunkmill::host
