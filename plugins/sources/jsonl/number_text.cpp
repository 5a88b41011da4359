#include "number_text.hpp"

#include <cfloat>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

namespace chunkmill::jsonl {
namespace {

// A double has no more digits than that.
constexpr size_t kMostDigits = 767;
// All texts of so many digits are kept.
constexpr size_t kSafeDigits = 15;

struct Digits {
  std::string text;      // without zeros at both ends
  int64_t exponent = 0;  // the number is text x 10^exponent
};

Digits digits_of(std::string_view number) {
  Digits digits;
  bool fraction = false;
  size_t i = 0;
  for (; i < number.size() && (number[i] | 0x20) != 'e'; ++i) {
    if (number[i] == '.') fraction = true;
    if (static_cast<unsigned char>(number[i] - '0') >= 10) continue;
    if (fraction) --digits.exponent;
    if (!digits.text.empty() || number[i] != '0') digits.text += number[i];
  }
  if (i < number.size()) {
    std::string_view power = number.substr(i + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    int64_t shift = 0;
    std::from_chars(power.data(), power.data() + power.size(), shift);
    digits.exponent += shift;
  }
  while (!digits.text.empty() && digits.text.back() == '0') {
    digits.text.pop_back();
    ++digits.exponent;
  }
  return digits;
}

// Most numbers are decided in the 64 bits of a long double, which hold the digits and their power
// of ten exactly; the product is then wrong by far less than the hundredth that is left open.
std::optional<bool> keeps_digits_quickly(const Digits& digits, double value) {
  constexpr long double kPowers[] = {1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,
                                     1e7L,  1e8L,  1e9L,  1e10L, 1e11L, 1e12L, 1e13L,
                                     1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L};
  if (LDBL_MANT_DIG < 64 || digits.text.size() > 17 || digits.exponent > 0 || digits.exponent < -19)
    return std::nullopt;
  int64_t whole = 0;
  std::from_chars(digits.text.data(), digits.text.data() + digits.text.size(), whole);
  const long double scaled = std::fabs(static_cast<long double>(value)) * kPowers[-digits.exponent];
  const long double off = std::fabs(scaled - static_cast<long double>(whole));
  if (off < 0.49L) return true;
  if (off > 0.51L) return false;
  return std::nullopt;
}

}  // namespace

bool is_json_number(std::string_view text) {
  const std::string ended(text);
  return number_end(ended.c_str()) == ended.c_str() + ended.size();
}

bool keeps_digits(std::string_view text, double value) {
  if (text.size() <= kSafeDigits) return true;
  const Digits digits = digits_of(text);
  const size_t count = digits.text.size();
  if (count <= kSafeDigits) return true;
  if (count > kMostDigits) return false;
  if (const auto known = keeps_digits_quickly(digits, value)) return *known;
  char written[kMostDigits + 16];
  const auto [end, fault] =
      std::to_chars(written, written + sizeof written, std::fabs(value),
                    std::chars_format::scientific, static_cast<int>(count) - 1);
  if (fault != std::errc()) return false;
  std::string same(1, written[0]);
  same.append(written + 2, count - 1);  // behind the point
  return same == digits.text;
}

}  // namespace chunkmill::jsonl
