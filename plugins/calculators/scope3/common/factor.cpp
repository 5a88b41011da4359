#include "plugins/calculators/scope3/common/factor.hpp"

#include <string>

#include "plugins/calculators/scope3/common/hash.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr std::string_view kBoundaryNames[] = {
    "combustion",   "upstream",    "life_cycle", "cradle_to_gate",    "cradle_to_producer",
    "gate_to_gate", "end_of_life", "td_losses",  "td_losses_upstream"};
constexpr std::pair<std::string_view, Boundary> kBoundaryAliases[] = {
    {"wtt", Boundary::kUpstream},   {"well_to_tank", Boundary::kUpstream},
    {"ttw", Boundary::kCombustion}, {"tank_to_wheel", Boundary::kCombustion},
    {"wtw", Boundary::kLifeCycle},  {"well_to_wheel", Boundary::kLifeCycle},
};

std::string word_of(std::string_view text) {
  std::string word(trim(text));
  for (char& c : word) {
    if (c == '-' || c == ' ') c = '_';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return word;
}

}  // namespace

std::optional<Boundary> parse_boundary(std::string_view text) {
  const std::string word = word_of(text);
  for (size_t i = 0; i < kBoundaries; ++i)
    if (word == kBoundaryNames[i]) return static_cast<Boundary>(i);
  for (const auto& [alias, boundary] : kBoundaryAliases)
    if (word == alias) return boundary;
  return std::nullopt;
}

std::string_view boundary_name(Boundary boundary) {
  return kBoundaryNames[static_cast<size_t>(boundary)];
}

std::optional<PriceBasis> parse_price_basis(std::string_view text) {
  const std::string word = word_of(text);
  if (word.empty()) return PriceBasis::kUnknown;
  if (word == "purchaser") return PriceBasis::kPurchaser;
  if (word == "producer") return PriceBasis::kProducer;
  if (word == "basic") return PriceBasis::kBasic;
  return std::nullopt;
}

uint64_t technology_key(std::string_view text) {
  text = trim(text);
  if (text.empty()) return 0;
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return Hasher().add(std::string_view(lower)).finish() | 1;
}

uint64_t hash_of(const Factor& factor) {
  Hasher hasher;
  hasher.add(factor.value).add(factor.kilograms).add(factor.per.size).add(factor.biogenic_co2);
  hasher.add(uint64_t{factor.in_grams}).add(uint64_t{factor.currency}).add(factor.variance);
  hasher.add(static_cast<uint64_t>(factor.per.dimension)).add(int64_t{factor.year});
  hasher.add(int64_t{factor.base_year}).add(int64_t{factor.valid_from});
  hasher.add(int64_t{factor.valid_to}).add(factor.technology);
  for (const uint8_t score : factor.quality.scores) hasher.add(uint64_t{score});
  if (factor.gases != nullptr)
    hasher.add(factor.gases->co2)
        .add(factor.gases->ch4)
        .add(factor.gases->n2o)
        .add(factor.gases->other_co2e);
  const FactorTexts& texts = *factor.texts;
  for (const Text text : {texts.set, texts.set_version, factor.id, factor.activity_code,
                          texts.region, texts.price_basis, factor.unit, texts.boundary,
                          texts.gwp_set, texts.source, texts.attribution})
    hasher.add(text.view());
  return hasher.finish();
}

}  // namespace chunkmill::scope3
