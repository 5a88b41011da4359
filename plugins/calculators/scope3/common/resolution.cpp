// Which factor of a class fits a row best, and why none does.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <tuple>

#include "plugins/calculators/scope3/common/factor_table.hpp"

namespace chunkmill::scope3 {
namespace {

// How far a factor is from a row; less is better.
struct Rank {
  RegionMatch region = RegionMatch::kAny;
  int region_steps = 0;
  bool other_technology = false;
  int64_t years = 0;
  int32_t before_latest = 0;
  bool other_currency = false;
  uint16_t preference = 0;
  YearMatch year = YearMatch::kUndated;

  auto order() const {
    return std::tuple(region, region_steps, other_technology, years, before_latest, other_currency,
                      preference);
  }
};

// A factor without days of validity holds for the year of its data.
YearMatch year_match(const Factor& factor, const Circumstances& row, int64_t* years) {
  const bool has_days = factor.valid_from != INT32_MIN || factor.valid_to != INT32_MAX;
  *years = 0;
  if (has_days && row.day != Circumstances::kNoDay) {
    constexpr int64_t kDays = 366;
    if (row.day < factor.valid_from) {
      *years = 1 + (int64_t{factor.valid_from} - row.day) / kDays;
      return YearMatch::kLater;
    }
    if (row.day > factor.valid_to) {
      *years = 1 + (int64_t{row.day} - factor.valid_to - 1) / kDays;
      return YearMatch::kEarlier;
    }
    return YearMatch::kValid;
  }
  if (row.year == 0 || factor.year == 0) return YearMatch::kUndated;
  *years = std::abs(factor.year - row.year);
  return factor.year == row.year  ? YearMatch::kValid
         : factor.year < row.year ? YearMatch::kEarlier
                                  : YearMatch::kLater;
}

Rank rank(const Factor& factor, const Need& need, const Circumstances& row,
          const Regions& regions) {
  Rank out;
  out.region = regions.match(row.region, factor.region, &out.region_steps);
  // Without a region of the row's own what holds everywhere goes first.
  if (row.region == 0 && factor.region != 0 && !is_world(factor.region)) out.region_steps = 1;
  out.other_technology = factor.technology != need.technology;
  constexpr int64_t kLater = 10'000;
  out.year = year_match(factor, row, &out.years);
  if (out.year == YearMatch::kLater) out.years += kLater;
  out.before_latest = -factor.year;
  out.other_currency = factor.of_money() && factor.currency != need.currency;
  out.preference = factor.preference;
  return out;
}

bool same_intensity(const Factor& a, const Factor& b) {
  constexpr double kAlike = 1e-3;
  const double x = a.intensity();
  const double y = b.intensity();
  return a.currency == b.currency &&
         std::fabs(x - y) <= kAlike * std::max(std::fabs(x), std::fabs(y));
}

constexpr uint8_t kRegionScores[] = {1, 2, 2, kPoor, 3, kPoor};  // by RegionMatch

bool fits_basis(const Factor& factor, const Need& need) {
  return need.price_basis == PriceBasis::kUnknown || factor.price_basis == PriceBasis::kUnknown ||
         factor.price_basis == need.price_basis;
}
bool fits_technology(const Factor& factor, const Need& need) {
  return need.technology == 0 || factor.technology == 0 || factor.technology == need.technology;
}

}  // namespace

Resolution FactorTable::best(const ActivityClass& of, const Need& need,
                             const Circumstances& row) const {
  Resolution out;
  Rank found;
  for (const Factor& one : factors_of(of)) {
    const Factor* const factor = &one;
    if (factor->boundary != need.boundary || factor->per.dimension != need.dimension) continue;
    if (factor->of_money() &&
        ((factor->currency != need.currency && !gates_.any_currency) || !fits_basis(*factor, need)))
      continue;
    if (!fits_technology(*factor, need)) continue;
    const Rank its = rank(*factor, need, row, regions_);
    if (out.factor == nullptr || its.order() < found.order()) {
      out.factor = factor;
      out.rival = nullptr;
      found = its;
    } else if (its.order() == found.order()) {
      // Factors come in the order of their ids: the first one stays.
      if (out.rival == nullptr && !same_intensity(*factor, *out.factor)) out.rival = factor;
    }
  }
  if (out.factor == nullptr) return out;
  out.region = found.region;
  out.year = found.year;
  out.quality = out.factor->quality;
  out.quality.set(Indicator::kTime, time_score(out.factor->year, row.activity_year));
  out.quality.set(Indicator::kGeography, kRegionScores[static_cast<size_t>(found.region)]);
  out.variance = out.factor->variance >= 0 ? out.factor->variance : pedigree_.variance(out.quality);
  if (found.region == RegionMatch::kOther) out.flags |= kOtherRegion;
  if (found.year == YearMatch::kLater) out.flags |= kLaterFactor;
  if (out.factor->gwp_differs) out.flags |= kGwpSetDiffers;
  if (out.rival != nullptr) {
    out.flags |= kTieByFactorId;
    if (!gates_.ties_by_id) out.gap = Gap::kTiedFactors;
  }
  if (found.region == RegionMatch::kOther && !gates_.other_regions)
    out.gap = Gap::kRegionNotCovered;
  if (out.factor->year != 0 && row.year != 0 && out.year != YearMatch::kValid &&
      std::abs(out.factor->year - row.year) > gates_.max_age)
    out.gap = Gap::kFactorTooOld;
  return out;
}

Gap FactorTable::why_none(const ActivityClass& of, const Need& need) const {
  const bool money = need.dimension == Dimension::kMoney;
  bool of_kind = false;
  bool of_dimension = false;
  bool of_currency = false;
  bool of_basis = false;
  for (const Factor& one : factors_of(of)) {
    const Factor* const factor = &one;
    if (factor->boundary != need.boundary) continue;
    of_kind |= factor->of_money() == money;
    if (factor->per.dimension != need.dimension) continue;
    of_dimension = true;
    if (money && factor->currency != need.currency && !gates_.any_currency) continue;
    of_currency = true;
    of_basis |= !money || fits_basis(*factor, need);
  }
  if (!of_kind) return Gap::kNoFactorForMethod;
  if (!of_dimension) return Gap::kUnitMismatch;
  if (!of_currency) return Gap::kCurrencyMismatch;
  return of_basis ? Gap::kUnknownFactor : Gap::kPriceBasisMismatch;
}

Resolution FactorTable::resolve(uint32_t activity_class, Specificity level, const Need& need,
                                const Circumstances& row) const {
  Resolution none;
  none.gap = Gap::kUnknownFactor;
  bool first = true;
  for (uint32_t at = activity_class; at != kNoClass; at = classes_[at].parent) {
    Resolution out = best(classes_[at], need, row);
    if (out.factor != nullptr) {
      out.specificity = level;
      if (out.gap != Gap::kNone) {
        none = out;
        none.rival = out.rival != nullptr ? out.rival : out.factor;
        none.factor = nullptr;
        return none;
      }
      return out;
    }
    if (first) none.gap = why_none(classes_[at], need);
    first = false;
    level = Specificity::kParent;
  }
  return none;
}

std::string FactorTable::explain(Gap gap, std::string_view code, const Need& need,
                                 const Circumstances& row) const {
  Specificity level = Specificity::kExact;
  const uint32_t found = find(code, &level);
  if (found == kNoClass) return explain_unknown(code);
  const Resolution why = resolve(found, level, need, row);
  const std::string its = "activity " + in_quotes(trim(code));
  const auto named = [](const Factor& factor) {
    std::string about;
    const auto add = [&about](std::string_view what) {
      if (!what.empty()) about += (about.empty() ? "" : ", ") + std::string(what);
    };
    add(factor.texts->set.view());
    add(factor.technology_text.view());
    add(factor.texts->region.view());
    if (factor.year != 0) add(std::to_string(factor.year));
    return in_quotes(factor.id.view()) + (about.empty() ? "" : " (" + about + ")");
  };
  switch (gap) {
    case Gap::kTiedFactors: {
      Resolution chosen;
      for (uint32_t at = found; at != kNoClass && chosen.factor == nullptr;
           at = classes_[at].parent)
        chosen = best(classes_[at], need, row);
      return its + " has several factors that fit alike: " + named(*chosen.factor) + " and " +
             named(*chosen.rival) +
             "; say more of the row (technology, region, date), give set_preference, or "
             "`ties: factor_id`";
    }
    case Gap::kFactorTooOld:
      return its + ": the factor " + named(*why.rival) + " is of " +
             std::to_string(why.rival->year) + ", the activity of " + std::to_string(row.year) +
             ", which is more than max_factor_age";
    case Gap::kRegionNotCovered:
      return its + " has no factor for the row's region, nor for one around it; nearest: " +
             named(*why.rival);
    case Gap::kNoFactorForMethod:
      return its + " has no factor for the data of this row: " +
             (need.dimension == Dimension::kMoney ? "none per money" : "none per unit") + " with " +
             std::string(boundary_name(need.boundary));
    case Gap::kUnitMismatch:
      return its + " has no factor per " + std::string(dimension_name(need.dimension)) + " with " +
             std::string(boundary_name(need.boundary));
    case Gap::kCurrencyMismatch:
      return "spend in " + currency_text(need.currency) + ", but the factors of " +
             in_quotes(trim(code)) + " are not per that currency; give `fx` to convert";
    case Gap::kPriceBasisMismatch:
      return its + " has no factor for spend in prices of that basis";
    default: {
      std::string out = its + " has no factor of that technology; there are:";
      for (const Factor& factor : factors_of(classes_[found]))
        if (out.size() < 200) out += " " + in_quotes(factor.technology_text.view());
      return out;
    }
  }
}

}  // namespace chunkmill::scope3
