// Finds what a buggy plugin can get wrong in an Arrow array before anybody reads it.
#pragma once

#include <cstdint>

#include "chunkmill/abi/arrow.h"
#include "chunkmill/arrow.hpp"
#include "framework/core/status.hpp"

namespace chunkmill::host {

// One batch holds at most this many rows; a larger number is taken for garbage.
inline constexpr int64_t kMaxBatchRows = INT32_MAX;

// Is `array` a struct array of `schema` that can be read without harm? kPlugin, naming the column,
// if not. Reads only the offsets and bitmaps of the rows that the struct array covers.
//
// Found: numbers of children and buffers, dictionaries, released or missing children, negative,
// overflowing or absurd length and offset, more rows than `max_rows` (-1: no limit), children
// shorter than the struct, missing or misaligned buffers, offsets that descend or are negative, a
// null_count that is out of range or contradicts the bitmap, nulls at the struct level. Cannot be
// found: a buffer shorter than length and offsets claim (Arrow does not say how long it is), a
// pointer that points nowhere, a release that does not release. Content of utf8 is not looked at:
// sources check theirs.
Status validate_array(const ArrowArray& array, const Schema& schema, int64_t max_rows);

}  // namespace chunkmill::host
