// GHG Protocol Scope 3 category 13: downstream leased assets. See common/leased_assets.hpp.
#pragma once

#include "plugins/calculators/scope3/common/leased_assets.hpp"

namespace chunkmill::scope3 {

class DownstreamLeasedAssets : public LeasedAssets {
 public:
  static constexpr Info kInfo{"scope3.downstream_leased_assets", "1.0.0",
                              "GHG Protocol Scope 3 category 13: downstream leased assets",
                              CM_CALCULATOR_PURE};
  DownstreamLeasedAssets() : LeasedAssets(kInfo, 13, Partner::kLessee) {}
};

}  // namespace chunkmill::scope3
