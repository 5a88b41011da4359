// What of a table's own definition decides how its rows are written: conflict clauses, references,
// triggers.
#pragma once

#include <string>
#include <vector>

#include "chunkmill/sql/connection.hpp"

namespace chunkmill::sqlite {

// True where `definition`, a statement in SQL, has ON CONFLICT with another word than ABORT: the
// table then drops rows, or rows that are there, without an error.
bool has_conflict_clause(const std::string& definition);

// The text of CREATE TABLE as SQLite keeps it; empty where there is no such table.
std::string definition_of(sql::Connection& db, const std::string& table);

// The tables that `table` refers to by foreign keys.
std::vector<std::string> referred_tables(sql::Connection& db, const std::string& table);

// Throws Error(CM_UNSUPPORTED) for a table that cannot be written without losing rows in silence:
// its own conflict clauses must be overruled, and a trigger of it must not be.
void check_conflict_clauses(sql::Connection& db, const std::string& table);

}  // namespace chunkmill::sqlite
