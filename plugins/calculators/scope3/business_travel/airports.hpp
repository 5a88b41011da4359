// Where airports are, and how far it is between them.
//
// Threads: read-only once loaded.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "chunkmill/host.hpp"
#include "chunkmill/options.hpp"

namespace chunkmill::scope3 {

class Airports {
 public:
  // In radians.
  struct Place {
    double latitude = 0;
    double longitude = 0;
  };
  // A lookup with the columns code, latitude and longitude. Records without a code are left out.
  void load(const Host& host, const LookupName& lookup);
  // Null for a code that is not known; case does not matter.
  const Place* find(std::string_view code) const;

 private:
  std::map<std::string, Place, std::less<>> places_;
};

// Along the great circle of a sphere of the Earth's mean radius: within 0.6 % of the ellipsoid.
double great_circle_km(const Airports::Place& from, const Airports::Place& to);

}  // namespace chunkmill::scope3
