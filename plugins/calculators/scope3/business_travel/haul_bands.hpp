// Codes of ways by their length: factor sets draw the bounds between short and long flights in
// different places, so each brings its own.
//
// Threads: read-only once loaded.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/host.hpp"
#include "chunkmill/options.hpp"

namespace chunkmill::scope3 {

class HaulBands {
 public:
  struct Band {
    double below_km = 0;
    std::string code;
  };
  using Bands = std::vector<Band>;  // ascending

  // A lookup with the columns activity, below_km (empty: no limit) and code.
  void load(const Host& host, const LookupName& lookup);
  // Null for an activity without bands.
  const Bands* find(std::string_view activity) const;
  // Empty for a way longer than all bands.
  static std::string_view code(const Bands& bands, double km);

 private:
  std::map<std::string, Bands, std::less<>> bands_;
};

}  // namespace chunkmill::scope3
