// What the sinks' own ledgers hold of a run, beside what the host has counted.
#pragma once

#include <vector>

#include "framework/observe/summary.hpp"
#include "framework/run/run_context.hpp"

namespace chunkmill::host {

// One entry for each sink that can say it, in the job's order. `counted`: what this host knows of
// all committed chunks of the run. Threads: when no worker runs any more.
Result<std::vector<SinkTally>> ask_sinks(RunContext& context, const RowCounts& counted);

// Ok where all of them agree; else kPlugin, with both sides' numbers.
Status check_tallies(const std::vector<SinkTally>& sinks, const RowCounts& counted);

}  // namespace chunkmill::host
