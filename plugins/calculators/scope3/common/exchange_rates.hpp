// Average exchange rates of months and years, and rates of days.
//
// A table may have one rate a year, one a month, or several a month. Of several, each stands from
// its day until the day before the next one, so also over weekends and holidays; the last one of a
// month until its end. Days before the first one of a month have the last one of the month before;
// where that month has none, they do not count. The average is over the days, not over the records.
//
// Threads: read-only once loaded.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "chunkmill/host.hpp"
#include "chunkmill/options.hpp"
#include "plugins/calculators/scope3/common/units.hpp"

namespace chunkmill::scope3 {

struct ExchangeRate {
  double rate = 1;         // units of the wanted currency for one of the given
  int32_t period = 0;      // 202103; 2021: the average of a year; 20210317: of a day
  bool part_year = false;  // not all days of it are known
};

class ExchangeRates {
 public:
  // Declares `fx`.
  void configure(Options& opt);
  bool given() const { return !lookup_.empty(); }
  // The lookup in the shape of the published table: Date, Country (or an ISO 4217 code), and units
  // of that currency for one of `base`.
  void load(const Host& host);

  enum class Period { kDay, kMonth, kYear };
  // Nothing when one of the two has no rate for the period. `day`: since 1970-01-01.
  std::optional<ExchangeRate> find(Currency from, Currency to, int32_t year, int32_t month,
                                   int32_t day) const;
  Period period() const { return annual_table_ ? Period::kYear : period_; }

 private:
  struct Record {
    int32_t year = 0;
    int32_t month = 0;
    int32_t day = 0;  // 0: the text names no day
    double value = 0;
    int64_t number = 0;        // in the lookup
    bool names_month = false;  // the text ends with it: "2024-01"
  };
  struct Year {
    double sum = 0;
    double weight = 0;  // days; of a table of years 1
    int32_t months = 0;
    double by_month[13] = {};  // from 1; 0: none
  };
  struct Rates {
    std::unordered_map<int32_t, Year> years;
    std::vector<std::pair<int32_t, double>> days;  // ascending; of tables with several a month
  };
  using Records = std::vector<Record>;

  Record read(const std::string& date, double value, int64_t number) const;
  // Drops records that say the same; throws Error for two rates of one day or month.
  void check(Currency currency, Records* records) const;
  static Rates averages(const Records& records);
  // Units of the currency for one of the base, 0 when there is none.
  double per_base(Currency currency, int32_t year, int32_t month, int32_t day,
                  bool* part_year) const;

  LookupName lookup_;
  std::string date_column_ = "Date";
  std::string currency_column_ = "Country";
  std::string rate_column_ = "Exchange rate";
  std::string base_name_ = "USD";
  Period period_ = Period::kMonth;
  Currency base_ = 0;
  bool annual_table_ = false;  // the table has one value a year, which is its average
  std::unordered_map<Currency, Rates> rates_;
};

}  // namespace chunkmill::scope3
