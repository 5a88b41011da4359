#include "plugins/calculators/scope3/common/treated_waste.hpp"

#include "plugins/calculators/scope3/common/factor_choice.hpp"

namespace chunkmill::scope3 {

void TreatedWaste::treatment_inputs(Inputs& in) {
  treatment_ = in.text("treatment", "landfill, incineration, ...: the technology of the factor");
  share_ = in.percent("share_percent", "share of the whole mass that is treated so");
  density_ = in.number("density", "kg of a litre, where mass and volume must be converted");
}

void TreatedWaste::add_treated(Formula& f, const Amount& waste, std::string_view code,
                               std::string_view label) const {
  if (f.failed()) return;
  const std::string_view treatment = f.text_or(treatment_, {});
  const Dimension given = waste.unit.dimension;
  if (given != Dimension::kMass && given != Dimension::kVolume)
    return f.add(waste, f.factor(code, Boundary::kEndOfLife, waste, treatment), label);
  const Dimension other = given == Dimension::kMass ? Dimension::kVolume : Dimension::kMass;
  const Found found = factor_of_either(f, {code, Boundary::kEndOfLife, given, other, treatment});
  if (found) f.add(f.in_dimension(waste, found.factor->per.dimension, density_), found, label);
}

}  // namespace chunkmill::scope3
