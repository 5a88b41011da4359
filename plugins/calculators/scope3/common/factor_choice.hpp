// The factor of an activity that sets publish per one of two dimensions: per passenger-km or
// vehicle-km, per mass or volume.
#pragma once

#include "plugins/calculators/scope3/common/formula.hpp"

namespace chunkmill::scope3 {

// What an activity has a factor per.
struct Choice {
  std::string_view code;
  Boundary boundary = Boundary::kLifeCycle;
  Dimension first = Dimension::kMass;   // preferred
  Dimension second = Dimension::kMass;  // where there is none per the first
  std::string_view technology{};
};

// Nothing when there is neither, with the reason noted.
Found factor_of_either(Formula& f, const Choice& choice);

}  // namespace chunkmill::scope3
