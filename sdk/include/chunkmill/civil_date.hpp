// Days since 1970-01-01 as year, month and day of the proleptic Gregorian calendar, and back: the
// era method of H. Hinnant's "chrono-compatible low-level date algorithms".
// Threads: any. Nothing throws or allocates.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace chunkmill::detail {

struct CivilDate {
  int year = 0;
  int month = 0;  // 1 to 12
  int day = 0;    // 1 to 31
};

constexpr bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

constexpr int days_in_month(int year, int month) {
  constexpr int8_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[month - 1];
}

constexpr int32_t days_from_civil(int year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const int era = (year >= 0 ? year : year - 399) / 400;
  const int year_of_era = year - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

// The first day of each month of two centuries, where most dates are, and of the month behind them.
struct MonthStarts {
  static constexpr int kFirstYear = 1900;
  static constexpr int kMonths = 200 * 12;

  constexpr MonthStarts() {
    for (int i = 0; i <= kMonths; ++i)
      days[static_cast<size_t>(i)] = days_from_civil(kFirstYear + i / 12, i % 12 + 1, 1);
  }
  std::array<int32_t, kMonths + 1> days{};
};
inline constexpr MonthStarts kMonthStarts;

// False for a day that the calendar does not have.
inline bool checked_days_from_civil(const CivilDate& date, int32_t* out) {
  if (static_cast<unsigned>(date.month - 1) >= 12) return false;
  const auto at =
      static_cast<unsigned>((date.year - MonthStarts::kFirstYear) * 12 + date.month - 1);
  if (at < MonthStarts::kMonths) [[likely]] {
    const int32_t begin = kMonthStarts.days[at];
    *out = begin + date.day - 1;
    return *out >= begin && *out < kMonthStarts.days[at + 1];
  }
  *out = days_from_civil(date.year, date.month, date.day);
  return date.day >= 1 && date.day <= days_in_month(date.year, date.month);
}

inline CivilDate civil_from_days(int32_t days) {
  const int64_t shifted = int64_t{days} + 719468;
  const int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const auto day_of_era = static_cast<uint32_t>(shifted - era * 146097);
  const uint32_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const uint32_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const uint32_t shifted_month = (5 * day_of_year + 2) / 153;  // from March on
  const uint32_t day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const uint32_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const auto year = static_cast<int>(year_of_era + era * 400) + (month <= 2 ? 1 : 0);
  return {year, static_cast<int>(month), static_cast<int>(day)};
}

// The year alone. Between March 1900 and February 2100 each fourth year is a leap year.
inline int year_from_days(int32_t days) {
  constexpr int32_t kMarch1900 = -25508;
  constexpr uint32_t kTwoCenturies = 73048;
  const auto since = static_cast<uint32_t>(days) - static_cast<uint32_t>(kMarch1900);
  if (since >= kTwoCenturies) return civil_from_days(days).year;
  const uint32_t years = (4 * since + 3) / 1461;
  const uint32_t day_of_year = since - 1461 * years / 4;  // from March on
  return static_cast<int>(1900 + years + (day_of_year >= 306 ? 1 : 0));
}

}  // namespace chunkmill::detail
