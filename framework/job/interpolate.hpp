// `${NAME}` and `${NAME:default}` in a job's texts.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/job/fault.hpp"
#include "framework/job/source_text.hpp"
#include "framework/job/value.hpp"

namespace chunkmill::host {

// What a variable stands for; nothing when it is not set.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

// The environment of the process.
std::optional<std::string> process_environment(std::string_view name);

// Replaces variables in every scalar below `root`, not in keys. `$${` stands for `${`. A scalar
// stays plain or quoted as it was, so that `port: ${PORT}` can be a number, and never becomes more
// YAML. A variable that is not set, or not well written, is a fault at its own column, and its
// value is marked faulty. `sources` are indexed by Place::source.
void interpolate(Value* root, const std::vector<SourceText>& sources,
                 const Environment& environment, Faults* faults);

}  // namespace chunkmill::host
