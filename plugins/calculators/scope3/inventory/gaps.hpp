// Rows that are in no sum: the rejects of the jobs that made the results, by category and reason.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "plugins/calculators/scope3/inventory/tally.hpp"

namespace chunkmill::scope3 {

struct Gap {
  uint64_t rows = 0;
  MoneyByCurrency spend;
  std::string example;  // the message that comes first in the order of texts
};
// By category (0: refused before any category saw it), code and column.
using Gaps = std::map<std::tuple<int, std::string, std::string>, Gap>;

// Reads a lookup as `chunkmill rejects export` writes it: `code` is needed; plugin or category,
// column, message, state and fields are used where they are there. Rejects that were replayed or
// resolved are none any more. By inventory.
std::map<std::string, Gaps> read_rejects(TableStream rejects, const std::string& lookup,
                                         const ResultNames& names);

}  // namespace chunkmill::scope3
