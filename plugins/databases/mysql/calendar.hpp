// Days and microseconds since 1970 as MYSQL_TIME and back. Threads: any.
#pragma once

#include <mysql.h>

#include <cstdint>

#include "chunkmill/parse.hpp"

namespace chunkmill::mysql {

// What DATE and DATETIME hold: the years 0000 to 9999.
inline constexpr int64_t kFirstDay = -719'528;
inline constexpr int64_t kLastDay = 2'932'896;
inline constexpr int64_t kMicrosPerDay = 86'400'000'000;

inline bool is_storable_day(int64_t days) { return days >= kFirstDay && days <= kLastDay; }

// Microseconds since 1970 cut into days and the rest of a day.
inline int64_t day_of(int64_t micros) {
  return micros >= 0 ? micros / kMicrosPerDay : (micros + 1) / kMicrosPerDay - 1;
}

// `days` must be storable. From Howard Hinnant's "chrono-compatible low-level date algorithms".
inline void set_date(MYSQL_TIME* out, int64_t days) {
  const auto shifted = static_cast<uint32_t>(days + 719'468 + 146'097);
  const uint32_t era = shifted / 146'097;
  const uint32_t day_of_era = shifted - era * 146'097;
  const uint32_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const uint32_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const uint32_t shifted_month = (5 * day_of_year + 2) / 153;
  out->day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  out->month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  out->year = year_of_era + era * 400 - 400 + (out->month <= 2 ? 1 : 0);
}

inline void set_timestamp(MYSQL_TIME* out, int64_t micros) {
  const int64_t days = day_of(micros);
  set_date(out, days);
  const int64_t rest = micros - days * kMicrosPerDay;
  const auto seconds = static_cast<uint32_t>(rest / 1'000'000);
  out->hour = seconds / 3600;
  out->minute = seconds / 60 % 60;
  out->second = seconds % 60;
  out->second_part = static_cast<unsigned long>(rest % 1'000'000);
}

inline int64_t days_from(const MYSQL_TIME& time) {
  return detail::days_from_civil(static_cast<int>(time.year), static_cast<int>(time.month),
                                 static_cast<int>(time.day));
}

inline int64_t micros_from(const MYSQL_TIME& time) {
  const int64_t seconds = int64_t{time.hour} * 3600 + int64_t{time.minute} * 60 + time.second;
  return days_from(time) * kMicrosPerDay + seconds * 1'000'000 +
         static_cast<int64_t>(time.second_part);
}

}  // namespace chunkmill::mysql
