// GHG Protocol Scope 3 category 1: what was emitted to make the goods and services that we bought.
#pragma once

#include "plugins/calculators/scope3/common/purchases.hpp"

namespace chunkmill::scope3 {

class PurchasedGoods : public Purchases {
 public:
  static constexpr Info kInfo{"scope3.purchased_goods", "2.0.0",
                              "GHG Protocol Scope 3 category 1: purchased goods and services",
                              CM_CALCULATOR_PURE};
  PurchasedGoods() : Purchases(kInfo, 1, false) {}
};

}  // namespace chunkmill::scope3
