// Days as years and months.
#pragma once

#include <cstdint>

#include "chunkmill/parse.hpp"

namespace chunkmill::scope3 {

// The year and the month of a day since 1970-01-01. Rows of one year follow each other: the last
// one is kept.
class Calendar {
 public:
  int32_t year(int32_t day) {
    if (day < begin_ || day >= end_) look_up(day);
    return year_;
  }
  // 1 to 12, of a day in the year that year() gave last.
  int32_t month(int32_t day) const {
    static constexpr int32_t kEnds[] = {31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    const int32_t leap_day = end_ - begin_ - 365;
    int32_t month = 1;
    while (day - begin_ >= kEnds[month - 1] + (month > 1 ? leap_day : 0)) ++month;
    return month;
  }

 private:
  void look_up(int32_t day) {
    using chunkmill::detail::days_from_civil;
    year_ = 1970 + static_cast<int32_t>((int64_t{day} * 400) / 146097);
    while (days_from_civil(year_, 1, 1) > day) --year_;
    while (days_from_civil(year_ + 1, 1, 1) <= day) ++year_;
    begin_ = days_from_civil(year_, 1, 1);
    end_ = days_from_civil(year_ + 1, 1, 1);
  }
  int32_t begin_ = 0;
  int32_t end_ = 0;  // empty: nothing is kept yet
  int32_t year_ = 0;
};

}  // namespace chunkmill::scope3
