// Where one emission may stand in two categories, as far as results can show it: the pairs of the
// standard's table, what was compared, and what was found.
#include "plugins/calculators/scope3/inventory/report.hpp"

namespace chunkmill::scope3 {
namespace {

struct PairWords {
  int first = 0, second = 0;
  std::string_view rule;
};
constexpr PairWords kPairs[] = {
    {1, 2, "a line is a purchase or capital by the company's own books, never both"},
    {1, 3, "energy that the activity data hold leaves the spend ledger"},
    {1, 4, "freight from the direct supplier is category 4; what lies before is inside category 1"},
    {1, 5, "waste treatment that is bought as a service is category 5"},
    {1, 6, "travel that the activity data hold leaves the spend ledger"},
    {1, 8, "rent and energy of leased assets leave the spend ledger"},
    {4, 9, "what the company pays for is category 4, all other transport of its products 9"},
    {5, 12, "waste of operations is category 5, sold products at their end are 12"},
    {8, 13, "the same asset stands in one place only"},
    {11, 12,
     "gas that is set free in use is category 11, at the end of life 12; together at most all"},
    {11, 13, "products that are leased out count for their lifetime in 11 or by year in 13"},
    {13, 14, "the same site stands in one place only"},
    {13, 15, "the same asset stands in one place only"},
    {14, 15, "the same site stands in one place only"},
};

std::string joined(const std::set<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out.append(out.empty() ? "" : "; ").append(text);
  return out;
}

class Guards {
 public:
  Guards(const Evidence& evidence, std::vector<GuardRow>* out) : evidence_(evidence), out_(*out) {}

  void compare(Sameness sameness) {
    const bool by_id = sameness == Sameness::kId;
    const bool possible = by_id ? evidence_.has_ids : evidence_.has_purchases;
    const std::string check = by_id ? "same_id" : "same_purchase";
    for (const PairWords& pair : kPairs) {
      if (!used(pair.first) || !used(pair.second)) continue;
      if (evidence_.overlaps.contains({sameness, pair.first, pair.second})) continue;
      GuardRow row = of(pair, check);
      row.status = possible ? "clear" : "not_checked";
      if (!possible)
        row.message += by_id ? "; needs columns.id"
                             : "; needs columns.supplier, columns.date and columns.spend";
      out_.push_back(std::move(row));
    }
    for (const auto& [key, overlap] : evidence_.overlaps) {
      const auto& [of_sameness, first, second] = key;
      if (of_sameness != sameness) continue;
      PairWords pair{first, second, "no row of a ledger belongs to two categories"};
      for (const PairWords& known : kPairs)
        if (known.first == first && known.second == second) pair = known;
      GuardRow row = of(pair, check);
      row.status = "warning";
      row.found = overlap.keys;
      row.first_kg = overlap.first_kg.value();
      row.second_kg = overlap.second_kg.value();
      row.examples = joined(overlap.examples);
      out_.push_back(std::move(row));
    }
  }

  // Factors of purchasers' prices hold the transport that category 4 may count again.
  void transport_in_prices() {
    const double kg = evidence_.tally.category(1).purchaser_kg.value();
    if (!used(1) || !used(4)) return;
    GuardRow row = of({1, 4, "factors of purchasers' prices hold trade and transport margins"},
                      "transport_in_prices");
    row.status = kg == 0 ? "clear" : "warning";
    if (kg != 0) {
      row.found = 1;
      row.first_kg = kg;
      row.second_kg = evidence_.tally.category(4).in_sum.kg.value();
      row.message += ": freight to the company may be in both; use factors without margins";
    }
    out_.push_back(std::move(row));
  }

  void no_credits(int category) {
    if (!used(category)) return;
    const double kg = evidence_.tally.category(category).negative_kg.value();
    GuardRow row =
        of({category, category, "avoided emissions and credits are never deducted"}, "no_credits");
    row.status = kg < 0 ? "warning" : "clear";
    if (kg < 0) {
      row.found = 1;
      row.first_kg = kg;
      row.message += ": there are negative results that are no credit notes";
    }
    out_.push_back(std::move(row));
  }

  void land_use() {
    const SumsByName& kinds = evidence_.tally.category(15).kinds;
    const auto with = kinds.find("sovereign, with LULUCF");
    const auto without = kinds.find("sovereign, without LULUCF");
    if (with == kinds.end() || without == kinds.end()) return;
    GuardRow row =
        of({15, 15, "sovereign debt is reported with and without land use, and counted once"},
           "land_use");
    row.status = "warning";
    row.found = 1;
    row.first_kg = with->second.kg.value();
    row.second_kg = without->second.kg.value();
    row.message += ": both kinds are in the sum";
    out_.push_back(std::move(row));
  }

  // Not a double count, but what keeps a portfolio from having a score.
  void one_currency_outstanding() {
    const CategoryTally& investments = evidence_.tally.category(15);
    if (!investments.pcaf.several_currencies() && !investments.pcaf_scope3.several_currencies())
      return;
    GuardRow row = of({15, 15, "a portfolio's PCAF score is weighted by money of one currency"},
                      "one_currency_outstanding");
    row.status = "not_checked";
    row.found = 1;
    row.message += ": amounts outstanding are in several; convert them to one";
    out_.push_back(std::move(row));
  }

  // CO2e by several sets of warming potentials is no sum.
  void one_gwp_set() {
    SumsByName sets;
    Sums marked;
    for (int i = 1; i <= kCategories; ++i) {
      const CategoryTally& tally = evidence_.tally.category(i);
      for (const auto& [name, sums] : tally.gwp_sets) sets[name].add(sums);
      for (const char* const flag : {"gwp_set_differs", "mixed_gwp_sets"})
        if (const auto found = tally.flags.find(flag); found != tally.flags.end())
          marked.add(found->second);
    }
    if (sets.empty() && marked.rows == 0) return;
    GuardRow row = of({0, 0, "a total is counted by one set of warming potentials"}, "one_gwp_set");
    const bool several = sets.size() > 1 || marked.rows > 0;
    row.status = several ? "warning" : "clear";
    if (several) {
      row.found = std::max<uint64_t>(sets.size(), 1);
      std::set<std::string> names;
      for (const auto& [name, sums] : sets) names.insert(name);
      row.examples = joined(names);
      row.message += sets.size() > 1 ? ": results are of several; calculate all of them with one "
                                       "`gwp_set`"
                                     : ": some factors are of another set than the inventory's";
      if (marked.rows > 0) row.first_kg = marked.kg.value();
    }
    out_.push_back(std::move(row));
  }

  // Not a double count, but what makes an interval too wide.
  void spread_of_parts() {
    const Sums& sums = evidence_.tally.unparted();
    if (sums.rows == 0 || !evidence_.has_spreads) return;
    GuardRow row = of({0, 0, "the spread of a result of several factors is that of its parts"},
                      "spread_of_parts");
    row.status = "not_checked";
    row.found = sums.rows;
    row.first_kg = sums.kg.value();
    row.message += ": it was counted for the largest of them; give `parts`";
    out_.push_back(std::move(row));
  }

 private:
  bool used(int category) const { return evidence_.tally.category(category).in_sum.rows > 0; }
  static GuardRow of(const PairWords& pair, std::string check) {
    GuardRow row;
    row.first = pair.first;
    row.second = pair.second;
    row.check = std::move(check);
    row.message = pair.rule;
    return row;
  }

  const Evidence& evidence_;
  std::vector<GuardRow>& out_;
};

}  // namespace

void add_guards(const Evidence& evidence, Report* report) {
  Guards guards(evidence, &report->guards);
  guards.compare(Sameness::kId);
  guards.compare(Sameness::kPurchase);
  guards.transport_in_prices();
  guards.no_credits(5);
  guards.no_credits(12);
  guards.land_use();
  guards.one_currency_outstanding();
  guards.one_gwp_set();
  guards.spread_of_parts();
}

}  // namespace chunkmill::scope3
