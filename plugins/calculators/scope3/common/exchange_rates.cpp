#include "plugins/calculators/scope3/common/exchange_rates.hpp"

#include <algorithm>
#include <map>

#include "chunkmill/parse.hpp"
#include "plugins/calculators/scope3/common/lookup_text.hpp"
#include "plugins/calculators/scope3/common/text.hpp"

namespace chunkmill::scope3 {
namespace {

// Countries as the Federal Reserve's H.10 release names them, with the currency of its series:
// those that joined the euro end with the money they had before.
constexpr std::pair<std::string_view, std::string_view> kCurrencies[] = {
    {"Australia", "AUD"},      {"Austria", "ATS"},     {"Belgium", "BEF"},  {"Brazil", "BRL"},
    {"Canada", "CAD"},         {"China", "CNY"},       {"Denmark", "DKK"},  {"Euro", "EUR"},
    {"Finland", "FIM"},        {"France", "FRF"},      {"Germany", "DEM"},  {"Greece", "GRD"},
    {"Hong Kong", "HKD"},      {"India", "INR"},       {"Ireland", "IEP"},  {"Italy", "ITL"},
    {"Japan", "JPY"},          {"Malaysia", "MYR"},    {"Mexico", "MXN"},   {"Netherlands", "NLG"},
    {"New Zealand", "NZD"},    {"Norway", "NOK"},      {"Portugal", "PTE"}, {"Singapore", "SGD"},
    {"South Africa", "ZAR"},   {"South Korea", "KRW"}, {"Spain", "ESP"},    {"Sri Lanka", "LKR"},
    {"Sweden", "SEK"},         {"Switzerland", "CHF"}, {"Taiwan", "TWD"},   {"Thailand", "THB"},
    {"United Kingdom", "GBP"}, {"Venezuela", "VEF"},
};

// A rate stands for that many days at most, where the rate of a day is asked for: over Easter and
// the turn of the year.
constexpr int32_t kMostDays = 7;

int32_t day_number(int32_t year, int32_t month, int32_t day) {
  return chunkmill::detail::days_from_civil(year, month, day);
}
int32_t days_of(int32_t year, int32_t month) {
  return (month == 12 ? day_number(year + 1, 1, 1) : day_number(year, month + 1, 1)) -
         day_number(year, month, 1);
}

Currency currency_of(std::string_view text) {
  for (const auto& [country, code] : kCurrencies)
    if (text == country) return parse_currency(code);
  return parse_currency(text);
}

}  // namespace

void ExchangeRates::configure(Options& opt) {
  opt.group("fx", "average exchange rates, for spend in another currency than the factor's",
            [this](Options& inside) {
              inside.optional("lookup", lookup_, "the lookup with the rates");
              inside.optional("date", date_column_, "its column with the day or month: 2021-03-01");
              inside.optional("currency", currency_column_,
                              "its column with the ISO 4217 code, or the country's name");
              inside.optional("rate", rate_column_,
                              "its column with units of that currency for one of the base");
              inside.optional("base", base_name_, "the currency that the rates are for one of");
              inside.choice(
                  "period", period_,
                  {{"month", Period::kMonth}, {"year", Period::kYear}, {"day", Period::kDay}},
                  "the average over the month or the year of a row's date, by the days "
                  "that each rate covers; or the rate of the day, at most 7 days old");
            });
  if (opt.describing()) return;
  base_ = parse_currency(base_name_);
  if (base_ == 0)
    throw Error(CM_INVALID, "\"" + base_name_ + "\" is not an ISO 4217 code like USD")
        .at("fx.base");
}

void ExchangeRates::load(const Host& host) {
  const Table table = host.lookup(lookup_.value);
  const auto column = [&](const std::string& name, const char* option) {
    return find_column(table.schema(), lookup_.value, name, option);
  };
  const size_t date = column(date_column_, "fx.date");
  const size_t currency = column(currency_column_, "fx.currency");
  const size_t rate = column(rate_column_, "fx.rate");
  std::map<Currency, Records> all;
  int64_t number = 0;
  for (size_t b = 0; b < table.batch_count(); ++b) {
    const Batch batch = table.batch(b);
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      ++number;
      const Currency code = currency_of(cell_text(batch, currency, row));
      double value = 0;
      if (code == 0 || parse_double(cell_text(batch, rate, row), &value) != ParseFault::kNone ||
          !(value > 0))
        continue;  // regional series, and months without a value
      all[code].push_back(read(cell_text(batch, date, row), value, number));
    }
  }
  annual_table_ = true;
  bool daily = false;
  rates_.clear();
  for (auto& [code, records] : all) {
    check(code, &records);
    for (const Record& record : records)
      annual_table_ &= record.month == 1 && record.day <= 1 && !record.names_month;
    daily |= !(rates_[code] = averages(records)).days.empty();
  }
  if (period_ == Period::kDay && !daily)
    throw Error(CM_INVALID, "lookup \"" + lookup_.value +
                                "\" has no rates of days: no month has more than one record")
        .at("fx.period");
}

ExchangeRates::Record ExchangeRates::read(const std::string& date, double value,
                                          int64_t number) const {
  using chunkmill::detail::read_digits;
  Record out{0, 1, 0, value, number, date.size() == 7};
  const auto mark = [&](size_t at) { return date[at] == '-' || date[at] == '/'; };
  bool good = read_digits(date, 0, 4, &out.year);
  if (date.size() > 4)
    good =
        good && mark(4) && read_digits(date, 5, 2, &out.month) && out.month >= 1 && out.month <= 12;
  if (good && date.size() > 7)
    good = mark(7) && read_digits(date, 8, 2, &out.day) && out.day >= 1 &&
           out.day <= days_of(out.year, out.month);
  if (!good)
    throw Error(CM_INVALID, "lookup \"" + lookup_.value + "\", record " + std::to_string(number) +
                                ": \"" + date + "\" is not a day or a month like 2021-03-01")
        .at("fx.date");
  return out;
}

void ExchangeRates::check(Currency currency, Records* records) const {
  std::stable_sort(records->begin(), records->end(), [](const Record& a, const Record& b) {
    return std::tie(a.year, a.month, a.day) < std::tie(b.year, b.month, b.day);
  });
  const auto refuse = [&](const Record& a, const Record& b, const std::string& why) {
    throw Error(CM_INVALID, "lookup \"" + lookup_.value + "\", records " +
                                std::to_string(a.number) + " and " + std::to_string(b.number) +
                                ": " + currency_text(currency) + " has " + why)
        .at("fx.lookup");
  };
  Records kept;
  for (const Record& record : *records) {
    if (!kept.empty() && kept.back().year == record.year && kept.back().month == record.month) {
      const Record& before = kept.back();
      if (before.day == record.day && before.value == record.value) continue;
      if (before.day == record.day) refuse(before, record, "two rates of one day or month");
      if (before.day == 0) refuse(before, record, "a rate of a month beside one of its days");
    }
    kept.push_back(record);
  }
  *records = std::move(kept);
}

// In a table with several rates a month each counts by its days. One rate a month is that of the
// whole month, whichever day it names, and counts by the days of the month in its year.
ExchangeRates::Rates ExchangeRates::averages(const Records& records) {
  Rates out;
  bool daily = false;
  for (size_t i = 1; i < records.size(); ++i)
    daily |= records[i].year == records[i - 1].year && records[i].month == records[i - 1].month;
  for (size_t begin = 0; begin < records.size();) {
    const Record& first = records[begin];
    const auto in_month = [&](const Record& record) {
      return record.year == first.year && record.month == first.month;
    };
    size_t end = begin;
    double sum = 0;
    double weight = 0;
    const auto add = [&](double value, int32_t days) { sum += value * days, weight += days; };
    const int32_t last_day = days_of(first.year, first.month);
    for (; end < records.size() && in_month(records[end]); ++end) {
      const bool is_last = end + 1 == records.size() || !in_month(records[end + 1]);
      const int32_t from = std::max(records[end].day, 1);
      add(records[end].value, (is_last ? last_day + 1 : records[end + 1].day) - from);
      if (daily)
        out.days.emplace_back(day_number(first.year, first.month, from), records[end].value);
    }
    const auto months = [](const Record& record) { return record.year * 12 + record.month; };
    if (begin > 0 && months(first) == months(records[begin - 1]) + 1)
      add(records[begin - 1].value, std::max(first.day, 1) - 1);
    Year& year = out.years[first.year];
    year.by_month[first.month] = daily ? sum / weight : first.value;
    const double year_weight = daily ? weight : last_day;
    year.sum += year.by_month[first.month] * year_weight;
    year.weight += year_weight;
    ++year.months;
    begin = end;
  }
  return out;
}

double ExchangeRates::per_base(Currency currency, int32_t year, int32_t month, int32_t day,
                               bool* part_year) const {
  if (currency == base_) return 1;
  const auto found = rates_.find(currency);
  if (found == rates_.end()) return 0;
  const Rates& rates = found->second;
  if (period() == Period::kDay) {
    const auto after = std::upper_bound(rates.days.begin(), rates.days.end(), day,
                                        [](int32_t d, const auto& rate) { return d < rate.first; });
    if (after == rates.days.begin() || day - std::prev(after)->first > kMostDays) return 0;
    return std::prev(after)->second;
  }
  const auto of = rates.years.find(year);
  if (of == rates.years.end()) return 0;
  if (period() == Period::kMonth) return of->second.by_month[month];
  const double days = day_number(year + 1, 1, 1) - day_number(year, 1, 1);
  *part_year |= !annual_table_ && of->second.weight < days;
  return of->second.sum / of->second.weight;
}

std::optional<ExchangeRate> ExchangeRates::find(Currency from, Currency to, int32_t year,
                                                int32_t month, int32_t day) const {
  ExchangeRate out;
  const double given = per_base(from, year, month, day, &out.part_year);
  const double wanted = per_base(to, year, month, day, &out.part_year);
  if (given == 0 || wanted == 0) return std::nullopt;
  out.rate = wanted / given;
  out.period = year;
  if (period() != Period::kYear) out.period = year * 100 + month;
  if (period() == Period::kDay)
    out.period = out.period * 100 + day - day_number(year, month, 1) + 1;
  return out;
}

}  // namespace chunkmill::scope3
