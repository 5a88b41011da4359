// Price indexes by sector: what a unit of money of one year is in that of another.
//
// Threads: read-only once loaded.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "chunkmill/host.hpp"
#include "chunkmill/options.hpp"

namespace chunkmill::scope3 {

// How spend of one year becomes money of a factor's base year.
struct PriceRatio {
  double ratio = 1;
  int32_t from = 0;  // the years used: the last one there is may stand for a later one
  int32_t to = 0;
  bool carried = false;
};

class PriceIndex {
 public:
  static constexpr int32_t kNoSeries = -1;

  // Declares `price_index`.
  void configure(Options& opt);
  bool given() const { return !lookup_.empty(); }
  // The lookup in the shape of the published tables: a column with the sector's code, and one for
  // each year, named 1997, 1998, ...
  void load(const Host& host);

  // The series of a code, or the mean of those of a list "2332A0, 2332B0"; kNoSeries when one of
  // them is not there. While loading.
  int32_t series(const std::string& codes);
  // Nothing when the table has no value for a year and no earlier one to carry.
  std::optional<PriceRatio> ratio(int32_t series, int32_t from, int32_t to) const;

 private:
  using Series = std::vector<double>;  // by year; NaN: no value

  std::optional<double> value(const Series& of, int32_t* year, bool* carried) const;

  LookupName lookup_;
  std::string code_column_ = "bea_code";
  int32_t first_year_ = 0;
  int32_t last_year_ = 0;
  std::vector<Series> series_;
  std::unordered_map<std::string, int32_t> by_code_;
};

}  // namespace chunkmill::scope3
