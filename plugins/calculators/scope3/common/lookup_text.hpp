// Cells of a lookup as text, whatever type its source gave them.
#pragma once

#include <string>

#include "chunkmill/host.hpp"

namespace chunkmill::scope3 {

// The cell trimmed, empty where it is null.
std::string cell_text(const Batch& batch, size_t column, int64_t row);
// The same into `out`, whose memory is used again.
void read_cell(const Batch& batch, size_t column, int64_t row, std::string* out);

// The index of a column that must be there; else Error(CM_INVALID) at `option`, with the nearest
// name.
size_t find_column(const Schema& schema, std::string_view lookup, std::string_view name,
                   std::string_view option);

}  // namespace chunkmill::scope3
