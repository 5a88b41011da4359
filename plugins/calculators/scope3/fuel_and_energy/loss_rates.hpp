// Shares of electricity that are lost between power station and meter, by region.
//
// Threads: read-only once loaded.
#pragma once

#include <optional>
#include <unordered_map>

#include "plugins/calculators/scope3/common/regions.hpp"

namespace chunkmill::scope3 {

class LossRates {
 public:
  // A lookup with the columns region and loss_percent.
  void load(const Host& host, const LookupName& lookup);
  // Of the region, else of those around it up to the world; nothing when there is none.
  std::optional<double> find(const Regions& regions, uint64_t region) const;

 private:
  std::unordered_map<uint64_t, double> rates_;  // fractions
  std::optional<double> world_;
};

}  // namespace chunkmill::scope3
