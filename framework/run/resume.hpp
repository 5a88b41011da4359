// Where a run begins: anew, where an earlier one stopped, or not at all.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "framework/plan/pipeline.hpp"
#include "framework/run/changes.hpp"
#include "framework/run/split_reader.hpp"
#include "framework/state/store.hpp"

namespace chunkmill::host {

struct StartOptions {
  bool restart = false;         // begin anew, whatever there is
  std::string command = "run";  // as the state files it
  std::string resume_command;   // for messages: what the person would type
};

enum class StartKind {
  kFresh,     // a new run
  kResume,    // resumes `run`
  kUpToDate,  // `run` is finished, over the same job and, as far as can be known, the same input
};

struct Start {
  StartKind kind = StartKind::kFresh;
  RunRecord run;
  // kUpToDate: those that cannot tell whether their data has changed since, for a message; empty:
  // all can.
  std::string cannot_tell;
  // kResume of a finished run: its input has gained what it does not have yet, and it reads
  // that alone.
  bool extends = false;
  // kResume of an unfinished run: inputs that came since it began, which are left to the next run.
  std::vector<std::string> later;
  // Warnings to be given before a row is written; empty: none.
  std::string warning;
};

// Decides, changing nothing. The ledgers of sinks that keep one are the truth, the state file is it
// for the rest. Code::kJob, with a list of what changed, when an unfinished run that has committed
// rows was made with another job or other input, but for inputs that came since; also when one of
// several outputs of a finished run is missing, and when rows that a finished run has left would
// come twice because an input of it has changed; and when another shard saw other inputs.
Result<Start> decide_start(Pipeline& pipeline, StateStore& state, const std::string& job_id,
                           const FingerprintParts& parts, const StartOptions& options,
                           int64_t now_ms);

// Where each split begins: as far as every sink has it. `counts` gets the rows that are committed
// already. Takes the splits over in the sinks, and brings the state into line with them.
Result<std::vector<SplitStart>> find_starts(Pipeline& pipeline, StateStore& state, const Run& run,
                                            const std::vector<Split>& splits, RowCounts* counts);

std::string fingerprint_of(const FingerprintParts& parts);

}  // namespace chunkmill::host
