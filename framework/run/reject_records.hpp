// From rows that failed to rejects that a person can act on and a replay can read.
#pragma once

#include <vector>

#include "framework/run/run_context.hpp"

namespace chunkmill::host {

// One reject a record, in the order of the records: the first fault of each counts. Fills in the
// ordinals.
void settle_rejects(Chunk* chunk);

// The rejects of a chunk as the state keeps them: with the original text of each record where the
// source can give it again, and the fields as they were read. Fails where the source breaks its
// contract in that.
Result<std::vector<Reject>> reject_records(RunContext& context, const Chunk& chunk);

// Grouped by code and stage, for reports.
std::vector<ErrorGroup> error_groups(const std::vector<RowReject>& rejects);

}  // namespace chunkmill::host
