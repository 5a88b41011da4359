// Units of activity data and of factors, converted within their dimension by exact constants.
// Nothing converts between dimensions: litres to kilograms need a density that somebody states.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chunkmill::scope3 {

enum class Dimension : uint8_t {
  kMoney,
  kMass,
  kVolume,
  kEnergy,     // of fuels: by their gross (higher) heating value
  kNetEnergy,  // of fuels: by their net (lower) heating value
  kDistance,
  kArea,
  kTime,
  kCount,
  kNight,        // of a room
  kTeu,          // containers
  kFreight,      // mass carried over a distance
  kTeuDistance,  // containers carried over a distance
  kPassenger,    // passengers carried over a distance
  kVolumeTime,   // storage
  kAreaTime,     // floor over time
  kCountTime,    // pallets or people over time
  kTeuTime,
  kEmissions,  // CO2e that somebody else calculated
};
std::string_view dimension_name(Dimension dimension);

// `size` in a base unit of the dimension that is so small that every size is an exact double.
struct Unit {
  Dimension dimension = Dimension::kCount;
  double size = 1;
};

// Spaces, '_', '-', '.' and '^' do not matter, and case only where two units differ by it: ml and
// ML, mg and Mg; mWh and mJ are not taken. Neither are words that mean several things: "ton"
// (short, long, metric), "gal" (US, imperial), "MT"; ambiguous_unit() says what to write.
std::optional<Unit> parse_unit(std::string_view text);
std::string_view ambiguous_unit(std::string_view text);

// `amount` of `from` in `to`, which must be of the same dimension.
inline double convert(double amount, Unit from, Unit to) {
  return from.size == to.size ? amount : amount * from.size / to.size;
}

// The unit of a product: mass x distance is freight, volume x time is storage, in either order.
// Nothing for products that no factor is for.
std::optional<Unit> product(Unit a, Unit b);

// An ISO 4217 code as a number, or 0 when the text, which is trimmed, is not three letters.
using Currency = uint32_t;
inline Currency parse_currency(std::string_view text) {
  if (text.size() != 3) return 0;
  Currency code = 0;
  for (const char c : text) {
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    if (upper < 'A' || upper > 'Z') return 0;
    code = code << 8 | static_cast<unsigned char>(upper);
  }
  return code;
}
std::string currency_text(Currency currency);

// What stands before and after the line of "kgCO2e/t", "kg CO2e per MWh", "g CH4/vehicle-mile",
// "kg CO2e of N2O/l" or "kg CO2e/2022 USD, purchaser price".
struct FactorUnit {
  double kilograms = 1;   // one numerator in kg
  bool in_grams = false;  // divide by 1000: 0.001 is no exact double
  std::string gas;        // "ch4"; empty: all gases as CO2e, or not said
  bool co2e = false;      // the numerator is CO2e, of all gases or of `gas`
  Unit per{};             // kMoney: in `currency`
  Currency currency = 0;
  int year = 0;             // of the money, 0 if not said
  std::string price_basis;  // "purchaser", "producer", "basic" or empty
  std::string denominator;  // "t", "USD"
};
// Fails with text in `why` when it is not a mass for one of something.
std::optional<FactorUnit> parse_factor_unit(std::string_view text, std::string* why);

}  // namespace chunkmill::scope3
