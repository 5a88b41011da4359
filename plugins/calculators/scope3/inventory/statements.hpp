// What the organisation says of a category itself: that it is not relevant, and why.
#pragma once

#include <map>
#include <string>

#include "plugins/calculators/scope3/inventory/result_reader.hpp"

namespace chunkmill::scope3 {

enum class Relevance : uint8_t { kRelevant, kNotRelevant, kNotCalculated };

struct Statement {
  Relevance relevance = Relevance::kRelevant;
  std::string explanation;
};
using Statements = std::map<int, Statement>;  // by category

// Reads the columns category, status and explanation. By inventory; those of "" hold for all.
std::map<std::string, Statements> read_statements(TableStream statements, const std::string& lookup,
                                                  const ResultNames& names);

}  // namespace chunkmill::scope3
