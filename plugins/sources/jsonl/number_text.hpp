// The text of numbers as JSON writes them. Threads: any. Failure: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace chunkmill::jsonl {

// Behind the number that begins at `text`: no plus, no leading zeros, digits on both sides of a
// point. Null when there is none. Some byte that no number holds must follow the text.
inline const char* number_end(const char* text) {
  const auto digits = [&text] {
    const char* const from = text;
    while (static_cast<unsigned char>(*text - '0') < 10) ++text;
    return text - from;
  };
  if (*text == '-') ++text;
  const bool zero = *text == '0';
  const auto whole = digits();
  if (whole == 0 || (zero && whole > 1)) return nullptr;
  if (*text == '.') {
    ++text;
    if (digits() == 0) return nullptr;
  }
  if (*text == 'e' || *text == 'E') {
    ++text;
    if (*text == '+' || *text == '-') ++text;
    if (digits() == 0) return nullptr;
  }
  return text;
}

// The same for a number of at most 15 digits and no exponent, whose value it reads on its way: the
// digits as a whole number below 2^53, divided once by an exact power of ten, are rounded
// correctly. Null for any other number.
inline const char* plain_number_end(const char* text, double* out) {
  constexpr double kPowers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  constexpr ptrdiff_t kMostDigits = 15;
  uint64_t number = 0;
  const auto digits = [&] {
    const char* const from = text;
    for (; static_cast<unsigned char>(*text - '0') < 10; ++text)
      number = number * 10 + static_cast<unsigned char>(*text - '0');
    return text - from;
  };
  const bool negative = *text == '-';
  if (negative) ++text;
  const bool zero = *text == '0';
  ptrdiff_t count = digits();
  if (count == 0 || (zero && count > 1)) return nullptr;
  ptrdiff_t decimals = 0;
  if (*text == '.') {
    ++text;
    decimals = digits();
    count += decimals;
    if (decimals == 0) return nullptr;
  }
  if (count > kMostDigits || (*text | 0x20) == 'e') return nullptr;
  const double value = static_cast<double>(number) / kPowers[decimals];
  *out = negative ? -value : value;
  return text;
}

// True for a whole text that is such a number.
bool is_json_number(std::string_view text);

// True when `value`, which was read from the number `text`, has all of its digits: written with as
// many, it reads the same. So 0.1 and 0.10000000000000001 are kept, 9007199254740993 is not.
bool keeps_digits(std::string_view text, double value);

}  // namespace chunkmill::jsonl
