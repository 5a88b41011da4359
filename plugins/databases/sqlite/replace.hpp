// `mode: replace`: the run fills a staging table, which takes the table's place at the end.
//
// A table that is there gives its own definition to the staging table, with its triggers and all
// indexes that may refuse a row: a row that the table would not take is a reject while it is
// staged, and triggers act on each row then, once. A table that refers to itself is refilled at
// the end; every other one is exchanged, and its indexes and triggers are made again. All calls run
// inside the caller's transaction, on a connection that does not enforce foreign keys (dropping a
// table would delete what refers to it).
#pragma once

#include "chunkmill/sql/connection.hpp"
#include "chunkmill/sql/tables.hpp"

namespace chunkmill::sqlite {

// Makes an empty staging table, in place of one that an older run left.
void make_staging(sql::Connection& db, const sql::Target& target, const sql::Dialect& dialect);

// Puts the staging table in the table's place.
void swap_staging(sql::Connection& db, const sql::Target& target, const sql::Dialect& dialect);

}  // namespace chunkmill::sqlite
