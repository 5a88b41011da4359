// What a table of the server does by itself with rows that are written to it, and the sequences
// that count up for its columns. Threads: the connection's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chunkmill/sql/tables.hpp"
#include "plugins/databases/postgres/connection.hpp"

namespace chunkmill::postgres {

// Throws Error(CM_INVALID) for columns that PostgreSQL cannot have: too many, or with names that it
// keeps for itself.
void check_columns(const sql::Target& target);

// Throws Error(CM_INVALID) for a table that is not there and whose name has a dot: who writes it
// means a table of another schema.
void check_missing(const std::string& table);

// Throws Error(CM_UNSUPPORTED) for what would end the run in its middle or be passed by without a
// word: rules, row level security where rows are copied, an identity column that an upsert would
// update. The table must be there.
void check_guards(Connection& db, const sql::Target& target);

// Throws Error(CM_PERMISSION) for a right on the table that the job's user lacks, with the GRANT
// for it. The table must be there.
void check_rights(Connection& db, const sql::Target& target);

// A sequence that gives numbers to a column that the target writes.
struct Sequence {
  std::string column;
  std::string name;  // quoted, with its schema
  bool may_read = false;
  bool may_set = false;
  bool has_index = false;  // the column is the first of an index
  bool counts_down = false;
};
std::vector<Sequence> sequences_of(Connection& db, const sql::Target& target);

// How far a sequence is behind its column; nothing where it is not.
struct Behind {
  int64_t sequence = 0;  // what it gave last
  int64_t column = 0;    // the largest number that is there, or the smallest where it counts down
};
std::optional<Behind> look_behind(Connection& db, const sql::Target& target,
                                  const Sequence& sequence);

// Sets the sequence to the column's last number where it is behind.
void advance(Connection& db, const sql::Target& target, const Sequence& sequence);

}  // namespace chunkmill::postgres
