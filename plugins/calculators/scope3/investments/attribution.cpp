#include "plugins/calculators/scope3/investments/attribution.hpp"

#include <algorithm>

namespace chunkmill::scope3 {

void Attribution::declare(Inputs& in) {
  share_ = in.percent("share_percent",
                      "equity: share held; project: share of its total cost; unlisted_equity: "
                      "shares held of all shares");
  outstanding_ = in.number("outstanding", "amount lent or invested, in `currency`");
  outstanding_date_ = in.date("outstanding_date", "day of the outstanding amount");
  value_date_ = in.date("value_date", "day of what it is divided by");
  value_currency_ = in.text("value_currency", "currency of what it is divided by, if named apart");
  uncalled_ = in.yes_no("uncalled_guarantee", "whether it is a guarantee that nobody has called");
  evic_ = in.number("evic",
                    "enterprise value: market value of ordinary and preferred shares + book debt "
                    "+ minority interests, cash not deducted");
  equity_ = in.number("total_equity", "of the investee or project; below zero counts as zero");
  debt_ = in.number("total_debt", "of the investee or project");
  balance_sheet_ = in.number("balance_sheet_total", "where equity and debt are not known");
  origination_value_ = in.number("value_at_origination", "of a property or vehicle, when financed");
  ppp_gdp_ = in.number("ppp_gdp", "gross domestic product of a state, by purchasing power parity");
}

double Attribution::money(Formula& f, Input in) const {
  const double out = f.number(in);
  if (out < 0) f.fail(Gap::kNegativeAmount, in);
  return out;
}

void Attribution::check_money(Formula& f, Input currency) const {
  const std::string_view of_value = f.text_or(value_currency_, {});
  if (!of_value.empty() && parse_currency(of_value) == 0)
    f.fail(Gap::kUnknownCurrency, value_currency_, of_value);
  const std::string_view of_outstanding = f.text_or(currency, {});
  if (!of_value.empty() && parse_currency(of_value) != parse_currency(of_outstanding))
    f.fail(Gap::kValueCurrencyMismatch, value_currency_, of_value);
  if (f.has(outstanding_date_) && f.has(value_date_) &&
      f.cells().day(outstanding_date_, f.row()) != f.cells().day(value_date_, f.row()))
    f.fail(Gap::kValueDateMismatch, value_date_);
}

double Attribution::total_equity_and_debt(Formula& f) const {
  if (f.has(equity_) || f.has(debt_) || !f.has(balance_sheet_))
    return std::max(f.number(equity_), 0.0) + money(f, debt_);
  return money(f, balance_sheet_);
}

double Attribution::whole(Formula& f, AssetClass asset) const {
  switch (asset) {
    case AssetClass::kListedEquity:
      return money(f, evic_);
    case AssetClass::kCorporateBond:
    case AssetClass::kBusinessLoan:
    case AssetClass::kUnlistedEquity:
      return f.has(evic_) ? money(f, evic_) : total_equity_and_debt(f);
    case AssetClass::kProjectFinance:
      return std::max(f.number(equity_), 0.0) + money(f, debt_);
    case AssetClass::kCommercialRealEstate:
    case AssetClass::kMortgage:
    case AssetClass::kMotorVehicle:
      return money(f, origination_value_);
    case AssetClass::kSovereignDebt:
      return money(f, ppp_gdp_);
    default:
      return 0;
  }
}

// Of unlisted shares: shares held / shares x equity.
double Attribution::outstanding(Formula& f, AssetClass asset) const {
  if (asset == AssetClass::kUnlistedEquity && !f.has(outstanding_) && f.has(share_))
    return f.percent(share_) * std::max(f.number(equity_), 0.0);
  return money(f, outstanding_);
}

double Attribution::of(Formula& f, AssetClass asset, Input currency) const {
  if (f.yes(uncalled_, false))
    f.fail(Gap::kOutOfScope, uncalled_, "a guarantee is not attributed until it is called");
  if (!is_pcaf(asset)) return f.percent(share_);
  check_money(f, currency);
  // A loan for a vehicle of unknown value is taken as the whole of it (section 5.6).
  if (asset == AssetClass::kMotorVehicle && !f.has(origination_value_)) return 1;
  const double financed = outstanding(f, asset);
  const double value = whole(f, asset);
  if (f.failed()) return 0;
  if (!(value > 0) || financed > value) f.fail(Gap::kShareOutOfRange, outstanding_);
  return financed / value;
}

}  // namespace chunkmill::scope3
