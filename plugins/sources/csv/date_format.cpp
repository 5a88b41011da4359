#include "date_format.hpp"

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
  int micros = 0;
  int zone_minutes = 0;
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
  bool fraction(int* micros) {
    const size_t before = text_.size();
    if (!number(1, 6, micros)) return false;
    for (size_t digits = before - text_.size(); digits < 6; ++digits) *micros *= 10;
    return true;
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
  bool zone(int* minutes) {
    if (literal('Z')) return true;
    const bool west = !text_.empty() && text_.front() == '-';
    if (!west && (text_.empty() || text_.front() != '+')) return false;
    text_.remove_prefix(1);
    int hour = 0;
    int minute = 0;
    if (!number(2, 2, &hour)) return false;
    literal(':');
    if (!text_.empty() && !number(2, 2, &minute)) return false;
    *minutes = (hour * 60 + minute) * (west ? -1 : 1);
    return true;
  }

 private:
  std::string_view text_;
};

bool read_part(Reader& text, char letter, Moment* out) {
  switch (letter) {
    case 'Y':
      return text.number(4, 4, &out->year);
    case 'y':
      if (!text.number(2, 2, &out->year)) return false;
      out->year += out->year < 69 ? 2000 : 1900;
      return true;
    case 'm':
      return text.number(1, 2, &out->month);
    case 'b':
      return text.month_name(&out->month);
    case 'd':
      return text.number(1, 2, &out->day);
    case 'I':
      out->twelve_hours = true;
      return text.number(1, 2, &out->hour);
    case 'H':
      return text.number(1, 2, &out->hour);
    case 'M':
      return text.number(1, 2, &out->minute);
    case 'S':
      return text.number(1, 2, &out->second);
    case 'f':
      return text.fraction(&out->micros);
    case 'p':
      return text.half_of_day(&out->afternoon);
    case 'z':
      return text.zone(&out->zone_minutes);
    default:
      return text.literal('%');
  }
}

ParseFault read_moment(std::string_view text, std::string_view format, Moment* out) {
  Reader reader(text);
  for (size_t i = 0; i < format.size(); ++i) {
    const bool part = format[i] == '%' && i + 1 < format.size();
    if (!(part ? read_part(reader, format[++i], out) : reader.literal(format[i])))
      return ParseFault::kBad;
  }
  if (!reader.done()) return ParseFault::kBad;
  if (out->twelve_hours) {
    if (out->hour < 1 || out->hour > 12) return ParseFault::kOutOfRange;
    out->hour = out->hour % 12 + (out->afternoon ? 12 : 0);
  }
  const bool in_calendar = out->month >= 1 && out->month <= 12 && out->day >= 1 &&
                           out->day <= detail::days_in_month(out->year, out->month);
  const bool in_day = out->hour <= 23 && out->minute <= 59 && out->second <= 59;
  return in_calendar && in_day ? ParseFault::kNone : ParseFault::kOutOfRange;
}

}  // namespace

std::string check_date_format(std::string_view format) {
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

ParseFault parse_date_format(std::string_view text, std::string_view format, int32_t* days) {
  Moment moment;
  const ParseFault fault = read_moment(text, format, &moment);
  if (fault == ParseFault::kNone)
    *days = detail::days_from_civil(moment.year, moment.month, moment.day);
  return fault;
}

ParseFault parse_timestamp_format(std::string_view text, std::string_view format, int64_t* micros) {
  Moment moment;
  const ParseFault fault = read_moment(text, format, &moment);
  if (fault != ParseFault::kNone) return fault;
  const int64_t days = detail::days_from_civil(moment.year, moment.month, moment.day);
  const int64_t seconds =
      ((days * 24 + moment.hour) * 60 + moment.minute - moment.zone_minutes) * 60 + moment.second;
  *micros = seconds * 1'000'000 + moment.micros;
  return ParseFault::kNone;
}

}  // namespace chunkmill::csv
