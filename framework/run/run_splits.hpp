// Which splits a run has.
#pragma once

#include <string>
#include <vector>

#include "framework/run/run_context.hpp"

namespace chunkmill::host {

// The source's splits, or those of the job's shard, without those of the inputs in `later`.
// Code::kJob where `keep_together` names a column that is not read, and where the source's splits
// do not say which input they are of.
Result<std::vector<Split>> splits_of(RunContext& context, size_t workers,
                                     const std::vector<std::string>& later);

}  // namespace chunkmill::host
