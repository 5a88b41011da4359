// `mode: replace`: the run fills a staging table, which takes the table's place at the end.
//
// A table that is there gives its columns, defaults, constraints, indexes and references to the
// staging table. At the end there are two ways, each in the caller's one transaction:
// - A plain table is dropped, and the staging table takes its name, its indexes' names, its owner,
//   its grants and its comment. Readers wait for a moment only.
// - A table that something else depends on or that has a life of its own (views, functions,
//   triggers, policies, rules, partitions, sequences, publications, storage settings) stays: it is
//   emptied and filled from the staging table, and readers wait for that long.
// What guards the rows of a table guards those of the staging table: BEFORE INSERT triggers run
// while rows are staged and not again, and a row that no partition would take is a reject there. A
// table that others refer to by foreign keys cannot be emptied: it is refused before the run.
#pragma once

#include <string_view>

#include "chunkmill/sql/tables.hpp"
#include "plugins/databases/postgres/connection.hpp"

namespace chunkmill::postgres {

// The CHECK of a staging table that stands for the partitions of the table.
inline constexpr std::string_view kPartitionGuard = "chunkmill_partition";

// Throws Error(CM_UNSUPPORTED) for a table that foreign keys of others refer to.
void check_replaceable(Connection& db, const sql::Target& target);

// Makes an empty staging table like the table that is there, in place of one that an older run
// left; nothing where there is none. Throws Error(CM_UNSUPPORTED).
void make_staging(Connection& db, const sql::Target& target, const sql::Dialect& dialect);

// Puts the staging table in the table's place.
void swap_staging(Connection& db, const sql::Target& target, const sql::Dialect& dialect);

}  // namespace chunkmill::postgres
