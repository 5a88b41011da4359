#include "plugins/calculators/scope3/fuel_and_energy/loss_rates.hpp"

#include "chunkmill/parse.hpp"
#include "plugins/calculators/scope3/common/lookup_text.hpp"

namespace chunkmill::scope3 {

void LossRates::load(const Host& host, const LookupName& lookup) {
  const Table table = host.lookup(lookup.value);
  const size_t region = find_column(table.schema(), lookup.value, "region", "loss_rates");
  const size_t percent = find_column(table.schema(), lookup.value, "loss_percent", "loss_rates");
  rates_.clear();
  world_.reset();
  int64_t number = 0;
  for (size_t b = 0; b < table.batch_count(); ++b) {
    const Batch batch = table.batch(b);
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      ++number;
      const std::string name = cell_text(batch, region, row);
      const std::string text = cell_text(batch, percent, row);
      if (text.empty()) continue;  // not available
      double value = 0;
      if (name.empty() || parse_double(text, &value) != ParseFault::kNone || value < 0 ||
          value >= 100)
        throw Error(CM_INVALID, "lookup \"" + lookup.value + "\", record " +
                                    std::to_string(number) +
                                    ": it takes a region and a percentage below 100")
            .at("loss_rates");
      rates_[region_key(name)] = value / 100;
      if (is_world(region_key(name))) world_ = value / 100;
    }
  }
}

std::optional<double> LossRates::find(const Regions& regions, uint64_t region) const {
  constexpr int kMostLevels = 8;
  for (int level = 0; region != 0 && level < kMostLevels; ++level) {
    if (const auto found = rates_.find(region); found != rates_.end()) return found->second;
    region = regions.parent(region);
  }
  return world_;
}

}  // namespace chunkmill::scope3
