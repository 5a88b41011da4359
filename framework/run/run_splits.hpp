// Which splits a run has.
#pragma once

#include <vector>

#include "framework/run/run_context.hpp"

namespace chunkmill::host {

// The source's splits, or those of the job's shard. Code::kJob where `keep_together` names a column
// that is not read.
Result<std::vector<Split>> splits_of(RunContext& context, size_t workers);

}  // namespace chunkmill::host
