// Sizes, durations and percentages with their unit in the value: "8MiB", "200ms", "50%". Threads:
// any; nothing throws.
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

#include "chunkmill/parse.hpp"

namespace chunkmill {

namespace detail {
struct Unit {
  std::string_view name;
  double factor;
};

template <size_t N>
bool read_with_unit(std::string_view text, const Unit (&units)[N], double* out) {
  size_t end = 0;
  while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
  double number = 0;
  if (parse_double(text.substr(0, end), &number) != ParseFault::kNone) return false;
  std::string_view name = text.substr(end);
  while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
  for (const Unit& unit : units) {
    if (name == unit.name) {
      *out = number * unit.factor;
      return *out < 9e18;
    }
  }
  return false;
}
}  // namespace detail

// "200ms", "1.5s", "10m", "2h", "1d" into milliseconds. A bare number other than 0 is refused: it
// says no unit.
inline bool parse_duration(std::string_view text, int64_t* milliseconds) {
  constexpr detail::Unit kUnits[] = {{"ms", 1},       {"s", 1000},      {"m", 60'000},
                                     {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
  double value = 0;
  if (text == "0") {
    *milliseconds = 0;
    return true;
  }
  if (!detail::read_with_unit(text, kUnits, &value)) return false;
  *milliseconds = static_cast<int64_t>(std::llround(value));
  return true;
}

// "8MiB", "64KiB", "1GB", "512B", "4096" into bytes.
inline bool parse_bytes(std::string_view text, uint64_t* bytes) {
  constexpr detail::Unit kUnits[] = {{"", 1},
                                     {"B", 1},
                                     {"KiB", 1024.0},
                                     {"MiB", 1048576.0},
                                     {"GiB", 1073741824.0},
                                     {"TiB", 1099511627776.0},
                                     {"kB", 1e3},
                                     {"KB", 1e3},
                                     {"MB", 1e6},
                                     {"GB", 1e9},
                                     {"TB", 1e12}};
  double value = 0;
  if (!detail::read_with_unit(text, kUnits, &value)) return false;
  *bytes = static_cast<uint64_t>(value);
  return true;
}

// "50%" or "50" into 50.0; between 0 and 100.
inline bool parse_percent(std::string_view text, double* percent) {
  constexpr detail::Unit kUnits[] = {{"", 1}, {"%", 1}};
  return detail::read_with_unit(text, kUnits, percent) && *percent >= 0 && *percent <= 100;
}

}  // namespace chunkmill
