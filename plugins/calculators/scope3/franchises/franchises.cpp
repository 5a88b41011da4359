#include "plugins/calculators/scope3/franchises/franchises.hpp"

namespace chunkmill::scope3 {
namespace {
constexpr Boundaries kNeeded = Operations::kNeeded | bit(Boundary::kCradleToGate);
}

Franchises::Franchises() : Category({kInfo, 14, kNeeded, kNoSpend, kMinimumIsCombustion}) {}

void Franchises::inputs(Inputs& in) {
  quantity_ = in.quantity("quantity", "floor area, or number of franchises", std::nullopt, "unit");
  scopes_ = in.quantity("franchise_scope12", "scope 1 and 2 of the franchise, as it reports them",
                        Dimension::kEmissions);
  franchises_ = in.number("franchises_in_group", "of a sample: all franchises of its group");
  sample_ = in.number("franchises_sampled", "of a sample: how many franchises it has");
  material_ = in.text("material", "activity code of a material that the franchise buys");
  material_mass_ = in.quantity("material_mass", "its mass", Dimension::kMass);
  in_own_scopes_ = in.yes_no("in_own_scopes", "whether our own scope 1 and 2 have the franchise");
  operations_.declare(in);
  share_.declare(in, "the franchise's, of the building's energy; default: it has its own meters");
}

std::vector<Method> Franchises::methods() const {
  return {method<&Franchises::franchise_specific>("franchise_specific", {}),
          method<&Franchises::sampled>("sampled", {franchises_}),
          method<&Franchises::average_data>("average_data", {quantity_})};
}

bool Franchises::right_scope(Formula& f) const {
  if (f.yes(in_own_scopes_, false))
    f.fail(Gap::kOutOfScope, in_own_scopes_, "the franchise is in our own scope 1 and 2");
  return !f.failed();
}

void Franchises::add_scopes(Formula& f, double scale) const {
  // Of one franchise either is the whole.
  if (f.has(scopes_)) {
    f.add_given(f.amount(scopes_).share(scale), "scope 1 and 2");
  } else if (operations_.any(f)) {
    operations_.add(f, scale * (share_.given(f) ? share_.of(f) : 1));
  }
  if (!f.has(material_mass_)) return;
  f.optional();
  const Amount mass = f.amount(material_mass_).share(scale);
  f.add(mass, f.factor(f.text(material_), Boundary::kCradleToGate, mass), "material");
}

void Franchises::franchise_specific(Formula& f) const {
  if (!right_scope(f)) return;
  // One of a sample alone would stand for itself only.
  if (f.has(franchises_) || f.has(sample_)) return f.fail(Gap::kNoData);
  if (f.has_own_factor() && f.has(quantity_))
    return operations_.add_own(f, f.amount(quantity_), quantity_);
  add_scopes(f, 1);
}

void Franchises::sampled(Formula& f) const {
  if (!right_scope(f)) return;
  if (!f.has(scopes_) && !operations_.any(f)) return;
  const double all = not_negative(f, franchises_);
  const double sample = not_negative(f, sample_);
  if (!f.failed() && (!(sample > 0) || sample > all)) f.fail(Gap::kShareOutOfRange, sample_);
  if (f.failed()) return;
  f.flag(kScaled);
  add_scopes(f, all / sample);
}

void Franchises::average_data(Formula& f) const {
  if (!right_scope(f)) return;
  const Amount quantity = f.amount(quantity_);
  operations_.add_site(f, quantity, f.activity());
}

}  // namespace chunkmill::scope3
