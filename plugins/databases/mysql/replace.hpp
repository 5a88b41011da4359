// `mode: replace`: rows go to a staging table, which takes the table's place once the run is
// complete, in one statement that other connections see done or not.
#pragma once

#include "chunkmill/sql/connection.hpp"
#include "chunkmill/sql/tables.hpp"

namespace chunkmill::mysql {

// Throws Error(CM_UNSUPPORTED) where a trigger or a foreign key hangs on the table: it would stay
// with the rows that go.
void check_replaceable(sql::Connection& db, const std::string& table);

// False where the server would hide a trigger of the table from the job's user.
bool shows_triggers(sql::Connection& db, const std::string& table);

// Makes an empty staging table with the definition of the table that is there, or with that of
// the stream, once check_replaceable() allows it.
void make_staging(sql::Connection& db, const sql::Target& target, const sql::Dialect& dialect);
void swap_staging(sql::Connection& db, const sql::Target& target, const sql::Dialect& dialect);
// Drops the table that swap_staging() put aside.
void drop_replaced(sql::Connection& db, const sql::Target& target, const sql::Dialect& dialect);

}  // namespace chunkmill::mysql
