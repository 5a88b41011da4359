// What is known of a table on a PostgreSQL server.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chunkmill/sql/dialect.hpp"
#include "plugins/databases/postgres/connection.hpp"

namespace chunkmill::postgres {

// The shape of `table`, nothing if it is not there. A column of a domain has the type that
// the domain is made of in the end. Throws Error(CM_UNSUPPORTED) for what is not a table.
std::optional<sql::ExistingTable> read_shape(Connection& db, const std::string& table);

// The columns of each constraint and unique index of `table`, by its name.
std::map<std::string, std::vector<std::string>> read_constraints(Connection& db,
                                                                 const std::string& table);

// True where something is checked at COMMIT alone unless the transaction asks for it earlier.
bool has_deferred_checks(Connection& db, const std::string& table);

// Whether a foreign key of the table refers to the table.
bool refers_to_itself(Connection& db, const std::string& table);

}  // namespace chunkmill::postgres
