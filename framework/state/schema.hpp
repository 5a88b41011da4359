// The tables of the state file. For this room only.
#pragma once

#include <cstdint>

#include "framework/state/database.hpp"

namespace chunkmill::host {

// In `user_version`; raised with every change of the tables, together with a step that carries old
// files over.
inline constexpr int64_t kSchemaVersion = 4;

// Makes the tables in an empty file, and carries those of an older chunkmill over. A file of
// another program, and one of a newer chunkmill, is Code::kState. A file that is only looked at is
// left as it is: every version that can be carried over can be read.
Status prepare_schema(Database& database, const std::string& path, bool may_create);

}  // namespace chunkmill::host
