// How far the sums may be off: lognormal, with the lines of a factor correlated.
//
// (ln SDg95)² of a sum = [sum over lines of (kg x ln SDg95 of the activity)²
//                         + sum over factors of (kg of all its lines x ln SDg95 of the factor)²]
//                        / (sum of kg)²
#include <algorithm>

#include "plugins/calculators/scope3/inventory/report.hpp"

namespace chunkmill::scope3 {
namespace {

Interval interval_of(double kg, double variance) {
  if (!(kg > 0)) return {};
  const double sdg95 = std::exp(std::sqrt(variance) / kg);
  return {kg / sdg95, kg * sdg95, sdg95};
}

double square(double value) { return value * value; }

}  // namespace

void add_uncertainty(const Evidence& evidence, Report* report) {
  // A factor may be used in several categories: its error is one all the same.
  struct Whole {
    const FactorTally* first = nullptr;
    Sums sums;
    Spread spread;
  };
  std::map<std::tuple<std::string, std::string, std::string>, Whole> factors;
  std::array<ExactSum, kCategories + 1> of_category;
  for (const FactorTally& factor : evidence.tally.factors()) {
    Whole& whole = factors[{factor.set, factor.version, factor.id}];
    if (whole.first == nullptr || factor.unit < whole.first->unit) whole.first = &factor;
    whole.sums.add(factor.sums);
    whole.spread.add(factor.spread);
    of_category[static_cast<size_t>(factor.category)].add(square(factor.spread.correlated()) +
                                                          factor.spread.by_activity());
  }
  for (CategoryRow& row : report->categories)
    if (row.spread_known_percent > 0)
      row.interval = interval_of(row.kg, of_category[static_cast<size_t>(row.number)].value());

  ExactSum correlated;
  ExactSum by_activity;
  for (const auto& [key, whole] : factors) {
    correlated.add(square(whole.spread.correlated()));
    by_activity.add(whole.spread.by_activity());
  }
  Totals& totals = report->totals;
  const double variance = correlated.value() + by_activity.value();
  if (totals.spread_known_percent > 0) totals.interval = interval_of(totals.kg, variance);
  report->activity_variance_percent = percent(by_activity.value(), variance);
  for (const auto& [key, whole] : factors) {
    FactorRow row;
    std::tie(row.set, row.version, row.id) = key;
    row.unit = whole.first->unit;
    row.rows = whole.sums.rows;
    row.kg = whole.sums.kg.value();
    row.share_percent = percent(row.kg, totals.kg);
    const double spread = whole.spread.correlated();
    if (spread != 0 && row.kg != 0) row.sdg95 = std::exp(std::fabs(spread / row.kg));
    row.variance_percent = percent(square(spread), variance);
    report->factors.push_back(std::move(row));
  }
  std::stable_sort(report->factors.begin(), report->factors.end(),
                   [](const FactorRow& a, const FactorRow& b) {
                     const double left = std::isnan(a.variance_percent) ? 0 : a.variance_percent;
                     const double right = std::isnan(b.variance_percent) ? 0 : b.variance_percent;
                     return left != right ? left > right : a.kg > b.kg;
                   });
}

}  // namespace chunkmill::scope3
