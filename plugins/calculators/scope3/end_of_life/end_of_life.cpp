#include "plugins/calculators/scope3/end_of_life/end_of_life.hpp"

namespace chunkmill::scope3 {
namespace {
// 70 % and 30 % read from text may be a bit more than a whole.
constexpr double kShareTolerance = 1e-9;
}  // namespace

EndOfLife::EndOfLife() : TreatedWaste({kInfo, 12, bit(Boundary::kEndOfLife), kNoSpend}) {}

void EndOfLife::inputs(Inputs& in) {
  sold_ =
      in.quantity("quantity", "products sold, as mass or number, in `unit`", std::nullopt, "unit");
  unit_mass_ = in.quantity("unit_mass", "mass of one product", Dimension::kMass);
  packaging_mass_ =
      in.quantity("packaging_mass", "mass of all packaging sold with them", Dimension::kMass);
  packaging_ = in.text("packaging", "activity code of the packaging; default: the product's");
  treatment_inputs(in);
  refrigerant_ = in.text("refrigerant", "a gas in the products: R-134a");
  charge_ = in.quantity("refrigerant_charge", "its mass in all products sold", Dimension::kMass);
  released_ = in.percent("released_percent", "share of the charge released at the end of life");
  released_in_use_ = in.percent("released_in_use_percent", "share that category 11 has already");
}

std::vector<Method> EndOfLife::methods() const {
  return {method<&EndOfLife::supplier_specific>("supplier_specific", {sold_, common().own_factor}),
          method<&EndOfLife::waste_type_specific>("waste_type_specific", {}),
          method<&EndOfLife::average_data>("average_data", {})};
}

void EndOfLife::supplier_specific(Formula& f) const {
  f.add(f.amount(sold_), f.own_factor(Boundary::kEndOfLife, sold_));
  add_refrigerant(f);
}

void EndOfLife::waste_type_specific(Formula& f) const {
  if (f.has(share_)) return f.fail(Gap::kNoData, share_);  // the mass is not all treated so
  add_sold(f, 1);
  add_refrigerant(f);
}

void EndOfLife::average_data(Formula& f) const {
  constexpr uint32_t kShare = 1;
  f.expect(f.has(share_) ? kShare : 0, kShare);
  if (f.has(share_)) add_sold(f, f.percent_of_group(share_));
  add_refrigerant(f);
}

void EndOfLife::add_sold(Formula& f, double share) const {
  if (f.has(sold_)) {
    Amount sold = f.amount(sold_);
    if (sold.unit.dimension == Dimension::kCount && f.has(unit_mass_))
      sold = f.amount(unit_mass_).times(sold.value * sold.unit.size);
    f.text(treatment_);
    add_treated(f, sold.share(share), f.activity(), f.has(packaging_mass_) ? "product" : "");
  }
  if (f.has(packaging_mass_)) {
    const Amount packaging = f.amount(packaging_mass_).share(share);
    f.text(treatment_);
    add_treated(f, packaging, f.has(packaging_) ? f.text(packaging_) : f.activity(), "packaging");
  }
}

void EndOfLife::add_refrigerant(Formula& f) const {
  if (!f.has(charge_)) return;
  const Amount charge = f.amount(charge_);
  const double released = f.percent(released_);
  const double in_use = f.has(released_in_use_) ? f.percent(released_in_use_) : 0;
  if (released + in_use > 1 + kShareTolerance) f.fail(Gap::kShareOutOfRange, released_);
  f.add(charge.share(released), f.gas(f.text(refrigerant_)), "refrigerant");
}

}  // namespace chunkmill::scope3
