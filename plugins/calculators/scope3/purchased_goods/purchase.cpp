#include "plugins/calculators/scope3/purchased_goods/purchase.hpp"

namespace chunkmill::scope3 {
namespace {

// A column that the job names must be there; one under its canonical name may be missing.
template <typename T>
void bind_column(Columns& columns, const std::optional<ColumnName>& name,
                 std::string_view canonical, In<std::optional<T>>* in) {
  *in = name ? columns.in<std::optional<T>>(name->value, {}, "columns." + std::string(canonical))
             : columns.in_if_present<std::optional<T>>(canonical);
}

}  // namespace

void PurchaseColumnNames::configure(Options& opt) {
  opt.group("columns", "the job's names for our columns; default: the column of the same name",
            [this](Options& inside) {
              inside.optional("id", id, "what identifies a row; repeated in the result");
              inside.optional("spend", spend, "money spent, net of tax; negative for credit notes");
              inside.optional("activity", activity, "code of the activity class, or see mapping");
              inside.optional("currency", currency, "ISO 4217 code of the spend");
              inside.optional("date", date, "day of the purchase");
              inside.optional("region", region, "where the purchase comes from: US, GB, ...");
              inside.optional("quantity", quantity, "amount bought, in `unit`");
              inside.optional("unit", unit, "unit of the quantity: kg, t, kWh, piece, ...");
              inside.optional("supplier", supplier, "the supplier's name or number");
              inside.optional("supplier_factor", supplier_factor,
                              "the supplier's own factor for what was bought");
              inside.optional("supplier_factor_unit", supplier_factor_unit,
                              "its unit; default: kgCO2e for one unit of the quantity");
              inside.optional("supplier_factor_boundary", supplier_factor_boundary,
                              "what it covers; only cradle_to_gate is used");
              inside.optional("supplier_factor_source", supplier_factor_source,
                              "where it is published; the factor_id of the result");
            });
}

void PurchaseColumns::bind(Columns& columns, const PurchaseColumnNames& names) {
  bind_column(columns, names.spend, "spend", &spend);
  bind_column(columns, names.activity, "activity", &activity);
  bind_column(columns, names.currency, "currency", &currency);
  bind_column(columns, names.date, "date", &date);
  bind_column(columns, names.region, "region", &region);
  bind_column(columns, names.quantity, "quantity", &quantity);
  bind_column(columns, names.unit, "unit", &unit);
  bind_column(columns, names.supplier, "supplier", &supplier);
  bind_column(columns, names.supplier_factor, "supplier_factor", &supplier_factor);
  bind_column(columns, names.supplier_factor_unit, "supplier_factor_unit", &supplier_factor_unit);
  bind_column(columns, names.supplier_factor_boundary, "supplier_factor_boundary",
              &supplier_factor_boundary);
  bind_column(columns, names.supplier_factor_source, "supplier_factor_source",
              &supplier_factor_source);
}

}  // namespace chunkmill::scope3
