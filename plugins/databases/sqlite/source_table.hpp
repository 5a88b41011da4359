// What a source must know of a table in a SQLite file: its key, its indexes, how many rows it may
// have.
#pragma once

#include <optional>
#include <string>

#include "chunkmill/sql/source_database.hpp"
#include "plugins/databases/sqlite/connection.hpp"

namespace chunkmill::sqlite {

// Nothing where there is no table or view of that name, whatever its case.
std::optional<sql::SourceTable> read_table(Connection& db, const sql::Dialect& dialect,
                                           const std::string& name);

}  // namespace chunkmill::sqlite
