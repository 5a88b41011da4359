#include "plugins/calculators/scope3/business_travel/airports.hpp"

#include <cmath>
#include <numbers>

#include "chunkmill/parse.hpp"
#include "plugins/calculators/scope3/common/lookup_text.hpp"

namespace chunkmill::scope3 {
namespace {

// The mean radius of the IUGG.
constexpr double kEarthKm = 6371.0088;
// How databases export what is not there.
constexpr std::string_view kNoCode = "\\N";

std::string upper(std::string_view code) {
  std::string out(code);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return out;
}

}  // namespace

void Airports::load(const Host& host, const LookupName& lookup) {
  const Table table = host.lookup(lookup.value);
  const auto column = [&](std::string_view name) {
    return find_column(table.schema(), lookup.value, name, "airports");
  };
  const size_t code = column("code");
  const size_t latitude = column("latitude");
  const size_t longitude = column("longitude");
  places_.clear();
  int64_t number = 0;
  for (size_t b = 0; b < table.batch_count(); ++b) {
    const Batch batch = table.batch(b);
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      ++number;
      const std::string name = cell_text(batch, code, row);
      if (name.empty() || name == kNoCode) continue;
      const auto radians = [&](size_t from, double most) {
        double degrees = 0;
        if (parse_double(cell_text(batch, from, row), &degrees) != ParseFault::kNone ||
            !(std::fabs(degrees) <= most))
          throw Error(CM_INVALID, "lookup \"" + lookup.value + "\", record " +
                                      std::to_string(number) + " (" + name +
                                      "): latitude and longitude are degrees, at most 90 and 180")
              .at("airports");
        return degrees * std::numbers::pi / 180;
      };
      places_.try_emplace(upper(name), Place{radians(latitude, 90), radians(longitude, 180)});
    }
  }
}

const Airports::Place* Airports::find(std::string_view code) const {
  if (const auto found = places_.find(code); found != places_.end()) return &found->second;
  const auto found = places_.find(upper(code));
  return found == places_.end() ? nullptr : &found->second;
}

// Haversine: exact for near places as well.
double great_circle_km(const Airports::Place& from, const Airports::Place& to) {
  const double north = std::sin((to.latitude - from.latitude) / 2);
  const double east = std::sin((to.longitude - from.longitude) / 2);
  const double h = north * north + std::cos(from.latitude) * std::cos(to.latitude) * east * east;
  return 2 * kEarthKm * std::asin(std::sqrt(std::fmin(h, 1)));
}

}  // namespace chunkmill::scope3
