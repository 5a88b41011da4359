#include "plugins/calculators/scope3/business_travel/haul_bands.hpp"

#include <algorithm>
#include <limits>

#include "chunkmill/parse.hpp"
#include "plugins/calculators/scope3/common/lookup_text.hpp"

namespace chunkmill::scope3 {

void HaulBands::load(const Host& host, const LookupName& lookup) {
  const Table table = host.lookup(lookup.value);
  const auto column = [&](std::string_view name) {
    return find_column(table.schema(), lookup.value, name, "haul_bands");
  };
  const size_t activity = column("activity");
  const size_t below = column("below_km");
  const size_t code = column("code");
  bands_.clear();
  int64_t number = 0;
  for (size_t b = 0; b < table.batch_count(); ++b) {
    const Batch batch = table.batch(b);
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      ++number;
      const std::string text = cell_text(batch, below, row);
      Band band{std::numeric_limits<double>::infinity(), cell_text(batch, code, row)};
      const bool limited = !text.empty();
      const std::string name = cell_text(batch, activity, row);
      if (name.empty() || band.code.empty() ||
          (limited &&
           (parse_double(text, &band.below_km) != ParseFault::kNone || !(band.below_km > 0))))
        throw Error(CM_INVALID, "lookup \"" + lookup.value + "\", record " +
                                    std::to_string(number) +
                                    ": it takes an activity, km above 0 or nothing, and a code")
            .at("haul_bands");
      bands_[name].push_back(std::move(band));
    }
  }
  for (auto& [name, bands] : bands_)
    std::stable_sort(bands.begin(), bands.end(),
                     [](const Band& a, const Band& b) { return a.below_km < b.below_km; });
}

const HaulBands::Bands* HaulBands::find(std::string_view activity) const {
  const auto found = bands_.find(activity);
  return found == bands_.end() ? nullptr : &found->second;
}

std::string_view HaulBands::code(const Bands& bands, double km) {
  for (const Band& band : bands)
    if (km < band.below_km) return band.code;
  return {};
}

}  // namespace chunkmill::scope3
