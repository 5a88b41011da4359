// GHG Protocol Scope 3 category 2: what was emitted to make the capital goods that we acquired.
//
// All of it counts in the year of the acquisition (box 2.1 of the guidance): nothing here divides
// by a useful life, and no option does.
#pragma once

#include "plugins/calculators/scope3/common/purchases.hpp"

namespace chunkmill::scope3 {

class CapitalGoods : public Purchases {
 public:
  static constexpr Info kInfo{"scope3.capital_goods", "1.0.0",
                              "GHG Protocol Scope 3 category 2: capital goods", CM_CALCULATOR_PURE};
  CapitalGoods() : Purchases(kInfo, 2, true) {}
};

}  // namespace chunkmill::scope3
