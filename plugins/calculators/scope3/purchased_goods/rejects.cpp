// What a person is told of a purchase that no method can calculate.
#include "plugins/calculators/scope3/purchased_goods/purchased_goods.hpp"

namespace chunkmill::scope3 {
namespace {

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

// How the job calls a column.
std::string name(const std::optional<ColumnName>& given, std::string_view canonical) {
  return given ? given->value : std::string(canonical);
}

}  // namespace

void PurchasedGoods::reject(const Purchase& purchase, Gap gap, RowErrors& errors) const {
  const int64_t row = purchase.row;
  std::string column;
  std::string message;
  switch (gap) {
    case Gap::kNotGiven:
      column = name(names_.spend, "spend");
      message = forced_ ? "the row has no data for the method " + method_
                        : "the row has neither a spend nor a quantity to calculate with";
      break;
    case Gap::kMissingAmount:
      column = name(names_.quantity, "quantity");
      message = "a supplier factor is given, but not the quantity or spend that it is for";
      break;
    case Gap::kMissingActivity:
      column = name(names_.activity, "activity");
      message = quoted(column) + " is empty: without it no factor can be found";
      break;
    case Gap::kUnknownFactor:
      column = name(names_.activity, "activity");
      message = factors_.explain_unknown(purchase.code);
      break;
    case Gap::kNoFactorForMethod:
      column = name(names_.activity, "activity");
      message = "activity " + quoted(purchase.code) + " has no factor for the data of this row: " +
                (purchase.in.spend.has(row) ? "none per money" : "none per unit of a quantity");
      break;
    case Gap::kMissingCurrency:
      column = name(names_.currency, "currency");
      message = "the spend has no currency; give `currency:` if all such rows are in one";
      break;
    case Gap::kCurrencyMismatch: {
      column = name(names_.currency, "currency");
      Currency currency = 0;
      currency_of(purchase, settings_, &currency);
      message = "spend in " +
                (currency == 0 ? quoted(purchase.in.currency.text(row)) : currency_text(currency)) +
                ", but the factors of " + quoted(purchase.code) + " are not per that currency";
      break;
    }
    case Gap::kMissingUnit:
    case Gap::kUnknownUnit: {
      column = name(names_.unit, "unit");
      const std::string_view unit = purchase.in.unit.text(row);
      const std::string_view hint = ambiguous_unit(unit);
      message =
          unit.empty() ? "the quantity has no unit" : "unit " + quoted(unit) + " is not known";
      if (!hint.empty()) message += "; " + std::string(hint);
      break;
    }
    case Gap::kUnitMismatch: {
      column = name(names_.unit, "unit");
      const std::string_view unit = purchase.in.unit.text(row);
      const std::optional<Unit> parsed = parse_unit(unit);
      message = "unit " + quoted(unit) + " is of " +
                std::string(parsed ? dimension_name(parsed->dimension) : "no dimension") +
                ", and no factor for this row is";
      break;
    }
    case Gap::kBoundaryMismatch:
      column = name(names_.supplier_factor_boundary, "supplier_factor_boundary");
      message = "the supplier's factor covers " +
                quoted(purchase.in.supplier_factor_boundary.text(row)) + ", not cradle_to_gate";
      break;
    case Gap::kNegativeFactor:
      column = name(names_.supplier_factor, "supplier_factor");
      message = "the supplier's factor is negative: removals are not netted";
      break;
    case Gap::kNotFinite:
      message = "an amount of the row is not a finite number";
      break;
  }
  errors.report(row, kGapCodes[static_cast<size_t>(gap)], message, column);
}

}  // namespace chunkmill::scope3
