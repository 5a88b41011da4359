#include "plugins/calculators/scope3/inventory/tally.hpp"

#include <algorithm>
#include <cctype>

namespace chunkmill::scope3 {
namespace {

// All emissions of the world are below it; what is above is a fault in the data.
constexpr double kLargestKg = 1e15;

Sums& named(SumsByName& sums, std::string_view name) {
  const auto found = sums.find(name);
  return found != sums.end() ? found->second : sums.emplace(name, Sums()).first->second;
}

bool is_currency(std::string_view unit) {
  return unit.size() == 3 &&
         std::all_of(unit.begin(), unit.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// Calls `take` with each word of a list with commas.
template <typename F>
void each_word(std::string_view list, F&& take) {
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    if (comma > 0) take(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

uint32_t number_of(KeyIndex& index, std::string_view key) {
  const uint32_t found = index.find(key);
  if (found != KeyIndex::kAbsent) return found;
  const auto next = static_cast<uint32_t>(index.size());
  index.insert(key, next);
  return next;
}

}  // namespace

Place place_of(const ResultRow& row) {
  if (row.category == kCategories) {
    if (row.kind.starts_with("scope 3 of investee")) return Place::kInvesteeScope3;
    if (row.kind.starts_with("project lifetime")) return Place::kLifetime;
  }
  return row.has_flag("optional") ? Place::kOptional : Place::kInSum;
}

Basis basis_of(const ResultRow& row, const MethodNames& primary) {
  if (primary.contains(row.method)) return Basis::kPrimary;
  return row.method == "spend_based" || is_currency(row.unit) ? Basis::kSpend : Basis::kActivity;
}

void Spread::add(double kg, double sdg95, double factor_sdg95) {
  const double whole = std::pow(std::log(sdg95), 2);
  if (factor_sdg95 >= 1) {
    const double sigma = std::min(std::log(factor_sdg95), std::sqrt(whole));
    sigma_kg.add(kg * sigma);
    independent.add(kg * kg * (whole - sigma * sigma));
    return;
  }
  unsplit_kg.add(kg);
  unsplit_squares.add(kg * kg);
  unsplit_spread.add(kg * kg * whole);
  unsplit_least = std::min(unsplit_least, whole);
}

void Spread::add(const Spread& other) {
  sigma_kg.add(other.sigma_kg);
  independent.add(other.independent);
  unsplit_kg.add(other.unsplit_kg);
  unsplit_squares.add(other.unsplit_squares);
  unsplit_spread.add(other.unsplit_spread);
  unsplit_least = std::min(unsplit_least, other.unsplit_least);
}

double Spread::correlated() const {
  const double least = std::isfinite(unsplit_least) ? unsplit_least : 0;
  return sigma_kg.value() + unsplit_kg.value() * std::sqrt(least);
}

double Spread::by_activity() const {
  const double least = std::isfinite(unsplit_least) ? unsplit_least : 0;
  const double unsplit = unsplit_spread.value() - least * unsplit_squares.value();
  // What rounding leaves of lines that are all alike is not a spread.
  const double noise = 1e-12 * unsplit_spread.value();
  return independent.value() + (unsplit > noise ? unsplit : 0);
}

void Tally::add(const ResultRow& row, const MethodNames& primary_methods, bool parts_follow) {
  if (row.category == 0 || !(std::fabs(row.kg) < kLargestKg)) {
    ++unusable_rows_;
    return;
  }
  CategoryTally& category = categories_[static_cast<size_t>(row.category)];
  const Basis basis = basis_of(row, primary_methods);
  const bool primary = basis == Basis::kPrimary;
  const Place place = place_of(row);
  const auto at = static_cast<size_t>(place);
  category.places[at].add(row.kg, primary, row.input_rows);
  // The rest of a result of which a part is optional: no row of its own.
  if (row.optional_kg != 0)
    category.places[static_cast<size_t>(Place::kOptional)].kg.add(row.optional_kg);
  if (std::isfinite(row.spend)) {
    const auto found = category.spend[at].find(row.currency);
    (found != category.spend[at].end()
         ? found->second
         : category.spend[at].emplace(row.currency, ExactSum()).first->second)
        .add(row.spend);
  }
  // Scope 3 of investees has a score of its own.
  if (place == Place::kInvesteeScope3) category.pcaf_scope3.add(row);
  if (place != Place::kInSum) return;
  // Sovereign debt comes twice, with and without land use.
  if (row.kind != "sovereign, without LULUCF") category.pcaf.add(row);

  category.in_sum.add(row.kg, primary, row.input_rows);
  category.bases[static_cast<size_t>(basis)].add(row.kg);
  if (std::isfinite(row.biogenic_kg)) category.biogenic_kg.add(row.biogenic_kg);
  if (row.kg < 0 && !row.has_flag("credit_note")) category.negative_kg.add(row.kg);
  if (row.price_basis == "purchaser" ||
      row.factor_unit.find("purchaser price") != row.factor_unit.npos)
    category.purchaser_kg.add(row.kg);
  const double size = std::fabs(row.kg);
  category.size_kg.add(size);
  if (row.activity_quality > 0) category.activity_quality.add(row.activity_quality, size);
  if (row.factor_quality > 0) category.factor_quality.add(row.factor_quality, size);
  named(category.methods, row.method).add(row.kg, primary);
  named(category.match_levels, row.match_level).add(row.kg, primary, row.input_rows);
  if (!row.kind.empty()) named(category.kinds, row.kind).add(row.kg, primary);
  if (!row.gwp_set.empty()) named(category.gwp_sets, row.gwp_set).add(row.kg, primary);
  each_word(row.flags, [&](std::string_view flag) {
    named(category.flags, flag).add(row.kg, primary, row.input_rows);
  });
  if (row.sdg95 >= 1) category.spread_size_kg.add(size);
  named(countries_, row.country).add(row.kg, primary);
  const bool several = row.has_flag("several_factors");
  if (several && !parts_follow) unparted_.add(row.kg, primary);
  if (!several || !parts_follow) add_factor(row, primary);
  add_supplier(row, primary);
}

void Tally::add_factor(const ResultRow& row, bool primary) {
  key_.assign(1, static_cast<char>(row.category));
  for (const std::string_view part : {row.factor_set, row.factor_version, row.factor_id})
    key_.append(part).push_back('\x1f');
  const uint32_t number = number_of(factor_index_, key_);
  if (number == factors_.size())
    factors_.push_back({row.category,
                        std::string(row.factor_set),
                        std::string(row.factor_version),
                        std::string(row.factor_id),
                        std::string(row.factor_unit),
                        {},
                        {}});
  FactorTally& factor = factors_[number];
  if (row.factor_unit < factor.unit) factor.unit = row.factor_unit;  // of several: always the same
  factor.sums.add(row.kg, primary);
  // Emissions that somebody reported have no factor that others share.
  const bool own = row.match_level.starts_with("given/");
  if (row.sdg95 >= 1) factor.spread.add(row.kg, row.sdg95, own ? 1 : row.factor_sdg95);
}

void Tally::add_supplier(const ResultRow& row, bool primary) {
  const uint32_t number = number_of(supplier_index_, row.supplier);
  if (number == suppliers_.size()) suppliers_.emplace_back();
  SupplierTally& supplier = suppliers_[number];
  supplier.sums.add(row.kg, primary);
  if (!std::isfinite(row.spend)) return;
  const size_t currency = number_of(currencies_, row.currency);
  for (auto& [known, sum] : supplier.spend)
    if (known == currency) return sum.add(row.spend);
  supplier.spend.emplace_back(currency, ExactSum()).second.add(row.spend);
}

}  // namespace chunkmill::scope3
