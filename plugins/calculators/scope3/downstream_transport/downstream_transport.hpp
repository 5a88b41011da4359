// GHG Protocol Scope 3 category 9: transport and storage of what we sold, after the sale, that
// others pay for: shops and, as optional, the way of customers to them are among it.
#pragma once

#include "plugins/calculators/scope3/common/transport.hpp"

namespace chunkmill::scope3 {

class DownstreamTransport : public Transport {
 public:
  static constexpr Info kInfo{
      "scope3.downstream_transport", "1.0.0",
      "GHG Protocol Scope 3 category 9: downstream transportation and distribution",
      CM_CALCULATOR_PURE};
  DownstreamTransport() : Transport(kInfo, 9, Side::kDownstream) {}
};

}  // namespace chunkmill::scope3
