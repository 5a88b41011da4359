#include "date_format.hpp"

#include <algorithm>
#include <array>

namespace chunkmill::csv {
namespace {

constexpr std::string_view kLetters = "YymdHIMSfbpz%";
constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";

struct Moment {
  int year = 1970;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  detail::Fraction fraction;
  int zone_hour = 0;
  int zone_minute = 0;
  bool west = false;
  bool twelve_hours = false;
  bool afternoon = false;
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Takes text from its front.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }
  bool literal(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool number(size_t least, size_t most, int* out) {
    size_t count = 0;
    while (count < most && count < text_.size() && detail::is_digit(text_[count])) ++count;
    if (count < least || !detail::read_digits(text_, 0, count, out)) return false;
    text_.remove_prefix(count);
    return true;
  }
  bool fraction(Fractions fractions, detail::Fraction* out) {
    *out = detail::read_fraction(text_, fractions);
    text_.remove_prefix(out->digits);
    return out->digits > 0;
  }
  bool month_name(int* month) {
    if (text_.size() < 3) return false;
    const char name[] = {lower(text_[0]), lower(text_[1]), lower(text_[2])};
    const size_t at = kMonths.find(std::string_view(name, 3));
    if (at == kMonths.npos || at % 3 != 0) return false;
    *month = static_cast<int>(at / 3) + 1;
    text_.remove_prefix(3);
    return true;
  }
  bool half_of_day(bool* afternoon) {
    if (text_.size() < 2 || lower(text_[1]) != 'm') return false;
    const char half = lower(text_[0]);
    if (half != 'a' && half != 'p') return false;
    *afternoon = half == 'p';
    text_.remove_prefix(2);
    return true;
  }
  bool zone(Moment* out) {
    if (literal('Z')) return true;
    out->west = !text_.empty() && text_.front() == '-';
    if (!out->west && (text_.empty() || text_.front() != '+')) return false;
    text_.remove_prefix(1);
    if (!number(2, 2, &out->zone_hour)) return false;
    const bool colon = literal(':');
    const bool more = !text_.empty() && detail::is_digit(text_.front());
    return (!colon && !more) || number(2, 2, &out->zone_minute);
  }

 private:
  std::string_view text_;
};

// Beside another number a part has both its digits: "130" would else be 13:00 as well as 1:30.
bool read_part(Reader& text, char letter, bool both_digits, Fractions fractions, Moment* out) {
  const size_t least = both_digits ? 2 : 1;
  switch (letter) {
    case 'Y':
      return text.number(4, 4, &out->year);
    case 'y':
      if (!text.number(2, 2, &out->year)) return false;
      out->year += out->year < 69 ? 2000 : 1900;
      return true;
    case 'm':
      return text.number(least, 2, &out->month);
    case 'b':
      return text.month_name(&out->month);
    case 'd':
      return text.number(least, 2, &out->day);
    case 'I':
      out->twelve_hours = true;
      return text.number(least, 2, &out->hour);
    case 'H':
      return text.number(least, 2, &out->hour);
    case 'M':
      return text.number(least, 2, &out->minute);
    case 'S':
      return text.number(least, 2, &out->second);
    case 'f':
      return text.fraction(fractions, &out->fraction);
    case 'p':
      return text.half_of_day(&out->afternoon);
    case 'z':
      return text.zone(out);
    default:
      return text.literal('%');
  }
}

bool is_number_at(std::string_view format, size_t at) {
  return at + 1 < format.size() && format[at] == '%' &&
         std::string_view("YymdHIMSf").find(format[at + 1]) != std::string_view::npos;
}

ParseFault read_moment(std::string_view text, std::string_view format, Fractions fractions,
                       Moment* out) {
  Reader reader(text);
  bool behind_number = false;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      if (!reader.literal(format[i])) return ParseFault::kBad;
      behind_number = false;
      continue;
    }
    const bool is_number = is_number_at(format, i);
    const bool both_digits = is_number && (behind_number || is_number_at(format, i + 2));
    if (!read_part(reader, format[++i], both_digits, fractions, out)) return ParseFault::kBad;
    behind_number = is_number;
  }
  if (!reader.done()) return ParseFault::kBad;
  if (out->twelve_hours) {
    if (out->hour < 1 || out->hour > 12) return ParseFault::kOutOfRange;
    out->hour = out->hour % 12 + (out->afternoon ? 12 : 0);
  }
  const bool in_calendar = out->month >= 1 && out->month <= 12 && out->day >= 1 &&
                           out->day <= detail::days_in_month(out->year, out->month);
  const bool in_day = out->hour <= 23 && out->minute <= 59 && out->second <= 59;
  const bool in_zone = out->zone_hour <= detail::kMaxZoneHours && out->zone_minute <= 59;
  return in_calendar && in_day && in_zone ? ParseFault::kNone : ParseFault::kOutOfRange;
}

// Which parts a format has, and how often.
class Parts {
 public:
  explicit Parts(std::string_view format) {
    for (size_t i = 0; i + 1 < format.size(); ++i)
      if (format[i] == '%') ++counts_[static_cast<unsigned char>(format[++i])];
  }
  bool has(char letter) const { return counts_[static_cast<unsigned char>(letter)] > 0; }
  bool has_any(std::string_view letters) const {
    return std::any_of(letters.begin(), letters.end(), [this](char c) { return has(c); });
  }
  bool is_twice(char letter) const { return counts_[static_cast<unsigned char>(letter)] > 1; }

 private:
  std::array<int, 256> counts_{};
};

std::string unknown_letter(std::string_view format) {
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') continue;
    const std::string_view letter = format.substr(i + 1, 1);
    if (letter.empty() || kLetters.find(letter[0]) == kLetters.npos)
      return "\"%" + std::string(letter) + "\" is not known; there are %Y %y %m %b %d %H %I %p " +
             "%M %S %f %z %%";
    ++i;
  }
  return {};
}

std::string said_twice(const Parts& parts) {
  if (parts.is_twice('m') && !parts.has('M'))
    return "%m stands twice, and is the month; write %M for the minute";
  for (const char letter : kLetters)
    if (letter != '%' && parts.is_twice(letter)) return std::string("%") + letter + " stands twice";
  if (parts.has('Y') && parts.has('y')) return "%Y and %y both are the year; write one of them";
  if (parts.has('m') && parts.has('b')) return "%m and %b both are the month; write one of them";
  if (parts.has('H') && parts.has('I'))
    return "%H and %I both are the hour; write %I with %p, or %H alone";
  return {};
}

std::string missing_part(const Parts& parts, Type type) {
  const std::string what = type == Type::kDate32 ? "a date" : "a timestamp";
  if (!parts.has_any("mb") && parts.has('M') && parts.has_any("Yyd"))
    return "it has no month, and %M is the minute; write %m for the month";
  if (!parts.has_any("Yy")) return "it has no year, and " + what + " needs one; add %Y";
  if (!parts.has_any("mb")) return "it has no month, and " + what + " needs one; add %m";
  if (!parts.has('d')) return "it has no day, and " + what + " needs one; add %d";
  if (parts.has('p') && !parts.has('I'))
    return parts.has('H') ? "%H is an hour of 24, and %p beside it would be passed over; write %I"
                          : "%p needs the hour that it belongs to; add %I";
  if (parts.has('I') && !parts.has('p'))
    return "%I is an hour from 1 to 12, and needs %p (AM or PM); write %H for an hour of 24";
  if (parts.has('M') && !parts.has_any("HI")) return "%M is the minute, and needs its hour; add %H";
  if (parts.has('S') && !parts.has('M')) return "%S is the second, and needs its minute; add %M";
  if (parts.has('f') && !parts.has('S')) return "%f is a fraction of a second, and needs %S";
  return {};
}

// "+02:00" as it stands would be passed over.
std::string literal_zone(std::string_view format) {
  const size_t last = format.rfind('%');
  std::string_view tail = format.substr(std::min(last + 2, format.size()));
  while (tail.starts_with(' ')) tail.remove_prefix(1);
  if (!tail.starts_with('+') && !tail.starts_with('-')) return {};
  const auto is_zone = [](char c) { return detail::is_digit(c) || c == ':'; };
  const bool digits = tail.size() >= 3 && detail::is_digit(tail[1]) && detail::is_digit(tail[2]);
  if (!digits || !std::all_of(tail.begin() + 1, tail.end(), is_zone)) return {};
  return "the zone " + std::string(tail) + " in it would be passed over; write %z";
}

}  // namespace

std::string check_date_format(std::string_view format, Type type) {
  if (std::string wrong = unknown_letter(format); !wrong.empty()) return wrong;
  const Parts parts(format);
  if (!parts.has_any(kLetters.substr(0, kLetters.size() - 1)))
    return "it has no part that begins with %; 2024-02-29 is %Y-%m-%d";
  if (std::string wrong = missing_part(parts, type); !wrong.empty()) return wrong;
  if (std::string wrong = said_twice(parts); !wrong.empty()) return wrong;
  return literal_zone(format);
}

ParseFault parse_date_format(std::string_view text, std::string_view format, int32_t* days) {
  Moment moment;
  const ParseFault fault = read_moment(text, format, Fractions::kCut, &moment);
  if (fault == ParseFault::kNone)
    *days = detail::days_from_civil(moment.year, moment.month, moment.day);
  return fault;
}

ParseFault parse_timestamp_format(std::string_view text, std::string_view format,
                                  Fractions fractions, int64_t* micros) {
  Moment moment;
  const ParseFault fault = read_moment(text, format, fractions, &moment);
  if (fault != ParseFault::kNone) return fault;
  if (moment.fraction.too_precise) return ParseFault::kTooPrecise;
  const int64_t days = detail::days_from_civil(moment.year, moment.month, moment.day);
  const int zone = (moment.zone_hour * 60 + moment.zone_minute) * (moment.west ? -1 : 1);
  const int64_t seconds =
      ((days * 24 + moment.hour) * 60 + moment.minute - zone) * 60 + moment.second;
  *micros = seconds * 1'000'000 + moment.fraction.micros;
  return ParseFault::kNone;
}

}  // namespace chunkmill::csv
