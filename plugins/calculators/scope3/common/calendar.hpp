// Days as years and months.
#pragma once

#include <cstdint>

#include "chunkmill/parse.hpp"

namespace chunkmill::scope3 {

// The year and the month of a day since 1970-01-01. Rows of one month follow each other: the last
// one is kept.
class Calendar {
 public:
  int32_t year(int32_t day) {
    if (day < begin_ || day >= end_) look_up(day);
    return year_;
  }
  // 1 to 12, of the day that year() was asked for last.
  int32_t month() const { return month_; }

 private:
  void look_up(int32_t day) {
    using chunkmill::detail::days_from_civil;
    year_ = 1970 + static_cast<int32_t>((int64_t{day} * 400) / 146097);
    while (days_from_civil(year_, 1, 1) > day) --year_;
    while (days_from_civil(year_ + 1, 1, 1) <= day) ++year_;
    month_ = 1;
    while (month_ < 12 && days_from_civil(year_, month_ + 1, 1) <= day) ++month_;
    begin_ = days_from_civil(year_, month_, 1);
    end_ = month_ == 12 ? days_from_civil(year_ + 1, 1, 1) : days_from_civil(year_, month_ + 1, 1);
  }
  int32_t begin_ = 0;
  int32_t end_ = 0;  // empty: nothing is kept yet
  int32_t year_ = 0;
  int32_t month_ = 0;
};

}  // namespace chunkmill::scope3
