// Text to typed values, strictly: the whole text must be the value, in one plain spelling, in range
// and finite. Threads: any. Failure: a ParseFault; nothing throws, nothing allocates.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <system_error>

#include "chunkmill/arrow.hpp"

namespace chunkmill {

enum class ParseFault : uint8_t { kNone, kBad, kOutOfRange, kNotFinite };

namespace detail {

inline bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

template <typename Int>
ParseFault parse_integer(std::string_view text, Int* out) {
  if (text.size() > 1 && text.front() == '+' && is_digit(text[1])) text.remove_prefix(1);
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), *out);
  if (end != text.data() + text.size()) return ParseFault::kBad;
  if (fault == std::errc::result_out_of_range) return ParseFault::kOutOfRange;
  return fault == std::errc() ? ParseFault::kNone : ParseFault::kBad;
}

// Reads exactly `count` digits.
inline bool read_digits(std::string_view text, size_t at, size_t count, int* out) {
  if (at + count > text.size()) return false;
  int value = 0;
  for (size_t i = at; i < at + count; ++i) {
    if (!is_digit(text[i])) return false;
    value = value * 10 + (text[i] - '0');
  }
  *out = value;
  return true;
}

inline bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

inline int days_in_month(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[month - 1];
}

// Days since 1970-01-01 in the proleptic Gregorian calendar; the era method of H. Hinnant's
// "chrono-compatible low-level date algorithms".
inline int32_t days_from_civil(int year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const int era = (year >= 0 ? year : year - 399) / 400;
  const int year_of_era = year - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

}  // namespace detail

inline ParseFault parse_int64(std::string_view text, int64_t* out) {
  return detail::parse_integer(text, out);
}
inline ParseFault parse_int32(std::string_view text, int32_t* out) {
  return detail::parse_integer(text, out);
}

// A decimal number, "12.5", "-3", "1e6". Not "NaN", "inf", "0x10", "1,234"; "1e999" is out of
// range.
inline ParseFault parse_double(std::string_view text, double* out) {
  constexpr double kPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  const char* p = text.data();
  const char* const end = p + text.size();
  bool negative = false;
  if (p != end && (*p == '-' || *p == '+')) negative = *p++ == '-';
  const char* const number = p;
  // Plain "123.45" with at most 15 digits: the digits as an integer below 2^53, divided once by an
  // exact power of ten, is the correctly rounded result.
  uint64_t digits = 0;
  while (p != end && detail::is_digit(*p)) digits = digits * 10 + static_cast<uint64_t>(*p++ - '0');
  int64_t count = p - number;
  int64_t decimals = 0;
  if (p != end && *p == '.') {
    const char* const point = p++;
    while (p != end && detail::is_digit(*p))
      digits = digits * 10 + static_cast<uint64_t>(*p++ - '0');
    decimals = p - point - 1;
    count += decimals;
  }
  if (p == end && count > 0 && count <= 15) {
    const double value = static_cast<double>(digits) / kPowers[decimals];
    *out = negative ? -value : value;
    return ParseFault::kNone;
  }
  if (number == end || (!detail::is_digit(*number) && *number != '.')) {
    double other = 0;
    const auto [stop, fault] = std::from_chars(number, end, other);
    const bool is_name = fault == std::errc() && stop == end && !std::isfinite(other);
    return is_name ? ParseFault::kNotFinite : ParseFault::kBad;
  }
  double value = 0;
  const auto [stop, fault] = std::from_chars(number, end, value);
  if (fault == std::errc::result_out_of_range && stop == end) return ParseFault::kOutOfRange;
  if (fault != std::errc() || stop != end) return ParseFault::kBad;
  *out = negative ? -value : value;
  return ParseFault::kNone;
}

// true/false, t/f, yes/no, y/n, 1/0 in any case.
inline ParseFault parse_bool(std::string_view text, bool* out) {
  if (text.empty() || text.size() > 5) return ParseFault::kBad;
  char lower[5];
  for (size_t i = 0; i < text.size(); ++i)
    lower[i] = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
  const std::string_view word(lower, text.size());
  if (word == "true" || word == "t" || word == "yes" || word == "y" || word == "1") {
    *out = true;
    return ParseFault::kNone;
  }
  if (word == "false" || word == "f" || word == "no" || word == "n" || word == "0") {
    *out = false;
    return ParseFault::kNone;
  }
  return ParseFault::kBad;
}

// "2024-02-29": days since 1970-01-01. A day that the calendar does not have is out of range.
inline ParseFault parse_date32(std::string_view text, int32_t* out) {
  int year = 0;
  int month = 0;
  int day = 0;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' ||
      !detail::read_digits(text, 0, 4, &year) || !detail::read_digits(text, 5, 2, &month) ||
      !detail::read_digits(text, 8, 2, &day))
    return ParseFault::kBad;
  if (month < 1 || month > 12 || day < 1 || day > detail::days_in_month(year, month))
    return ParseFault::kOutOfRange;
  *out = detail::days_from_civil(year, month, day);
  return ParseFault::kNone;
}

// ISO 8601: "2024-02-29", "2024-02-29T12:30", "2024-02-29 12:30:59.123456Z", "...+02:00". Without a
// zone it is UTC. Microseconds since 1970-01-01 UTC; digits beyond microseconds must be zero.
inline ParseFault parse_timestamp(std::string_view text, int64_t* out) {
  int32_t days = 0;
  if (const ParseFault fault = parse_date32(text.substr(0, 10), &days); fault != ParseFault::kNone)
    return fault;
  int64_t micros = int64_t{days} * 86'400'000'000;
  text.remove_prefix(10);
  if (text.empty()) {
    *out = micros;
    return ParseFault::kNone;
  }
  int hour = 0;
  int minute = 0;
  int second = 0;
  if ((text[0] != 'T' && text[0] != ' ') || text.size() < 6 || text[3] != ':' ||
      !detail::read_digits(text, 1, 2, &hour) || !detail::read_digits(text, 4, 2, &minute))
    return ParseFault::kBad;
  text.remove_prefix(6);
  if (!text.empty() && text[0] == ':') {
    if (!detail::read_digits(text, 1, 2, &second)) return ParseFault::kBad;
    text.remove_prefix(3);
    if (!text.empty() && text[0] == '.') {
      int64_t unit = 100'000;
      size_t i = 1;
      for (; i < text.size() && detail::is_digit(text[i]); ++i) {
        if (unit == 0 && text[i] != '0') return ParseFault::kOutOfRange;
        micros += (text[i] - '0') * unit;
        unit /= 10;
      }
      if (i == 1) return ParseFault::kBad;
      text.remove_prefix(i);
    }
  }
  if (hour > 23 || minute > 59 || second > 59) return ParseFault::kOutOfRange;
  micros += (int64_t{hour} * 3600 + minute * 60 + second) * 1'000'000;
  if (text.empty() || text == "Z") {
    *out = micros;
    return ParseFault::kNone;
  }
  int zone_hour = 0;
  int zone_minute = 0;
  if ((text[0] != '+' && text[0] != '-') || !detail::read_digits(text, 1, 2, &zone_hour))
    return ParseFault::kBad;
  const char sign = text[0];
  text.remove_prefix(3);
  if (!text.empty() && text[0] == ':') text.remove_prefix(1);
  if (!text.empty() && (text.size() != 2 || !detail::read_digits(text, 0, 2, &zone_minute)))
    return ParseFault::kBad;
  if (zone_hour > 18 || zone_minute > 59) return ParseFault::kOutOfRange;
  const int64_t zone = (int64_t{zone_hour} * 60 + zone_minute) * 60'000'000;
  *out = sign == '+' ? micros - zone : micros + zone;
  return ParseFault::kNone;
}

// "-12.340" into an integer scaled by 10^scale. More decimals than `scale` must be zeros; more
// digits than `precision` is out of range.
inline ParseFault parse_decimal128(std::string_view text, int precision, int scale, Int128* out) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  Int128 value = 0;
  int digits = 0;
  int decimals = -1;
  bool any = false;
  for (const char c : text) {
    if (c == '.' && decimals < 0) {
      decimals = 0;
      continue;
    }
    if (!detail::is_digit(c)) return ParseFault::kBad;
    any = true;
    if (decimals >= scale) {
      if (c != '0') return ParseFault::kOutOfRange;
      continue;
    }
    if (decimals >= 0) ++decimals;
    if (value != 0 || c != '0') ++digits;
    if (digits > precision) return ParseFault::kOutOfRange;
    value = value * 10 + (c - '0');
  }
  if (!any) return ParseFault::kBad;
  for (int i = decimals < 0 ? 0 : decimals; i < scale; ++i) {
    if (value != 0 && ++digits > precision) return ParseFault::kOutOfRange;
    value *= 10;
  }
  *out = negative ? -value : value;
  return ParseFault::kNone;
}

// A reject's code and the sentence for it.
inline std::string_view fault_code(ParseFault fault, Type type) {
  if (fault == ParseFault::kNotFinite) return "not_a_number";
  if (fault == ParseFault::kOutOfRange) {
    return type == Type::kDate32 || type == Type::kTimestamp ? "date_out_of_range"
                                                             : "number_out_of_range";
  }
  switch (type) {
    case Type::kBool:
      return "bad_bool";
    case Type::kDate32:
      return "bad_date";
    case Type::kTimestamp:
      return "bad_timestamp";
    default:
      return "bad_number";
  }
}

}  // namespace chunkmill
