// What is behind the sum, and what is not in it: rows and money by status.
#include "plugins/calculators/scope3/inventory/report.hpp"

namespace chunkmill::scope3 {
namespace {

// A factor of the very class, region and year, or one that came with the row.
bool is_exact(std::string_view match_level) {
  return match_level.empty() || match_level.starts_with("exact/same/valid") ||
         match_level.starts_with("supplier/") || match_level.starts_with("given/");
}

// Rows and money of a category, computed or not: the wholes of the shares.
struct Whole {
  uint64_t rows = 0;
  MoneyByCurrency spend;
};

Whole whole_of(const Evidence& evidence, int category) {
  Whole whole;
  const CategoryTally& tally = evidence.tally.category(category);
  for (const Sums& sums : tally.places) whole.rows += sums.input_rows;
  for (const MoneyByCurrency& spend : tally.spend)
    for (const auto& [currency, sum] : spend) whole.spend[currency].add(sum);
  for (const auto& [key, gap] : evidence.gaps) {
    if (std::get<0>(key) != category) continue;
    whole.rows += gap.rows;
    for (const auto& [currency, spend] : gap.spend) whole.spend[currency].add(spend);
  }
  return whole;
}

// A row for each currency, or one without money.
void add_rows(const GapRow& row, const MoneyByCurrency& spend, const Whole& whole,
              std::vector<GapRow>* out) {
  if (spend.empty()) return out->push_back(row);
  for (const auto& [currency, sum] : spend) {
    GapRow one = row;
    one.spend = sum.value();
    one.currency = currency;
    one.spend_percent = percent(one.spend, whole.spend.at(currency).value());
    out->push_back(std::move(one));
  }
}

void add_computed(const CategoryTally& tally, int category, const Whole& whole,
                  std::vector<GapRow>* out) {
  const auto row = [&](std::string status, std::string code, const Sums& sums) {
    GapRow one;
    one.category = category;
    one.status = std::move(status);
    one.code = std::move(code);
    one.rows = sums.input_rows;  // as of rejects, which are rows of the ledger
    one.rows_percent = percent(static_cast<double>(one.rows), static_cast<double>(whole.rows));
    one.kg = sums.kg.value();
    return one;
  };
  if (tally.in_sum.rows > 0)
    add_rows(row("calculated", "", tally.in_sum), tally.spend[0], whole, out);
  constexpr std::string_view kBeside[] = {"", "optional", "project_lifetime", "investee_scope3"};
  for (size_t place = 1; place < kPlaces; ++place)
    if (tally.places[place].rows > 0)
      add_rows(row("beside", std::string(kBeside[place]), tally.places[place]), tally.spend[place],
               whole, out);
  for (const auto& [level, sums] : tally.match_levels)
    if (!is_exact(level)) out->push_back(row("fallback", level, sums));
  for (const auto& [flag, sums] : tally.flags) out->push_back(row("flagged", flag, sums));
}

}  // namespace

void add_gaps(const Evidence& evidence, Report* report) {
  for (int category = 0; category <= kCategories; ++category) {
    const Whole whole = whole_of(evidence, category);
    add_computed(evidence.tally.category(category), category, whole, &report->gaps);
    for (const auto& [key, gap] : evidence.gaps) {
      const auto& [of, code, column] = key;
      if (of != category) continue;
      GapRow row;
      row.category = category;
      row.status = code == kOutOfScopeCode ? "excluded" : "rejected";
      row.code = column.empty() ? code : code + " (" + column + ")";
      row.rows = gap.rows;
      row.rows_percent = percent(static_cast<double>(gap.rows), static_cast<double>(whole.rows));
      row.example = gap.example;
      add_rows(row, gap.spend, whole, &report->gaps);
    }
  }
}

}  // namespace chunkmill::scope3
