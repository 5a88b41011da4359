// One JSON Schema for whole job files: the host's keys and the options of every plugin there is, so
// that an editor completes and checks while a person types.
#pragma once

#include <string>
#include <vector>

#include "framework/plugin/registry.hpp"

namespace chunkmill::host {

// JSON Schema draft 2020-12, one line. Loads every plugin of the folders; those that do not load
// are left out, and why is added to `left_out`.
std::string editor_schema(Registry& registry, std::vector<Status>* left_out);

}  // namespace chunkmill::host
