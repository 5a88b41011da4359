#include "plugins/calculators/scope3/waste/waste.hpp"

namespace chunkmill::scope3 {
namespace {
constexpr Boundaries kNeeded = bit(Boundary::kEndOfLife) | bit(Boundary::kLifeCycle);
}  // namespace

Waste::Waste() : TreatedWaste({kInfo, 5, kNeeded, kNoSpend, kMinimumIsCombustion}) {}

void Waste::inputs(Inputs& in) {
  waste_ = in.quantity("quantity", "waste, as mass or volume, in `unit`", std::nullopt, "unit");
  treatment_inputs(in);
  own_facility_ = in.yes_no("own_facility", "whether it is treated in facilities of our own");
  scope_1_and_2_ =
      in.quantity("supplier_scope12", "scope 1 and 2 of the waste company", Dimension::kEmissions);
  allocation_ = in.percent("allocation_percent", "our share of them");
  supplier_quantity_ =
      in.quantity("supplier_quantity", "all waste that the company treated: our share by quantity");
  transport_distance_ =
      in.quantity("transport_distance", "way to the treatment", Dimension::kDistance);
  vehicle_ = in.text("transport_vehicle", "activity code of what it travelled with");
}

std::vector<Method> Waste::methods() const {
  return {method<&Waste::supplier_specific>("supplier_specific", {}),
          method<&Waste::waste_type_specific>("waste_type_specific", {waste_, treatment_}),
          method<&Waste::average_data>("average_data", {waste_, treatment_, share_})};
}

void Waste::options(Options& opt) {
  opt.choice("transport", transport_by_distance_, {{"in_factor", false}, {"by_distance", true}},
             "transport to the treatment: in the factors already, as in those of EPA and DESNZ, or "
             "by transport_distance (optional in this category)");
}

void Waste::hash_options(Hasher& hasher) const { hasher.add(uint64_t{transport_by_distance_}); }

bool Waste::treated_by_others(Formula& f) const {
  if (f.yes(own_facility_, false))
    f.fail(Gap::kOutOfScope, own_facility_, "it is treated in own facilities: scope 1");
  return !f.failed();
}

void Waste::supplier_specific(Formula& f) const {
  if (!treated_by_others(f)) return;
  if (f.has_own_factor())
    return f.add(f.amount(waste_), f.own_factor(Boundary::kEndOfLife, waste_));
  if (!f.has(scope_1_and_2_)) return f.fail(Gap::kNoData, scope_1_and_2_);
  const Amount emissions = f.amount(scope_1_and_2_);
  f.add_given(emissions.share(allocated_share(f)), "waste company's scope 1 and 2");
}

double Waste::allocated_share(Formula& f) const {
  if (f.has(allocation_)) return f.percent(allocation_);
  if (!f.has(supplier_quantity_)) return 1;  // ours already
  const Amount own = f.amount(waste_);
  const Amount total = f.amount(supplier_quantity_);
  if (f.failed()) return 0;
  if (own.unit.dimension != total.unit.dimension) {
    f.fail(Gap::kUnitMismatch, supplier_quantity_, total.steps.given_unit.view());
    return 0;
  }
  const double share = convert(own.value, own.unit, total.unit) / total.value;
  if (!(share >= 0 && share <= 1)) f.fail(Gap::kShareOutOfRange, supplier_quantity_);
  return share;
}

void Waste::waste_type_specific(Formula& f) const {
  if (!treated_by_others(f)) return;
  if (f.has(share_)) return f.fail(Gap::kNoData, share_);  // the quantity is not all treated so
  const Amount waste = f.amount(waste_);
  f.text(treatment_);
  add_treated(f, waste, f.activity());
  add_transport(f, waste);
}

void Waste::average_data(Formula& f) const {
  if (!treated_by_others(f)) return;
  const Amount waste = f.amount(waste_).share(f.percent_of_group(share_));
  f.text(treatment_);
  add_treated(f, waste, f.activity());
  add_transport(f, waste);
}

void Waste::add_transport(Formula& f, const Amount& waste) const {
  if (!transport_by_distance_ || !f.has(transport_distance_)) return;
  const Amount freight =
      f.product(f.in_dimension(waste, Dimension::kMass, density_), f.amount(transport_distance_));
  f.optional();
  f.add(freight, f.factor(f.text(vehicle_), Boundary::kLifeCycle, freight), "transport");
}

}  // namespace chunkmill::scope3
