#include "plugins/calculators/scope3/common/regions.hpp"

#include <algorithm>

#include "plugins/calculators/scope3/common/countries.hpp"
#include "plugins/calculators/scope3/common/hash.hpp"
#include "plugins/calculators/scope3/common/lookup_text.hpp"
#include "plugins/calculators/scope3/common/text.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr std::string_view kEuropeanUnion[] = {
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"};

constexpr size_t kMostPacked = 7;

// Of a key that holds a text; of others something that is no country.
std::string country_of(uint64_t region) {
  std::string out;
  for (; region != 0; region >>= 8) out.insert(out.begin(), static_cast<char>(region & 0xFF));
  return out.substr(0, out.find('-'));
}

}  // namespace

uint64_t region_key(std::string_view region) {
  region = trim(region);
  if (region.empty()) return 0;
  std::string upper(region);
  for (char& c : upper)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  if (const std::string_view code = country_code(upper); !code.empty()) {
    upper = code;
  } else if (const size_t dash = upper.find('-'); dash != std::string::npos) {
    const std::string_view country = country_code(std::string_view(upper).substr(0, dash));
    if (!country.empty()) upper.replace(0, dash, country);  // UK-SCT
  }
  if (upper.size() > kMostPacked) return Hasher().add(std::string_view(upper)).finish() | 1;
  uint64_t key = 0;
  for (const char c : upper) key = key << 8 | static_cast<unsigned char>(c);
  return key;
}

bool is_world(uint64_t region) {
  static const uint64_t kWorld[] = {region_key("GLO"), region_key("WORLD"), region_key("ROW")};
  return std::find(std::begin(kWorld), std::end(kWorld), region) != std::end(kWorld);
}

Regions::Regions() {
  for (const std::string_view member : kEuropeanUnion)
    parent_[region_key(member)] = region_key("EU");
}

void Regions::add(const Host& host, const LookupName& lookup) {
  const Table table = host.lookup(lookup.value);
  const size_t region = find_column(table.schema(), lookup.value, "region", "regions");
  const size_t parent = find_column(table.schema(), lookup.value, "parent", "regions");
  for (size_t b = 0; b < table.batch_count(); ++b) {
    const Batch batch = table.batch(b);
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      const std::string inner = scope3::cell_text(batch, region, row);
      const std::string outer = scope3::cell_text(batch, parent, row);
      if (inner.empty() || outer.empty()) continue;
      parent_[note(inner)] = note(outer);
    }
  }
}

uint64_t Regions::key(std::string_view region) {
  const uint64_t key = note(region);
  any_ |= key != 0 && !is_world(key);
  return key;
}

uint64_t Regions::note(std::string_view region) {
  const uint64_t key = region_key(region);
  if (key != 0) named_.insert(key);
  const size_t dash = trim(region).find('-');
  if (dash != std::string_view::npos && dash > 0)
    parent_.try_emplace(key, region_key(trim(region).substr(0, dash)));  // UK-SCT in GB
  return key;
}

bool Regions::known(uint64_t region) const {
  if (is_world(region) || named_.contains(region) || parent_.contains(region)) return true;
  const std::string country = country_of(region);
  return country == "EU" || is_country(country) || named_.contains(region_key(country));
}

uint64_t Regions::parent(uint64_t region) const {
  const auto up = parent_.find(region);
  if (up != parent_.end()) return up->second;
  // A region that no factor names: its country is what stands before the '-'.
  uint64_t country = region;
  while (country != 0 && (country & 0xFF) != '-') country >>= 8;
  return country >> 8;
}

RegionMatch Regions::match(uint64_t row, uint64_t factor, int* steps) const {
  if (steps != nullptr) *steps = 0;
  if (row == 0) return RegionMatch::kAny;
  if (factor == 0) return RegionMatch::kUnspecified;
  if (row == factor) return RegionMatch::kSame;
  if (is_world(factor)) return RegionMatch::kWorld;
  uint64_t at = row;
  for (int level = 1; level <= kMostLevels; ++level) {
    at = parent(at);
    if (at == 0) break;
    if (at == factor) {
      if (steps != nullptr) *steps = level;
      return RegionMatch::kWider;
    }
  }
  return RegionMatch::kOther;
}

}  // namespace chunkmill::scope3
