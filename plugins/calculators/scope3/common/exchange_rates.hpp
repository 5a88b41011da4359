// Average exchange rates of months and years.
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
  int32_t period = 0;      // 202103, or 2021: the average of a year
  bool part_year = false;  // fewer than twelve months are known of it
};

class ExchangeRates {
 public:
  // Declares `fx`.
  void configure(Options& opt);
  bool given() const { return !lookup_.empty(); }
  // The lookup in the shape of the published table: Date, Country (or an ISO 4217 code), and units
  // of that currency for one of `base`.
  void load(const Host& host);

  // Nothing when one of the two has no rate for the period.
  std::optional<ExchangeRate> find(Currency from, Currency to, int32_t year, int32_t month) const;
  bool yearly() const { return yearly_; }

 private:
  enum class Period { kMonth, kYear };
  struct Year {
    double sum = 0;
    int32_t months = 0;
    double by_month[13] = {};  // from 1; 0: none
  };
  using Years = std::unordered_map<int32_t, Year>;

  // Units of the currency for one of the base, 0 when there is none.
  double per_base(Currency currency, int32_t year, int32_t month, bool* part_year) const;

  LookupName lookup_;
  std::string date_column_ = "Date";
  std::string currency_column_ = "Country";
  std::string rate_column_ = "Exchange rate";
  std::string base_name_ = "USD";
  Period period_ = Period::kMonth;
  Currency base_ = 0;
  bool yearly_ = false;        // averages of years are used
  bool annual_table_ = false;  // the table has one value a year, which is its average
  std::unordered_map<Currency, Years> rates_;
};

}  // namespace chunkmill::scope3
