#include "plugins/calculators/scope3/common/factor.hpp"

#include <algorithm>

#include "plugins/calculators/scope3/common/hash.hpp"

namespace chunkmill::scope3 {
namespace {
constexpr std::string_view kBoundaries[] = {"combustion",     "upstream",     "life_cycle",
                                            "cradle_to_gate", "gate_to_gate", "end_of_life"};
}  // namespace

std::optional<Boundary> parse_boundary(std::string_view text) {
  std::string word(trim(text));
  for (char& c : word) {
    if (c == '-' || c == ' ') c = '_';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  for (size_t i = 0; i < std::size(kBoundaries); ++i)
    if (word == kBoundaries[i]) return static_cast<Boundary>(i);
  return std::nullopt;
}

std::string_view boundary_name(Boundary boundary) {
  return kBoundaries[static_cast<size_t>(boundary)];
}

uint64_t region_key(std::string_view region) {
  region = trim(region);
  if (region.empty()) return 0;
  if (region.size() > 7) return Hasher().add(region).finish() | 1;
  uint64_t key = 0;
  for (const char c : region) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    key = key << 8 | static_cast<unsigned char>(upper);
  }
  return key;
}

bool is_world(uint64_t region) {
  static const uint64_t kWorld[] = {region_key("GLO"), region_key("WORLD"), region_key("ROW")};
  return std::find(std::begin(kWorld), std::end(kWorld), region) != std::end(kWorld);
}

uint64_t hash_of(const Factor& factor) {
  Hasher hasher;
  hasher.add(factor.value).add(factor.kilograms).add(factor.per.size);
  hasher.add(uint64_t{factor.in_grams}).add(uint64_t{factor.currency});
  hasher.add(static_cast<uint64_t>(factor.per.dimension)).add(int64_t{factor.year});
  for (const Text text : {factor.set, factor.set_version, factor.id, factor.activity_code,
                          factor.activity, factor.region_text, factor.price_basis, factor.unit,
                          factor.boundary_text, factor.gwp_set, factor.source})
    hasher.add(text.view());
  return hasher.finish();
}

}  // namespace chunkmill::scope3
