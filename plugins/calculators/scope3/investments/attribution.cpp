#include "plugins/calculators/scope3/investments/attribution.hpp"

#include <algorithm>

namespace chunkmill::scope3 {

void Attribution::declare(Inputs& in) {
  share_ = in.percent("share_percent",
                      "equity: share held; project: share of its total cost; unlisted_equity: "
                      "shares held of all shares");
  outstanding_ = in.money("outstanding", "amount lent or invested, in `currency`");
  outstanding_date_ = in.date("outstanding_date", "day of the outstanding amount");
  value_date_ = in.date("value_date", "day of what it is divided by");
  value_currency_ = in.text("value_currency", "currency of what it is divided by, if named apart");
  uncalled_ = in.yes_no("uncalled_guarantee", "whether it is a guarantee that nobody has called");
  evic_ = in.money("evic",
                   "enterprise value: market value of ordinary and preferred shares + book debt "
                   "+ minority interests, cash not deducted");
  ordinary_ = in.money("market_capitalisation", "market value of the ordinary shares, of an evic");
  preferred_ = in.money("preferred_shares", "market value of them, of an evic; without: none");
  minority_ = in.money("minority_interests", "their book value, of an evic; without: none");
  equity_ = in.money("total_equity", "of the investee or project; below zero counts as zero");
  debt_ = in.money("total_debt", "of the investee or project; book debt of an evic");
  balance_sheet_ = in.money("balance_sheet_total", "where equity and debt are not known");
  project_cost_ =
      in.money("project_cost", "total cost of a project, that the amount is a share of");
  origination_value_ = in.money("value_at_origination", "of a property or vehicle, when financed");
  ppp_gdp_ = in.money("ppp_gdp", "gross domestic product of a state, by purchasing power parity");
}

double Attribution::number(Formula& f, Input in, Currency outstanding) const {
  const double out = f.number(in);
  const Currency its = f.currency_of(in, value_currency_);
  if (its != outstanding)
    f.fail(Gap::kValueCurrencyMismatch, f.has(value_currency_) ? value_currency_ : in,
           its == 0 ? std::string_view("no currency that the row says")
                    : f.keep(currency_text(its)).view());
  return out;
}

double Attribution::money(Formula& f, Input in, Currency outstanding) const {
  const double out = number(f, in, outstanding);
  if (out < 0) f.fail(Gap::kNegativeAmount, in);
  return out;
}

void Attribution::check_dates(Formula& f) const {
  const std::string_view of_value = f.text_or(value_currency_, {});
  if (!of_value.empty() && parse_currency(of_value) == 0)
    f.fail(Gap::kUnknownCurrency, value_currency_, of_value);
  if (f.has(outstanding_date_) && f.has(value_date_) &&
      f.cells().day(outstanding_date_, f.row()) != f.cells().day(value_date_, f.row()))
    f.fail(Gap::kValueDateMismatch, value_date_);
}

double Attribution::equity(Formula& f, Currency outstanding) const {
  return std::max(number(f, equity_, outstanding), 0.0);
}

double Attribution::total_equity_and_debt(Formula& f, Currency outstanding) const {
  if (f.has(equity_) || f.has(debt_) || !f.has(balance_sheet_))
    return equity(f, outstanding) + money(f, debt_, outstanding);
  return money(f, balance_sheet_, outstanding);
}

// As the row says it, or of its parts.
double Attribution::enterprise_value(Formula& f, Currency outstanding) const {
  if (f.has(evic_) || !f.has(ordinary_)) return money(f, evic_, outstanding);
  double sum = money(f, ordinary_, outstanding) + money(f, debt_, outstanding);
  if (f.has(preferred_)) sum += money(f, preferred_, outstanding);
  if (f.has(minority_)) sum += money(f, minority_, outstanding);
  return sum;
}

double Attribution::whole(Formula& f, AssetClass asset, Currency outstanding) const {
  switch (asset) {
    case AssetClass::kListedEquity:
      return enterprise_value(f, outstanding);
    case AssetClass::kCorporateBond:
    case AssetClass::kBusinessLoan:
    case AssetClass::kUnlistedEquity:
      return f.has(evic_) || f.has(ordinary_) ? enterprise_value(f, outstanding)
                                              : total_equity_and_debt(f, outstanding);
    case AssetClass::kProject:
    case AssetClass::kProjectLifetime:
      return money(f, project_cost_, outstanding);
    case AssetClass::kProjectFinance:
      if (f.has(project_cost_)) return money(f, project_cost_, outstanding);
      return equity(f, outstanding) + money(f, debt_, outstanding);
    case AssetClass::kCommercialRealEstate:
    case AssetClass::kMortgage:
    case AssetClass::kMotorVehicle:
      return money(f, origination_value_, outstanding);
    case AssetClass::kSovereignDebt:
      return money(f, ppp_gdp_, outstanding);
    default:
      return 0;
  }
}

// Of unlisted shares: shares held / shares x equity.
double Attribution::outstanding(Formula& f, AssetClass asset, Currency* currency) const {
  if (asset == AssetClass::kUnlistedEquity && !f.has(outstanding_) && f.has(share_)) {
    *currency = f.currency_of(equity_, value_currency_);
    return f.percent(share_) * equity(f, *currency);
  }
  *currency = f.currency_of(outstanding_, Input());
  const double out = f.number(outstanding_);
  if (out < 0) f.fail(Gap::kNegativeAmount, outstanding_);
  return out;
}

double Attribution::of(Formula& f, AssetClass asset) const {
  if (f.yes(uncalled_, false))
    f.fail(Gap::kOutOfScope, uncalled_, "a guarantee is not attributed until it is called");
  const bool of_cost = (asset == AssetClass::kProject || asset == AssetClass::kProjectLifetime) &&
                       !f.has(share_) && f.has(project_cost_);
  if (!is_pcaf(asset) && !of_cost) return f.percent(share_);
  check_dates(f);
  // A loan for a vehicle of unknown value is taken as the whole of it (section 5.6).
  if (asset == AssetClass::kMotorVehicle && !f.has(origination_value_)) return 1;
  Currency currency = 0;
  const double financed = outstanding(f, asset, &currency);
  const double value = whole(f, asset, currency);
  if (f.failed()) return 0;
  if (!(value > 0) || financed > value) f.fail(Gap::kShareOutOfRange, outstanding_);
  return financed / value;
}

}  // namespace chunkmill::scope3
