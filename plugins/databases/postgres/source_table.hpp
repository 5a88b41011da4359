// What a source must know of a table or view on a PostgreSQL server: its key, its indexes, how many
// rows it may have.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chunkmill/sql/source_database.hpp"
#include "plugins/databases/postgres/connection.hpp"

namespace chunkmill::postgres {

// Nothing where there is no table or view of that name in the search path, or in `schema`.
std::optional<sql::SourceTable> read_table(Connection& db, const sql::Dialect& dialect,
                                           const std::string& name);

std::vector<std::string> table_names(Connection& db);

// False where the database does not know what its text is.
bool is_utf8_database(Connection& db);

}  // namespace chunkmill::postgres
