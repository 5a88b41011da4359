// Suppliers, countries, methods, match levels: the sum cut in other ways.
#include <algorithm>

#include "plugins/calculators/scope3/inventory/report.hpp"

namespace chunkmill::scope3 {
namespace {

std::vector<GroupRow> sorted(const SumsByName& groups, int category, double whole) {
  std::vector<GroupRow> out;
  for (const auto& [name, sums] : groups) {
    const double kg = sums.kg.value();
    out.push_back(
        {category, name, sums.rows, kg, percent(kg, whole), percent(sums.primary_kg.value(), kg)});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const GroupRow& a, const GroupRow& b) { return a.kg > b.kg; });
  return out;
}

// The currency in which most is spent: sums of several cannot be added up.
size_t main_currency(const Tally& tally) {
  std::vector<ExactSum> sums(tally.currencies().size());
  for (const SupplierTally& supplier : tally.suppliers())
    for (const auto& [currency, spend] : supplier.spend) sums[currency].add(spend);
  size_t best = 0;
  for (size_t i = 1; i < sums.size(); ++i) {
    const double difference = sums[i].value() - sums[best].value();
    if (difference > 0 || (difference == 0 && tally.currencies()[i] < tally.currencies()[best]))
      best = i;
  }
  return best;
}

// Standard, box 7.3: the largest that make up 80 % together, and any one above 1 %. `in_order` has
// the largest first.
template <typename Size>
void engage(std::vector<SupplierRow*>& in_order, double whole, const Thresholds& thresholds,
            std::string_view why, Size size) {
  double before = 0;
  for (SupplierRow* const supplier : in_order) {
    const double share = percent(size(*supplier), whole);
    if (!(share > 0)) break;
    if (before < thresholds.engage_percent || share > thresholds.engage_single_percent)
      supplier->engage.append(supplier->engage.empty() ? "" : " and ").append(why);
    before += share;
  }
}

void add_suppliers(const Tally& tally, const Thresholds& thresholds, Report* report) {
  const size_t currency = main_currency(tally);
  ExactSum kg_of_all;
  ExactSum spend_of_all;
  for (size_t i = 0; i < tally.suppliers().size(); ++i) {
    const SupplierTally& supplier = tally.suppliers()[i];
    SupplierRow row;
    row.name = tally.supplier_names().key(i);
    if (row.name.empty()) continue;
    row.rows = supplier.sums.rows;
    row.kg = supplier.sums.kg.value();
    row.primary_percent = percent(supplier.sums.primary_kg.value(), row.kg);
    kg_of_all.add(supplier.sums.kg);
    for (const auto& [of, spend] : supplier.spend) {
      if (of != currency) continue;
      row.spend = spend.value();
      spend_of_all.add(spend);
    }
    report->suppliers.push_back(std::move(row));
  }
  std::sort(report->suppliers.begin(), report->suppliers.end(),
            [](const SupplierRow& a, const SupplierRow& b) {
              return a.kg != b.kg ? a.kg > b.kg : a.name < b.name;
            });
  report->supplier_kg = kg_of_all.value();
  const double spend = spend_of_all.value();
  ExactSum cumulative;
  std::vector<SupplierRow*> in_order;
  for (SupplierRow& row : report->suppliers) {
    cumulative.add(row.kg);
    row.rank = in_order.size() + 1;
    row.share_percent = percent(row.kg, report->supplier_kg);
    row.cumulative_percent = percent(cumulative.value(), report->supplier_kg);
    row.spend_share_percent = percent(row.spend, spend);
    in_order.push_back(&row);
  }
  engage(in_order, report->supplier_kg, thresholds, "emissions",
         [](const SupplierRow& row) { return row.kg; });
  std::stable_sort(in_order.begin(), in_order.end(),
                   [](const SupplierRow* a, const SupplierRow* b) {
                     const double left = std::isnan(a->spend) ? 0 : a->spend;
                     const double right = std::isnan(b->spend) ? 0 : b->spend;
                     return left > right;
                   });
  engage(in_order, spend, thresholds, "spend", [](const SupplierRow& row) { return row.spend; });
}

}  // namespace

void add_groups(const Evidence& evidence, const Thresholds& thresholds, Report* report) {
  const Tally& tally = evidence.tally;
  const double whole = report->totals.kg;
  add_suppliers(tally, thresholds, report);
  report->countries = sorted(tally.countries(), 0, whole);
  SumsByName match_levels;
  for (int i = 1; i <= kCategories; ++i) {
    const CategoryTally& category = tally.category(i);
    for (GroupRow& row : sorted(category.methods, i, whole))
      report->methods.push_back(std::move(row));
    for (const auto& [name, sums] : category.match_levels) match_levels[name].add(sums);
  }
  report->match_levels = sorted(match_levels, 0, whole);
}

void add_changes(const Evidence& evidence, Report* report) {
  if (evidence.changes.empty()) return;
  Change all;
  const auto row_of = [](int category, const Change& change) {
    ChangeRow row;
    row.category = category;
    row.old_kg = change.old_kg.value();
    row.new_kg = change.new_kg.value();
    row.difference_kg = change.difference_kg.value();
    for (size_t i = 0; i < kReasons; ++i) row.kg[i] = change.by_reason[i].value();
    row.rows = change.rows;
    row.unchanged_rows = change.unchanged_rows;
    return row;
  };
  for (const auto& [category, change] : evidence.changes) {
    all.old_kg.add(change.old_kg);
    all.new_kg.add(change.new_kg);
    all.difference_kg.add(change.difference_kg);
    for (size_t i = 0; i < kReasons; ++i) {
      all.by_reason[i].add(change.by_reason[i]);
      all.rows[i] += change.rows[i];
    }
    all.unchanged_rows += change.unchanged_rows;
    report->changes.push_back(row_of(category, change));
  }
  report->changes.insert(report->changes.begin(), row_of(0, all));
}

}  // namespace chunkmill::scope3
