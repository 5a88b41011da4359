// What a statement is checked for before any row is read, and what is known of its results then.
// Threads: any.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plugins/calculators/sql/lookup_tables.hpp"

namespace chunkmill::select {

// What the job says.
struct StatementOptions {
  std::string select;
  std::map<std::string, std::string> types{};  // of results, by name
  std::map<std::string, std::string> units{};
};

struct ResultColumn {
  Field field;
  // The column of the chunk that it is, unchanged and in every row; -1 if it is calculated.
  int copy_of = -1;
};

struct Plan {
  std::string statement;
  std::vector<ResultColumn> results;
  std::vector<std::string> needed;  // columns of the chunk
  IndexWishes indexes;
  bool one_pass = false;  // see Scopes
  // How often each column of the chunk is read, by its number: where all reads are copies, SQLite
  // need not see it. Empty where that cannot be known.
  std::vector<int> reads;
};

// `chunk` is what there is of it. Where it has no columns at all, which ones are needed is found
// out from the statement. Throws Error(CM_INVALID) at "select", "types.x" or "units.x".
Plan plan_of(const StatementOptions& options, const Schema& chunk,
             const std::vector<Lookup>& lookups);

}  // namespace chunkmill::select
