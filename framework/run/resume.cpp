#include "framework/run/resume.hpp"

#include <unistd.h>

#include <algorithm>
#include <map>

#include "framework/core/hash.hpp"

namespace chunkmill::host {
namespace {

std::string new_run_id(const std::string& job_id, int64_t now_ms) {
  const uint64_t seed = stable_hash(job_id) ^
                        static_cast<uint64_t>(now_ms) * 0x9e3779b97f4a7c15ULL ^
                        static_cast<uint64_t>(getpid());
  return std::to_string(now_ms) + "-" + hex64(stable_hash(std::to_string(seed))).substr(0, 6);
}

std::string shortened(const std::string& text) {
  return text.size() <= 100 ? text : text.substr(0, 97) + "...";
}

// One line for each part that differs.
std::string list_changes(const FingerprintParts& before, const FingerprintParts& now) {
  const std::map<std::string, std::string> old_parts(before.begin(), before.end());
  const std::map<std::string, std::string> new_parts(now.begin(), now.end());
  std::string out;
  for (const auto& [name, text] : old_parts) {
    const auto found = new_parts.find(name);
    if (found == new_parts.end()) {
      out += "\n  gone:    " + name + " = " + shortened(text);
    } else if (found->second != text) {
      out += "\n  changed: " + name + "\n    before: " + shortened(text) +
             "\n    now:    " + shortened(found->second);
    }
  }
  for (const auto& [name, text] : new_parts)
    if (!old_parts.contains(name)) out += "\n  new:     " + name + " = " + shortened(text);
  return out;
}

Status changed_since(const RunRecord& known, const FingerprintParts& parts) {
  const std::string changes = known.fingerprint_parts.empty()
                                  ? "\n  (the state file that could say what is not there)"
                                  : list_changes(known.fingerprint_parts, parts);
  return Status(Code::kJob,
                "run " + known.run +
                    " of this job is unfinished, and since then this changed:" + changes +
                    "\nundo the change to go on with it, or give `--restart` to begin a new run "
                    "(rows that it has written stay)");
}

// "csv (path: out.csv)": which of the job's sinks a message is about.
std::string label_of(const BoundSink& sink) {
  const Value& options = sink.spec->plugin.options;
  for (const char* name : {"path", "table"})
    if (const Value* value = options.find(name); value != nullptr && value->is_scalar())
      return sink.spec->plugin.type + " (" + name + ": " + value->text() + ")";
  return sink.spec->plugin.type + " (" + sink.spec->plugin.path + ")";
}

// What the ledgers of the sinks say of the job.
struct Ledgers {
  bool any_keeps = false;
  bool all_finished = true;
  std::vector<const BoundSink*> missing;  // keep a ledger, and know no such job
  std::optional<LedgerRun> run;           // of the first sink that knows one
  const BoundSink* first = nullptr;       // that sink
  bool differ = false;                    // two sinks know different runs
};

Result<Ledgers> read_ledgers(Pipeline& pipeline, const std::string& job_id) {
  Ledgers out;
  for (BoundSink& bound : pipeline.sinks) {
    if (!bound.abilities.keeps_position()) continue;
    out.any_keeps = true;
    ASSIGN_OR_RETURN(std::optional<LedgerRun> run, bound.sink.ledger(job_id));
    if (!run) {
      out.missing.push_back(&bound);
      continue;
    }
    out.all_finished &= run->finished;
    if (out.run && out.run->run != run->run) out.differ = true;
    if (out.run) continue;
    out.run = std::move(run);
    out.first = &bound;
  }
  return out;
}

// One of several outputs of a finished run is gone. To write it alone is not possible, as chunks go
// to all sinks; to write all again would double the rows of those that are there.
Status output_missing(const Ledgers& ledgers) {
  std::string gone;
  for (const BoundSink* sink : ledgers.missing)
    gone += (gone.empty() ? "" : ", ") + label_of(*sink);
  return Status(Code::kJob,
                "run " + ledgers.run->run + " of this job is finished in " +
                    label_of(*ledgers.first) + ", but its output is missing in " + gone +
                    "; nothing was written\nput the missing output back with the file beside it "
                    "that has its ledger; or remove the other outputs as well and run again; or "
                    "give `--restart` to write all rows to every sink once more" +
                    (ledgers.first->abilities.repeatable()
                         ? ""
                         : " (those in " + label_of(*ledgers.first) + " then come twice)"));
}

// True where no sink has a row of `known`, so that nothing is left behind by a new run. The mirror
// knows it of one sink when the run ended in order, not when it was killed.
Result<bool> committed_nothing(Pipeline& pipeline, StateStore& state, const RunRecord& known) {
  const auto keeps = [](const BoundSink& sink) { return sink.abilities.keeps_position(); };
  if (std::ranges::count_if(pipeline.sinks, keeps) > 1) return false;
  if (known.fingerprint_parts.empty() || known.status == RunStatus::kRunning) return false;
  ASSIGN_OR_RETURN(const std::vector<SplitRecord> splits, state.splits(known.run));
  return std::ranges::all_of(splits, [](const SplitRecord& s) { return s.next_chunk == 0; });
}

std::string names_of_those_that_cannot_tell(Pipeline& pipeline) {
  std::string out;
  const int32_t rerun = pipeline.source->rerun();
  if (rerun != CM_RERUN_NEVER && rerun != CM_RERUN_CONTINUE)
    out = "source " + pipeline.source->module().name();
  for (const std::string& name : pipeline.lookups->cannot_tell())
    out += (out.empty() ? "" : ", ") + ("lookup " + name);
  return out;
}

// What is to be said before rows of another run are added to those of `known`.
std::string warning_of(Pipeline& pipeline, const RunRecord& known) {
  std::string kept;
  for (const BoundSink& sink : pipeline.sinks)
    if (!sink.abilities.repeatable()) kept += (kept.empty() ? "" : ", ") + label_of(sink);
  if (kept.empty()) return {};
  return "the job has changed since run " + known.run +
         " finished, so that a new run begins; rows that are in " + kept +
         " already stay there, and come again where the input still has them";
}

bool is_unfinished(const RunRecord& run) {
  return run.status == RunStatus::kRunning || run.status == RunStatus::kStopped ||
         run.status == RunStatus::kFailed;
}

}  // namespace

std::string fingerprint_of(const FingerprintParts& parts) {
  uint64_t hash = stable_hash("");
  for (const auto& [name, text] : parts) hash = stable_hash(name + "\t" + text + "\n", hash);
  return hex64(hash);
}

Result<Start> decide_start(Pipeline& pipeline, StateStore& state, const std::string& job_id,
                           const FingerprintParts& parts, const StartOptions& options,
                           int64_t now_ms) {
  Start fresh;
  fresh.run.run = new_run_id(job_id, now_ms);
  fresh.run.job = pipeline.spec->name;
  fresh.run.job_path = pipeline.spec->path;
  fresh.run.command = options.command;
  fresh.run.fingerprint = fingerprint_of(parts);
  fresh.run.fingerprint_parts = parts;
  fresh.run.epoch = static_cast<uint64_t>(now_ms);
  if (options.restart) return fresh;

  ASSIGN_OR_RETURN(std::optional<RunRecord> latest, state.latest_run(options.command));
  ASSIGN_OR_RETURN(const Ledgers ledgers, read_ledgers(pipeline, job_id));
  // A ledger that should know the job does not: the target was removed, or another one is named
  // now. The first begins anew; the second must not leave an unfinished run behind unsaid.
  if (ledgers.any_keeps && !ledgers.run) {
    if (latest && is_unfinished(*latest) && latest->fingerprint != fresh.run.fingerprint) {
      ASSIGN_OR_RETURN(const bool nothing, committed_nothing(pipeline, state, *latest));
      if (!nothing) return changed_since(*latest, parts);
    }
    return fresh;
  }
  if (ledgers.run && !ledgers.missing.empty() && ledgers.all_finished &&
      ledgers.run->fingerprint == fresh.run.fingerprint)
    return output_missing(ledgers);
  if (ledgers.differ)
    return Status(Code::kJob,
                  "the sinks hold different runs of this job, so that they cannot go on together; "
                  "`--restart` begins anew");
  RunRecord known;
  bool finished = false;
  if (ledgers.run) {
    known.run = ledgers.run->run;
    known.fingerprint = ledgers.run->fingerprint;
    finished = ledgers.all_finished;
    if (latest && latest->run == known.run) known = *latest;
  } else if (latest) {
    known = *latest;
    finished =
        latest->status == RunStatus::kSuccess || latest->status == RunStatus::kPartialSuccess;
  } else {
    return fresh;
  }

  const bool same = known.fingerprint == fresh.run.fingerprint;
  const int32_t rerun = pipeline.source->rerun();
  if (finished && !same) fresh.warning = warning_of(pipeline, known);
  if (finished && (!same || rerun == CM_RERUN_ANEW)) return fresh;
  if (!same) {
    ASSIGN_OR_RETURN(const bool nothing, committed_nothing(pipeline, state, known));
    if (nothing) return fresh;
    return changed_since(known, parts);
  }
  const bool is_done = finished && rerun != CM_RERUN_CONTINUE;
  Start start;
  if (is_done) start.cannot_tell = names_of_those_that_cannot_tell(pipeline);
  const auto repeatable = [](const BoundSink& sink) { return sink.abilities.repeatable(); };
  if (!start.cannot_tell.empty() && std::ranges::all_of(pipeline.sinks, repeatable)) return fresh;
  start.kind = is_done ? StartKind::kUpToDate : StartKind::kResume;
  start.run = known;
  start.run.job = fresh.run.job;
  start.run.job_path = fresh.run.job_path;
  start.run.command = options.command;
  start.run.fingerprint = fresh.run.fingerprint;
  start.run.fingerprint_parts = parts;
  start.run.epoch = std::max<uint64_t>(known.epoch + 1, static_cast<uint64_t>(now_ms));
  return start;
}

namespace {

// What one sink, or the state, has of a split.
SplitState state_of(const SplitRecord& record) {
  SplitState out;
  out.done = record.done;
  out.next_chunk = record.next_chunk;
  out.rows_in = static_cast<uint64_t>(record.counts.read);
  out.rows_out = static_cast<uint64_t>(record.counts.written);
  out.rows_rejected = static_cast<uint64_t>(record.counts.rejected);
  out.rows_filtered = static_cast<uint64_t>(record.counts.filtered);
  out.position = record.position;
  return out;
}

RowCounts counts_of(const SplitState& state) {
  return RowCounts{static_cast<int64_t>(state.rows_in), static_cast<int64_t>(state.rows_out),
                   static_cast<int64_t>(state.rows_rejected),
                   static_cast<int64_t>(state.rows_filtered), 0};
}

Result<SplitStart> find_start(Pipeline& pipeline, const Split& split, const SplitRecord* mirror,
                              RowCounts* counts) {
  std::vector<SplitState> known;
  for (BoundSink& bound : pipeline.sinks) {
    if (!bound.abilities.keeps_position()) continue;
    ASSIGN_OR_RETURN(std::optional<SplitState> state, bound.sink.committed(split.id));
    known.push_back(state.value_or(SplitState{}));
  }
  if (known.empty() && mirror != nullptr) known.push_back(state_of(*mirror));
  SplitStart start;
  start.split = split;
  if (known.empty()) return start;
  const auto by_chunk = [](const SplitState& a, const SplitState& b) {
    return a.next_chunk < b.next_chunk;
  };
  const auto [first, last] = std::minmax_element(known.begin(), known.end(), by_chunk);
  if (last->next_chunk > first->next_chunk + 1)
    return Status(Code::kJob, "the sinks are " +
                                  std::to_string(last->next_chunk - first->next_chunk) +
                                  " chunks apart in " + split.where +
                                  ", so that they cannot go on together; `--restart` begins anew");
  start.position = first->position;
  start.next_chunk = first->next_chunk;
  start.done = first->done;
  start.committed_by_some = last->next_chunk;
  if (last->next_chunk != first->next_chunk) {
    start.align_records = static_cast<int64_t>(last->rows_in - first->rows_in);
    start.align_rejected = static_cast<int64_t>(last->rows_rejected - first->rows_rejected);
  }
  *counts = counts_of(*first);
  return start;
}

}  // namespace

Result<std::vector<SplitStart>> find_starts(Pipeline& pipeline, StateStore& state, const RunId& run,
                                            const std::vector<Split>& splits, RowCounts* counts) {
  ASSIGN_OR_RETURN(const std::vector<SplitRecord> mirrors, state.splits(run.run));
  std::vector<SplitStart> starts;
  std::vector<SplitRecord> records;
  *counts = {};
  for (const Split& split : splits) {
    const auto mirror = std::find_if(mirrors.begin(), mirrors.end(),
                                     [&](const SplitRecord& r) { return r.split == split.id; });
    RowCounts here;
    ASSIGN_OR_RETURN(
        SplitStart start,
        find_start(pipeline, split, mirror == mirrors.end() ? nullptr : &*mirror, &here));
    start.epoch = run.epoch;
    if (pipeline.source->rerun() == CM_RERUN_CONTINUE) start.done = false;
    *counts += here;
    if (start.next_chunk > 0 || mirror != mirrors.end())
      records.push_back({split.id, start.position, start.next_chunk, start.done, here});
    // Rejects of a chunk that only some sinks have are still needed: its rows are in none of the
    // others either.
    RETURN_IF_ERROR(state.drop_rejects_from(run.run, split.id, start.committed_by_some));
    starts.push_back(std::move(start));
  }
  RETURN_IF_ERROR(state.save_splits(run.run, records));
  return starts;
}

}  // namespace chunkmill::host
