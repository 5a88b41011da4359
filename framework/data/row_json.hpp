// A row as JSON, for rejects and previews.
#pragma once

#include <cstdint>
#include <string>

#include "framework/data/batch.hpp"

namespace chunkmill::host {

// Row `row` as one JSON object on one line, keys in the schema's order. Integers exactly, doubles
// in the shortest form that reads back the same, decimals as strings, dates and times as ISO 8601
// strings, binary as base64, null as null. What JSON has no number for stays visible: "NaN",
// "Infinity", "-Infinity". Bytes of utf8 columns that are not UTF-8 become U+FFFD.
std::string row_as_json(const Batch& batch, int64_t row);

}  // namespace chunkmill::host
