// One emission factor, as its set publishes it.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "plugins/calculators/scope3/common/quality.hpp"
#include "plugins/calculators/scope3/common/regions.hpp"
#include "plugins/calculators/scope3/common/text.hpp"
#include "plugins/calculators/scope3/common/units.hpp"

namespace chunkmill::scope3 {

// Which part of a life cycle a factor covers. Without it double counting cannot be seen.
enum class Boundary : uint8_t {
  kCombustion,        // of a fuel; of electricity: its generation
  kUpstream,          // well to tank: life cycle without combustion
  kLifeCycle,         // well to wheel: combustion and upstream
  kCradleToGate,      // of a product
  kCradleToProducer,  // cradle to gate without the producer's own scope 1, scope 2 and waste
  kGateToGate,        // the producer's own part
  kEndOfLife,         // collection and treatment of waste
  kLosses,            // combustion for what is lost in transmission and distribution
  kLossesUpstream,    // upstream of what is lost
};
inline constexpr size_t kBoundaries = 9;
// "cradle_to_gate"; '-' and ' ' stand for '_'; wtt, ttw and wtw are known as well.
std::optional<Boundary> parse_boundary(std::string_view text);
std::string_view boundary_name(Boundary boundary);

// A set of boundaries, a bit each.
using Boundaries = uint32_t;
inline constexpr Boundaries bit(Boundary boundary) { return 1U << static_cast<unsigned>(boundary); }

// What the buyer pays, what the producer gets, and that without taxes on products.
enum class PriceBasis : uint8_t { kUnknown, kPurchaser, kProducer, kBasic };
std::optional<PriceBasis> parse_price_basis(std::string_view text);

// kg of each gas for one unit of the denominator, where a factor has its gases.
struct Gases {
  double co2 = 0;
  double ch4 = 0;
  double n2o = 0;
  double other_co2e = 0;  // all others, in CO2e
};

// What many factors of a set share; texts are stored once.
struct FactorTexts {
  Text set;
  Text set_version;
  Text region;
  Text price_basis;
  Text boundary;
  Text gwp_set;
  Text source;
  Text attribution;  // with the licence, as it must be printed
};

// A record of a factor table, or a factor that a row brings with it. Its texts belong to the table
// or to the lane.
struct Factor {
  // In the units of its publication: `value` [unit], where a unit is kg, g, t or lb of CO2e for one
  // of `per`.
  double value = 0;
  double kilograms = 1;
  Unit per{};
  Currency currency = 0;  // of money
  Boundary boundary = Boundary::kCradleToGate;
  PriceBasis price_basis = PriceBasis::kUnknown;
  bool in_grams = false;
  bool gwp_differs = false;        // CO2e of another set than the inventory's
  double biogenic_co2 = 0;         // kg for one of `per`; beside the sum, never in it
  const Gases* gases = nullptr;    // null: only CO2e is known
  int32_t year = 0;                // of its data; 0: not said
  int32_t base_year = 0;           // of its money
  int32_t valid_from = INT32_MIN;  // days since 1970-01-01
  int32_t valid_to = INT32_MAX;    // the last day
  int32_t prices = -1;             // of money: its series in the price index
  uint16_t preference = 0;         // of its set: less is better
  Quality quality{};               // reliability, completeness and technology; others are computed
  double variance = -1;            // ln SDg95 squared, where the set gives an SDg95 itself
  uint64_t region = 0;             // see region_key()
  uint64_t technology = 0;         // see technology_key()
  uint64_t hash = 0;               // over every field but the place in its file

  const FactorTexts* texts = nullptr;  // never null once read
  Text id;
  Text activity_code;
  Text technology_text;
  Text unit;         // "kgCO2e/USD"
  Text denominator;  // "USD"

  bool of_money() const { return per.dimension == Dimension::kMoney; }
  // Emissions in kg CO2e of `amount`, which is in the factor's denominator.
  double emissions(double amount) const {
    const double published = amount * value;
    return in_grams ? published / 1000 : published * kilograms;
  }
  // kg CO2e for one base unit of the dimension, to compare factors of several units.
  double intensity() const { return emissions(1) / per.size; }
};

// Technologies (vehicle class, fuel, treatment, cabin) are compared as a number, without case; 0:
// none, the average.
uint64_t technology_key(std::string_view text);

// The hash over every field; texts and numbers alike.
uint64_t hash_of(const Factor& factor);

// 16 lower-case hexadecimal digits at `out`.
inline constexpr size_t kHexSize = 16;
inline void write_hex(uint64_t value, char* out) {
  // Eight digits at a time: a nibble to a byte, most significant first, then to its letter.
  const auto digits = [](uint32_t half) {
    uint64_t word = half;
    word = (word | word << 16) & 0x0000FFFF0000FFFFU;
    word = (word | word << 8) & 0x00FF00FF00FF00FFU;
    word = (word | word << 4) & 0x0F0F0F0F0F0F0F0FU;
    const uint64_t above_nine = (word + 0x0606060606060606U) >> 4 & 0x0101010101010101U;
    word += 0x3030303030303030U + above_nine * ('a' - '0' - 10);
    return __builtin_bswap64(word);
  };
  const uint64_t words[] = {digits(static_cast<uint32_t>(value >> 32)),
                            digits(static_cast<uint32_t>(value))};
  std::memcpy(out, words, sizeof words);
}

}  // namespace chunkmill::scope3
