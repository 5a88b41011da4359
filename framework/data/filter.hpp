// Rows of batches into new batches.
#pragma once

#include <span>
#include <vector>

#include "framework/core/status.hpp"
#include "framework/data/batch.hpp"

namespace chunkmill::host {

// The rows whose numbers are in `kept_rows`, which ascend strictly and lie inside the batch. The
// result owns its values and does not keep the batch alive, unless all rows are kept: then it is
// the batch itself.
Batch filter(const Batch& batch, std::span<const int64_t> kept_rows);

// The same for somebody who reads only the columns that are `wanted`: the others may be null.
Batch filter(const Batch& batch, std::span<const int64_t> kept_rows,
             const std::vector<bool>& wanted);

// All rows in one batch, in order. There is at least one batch, and all have the same schema.
// kPlugin with CM_TOO_LARGE when the text of one column outgrows 2 GiB.
Result<Batch> concat(std::span<const Batch> batches);

// A row of one of several batches.
struct RowOfBatch {
  size_t batch = 0;
  int64_t row = 0;
};

// The rows that `order` names, in that order; else as concat().
Result<Batch> interleave(std::span<const Batch> batches, std::span<const RowOfBatch> order);

}  // namespace chunkmill::host
