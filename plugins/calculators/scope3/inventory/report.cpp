#include "plugins/calculators/scope3/inventory/report.hpp"

#include <algorithm>

#include "chunkmill/format.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr double kMillion = 1e6;
constexpr double kKgPerTonne = 1000;

// "12.5 %" for 12.4999.
std::string percent_text(double value) {
  std::string out;
  append_double(&out, std::round(value * 10) / 10);
  return out + " %";
}

std::string methods_text(const SumsByName& methods, double whole) {
  std::vector<std::pair<double, std::string>> sorted;
  for (const auto& [name, sums] : methods) sorted.emplace_back(-sums.kg.value(), name);
  std::sort(sorted.begin(), sorted.end());
  std::string out;
  for (const auto& [negative_kg, name] : sorted) {
    out.append(out.empty() ? "" : ", ").append(name.empty() ? "(none)" : name);
    if (whole != 0) out.append(" ").append(percent_text(percent(-negative_kg, whole)));
  }
  return out;
}

double place_kg(const CategoryTally& tally, Place place) {
  return tally.places[static_cast<size_t>(place)].kg.value();
}

Status status_of(const CategoryRow& row, const Statement* statement) {
  if (row.rows > 0) return Status::kCalculated;
  if (statement == nullptr) return Status::kNoData;
  return statement->relevance == Relevance::kNotRelevant ? Status::kNotRelevant
                                                         : Status::kNotCalculated;
}

}  // namespace

std::string_view status_word(Status status) {
  constexpr std::string_view kWords[] = {"calculated", "not_calculated", "not_relevant", "no_data"};
  return kWords[static_cast<size_t>(status)];
}

void add_categories(const Evidence& evidence, Report* report) {
  Totals& totals = report->totals;
  CategoryTally all;
  ExactSum upstream, downstream;
  for (int i = 1; i <= kCategories; ++i) {
    const CategoryTally& tally = evidence.tally.category(i);
    CategoryRow row;
    row.number = i;
    for (const Sums& sums : tally.places) row.rows += sums.rows;
    row.kg = tally.in_sum.kg.value();
    row.optional_kg = place_kg(tally, Place::kOptional);
    row.lifetime_kg = place_kg(tally, Place::kLifetime);
    row.investee_scope3_kg = place_kg(tally, Place::kInvesteeScope3);
    row.biogenic_kg = tally.biogenic_kg.value();
    row.primary_percent = percent(tally.in_sum.primary_kg.value(), row.kg);
    row.activity_quality = tally.activity_quality.value();
    row.factor_quality = tally.factor_quality.value();
    row.spread_known_percent = percent(tally.spread_size_kg.value(), tally.size_kg.value());
    for (size_t b = 0; b < kBases; ++b) row.basis_kg[b] = tally.bases[b].value();
    row.methods = methods_text(tally.methods, row.kg);
    const auto said = evidence.statements.find(i);
    row.status = status_of(row, said == evidence.statements.end() ? nullptr : &said->second);
    if (said != evidence.statements.end()) row.explanation = said->second.explanation;
    for (const auto& [key, gap] : evidence.gaps)
      if (std::get<0>(key) == i)
        (std::get<1>(key) == kOutOfScopeCode ? row.excluded_rows : row.rejected_rows) += gap.rows;

    for (size_t p = 0; p < kPlaces; ++p) all.places[p].add(tally.places[p]);
    for (size_t b = 0; b < kBases; ++b) all.bases[b].add(tally.bases[b]);
    all.in_sum.add(tally.in_sum);
    all.biogenic_kg.add(tally.biogenic_kg);
    all.size_kg.add(tally.size_kg);
    all.spread_size_kg.add(tally.spread_size_kg);
    all.activity_quality.add(tally.activity_quality);
    all.factor_quality.add(tally.factor_quality);
    for (const auto& [name, sums] : tally.methods) all.methods[name].add(sums);
    for (const auto& [name, sums] : tally.gwp_sets) all.gwp_sets[name].add(sums);
    (kCategoryWords[static_cast<size_t>(i)].upstream ? upstream : downstream).add(tally.in_sum.kg);
    totals.calculated_categories += row.status == Status::kCalculated ? 1 : 0;
    totals.unexplained_categories += row.status == Status::kNoData ? 1 : 0;
    report->categories.push_back(std::move(row));
  }
  for (const Sums& sums : all.places) totals.rows += sums.rows;
  totals.kg = all.in_sum.kg.value();
  totals.share_percent = 100;
  totals.upstream_kg = upstream.value();
  totals.downstream_kg = downstream.value();
  totals.optional_kg = place_kg(all, Place::kOptional);
  totals.lifetime_kg = place_kg(all, Place::kLifetime);
  totals.investee_scope3_kg = place_kg(all, Place::kInvesteeScope3);
  totals.biogenic_kg = all.biogenic_kg.value();
  totals.primary_percent = percent(all.in_sum.primary_kg.value(), totals.kg);
  totals.activity_quality = all.activity_quality.value();
  totals.factor_quality = all.factor_quality.value();
  const CategoryTally& investments = evidence.tally.category(15);
  totals.pcaf_score = investments.pcaf.value();
  totals.pcaf_scope3_score = investments.pcaf_scope3.value();
  totals.spread_known_percent = percent(all.spread_size_kg.value(), all.size_kg.value());
  for (size_t b = 0; b < kBases; ++b) totals.basis_kg[b] = all.bases[b].value();
  totals.methods = methods_text(all.methods, totals.kg);
  totals.unusable_rows = evidence.tally.unusable_rows();
  totals.gwp_sets = methods_text(all.gwp_sets, totals.kg);
  for (const auto& [key, gap] : evidence.gaps)
    (std::get<1>(key) == kOutOfScopeCode ? totals.excluded_rows : totals.rejected_rows) += gap.rows;
  totals.per_million_revenue_t = totals.kg / kKgPerTonne / (report->header.net_revenue / kMillion);
  if (!std::isfinite(totals.per_million_revenue_t)) totals.per_million_revenue_t = NAN;
  for (CategoryRow& row : report->categories) row.share_percent = percent(row.kg, totals.kg);
}

Report make_report(const Header& header, const Evidence& evidence, const Thresholds& thresholds) {
  Report report;
  report.header = header;
  add_categories(evidence, &report);
  add_uncertainty(evidence, &report);
  add_groups(evidence, thresholds, &report);
  add_gaps(evidence, &report);
  add_guards(evidence, &report);
  add_changes(evidence, &report);
  report.totals.warnings = static_cast<int>(
      std::count_if(report.guards.begin(), report.guards.end(),
                    [](const GuardRow& guard) { return guard.status == "warning"; }));
  return report;
}

}  // namespace chunkmill::scope3
