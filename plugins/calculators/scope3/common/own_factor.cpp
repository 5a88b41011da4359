// The factor that a row brings with it, of its supplier.
#include <cmath>

#include "plugins/calculators/scope3/common/formula.hpp"

namespace chunkmill::scope3 {

Found Formula::own_factor(Boundary boundary, Input quantity) {
  if (failed()) return {};
  if (!has(common_.own_factor)) {
    fail(missing(), common_.own_factor);
    return {};
  }
  Factor& factor = own_factors_.emplace_back();
  if (!read_own_factor(boundary, quantity, &factor)) return {};
  has_data_ = true;
  if (factor.of_money()) flags_ |= kSupplierIntensity;
  const YearMatch year = factor.year == 0 || circumstances_.activity_year == 0 ? YearMatch::kUndated
                         : factor.year == circumstances_.activity_year         ? YearMatch::kValid
                         : factor.year < circumstances_.activity_year          ? YearMatch::kEarlier
                                                                               : YearMatch::kLater;
  factor.quality.set(Indicator::kTime, time_score(factor.year, circumstances_.activity_year));
  return {&factor, Specificity::kSupplier, RegionMatch::kSame,
          year,    factor.quality,         broker_.pedigree().variance(factor.quality)};
}

bool Formula::read_own_factor(Boundary boundary, Input quantity, Factor* out) {
  FactorTexts& shared = own_shared_.emplace_back();
  out->texts = &shared;
  out->value = cells_.number(common_.own_factor, row_);
  if (!std::isfinite(out->value)) fail(Gap::kNotFinite, common_.own_factor);
  if (out->value < 0) fail(Gap::kNegativeFactor, common_.own_factor);
  const std::string_view covers = cells_.text(common_.own_boundary, row_);
  if (covers.empty()) {
    flags_ |= kBoundaryAssumed;
  } else if (parse_boundary(covers) != boundary) {
    problem_.need.boundary = boundary;
    fail(Gap::kBoundaryMismatch, common_.own_boundary, covers);
  }
  out->boundary = boundary;
  if (failed() || !read_own_unit(quantity, out)) return false;

  const double year = number_or(common_.own_year, 0);
  out->year = year > 0 && year < 10'000 ? static_cast<int32_t>(year) : 0;
  if (out->base_year == 0) out->base_year = out->year;
  const bool verified = yes(common_.own_verified, false);
  unverified_ |= !verified;
  // Of the very thing, from the very supplier; how reliable it is depends on who has looked at it.
  out->quality.scores = {static_cast<uint8_t>(verified ? 1 : 3), kPoor, kPoor, 1, 1};
  std::string_view id = cells_.text(common_.own_source, row_);
  if (id.empty()) id = cells_.text(common_.supplier, row_);
  out->id = texts_.add(id.empty() ? "supplier" : id);
  static constexpr PaddedText kSet("supplier");
  shared.set = kSet;
  shared.boundary = texts_.add(covers);
  const std::string_view gwp = cells_.text(common_.own_gwp_set, row_);
  shared.gwp_set = texts_.add(gwp);
  if (!gwp.empty() && !broker_.gwp_set().empty() && gwp != broker_.gwp_set())
    flags_ |= kGwpSetDiffers;
  out->hash = hash_of(*out);
  return true;
}

bool Formula::read_own_unit(Input quantity, Factor* out) {
  const std::string_view text = cells_.text(common_.own_unit, row_);
  if (!text.empty()) {
    std::string why;
    const std::optional<FactorUnit> unit = parse_factor_unit(text, &why);
    if (!unit || !unit->co2e || !unit->gas.empty()) {
      fail(Gap::kUnknownUnit, common_.own_unit, text);
      return false;
    }
    out->per = unit->per;
    out->currency = unit->currency;
    out->kilograms = unit->kilograms;
    out->in_grams = unit->in_grams;
    out->year = out->base_year = unit->year;
    out->unit = texts_.add(text);
    out->denominator = texts_.add(unit->denominator);
    return true;
  }
  flags_ |= kSupplierUnitAssumed;
  if (const Inputs::FixedUnit* const fixed = inputs_.fixed_unit(quantity); fixed != nullptr) {
    out->per = fixed->unit;
    out->denominator = fixed->text;
  } else {
    const KnownUnit* const known = unit_of(quantity);
    if (known == nullptr) return false;
    out->per = *known->unit;
    out->denominator = texts_.add(known->text.view());
  }
  out->unit = texts_.add("kgCO2e/" + std::string(out->denominator.view()));
  return true;
}

}  // namespace chunkmill::scope3
