// From the records of published files to factors: gases are gathered and counted by one GWP set,
// and a life cycle is split or joined where two of its parts are there.
#pragma once

#include <cstdint>
#include <vector>

#include "plugins/calculators/scope3/common/factor_reader.hpp"
#include "plugins/calculators/scope3/common/gwp.hpp"

namespace chunkmill::scope3 {

// Makes one record of those that share set, version, id, activity, boundary and region: one of CO2e
// at most, and one for each gas. With `gwp_set`, which may be empty, CO2e is recomputed from the
// gases unless it is of that set; CO2e of another set that comes without its gases is kept and
// marked. Throws Error(CM_INVALID) for a record that stands twice, and for a gas without a GWP.
std::vector<FactorRecord> merge_gases(std::vector<FactorRecord> records, const GwpTable& gwp,
                                      const std::string& gwp_set, FactorMemory* memory);

// Adds the boundaries among `wanted` that follow from others: life cycle = combustion + upstream,
// upstream = life cycle - combustion, of the same set, version, activity, region, year, technology
// and unit.
void derive_boundaries(Boundaries wanted, std::vector<FactorRecord>* records, FactorMemory* memory);

}  // namespace chunkmill::scope3
