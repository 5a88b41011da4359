#include "plugins/calculators/scope3/purchased_goods/methods.hpp"

#include <cmath>

namespace chunkmill::scope3 {
namespace {

Estimate none(Gap gap) {
  Estimate estimate;
  estimate.gap = gap;
  return estimate;
}

Estimate multiply(double amount, const Factor& factor, MatchLevel match, uint16_t flags = 0) {
  if (amount < 0) flags |= kCreditNote;
  if (amount == 0) flags |= kZeroAmount;
  return {&factor, amount, factor.emissions(amount), match, flags, Gap::kNotGiven};
}

// A factor of another region is used, and the row says so.
uint16_t region_flag(const Purchase& purchase, const Factor& factor) {
  const uint64_t region = purchase.circumstances.region;
  const bool other = region != 0 && factor.region != 0 && factor.region != region;
  return other && !is_world(factor.region) ? kOtherRegion : 0;
}

// The quantity of a purchase in the unit of a factor.
Gap quantity_in(const Purchase& purchase, Unit wanted, double* out) {
  const std::string_view text = purchase.in.unit.text(purchase.row);
  if (text.empty()) return Gap::kMissingUnit;
  const std::optional<Unit> unit = parse_unit(text);
  if (!unit) return Gap::kUnknownUnit;
  if (unit->dimension != wanted.dimension) return Gap::kUnitMismatch;
  *out = convert(purchase.in.quantity[purchase.row], *unit, wanted);
  return Gap::kNotGiven;
}

// Reads unit, boundary and names of the supplier's factor.
Gap read_supplier_factor(const Purchase& purchase, SupplierFactors& kept, Factor* out) {
  const int64_t row = purchase.row;
  out->value = purchase.in.supplier_factor[row];
  if (!std::isfinite(out->value)) return Gap::kNotFinite;
  if (out->value < 0) return Gap::kNegativeFactor;
  const std::string_view boundary = purchase.in.supplier_factor_boundary.text(row);
  if (!boundary.empty() && parse_boundary(boundary) != Boundary::kCradleToGate)
    return Gap::kBoundaryMismatch;
  out->boundary_text = kept.keep(boundary);
  const std::string_view text = purchase.in.supplier_factor_unit.text(row);
  if (text.empty()) {
    const std::string_view per = purchase.in.unit.text(row);
    out->unit = kept.keep("kgCO2e/" + std::string(per.empty() ? "unit" : per));
    out->denominator = kept.keep(per);
  } else {
    std::string why;
    const std::optional<FactorUnit> unit = parse_factor_unit(text, &why);
    if (!unit) return Gap::kUnknownUnit;
    out->per = unit->per;
    out->currency = unit->currency;
    out->kilograms = unit->kilograms;
    out->in_grams = unit->in_grams;
    out->year = unit->year;
    out->unit = kept.keep(text);
    out->denominator = kept.keep(unit->denominator);
  }
  std::string_view id = purchase.in.supplier_factor_source.text(row);
  if (id.empty()) id = purchase.in.supplier.text(row);
  out->id = kept.keep(id.empty() ? "supplier" : id);
  constexpr static PaddedText kSet("supplier");
  out->set = kSet;
  out->activity_code = kept.keep(purchase.code);
  out->hash = hash_of(*out);
  char digits[16];
  write_hex(out->hash, digits);
  out->hash_text = kept.keep({digits, sizeof digits});
  return Gap::kNotGiven;
}

}  // namespace

Gap currency_of(const Purchase& purchase, const MethodSettings& settings, Currency* out) {
  const std::string_view text = purchase.in.currency.text(purchase.row);
  if (!text.empty()) {
    *out = parse_currency(text);
    return *out == 0 ? Gap::kCurrencyMismatch : Gap::kNotGiven;
  }
  if (purchase.in.currency.present() && !settings.currency_for_all) return Gap::kMissingCurrency;
  *out = settings.currency;
  return *out == 0 ? Gap::kMissingCurrency : Gap::kNotGiven;
}

Estimate supplier_specific(const Purchase& purchase, const MethodSettings& settings,
                           SupplierFactors& kept) {
  if (!purchase.in.supplier_factor.has(purchase.row)) return none(Gap::kNotGiven);
  Factor* const factor = kept.add();
  if (const Gap gap = read_supplier_factor(purchase, kept, factor); gap != Gap::kNotGiven)
    return none(gap);

  if (factor->of_money()) {
    if (!purchase.in.spend.has(purchase.row)) return none(Gap::kMissingAmount);
    const double spend = purchase.in.spend[purchase.row];
    if (!std::isfinite(spend)) return none(Gap::kNotFinite);
    Currency currency = 0;
    if (const Gap gap = currency_of(purchase, settings, &currency); gap != Gap::kNotGiven)
      return none(gap);
    if (currency != factor->currency) return none(Gap::kCurrencyMismatch);
    return multiply(spend, *factor, MatchLevel::kSupplier, kSupplierIntensity);
  }

  if (!purchase.in.quantity.has(purchase.row)) return none(Gap::kMissingAmount);
  double quantity = purchase.in.quantity[purchase.row];
  if (!std::isfinite(quantity)) return none(Gap::kNotFinite);
  if (purchase.in.supplier_factor_unit.text(purchase.row).empty())
    return multiply(quantity, *factor, MatchLevel::kSupplier, kSupplierUnitAssumed);
  if (const Gap gap = quantity_in(purchase, factor->per, &quantity); gap != Gap::kNotGiven)
    return none(gap);
  return multiply(quantity, *factor, MatchLevel::kSupplier);
}

Estimate average_data(const Purchase& purchase, const FactorTable& factors) {
  if (!purchase.in.quantity.has(purchase.row)) return none(Gap::kNotGiven);
  if (!std::isfinite(purchase.in.quantity[purchase.row])) return none(Gap::kNotFinite);
  if (purchase.code.empty()) return none(Gap::kMissingActivity);
  const ActivityClass* const of = purchase.activity.factors;
  if (of == nullptr) return none(Gap::kUnknownFactor);
  if (of->per_unit.empty()) return none(Gap::kNoFactorForMethod);

  const std::string_view text = purchase.in.unit.text(purchase.row);
  if (text.empty()) return none(Gap::kMissingUnit);
  const std::optional<Unit> unit = parse_unit(text);
  if (!unit) return none(Gap::kUnknownUnit);
  const Factor* const factor = factors.per_unit(*of, unit->dimension, purchase.circumstances);
  if (factor == nullptr) return none(Gap::kUnitMismatch);
  const double quantity = convert(purchase.in.quantity[purchase.row], *unit, factor->per);
  return multiply(quantity, *factor, purchase.activity.level, region_flag(purchase, *factor));
}

Estimate spend_based(const Purchase& purchase, const MethodSettings& settings,
                     const FactorTable& factors) {
  if (!purchase.in.spend.has(purchase.row)) return none(Gap::kNotGiven);
  const double spend = purchase.in.spend[purchase.row];
  if (!std::isfinite(spend)) return none(Gap::kNotFinite);
  if (purchase.code.empty()) return none(Gap::kMissingActivity);
  const ActivityClass* const of = purchase.activity.factors;
  if (of == nullptr) return none(Gap::kUnknownFactor);
  if (of->per_money.empty()) return none(Gap::kNoFactorForMethod);

  Currency currency = 0;
  if (const Gap gap = currency_of(purchase, settings, &currency); gap != Gap::kNotGiven)
    return none(gap);
  const Factor* const factor = factors.per_currency(*of, currency, purchase.circumstances);
  if (factor == nullptr) return none(Gap::kCurrencyMismatch);
  const int32_t year = purchase.circumstances.year;
  const bool other_year = year != 0 && factor->year != 0 && year != factor->year;
  uint16_t flags = region_flag(purchase, *factor);
  if (other_year) flags |= kOtherPriceYear;
  return multiply(spend, *factor, purchase.activity.level, flags);
}

}  // namespace chunkmill::scope3
