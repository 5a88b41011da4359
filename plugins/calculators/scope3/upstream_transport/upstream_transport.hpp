// GHG Protocol Scope 3 category 4: transport and storage that we pay for, and of what our first
// suppliers send to us, in vehicles and buildings that are not ours.
#pragma once

#include "plugins/calculators/scope3/common/transport.hpp"

namespace chunkmill::scope3 {

class UpstreamTransport : public Transport {
 public:
  static constexpr Info kInfo{
      "scope3.upstream_transport", "1.0.0",
      "GHG Protocol Scope 3 category 4: upstream transportation and distribution",
      CM_CALCULATOR_PURE};
  UpstreamTransport() : Transport(kInfo, 4, Side::kUpstream) {}
};

}  // namespace chunkmill::scope3
