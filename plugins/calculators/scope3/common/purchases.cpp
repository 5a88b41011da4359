#include "plugins/calculators/scope3/common/purchases.hpp"

namespace chunkmill::scope3 {
namespace {
constexpr Boundaries kPurchaseBoundaries = bit(Boundary::kCradleToGate) |
                                           bit(Boundary::kCradleToProducer) |
                                           bit(Boundary::kLifeCycle) | bit(Boundary::kEndOfLife);
// What hybrid methods sum up.
constexpr uint32_t kScopes = 1;
constexpr uint32_t kMaterials = 2;
}  // namespace

Purchases::Purchases(const Info& info, int32_t number, bool capital)
    : Category({info, number, kPurchaseBoundaries, kSpend}), capital_(capital) {}

std::vector<Method> Purchases::methods() const {
  return {method<&Purchases::supplier_specific>("supplier_specific", {common().own_factor}),
          method<&Purchases::hybrid>("hybrid", {scope_1_and_2_, material_mass_}),
          method<&Purchases::hybrid_partial>("hybrid_partial", {scope_1_and_2_, quantity_}),
          method<&Purchases::average_data>("average_data", {quantity_}),
          method<&Purchases::spend_based>("spend_based", {spend()})};
}

void Purchases::inputs(Inputs& in) {
  quantity_ = in.quantity("quantity", "amount bought, in `unit`", std::nullopt, "unit");
  is_capital_ = in.yes_no("capital", "whether the company's books hold it as capital");
  scope_1_and_2_ =
      in.quantity("supplier_scope12", "scope 1 and 2 of the supplier", Dimension::kEmissions);
  allocation_ = in.percent("allocation_percent", "our share of them; default: all is ours already");
  material_ = in.text("material", "activity code of a material in what was bought");
  material_mass_ = in.quantity("material_mass", "its mass", Dimension::kMass);
  inbound_distance_ =
      in.quantity("inbound_distance", "its way to the supplier", Dimension::kDistance);
  vehicle_ = in.text("inbound_vehicle", "activity code of what it travelled with");
  waste_mass_ =
      in.quantity("supplier_waste", "waste of the supplier's, allocated", Dimension::kMass);
  waste_type_ = in.text("waste_type", "activity code of that waste");
  waste_treatment_ = in.text("waste_treatment", "what became of it: landfill, ...");
}

// The same line is opex or capex by the company's own books, never both.
bool Purchases::right_category(Formula& f) const {
  if (f.yes(is_capital_, capital_) != capital_)
    f.fail(Gap::kOutOfScope, is_capital_,
           capital_ ? "it is no capital good: category 1" : "it is a capital good: category 2");
  return !f.failed();
}

void Purchases::supplier_specific(Formula& f) const {
  if (!right_category(f)) return;
  const Found own = f.own_factor(Boundary::kCradleToGate, quantity_);
  if (!own) return;
  f.add(own.factor->of_money() ? f.money(spend()) : f.amount(quantity_), own);
}

void Purchases::add_scope_1_and_2(Formula& f) const {
  if (!f.has(scope_1_and_2_)) return;
  const double share = f.has(allocation_) ? f.percent(allocation_) : 1;
  f.add_given(f.amount(scope_1_and_2_).share(share), "supplier's scope 1 and 2");
}

void Purchases::add_waste(Formula& f) const {
  if (!f.has(waste_mass_)) return;
  const Amount waste = f.amount(waste_mass_);
  f.add(waste,
        f.factor(f.text(waste_type_), Boundary::kEndOfLife, waste, f.text_or(waste_treatment_, {})),
        "waste");
}

void Purchases::hybrid(Formula& f) const {
  if (!right_category(f)) return;
  f.expect((f.has(scope_1_and_2_) ? kScopes : 0) | (f.has(material_mass_) ? kMaterials : 0),
           kScopes | kMaterials);
  add_scope_1_and_2(f);
  if (f.has(material_mass_)) {
    const Amount mass = f.amount(material_mass_);
    f.add(mass, f.factor(f.text(material_), Boundary::kCradleToGate, mass), "material");
    if (f.has(inbound_distance_)) {
      const Amount freight = f.product(mass, f.amount(inbound_distance_));
      f.add(freight, f.factor(f.text(vehicle_), Boundary::kLifeCycle, freight), "transport");
    }
  }
  add_waste(f);
}

void Purchases::hybrid_partial(Formula& f) const {
  if (!right_category(f)) return;
  f.expect((f.has(scope_1_and_2_) ? kScopes : 0) | (f.has(quantity_) ? kMaterials : 0),
           kScopes | kMaterials);
  add_scope_1_and_2(f);
  add_waste(f);
  if (!f.has(quantity_)) return;
  const Amount quantity = f.amount(quantity_);
  f.add(quantity, f.factor(f.activity(), Boundary::kCradleToProducer, quantity), "upstream");
}

void Purchases::average_data(Formula& f) const {
  if (!right_category(f)) return;
  const Amount quantity = f.amount(quantity_);
  f.add(quantity, f.factor(f.activity(), Boundary::kCradleToGate, quantity));
}

void Purchases::spend_based(Formula& f) const {
  if (!right_category(f)) return;
  f.add_spend(f.money(spend()), f.activity(), Boundary::kCradleToGate);
}

}  // namespace chunkmill::scope3
