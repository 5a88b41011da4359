// What the ledgers of a job's sinks say of its runs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "framework/plan/pipeline.hpp"
#include "framework/run/changes.hpp"
#include "framework/state/store.hpp"

namespace chunkmill::host {

struct Ledgers {
  bool any_keeps = false;
  bool all_finished = true;
  std::vector<const BoundSink*> missing;  // keep a ledger, and know no such job
  std::optional<LedgerRun> run;           // of the first sink that knows one
  const BoundSink* first = nullptr;       // that sink
  bool differ = false;                    // two sinks know different runs
  std::vector<LedgerRun> all;             // that are known
};

Result<Ledgers> read_ledgers(Pipeline& pipeline, const std::string& job_id);

// True where no sink has a row of `known`, so that nothing is left behind by a new run. The ledgers
// say it of the sinks that they are of; of others the mirror knows it when the run ended in order,
// not when it was killed.
Result<bool> committed_nothing(Pipeline& pipeline, StateStore& state, const std::string& job_id,
                               const Ledgers& ledgers, const RunRecord& known,
                               const FingerprintParts& parts);

// "csv (path: out.csv)": which of the job's sinks a message is about.
std::string label_of(const BoundSink& sink);

}  // namespace chunkmill::host
