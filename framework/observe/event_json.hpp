// The parts of events and summaries that are JSON of their own. For this room only.
#pragma once

#include <vector>

#include "chunkmill/json.hpp"
#include "framework/observe/event.hpp"

namespace chunkmill::host {

// [{"code": ..., "stage": ..., "count": ..., "example": ..., "where"?: ..., "line"?: ...}, ...]
void write_errors(JsonWriter& json, const std::vector<ErrorGroup>& errors);
// {NAME: VALUE, ...}
void write_named_values(JsonWriter& json, const NamedValues& values);

}  // namespace chunkmill::host
