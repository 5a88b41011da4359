// The tables of the state file. For this room only.
#pragma once

#include <cstdint>

#include "framework/state/database.hpp"

namespace chunkmill::host {

// In `user_version`; raised with every change of the tables, together with a step that carries old
// files over.
inline constexpr int64_t kSchemaVersion = 1;

// Makes the tables in an empty file. A file of another program, and one of a newer chunkmill, is
// Code::kState.
Status prepare_schema(Database& database, const std::string& path, bool may_create);

}  // namespace chunkmill::host
