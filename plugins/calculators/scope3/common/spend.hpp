// Spend: its year, against the year of a factor's money.
#pragma once

#include <cstdint>

#include "chunkmill/parse.hpp"

namespace chunkmill::scope3 {

// The year of a day since 1970-01-01. Rows of one year follow each other: the last one is kept.
class YearOfDay {
 public:
  int32_t operator()(int32_t day) {
    if (day < begin_ || day >= end_) look_up(day);
    return year_;
  }

 private:
  void look_up(int32_t day) {
    year_ = 1970 + static_cast<int32_t>((int64_t{day} * 400) / 146097);
    while (chunkmill::detail::days_from_civil(year_, 1, 1) > day) --year_;
    while (chunkmill::detail::days_from_civil(year_ + 1, 1, 1) <= day) ++year_;
    begin_ = chunkmill::detail::days_from_civil(year_, 1, 1);
    end_ = chunkmill::detail::days_from_civil(year_ + 1, 1, 1);
  }
  int32_t begin_ = 0;
  int32_t end_ = 0;  // empty: nothing is kept yet
  int32_t year_ = 0;
};

}  // namespace chunkmill::scope3
