// GHG Protocol Scope 3 category 8: upstream leased assets. See common/leased_assets.hpp.
#pragma once

#include "plugins/calculators/scope3/common/leased_assets.hpp"

namespace chunkmill::scope3 {

class UpstreamLeasedAssets : public LeasedAssets {
 public:
  static constexpr Info kInfo{"scope3.upstream_leased_assets", "1.0.0",
                              "GHG Protocol Scope 3 category 8: upstream leased assets",
                              CM_CALCULATOR_PURE};
  UpstreamLeasedAssets() : LeasedAssets(kInfo, 8, Partner::kLessor) {}
};

}  // namespace chunkmill::scope3
