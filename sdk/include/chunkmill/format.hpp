// Typed values to text, appended to a string. What parse.hpp reads is what these write. Threads:
// any.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>

#include "chunkmill/arrow.hpp"
#include "chunkmill/civil_date.hpp"

namespace chunkmill {

// A place for one number of any type: `char text[kNumberChars]`.
inline constexpr size_t kNumberChars = 48;

// Writes the shortest text that reads back as the same double, without an exponent between 1e-5 and
// 1e15. Returns its end.
inline char* write_double(char* out, double value) {
  if (value == 0) {
    if (std::signbit(value)) *out++ = '-';
    *out++ = '0';
    return out;
  }
  const double size = std::fabs(value);
  const bool plain = size >= 1e-5 && size < 1e15;
  const auto result = plain
                          ? std::to_chars(out, out + kNumberChars, value, std::chars_format::fixed)
                          : std::to_chars(out, out + kNumberChars, value);
  return result.ptr;
}

inline void append_double(std::string* out, double value) {
  char text[kNumberChars];
  out->append(text, write_double(text, value));
}

template <typename Int>
void append_integer(std::string* out, Int value) {
  char text[kNumberChars];
  out->append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

namespace detail {
inline char* write_two(char* out, int value) {
  out[0] = static_cast<char>('0' + value / 10);
  out[1] = static_cast<char>('0' + value % 10);
  return out + 2;
}
}  // namespace detail

// "2024-02-29". Years outside 0000 to 9999 get as many digits as they need.
inline void append_date32(std::string* out, int32_t days) {
  const auto [year, month, day] = detail::civil_from_days(days);
  char text[kNumberChars];
  char* p = text;
  if (year >= 0 && year <= 9999) {
    p = detail::write_two(p, year / 100);
    p = detail::write_two(p, year % 100);
  } else {
    p = std::to_chars(p, text + sizeof text, year).ptr;
  }
  *p++ = '-';
  p = detail::write_two(p, month);
  *p++ = '-';
  p = detail::write_two(p, day);
  out->append(text, p);
}

// "2024-02-29T12:30:59Z", with six decimals when there are microseconds.
inline void append_timestamp(std::string* out, int64_t micros) {
  constexpr int64_t kDay = 86'400'000'000;
  int64_t days = micros / kDay;
  int64_t rest = micros % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  append_date32(out, static_cast<int32_t>(days));
  char text[16];
  char* p = text;
  *p++ = 'T';
  const int64_t seconds = rest / 1'000'000;
  p = detail::write_two(p, static_cast<int>(seconds / 3600));
  *p++ = ':';
  p = detail::write_two(p, static_cast<int>(seconds / 60 % 60));
  *p++ = ':';
  p = detail::write_two(p, static_cast<int>(seconds % 60));
  out->append(text, p);
  if (auto fraction = static_cast<int>(rest % 1'000'000); fraction != 0) {
    char digits[7] = {'.'};
    for (int i = 6; i >= 1; --i, fraction /= 10) digits[i] = static_cast<char>('0' + fraction % 10);
    out->append(digits, 7);
  }
  out->push_back('Z');
}

// "-12.340" for -12340 at scale 3.
inline void append_decimal128(std::string* out, Int128 value, int scale) {
  __extension__ typedef unsigned __int128 Unsigned;
  const bool negative = value < 0;
  Unsigned rest =
      negative ? Unsigned(0) - static_cast<Unsigned>(value) : static_cast<Unsigned>(value);
  char text[64];
  char* p = text + sizeof text;
  int written = 0;
  while (rest != 0 || written <= scale) {
    if (written == scale && scale > 0) *--p = '.';
    *--p = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
    ++written;
  }
  if (negative) *--p = '-';
  out->append(p, text + sizeof text);
}

}  // namespace chunkmill
