#include "plugins/calculators/scope3/common/exchange_rates.hpp"

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
              inside.optional("date", date_column_, "its column with the month: 2021-03-01");
              inside.optional("currency", currency_column_,
                              "its column with the ISO 4217 code, or the country's name");
              inside.optional("rate", rate_column_,
                              "its column with units of that currency for one of the base");
              inside.optional("base", base_name_, "the currency that the rates are for one of");
              inside.choice("period", period_, {{"month", Period::kMonth}, {"year", Period::kYear}},
                            "average over the month or the year of a row's date");
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
  annual_table_ = true;
  int64_t number = 0;
  for (size_t b = 0; b < table.batch_count(); ++b) {
    const Batch batch = table.batch(b);
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      ++number;
      const std::string day = cell_text(batch, date, row);
      const Currency code = currency_of(cell_text(batch, currency, row));
      double value = 0;
      int year = 0;
      int month = 1;
      if (code == 0 || parse_double(cell_text(batch, rate, row), &value) != ParseFault::kNone ||
          value <= 0)
        continue;  // regional series, and months without a value
      if (!chunkmill::detail::read_digits(day, 0, 4, &year) ||
          (day.size() > 4 && !chunkmill::detail::read_digits(day, 5, 2, &month)) || month < 1 ||
          month > 12)
        throw Error(CM_INVALID, "lookup \"" + lookup_.value + "\", record " +
                                    std::to_string(number) + ": \"" + day + "\" is not a month")
            .at("fx.date");
      if (month != 1) annual_table_ = false;
      Year& of = rates_[code][year];
      if (of.by_month[month] != 0) continue;
      of.by_month[month] = value;
      of.sum += value;
      ++of.months;
    }
  }
  yearly_ = annual_table_ || period_ == Period::kYear;
}

double ExchangeRates::per_base(Currency currency, int32_t year, int32_t month,
                               bool* part_year) const {
  if (currency == base_) return 1;
  const auto years = rates_.find(currency);
  if (years == rates_.end()) return 0;
  const auto of = years->second.find(year);
  if (of == years->second.end()) return 0;
  if (!yearly_) return of->second.by_month[month];
  *part_year |= !annual_table_ && of->second.months < 12;
  return of->second.sum / of->second.months;
}

std::optional<ExchangeRate> ExchangeRates::find(Currency from, Currency to, int32_t year,
                                                int32_t month) const {
  ExchangeRate out;
  const double given = per_base(from, year, month, &out.part_year);
  const double wanted = per_base(to, year, month, &out.part_year);
  if (given == 0 || wanted == 0) return std::nullopt;
  out.rate = wanted / given;
  out.period = yearly_ ? year : year * 100 + month;
  return out;
}

}  // namespace chunkmill::scope3
