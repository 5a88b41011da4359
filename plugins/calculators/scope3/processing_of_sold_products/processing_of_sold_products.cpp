#include "plugins/calculators/scope3/processing_of_sold_products/processing_of_sold_products.hpp"

namespace chunkmill::scope3 {
namespace {
// A process is gate to gate: cradle to gate would count our own product again.
constexpr Boundaries kNeeded =
    Operations::kNeeded | bit(Boundary::kGateToGate) | bit(Boundary::kEndOfLife);
}  // namespace

ProcessingOfSoldProducts::ProcessingOfSoldProducts()
    : Category({kInfo, 10, kNeeded, kNoSpend, kMinimumIsCombustion}) {}

void ProcessingOfSoldProducts::inputs(Inputs& in) {
  quantity_ = in.quantity("quantity", "what was sold, in `unit`", std::nullopt, "unit");
  operations_.declare(in);
  share_.declare(in, "of the site's emissions; default: they are our product's alone");
  waste_mass_ = in.quantity("waste", "mass of the site's waste", Dimension::kMass);
  waste_type_ = in.text("waste_type", "activity code of that waste");
  waste_treatment_ = in.text("waste_treatment", "what became of it: landfill, ...");
}

std::vector<Method> ProcessingOfSoldProducts::methods() const {
  return {method<&ProcessingOfSoldProducts::site_specific>("site_specific", {}),
          method<&ProcessingOfSoldProducts::average_data>("average_data", {quantity_})};
}

void ProcessingOfSoldProducts::site_specific(Formula& f) const {
  if (f.has_own_factor() && f.has(quantity_))
    return f.add(f.amount(quantity_), f.own_factor(Boundary::kGateToGate, quantity_));
  if (!operations_.any(f) && !f.has(waste_mass_)) return;
  const double share = share_.given(f) ? share_.of(f) : 1;
  operations_.add(f, share);
  if (!f.has(waste_mass_)) return;
  const Amount waste = f.amount(waste_mass_).share(share);
  f.add(waste,
        f.factor(f.text(waste_type_), Boundary::kEndOfLife, waste, f.text_or(waste_treatment_, {})),
        "waste");
}

void ProcessingOfSoldProducts::average_data(Formula& f) const {
  const Amount sold = f.amount(quantity_);
  const std::string_view code = f.activity();
  if (const Found process = f.find(code, Boundary::kLifeCycle, sold)) return f.add(sold, process);
  f.add(sold, f.factor(code, Boundary::kGateToGate, sold));
}

}  // namespace chunkmill::scope3
