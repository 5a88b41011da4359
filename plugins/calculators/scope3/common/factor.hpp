// One emission factor, as its set publishes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "plugins/calculators/scope3/common/text.hpp"
#include "plugins/calculators/scope3/common/units.hpp"

namespace chunkmill::scope3 {

// Which part of a life cycle a factor covers. Without it double counting cannot be seen.
enum class Boundary : uint8_t {
  kCombustion,
  kUpstream,
  kLifeCycle,
  kCradleToGate,
  kGateToGate,
  kEndOfLife,
};
// "cradle_to_gate"; '-' and ' ' stand for '_'.
std::optional<Boundary> parse_boundary(std::string_view text);
std::string_view boundary_name(Boundary boundary);

// A record of a factor table, or a factor that a row brings with it. Its texts belong to the table
// or to the lane.
struct Factor {
  // In the units of its publication: `value` [unit], where a unit is kg, g, t or lb of CO2e for one
  // of `per`.
  double value = 0;
  Unit per{};
  Currency currency = 0;  // of money
  Boundary boundary = Boundary::kCradleToGate;
  bool in_grams = false;
  double kilograms = 1;
  int32_t year = 0;     // of its data, and of its money; 0: not said
  uint64_t region = 0;  // region_text as a key, see region_key()
  uint64_t hash = 0;    // over every field

  Text set;
  Text set_version;
  Text id;
  Text activity_code;
  Text activity;
  Text region_text;
  Text price_basis;
  Text unit;         // "kgCO2e/USD"
  Text denominator;  // "USD"
  Text boundary_text;
  Text gwp_set;
  Text source;
  Text hash_text;  // `hash` as 16 hexadecimal digits

  bool of_money() const { return per.dimension == Dimension::kMoney; }
  // Emissions in kg CO2e of `amount`, which is in the factor's denominator.
  double emissions(double amount) const {
    const double published = amount * value;
    return in_grams ? published / 1000 : published * kilograms;
  }
};

// Regions are compared as a number: of at most 7 characters ("US", "GB-SCT", "RFCW").
uint64_t region_key(std::string_view region);
// "GLO", "WORLD" or "ROW".
bool is_world(uint64_t region);

// The hash over every field; texts and numbers alike.
uint64_t hash_of(const Factor& factor);

// 16 lower-case hexadecimal digits at `out`.
inline void write_hex(uint64_t value, char* out) {
  for (int i = 15; i >= 0; --i, value >>= 4) out[i] = "0123456789abcdef"[value & 15];
}

}  // namespace chunkmill::scope3
