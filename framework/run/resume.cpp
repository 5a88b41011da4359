#include "framework/run/resume.hpp"

#include <unistd.h>

#include <algorithm>

#include "chunkmill/hash.hpp"
#include "framework/job/job_file.hpp"
#include "framework/run/ledgers.hpp"

namespace chunkmill::host {
namespace {

std::string new_run_id(const std::string& job_id, int64_t now_ms) {
  const uint64_t seed = stable_hash(job_id) ^
                        static_cast<uint64_t>(now_ms) * 0x9e3779b97f4a7c15ULL ^
                        static_cast<uint64_t>(getpid());
  return std::to_string(now_ms) + "-" + hex64(stable_hash(std::to_string(seed))).substr(0, 6);
}

bool is_unfinished(const RunRecord& run) {
  return run.status == RunStatus::kRunning || run.status == RunStatus::kStopped ||
         run.status == RunStatus::kFailed;
}

Status changed_since(const RunRecord& known, const FingerprintParts& parts) {
  const std::string changes = known.fingerprint_parts.empty()
                                  ? "\n  (the state file that could say what is not there)"
                                  : list_changes(known.fingerprint_parts, parts);
  return Status(Code::kJob,
                "run " + known.run + " of this job is " +
                    (is_unfinished(known) ? "unfinished" : "finished") +
                    ", and since then this changed:" + changes +
                    "\nundo the change to resume it, or give `--restart` to begin a new run "
                    "(rows that it has written stay)");
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

}  // namespace

// Two hashes: of all parts, and of the data alone, by which shards compare what they have seen.
std::string fingerprint_of(const FingerprintParts& parts) {
  uint64_t all = stable_hash("");
  uint64_t data = all;
  for (const auto& [name, text] : parts) {
    const std::string line = name + "\t" + text + "\n";
    all = stable_hash(line, all);
    if (name == "source: data" || name.starts_with(kInputPart)) data = stable_hash(line, data);
  }
  return hex64(all) + "." + hex64(data);
}

namespace {

std::string data_of(const std::string& fingerprint) {
  const size_t dot = fingerprint.find('.');
  return dot == std::string::npos ? std::string() : fingerprint.substr(dot + 1);
}

// The splits of a source are dealt out by their number: shards that saw different inputs would
// read some splits twice and others not at all.
Status compare_shards(Pipeline& pipeline, const std::string& job_id,
                      const std::string& fingerprint) {
  constexpr int kMostAsked = 1000;
  const std::optional<Shard>& shard = pipeline.spec->shard;
  if (!shard) return Status();
  const std::string base(without_shard(job_id));
  for (BoundSink& bound : pipeline.sinks) {
    if (!bound.abilities.keeps_position()) continue;
    for (int i = 0; i < std::min(shard->count, kMostAsked); ++i) {
      if (i == shard->index) continue;
      const std::string other = std::to_string(i) + "-of-" + std::to_string(shard->count);
      ASSIGN_OR_RETURN(const std::optional<LedgerRun> run,
                       bound.sink.ledger(base + "/shard-" + other));
      if (!run || data_of(run->fingerprint) == data_of(fingerprint)) continue;
      return Status(Code::kJob,
                    "shard " + std::to_string(i) + " of " + std::to_string(shard->count) +
                        " (run " + run->run + " in " + label_of(bound) +
                        ") saw another input than this shard, so that rows would come twice or "
                        "not at all; nothing was written\nput the input back as it was, or take "
                        "the rows of all shards out and begin each of them with --restart");
    }
  }
  return Status();
}

Status made_by_earlier_version(const RunRecord& known) {
  return Status(Code::kJob,
                "run " + known.run +
                    " of this job was made by an earlier version of chunkmill, which knew its "
                    "input by the time of the last change, so that it cannot be told whether the "
                    "same rows would come again; nothing was written\nend an unfinished run with "
                    "that version; give the job another `id:` when its input is new; or give "
                    "`--restart` to load all of it (rows that are there stay)");
}

enum class Verdict { kAnew, kNothingNew, kExtend };

bool can_append(const Pipeline& pipeline) {
  return std::ranges::all_of(pipeline.sinks, [](const BoundSink& sink) {
    return sink.abilities.appends() || sink.abilities.forgets();
  });
}

Status doubled(const RunRecord& known, const std::string& why, const std::string& advice) {
  return Status(Code::kJob, why + " since run " + known.run +
                                " of this job loaded it; its rows would come twice, so that "
                                "nothing was written\n" +
                                advice +
                                "; give the job another `id:`; or give `--restart` to load all "
                                "input again (rows that are there stay)");
}

// What becomes of a finished run whose rows stay beside those of the next one, when the job or the
// input is another now. Rows of inputs that it has loaded do not come again unsaid.
Result<Verdict> judge(const Pipeline& pipeline, const RunRecord& known, const Changes& changes) {
  if (!changes.has_inputs || changes.source) return Verdict::kAnew;
  if (!changes.changed.empty()) {
    const std::string names = names_text(changes.changed);
    return doubled(known, names + " changed",
                   "put " + names + " back as it was and give new rows in a file of their own");
  }
  if (!changes.renamed.empty()) {
    const auto& [before, now] = changes.renamed.front();
    return doubled(known, before + " was renamed to " + now, "give it its name again");
  }
  if (changes.job) return Verdict::kAnew;
  if (changes.added.empty()) return changes.lookups ? Verdict::kAnew : Verdict::kNothingNew;
  const std::string names = names_text(changes.added);
  if (pipeline.spec->shard)
    return Status(Code::kJob, names + " came since run " + known.run +
                                  " of this shard finished, and what belongs to which shard has "
                                  "shifted by it; load new files by a run without --shard, from a "
                                  "job with an `id:` of its own");
  if (can_append(pipeline)) return Verdict::kExtend;
  return Status(Code::kJob, names + " came since run " + known.run +
                                " of this job finished, and a sink of it cannot add to what is "
                                "there; move the files that are loaded out of the pattern, or "
                                "give `--restart` to load all input again (rows that are there "
                                "stay)");
}

// `known`, resumed under an epoch of its own; all else is as `now`, the run that would begin.
Start resumed(const RunRecord& known, const RunRecord& now, int64_t now_ms) {
  Start start;
  start.kind = StartKind::kResume;
  start.run = known;
  start.run.job = now.job;
  start.run.job_path = now.job_path;
  start.run.command = now.command;
  start.run.fingerprint = now.fingerprint;
  start.run.fingerprint_parts = now.fingerprint_parts;
  start.run.epoch = std::max<uint64_t>(known.epoch + 1, static_cast<uint64_t>(now_ms));
  return start;
}

// The inputs that are there now and were not before, where nothing else has changed; of a shard,
// none, since they shift which splits are its own.
std::vector<std::string> came_since(const Pipeline& pipeline, const FingerprintParts& before,
                                    const FingerprintParts& now) {
  if (pipeline.spec->shard || before.empty()) return {};
  std::vector<std::string> added = compare(before, now).added;
  FingerprintParts rest = now;
  std::erase_if(rest, [&](const auto& part) {
    return part.first.starts_with(kInputPart) &&
           std::ranges::count(added, part.first.substr(kInputPart.size())) > 0;
  });
  return rest == before ? added : std::vector<std::string>();
}

}  // namespace

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
  RETURN_IF_ERROR(compare_shards(pipeline, job_id, fresh.run.fingerprint));

  ASSIGN_OR_RETURN(std::optional<RunRecord> latest, state.latest_run(options.command));
  ASSIGN_OR_RETURN(const Ledgers ledgers, read_ledgers(pipeline, job_id));
  // A ledger that should know the job does not: the target was removed, or another one is named
  // now. The first begins anew; the second must not leave an unfinished run behind unsaid.
  if (ledgers.any_keeps && !ledgers.run) {
    if (latest && is_unfinished(*latest) && latest->fingerprint != fresh.run.fingerprint) {
      ASSIGN_OR_RETURN(const bool nothing,
                       committed_nothing(pipeline, state, job_id, ledgers, *latest, parts));
      if (!nothing) return changed_since(*latest, parts);
    }
    return fresh;
  }
  if (ledgers.run && !ledgers.missing.empty() && ledgers.all_finished &&
      ledgers.run->fingerprint == fresh.run.fingerprint)
    return output_missing(ledgers);
  // A run that was killed while its sinks were made ready for it is known to some of them alone.
  if (ledgers.differ && latest && is_unfinished(*latest) &&
      latest->fingerprint == fresh.run.fingerprint) {
    ASSIGN_OR_RETURN(const bool nothing,
                     committed_nothing(pipeline, state, job_id, ledgers, *latest, parts));
    if (nothing) return resumed(*latest, fresh.run, now_ms);
  }
  if (ledgers.differ)
    return Status(
        Code::kJob,
        "the sinks hold different runs of this job, so that they cannot be resumed together; "
        "`--restart` begins anew");
  RunRecord known;
  bool finished = false;
  if (ledgers.run) {
    known.run = ledgers.run->run;
    known.fingerprint = ledgers.run->fingerprint;
    finished = ledgers.all_finished;
    if (latest && latest->run == known.run) {
      known = *latest;
      known.fingerprint = ledgers.run->fingerprint;
    }
  } else if (latest) {
    known = *latest;
    finished =
        latest->status == RunStatus::kSuccess || latest->status == RunStatus::kPartialSuccess;
  } else {
    return fresh;
  }

  const bool same = known.fingerprint == fresh.run.fingerprint;
  const int32_t rerun = pipeline.source->rerun();
  const auto repeatable = [](const BoundSink& sink) { return sink.abilities.repeatable(); };
  const bool all_repeatable = std::ranges::all_of(pipeline.sinks, repeatable);
  Verdict verdict = Verdict::kAnew;
  Changes changes;
  if (!same && !all_repeatable) {
    if (data_of(known.fingerprint).empty()) return made_by_earlier_version(known);
    changes = compare(known.fingerprint_parts, parts);
  }
  if (finished && !same && !all_repeatable && rerun != CM_RERUN_ANEW) {
    if (known.fingerprint_parts.empty()) return changed_since(known, parts);
    ASSIGN_OR_RETURN(verdict, judge(pipeline, known, changes));
    if (verdict == Verdict::kAnew && (!changes.has_inputs || !changes.kept.empty()))
      fresh.warning = warning_of(pipeline, known);
  }
  if (finished && ((!same && verdict == Verdict::kAnew) || rerun == CM_RERUN_ANEW)) return fresh;
  if (!same && !finished) {
    ASSIGN_OR_RETURN(const bool nothing,
                     committed_nothing(pipeline, state, job_id, ledgers, known, parts));
    if (nothing) return fresh;
    std::vector<std::string> later = came_since(pipeline, known.fingerprint_parts, parts);
    if (later.empty()) return changed_since(known, parts);
    Start start = resumed(known, fresh.run, now_ms);
    start.run.fingerprint = known.fingerprint;
    start.run.fingerprint_parts = known.fingerprint_parts;
    start.warning = names_text(later) + " came since run " + known.run +
                    " of this job began: the run reads the input that it began with; run "
                    "the same command once more to load what came";
    start.later = std::move(later);
    return start;
  }
  const bool is_done = finished && verdict != Verdict::kExtend && rerun != CM_RERUN_CONTINUE;
  Start start = resumed(known, fresh.run, now_ms);
  start.extends = verdict == Verdict::kExtend;
  if (start.extends)
    start.warning = names_text(changes.added) + " came since run " + known.run +
                    " finished; the run reads only what is new";
  if (!changes.removed.empty())
    start.warning += (start.warning.empty() ? "" : "; ") + names_text(changes.removed) +
                     " is not there any more, and its rows stay";
  if (is_done) start.cannot_tell = names_of_those_that_cannot_tell(pipeline);
  if (!start.cannot_tell.empty() && all_repeatable) return fresh;
  if (is_done) start.kind = StartKind::kUpToDate;
  return start;
}

namespace {

// What one sink, or the state, has of a split.
SplitState state_of(const SplitRecord& record) {
  SplitState out;
  out.done = record.done;
  out.next_chunk = record.next_chunk;
  out.counts = {
      static_cast<uint64_t>(record.counts.read), static_cast<uint64_t>(record.counts.written),
      static_cast<uint64_t>(record.counts.rejected), static_cast<uint64_t>(record.counts.filtered)};
  out.position = record.position;
  return out;
}

Result<SplitStart> find_start(Pipeline& pipeline, const Split& split, const SplitRecord* mirror,
                              RowCounts* counts) {
  std::vector<SplitState> known;
  std::string chunks;
  for (size_t i = 0; i < pipeline.sinks.size(); ++i) {
    BoundSink& bound = pipeline.sinks[i];
    if (!bound.abilities.keeps_position()) continue;
    ASSIGN_OR_RETURN(std::optional<SplitState> state, bound.sink.committed(split.id));
    known.push_back(state.value_or(SplitState{}));
    chunks += (chunks.empty() ? "" : ", ") + ("sink " + std::to_string(i)) + " (" +
              bound.sink.module().name() + ") has " + std::to_string(known.back().next_chunk);
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
    return Status(Code::kJob,
                  "of the chunks of " + split.where + " " + chunks +
                      ": rows of a sink were removed since the run began, so that the sinks cannot "
                      "be resumed together. Put the missing output back; or remove the other "
                      "outputs as well and run with --restart, which writes all rows to every "
                      "sink once more");
  start.position = first->position;
  start.next_chunk = first->next_chunk;
  start.done = first->done;
  start.committed_by_some = last->next_chunk;
  if (last->next_chunk != first->next_chunk) {
    start.align_records = static_cast<int64_t>(last->counts.rows_in - first->counts.rows_in);
    start.align_rejected =
        static_cast<int64_t>(last->counts.rows_rejected - first->counts.rows_rejected);
  }
  *counts = row_counts(first->counts);
  return start;
}

}  // namespace

Result<std::vector<SplitStart>> find_starts(Pipeline& pipeline, StateStore& state, const Run& run,
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
