// Text to typed values, strictly: the whole text must be the value, in range and finite, and no
// digit of a whole number, a decimal or a time is lost. Threads: any. Failure: a ParseFault;
// nothing throws, and only fault_text() allocates.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include "chunkmill/arrow.hpp"
#include "chunkmill/civil_date.hpp"
#include "chunkmill/digit_words.hpp"

namespace chunkmill {

enum class ParseFault : uint8_t {
  kNone,
  kBad,
  kOutOfRange,
  kNotFinite,
  kTooPrecise,  // a value of that kind, with digits that the type does not keep
  kExponent,    // "1.5e3" where a whole number is read from digits alone
};

// What becomes of the digits of a time behind the microsecond.
enum class Fractions : uint8_t { kReject, kRound, kCut };

namespace detail {

inline bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

// "1e3", "-2.50E+10": a number with an exponent, whatever its size.
inline bool is_scientific(std::string_view text) {
  size_t i = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  const auto digits = [&] {
    const size_t from = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i - from;
  };
  size_t mantissa = digits();
  if (i < text.size() && text[i] == '.') {
    ++i;
    mantissa += digits();
  }
  if (mantissa == 0 || i >= text.size() || (text[i] != 'e' && text[i] != 'E')) return false;
  ++i;
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
  return digits() > 0 && i == text.size();
}

template <typename Int>
ParseFault parse_integer(std::string_view text, Int* out) {
  if (text.size() > 1 && text.front() == '+' && is_digit(text[1])) text.remove_prefix(1);
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), *out);
  if (end != text.data() + text.size())
    return is_scientific(text) ? ParseFault::kExponent : ParseFault::kBad;
  if (fault == std::errc::result_out_of_range) return ParseFault::kOutOfRange;
  return fault == std::errc() ? ParseFault::kNone : ParseFault::kBad;
}

// True when the float that was read from the whole number `digits` still has all of them: it is
// that number, or its shortest text has the same digits with zeros behind them.
inline bool keeps_digits(std::string_view digits, double value) {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  char text[320];
  const char* end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed).ptr;
  if (std::string_view(text, static_cast<size_t>(end - text)) == digits) return true;
  end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  size_t at = 0;  // in `digits`
  for (const char* p = text; p != end && *p != 'e'; ++p) {
    if (*p == '.') continue;
    if (at == digits.size() || digits[at++] != *p) return false;
  }
  return digits.find_first_not_of('0', at) == digits.npos;
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

// Zones are up to 18 hours away from UTC, as in java.time.
inline constexpr int kMaxZoneHours = 18;

// The digits of a fraction of a second at the front of `text`, at least one, as microseconds; what
// becomes of those behind the microsecond is said by `fractions`. Rounding may give a whole second.
struct Fraction {
  size_t digits = 0;
  int64_t micros = 0;
  bool too_precise = false;
};
inline Fraction read_fraction(std::string_view text, Fractions fractions) {
  Fraction out;
  int64_t unit = 100'000;
  for (; out.digits < text.size() && is_digit(text[out.digits]); ++out.digits) {
    const int digit = text[out.digits] - '0';
    out.micros += digit * unit;
    unit /= 10;
    if (out.digits < 6 || digit == 0) continue;
    if (fractions == Fractions::kReject) out.too_precise = true;
    if (fractions == Fractions::kRound && out.digits == 6 && digit >= 5) ++out.micros;
  }
  return out;
}

// A decimal with an exponent, which stands at `exponent`. See parse_decimal128().
inline ParseFault parse_scientific_decimal(std::string_view text, size_t exponent, int precision,
                                           int scale, Int128* out) {
  const std::string_view mantissa = text.substr(0, exponent);
  std::string_view power_text = text.substr(exponent + 1);
  const bool down = power_text.starts_with('-');
  if (down || power_text.starts_with('+')) power_text.remove_prefix(1);
  if (power_text.empty()) return ParseFault::kBad;
  constexpr int64_t kFar = int64_t{1} << 40;  // beyond any text's digits
  int64_t power = 0;
  for (const char c : power_text) {
    if (!is_digit(c)) return ParseFault::kBad;
    power = power < kFar ? power * 10 + (c - '0') : kFar;
  }
  if (down) power = -power;
  const size_t first = mantissa.find_first_not_of("0.");
  if (first == mantissa.npos) {
    *out = 0;
    return ParseFault::kNone;
  }
  const size_t last = mantissa.find_last_not_of("0.");
  const size_t point = mantissa.find('.');
  // The value is the digits from `first` to `last`, times ten to the power of `power`.
  const auto at = [](size_t position) { return static_cast<int64_t>(position); };
  const bool behind_point = point != mantissa.npos && last > point;
  const bool spans_point = behind_point && first < point;
  const int64_t digits = at(last - first + 1) - (spans_point ? 1 : 0);
  const int64_t whole_end = at(point == mantissa.npos ? mantissa.size() : point);
  power += behind_point ? at(point) - at(last) : whole_end - at(last) - 1;
  power += scale;
  if (power < 0) return ParseFault::kTooPrecise;
  if (digits + power > precision) return ParseFault::kOutOfRange;
  Int128 value = 0;
  for (const char c : mantissa.substr(first, last - first + 1))
    if (c != '.') value = value * 10 + (c - '0');
  for (; power > 0; --power) value *= 10;
  *out = value;
  return ParseFault::kNone;
}

}  // namespace detail

// A sign and digits. A whole number with an exponent is refused even where it is exact:
// spreadsheets write long ids as "1.23457E+12", and have lost their digits.
inline ParseFault parse_int64(std::string_view text, int64_t* out) {
  return detail::parse_integer(text, out);
}
inline ParseFault parse_int32(std::string_view text, int32_t* out) {
  return detail::parse_integer(text, out);
}

namespace detail {
template <bool kPadded>
ParseFault read_double(std::string_view text, double* out) {
  static constexpr double kPowers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                       1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const char* number = text.data();
  const char* const end = number + text.size();
  bool negative = false;
  if (number != end && (*number == '-' || *number == '+')) negative = *number++ == '-';
  // Plain "123.45" with at most 15 digits: the digits as an integer below 2^53, divided once by an
  // exact power of ten, is the correctly rounded result.
  ShortDecimal plain;
  if (read_short_decimal<kPadded>({number, end}, &plain)) [[likely]] {
    const double value =
        static_cast<double>(static_cast<int64_t>(plain.digits)) / kPowers[plain.decimals];
    *out = negative ? -value : value;
    return ParseFault::kNone;
  }
  const char* p = number;
  uint64_t digits = 0;
  while (p != end && is_digit(*p)) digits = digits * 10 + static_cast<uint64_t>(*p++ - '0');
  int64_t count = p - number;
  int64_t decimals = 0;
  if (p != end && *p == '.') {
    const char* const point = p++;
    while (p != end && is_digit(*p)) digits = digits * 10 + static_cast<uint64_t>(*p++ - '0');
    decimals = p - point - 1;
    count += decimals;
  }
  if (p == end && count > 0 && count <= 15) {
    const double value = static_cast<double>(static_cast<int64_t>(digits)) / kPowers[decimals];
    *out = negative ? -value : value;
    return ParseFault::kNone;
  }
  if (number == end || (!is_digit(*number) && *number != '.')) {
    double other = 0;
    const auto [stop, fault] = std::from_chars(number, end, other);
    const bool is_name = fault == std::errc() && stop == end && !std::isfinite(other);
    return is_name ? ParseFault::kNotFinite : ParseFault::kBad;
  }
  double value = 0;
  const auto [stop, fault] = std::from_chars(number, end, value);
  if (fault == std::errc::result_out_of_range && stop == end) return ParseFault::kOutOfRange;
  if (fault != std::errc() || stop != end) return ParseFault::kBad;
  const bool is_whole = p == end && count == end - number;
  if (is_whole && !keeps_digits({number, end}, value)) return ParseFault::kTooPrecise;
  *out = negative ? -value : value;
  return ParseFault::kNone;
}
}  // namespace detail

// A decimal number, "12.5", "-3", "1e6", as the nearest float. Not "NaN", "inf", "0x10", "1,234";
// "1e999" is out of range, and a whole number whose digits a float does not keep is too precise.
inline ParseFault parse_double(std::string_view text, double* out) {
  return detail::read_double<false>(text, out);
}
// The same, and faster, for text in a buffer that can be read for 9 bytes from its beginning.
inline ParseFault parse_padded_double(std::string_view text, double* out) {
  return detail::read_double<true>(text, out);
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
  detail::CivilDate date;
  if (!detail::read_iso_date(text, &date)) return ParseFault::kBad;
  int32_t days = 0;
  if (!detail::checked_days_from_civil(date, &days)) return ParseFault::kOutOfRange;
  *out = days;
  return ParseFault::kNone;
}

// ISO 8601: "2024-02-29", "2024-02-29T12:30", "2024-02-29 12:30:59.123456Z", "...+02:00". Without a
// zone it is UTC. Microseconds since 1970-01-01 UTC. Zeros behind the microsecond are taken; of
// other digits `fractions` says what becomes. A leap second is out of range.
inline ParseFault parse_timestamp_with(std::string_view text, Fractions fractions, int64_t* out) {
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
  detail::Fraction fraction;
  if ((text[0] != 'T' && text[0] != ' ') || text.size() < 6 || text[3] != ':' ||
      !detail::read_digits(text, 1, 2, &hour) || !detail::read_digits(text, 4, 2, &minute))
    return ParseFault::kBad;
  text.remove_prefix(6);
  if (!text.empty() && text[0] == ':') {
    if (!detail::read_digits(text, 1, 2, &second)) return ParseFault::kBad;
    text.remove_prefix(3);
    if (!text.empty() && text[0] == '.') {
      fraction = detail::read_fraction(text.substr(1), fractions);
      if (fraction.digits == 0) return ParseFault::kBad;
      text.remove_prefix(1 + fraction.digits);
    }
  }
  int zone_hour = 0;
  int zone_minute = 0;
  bool west = false;
  if (!text.empty() && text != "Z") {
    west = text[0] == '-';
    if ((!west && text[0] != '+') || !detail::read_digits(text, 1, 2, &zone_hour))
      return ParseFault::kBad;
    text.remove_prefix(3);
    if (!text.empty() && text[0] == ':') text.remove_prefix(1);
    if (!text.empty() && (text.size() != 2 || !detail::read_digits(text, 0, 2, &zone_minute)))
      return ParseFault::kBad;
  }
  if (hour > 23 || minute > 59 || second > 59) return ParseFault::kOutOfRange;
  if (zone_hour > detail::kMaxZoneHours || zone_minute > 59) return ParseFault::kOutOfRange;
  if (fraction.too_precise) return ParseFault::kTooPrecise;
  micros += (int64_t{hour} * 3600 + minute * 60 + second) * 1'000'000 + fraction.micros;
  const int64_t zone = (int64_t{zone_hour} * 60 + zone_minute) * 60'000'000;
  *out = west ? micros + zone : micros - zone;
  return ParseFault::kNone;
}
inline ParseFault parse_timestamp(std::string_view text, int64_t* out) {
  return parse_timestamp_with(text, Fractions::kReject, out);
}

// "-12.340", "1.5E+3" into an integer scaled by 10^scale, exactly. More decimals than `scale` must
// be zeros, else it is too precise; more digits than `precision` is out of range.
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
  ParseFault fault = ParseFault::kNone;  // the number is read to its end, to know that it is one
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && decimals < 0) {
      decimals = 0;
      continue;
    }
    if (!detail::is_digit(c)) {
      if (!any || (c != 'e' && c != 'E')) return ParseFault::kBad;
      fault = detail::parse_scientific_decimal(text, i, precision, scale, &value);
      if (fault == ParseFault::kNone) *out = negative ? -value : value;
      return fault;
    }
    any = true;
    if (fault != ParseFault::kNone) continue;
    if (decimals >= scale) {
      if (c != '0') fault = ParseFault::kTooPrecise;
      continue;
    }
    if (decimals >= 0) ++decimals;
    if (value != 0 || c != '0') ++digits;
    if (digits > precision) {
      fault = ParseFault::kOutOfRange;
    } else {
      value = value * 10 + (c - '0');
    }
  }
  if (!any) return ParseFault::kBad;
  if (fault != ParseFault::kNone) return fault;
  for (int i = decimals < 0 ? 0 : decimals; i < scale; ++i) {
    if (value != 0 && ++digits > precision) return ParseFault::kOutOfRange;
    value *= 10;
  }
  *out = negative ? -value : value;
  return ParseFault::kNone;
}

// A reject's code.
inline std::string_view fault_code(ParseFault fault, Type type) {
  if (fault == ParseFault::kNotFinite) return "not_a_number";
  if (fault == ParseFault::kTooPrecise) return "too_precise";
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

// The sentence for it, behind the value: "does not fit into int32".
inline std::string fault_text(ParseFault fault, const Field& field) {
  const bool is_time = field.type == Type::kDate32 || field.type == Type::kTimestamp;
  switch (fault) {
    case ParseFault::kNotFinite:
      return "is not a number that can be calculated with";
    case ParseFault::kOutOfRange:
      return is_time ? "is not a day or time of the calendar"
                     : "does not fit into " + field.type_text();
    case ParseFault::kTooPrecise:
      if (is_time) return "is finer than a microsecond, which is what is kept";
      if (field.type == Type::kFloat64) return "has more digits than a float keeps; decimal does";
      return "has more digits behind the decimal sign than " + field.type_text() + " keeps";
    case ParseFault::kExponent:
      return "has an exponent, and a whole number is read from its digits alone; decimal(38,0) "
             "takes an exponent where it is exact";
    default:
      return "is not of type " + field.type_text();
  }
}

}  // namespace chunkmill
