// What is known of a table in a SQLite file.
#pragma once

#include <optional>
#include <string>

#include "chunkmill/sql/connection.hpp"

namespace chunkmill::sqlite {

// The shape of `table`, nothing if it is not there. Throws Error(CM_UNSUPPORTED) for a view or a
// virtual table.
std::optional<sql::ExistingTable> read_shape(sql::Connection& db, const std::string& table);

}  // namespace chunkmill::sqlite
