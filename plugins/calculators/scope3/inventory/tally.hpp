// What the results of one inventory add up to, read once, in memory by group and not by row. Every
// sum is exact: the order of the rows does not matter.
#pragma once

#include <array>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/calculators/scope3/common/key_index.hpp"
#include "plugins/calculators/scope3/inventory/category_words.hpp"
#include "plugins/calculators/scope3/inventory/exact_sum.hpp"
#include "plugins/calculators/scope3/inventory/result_reader.hpp"

namespace chunkmill::scope3 {

// In the sum, or on a line of its own beside it.
enum class Place : uint8_t { kInSum, kOptional, kLifetime, kInvesteeScope3 };
inline constexpr size_t kPlaces = 4;
Place place_of(const ResultRow& row);

using MethodNames = std::set<std::string, std::less<>>;
Basis basis_of(const ResultRow& row, const MethodNames& primary);

struct Sums {
  uint64_t rows = 0;
  uint64_t input_rows = 0;  // of the ledger, from which they were made
  ExactSum kg;
  ExactSum primary_kg;

  void add(double kg_co2e, bool primary, int64_t of_rows = 1) {
    ++rows;
    input_rows += static_cast<uint64_t>(of_rows);
    kg.add(kg_co2e);
    if (primary) primary_kg.add(kg_co2e);
  }
  void add(const Sums& other) {
    rows += other.rows;
    input_rows += other.input_rows;
    kg.add(other.kg);
    primary_kg.add(other.primary_kg);
  }
};
using SumsByName = std::map<std::string, Sums, std::less<>>;
using MoneyByCurrency = std::map<std::string, ExactSum, std::less<>>;

// A mean, weighted by the size of emissions.
struct WeightedMean {
  ExactSum weight;
  ExactSum sum;

  void add(double value, double by) {
    weight.add(by);
    sum.add(value * by);
  }
  void add(const WeightedMean& other) {
    weight.add(other.weight);
    sum.add(other.sum);
  }
  double value() const {  // NaN: of nothing
    const double by = weight.value();
    return by > 0 ? sum.value() / by : NAN;
  }
};

// The spread of lines that share a factor: its error is theirs together, that of the activities is
// each line's own. Where results do not say which part is the factor's, it is taken to be the least
// spread of them all, which no line can be below.
struct Spread {
  ExactSum sigma_kg;     // kg x ln SDg95 of the factor, where it is known
  ExactSum independent;  // kg² x (ln SDg95)² of the activity, likewise
  ExactSum unsplit_kg, unsplit_squares, unsplit_spread;            // kg, kg², kg² x (ln SDg95)²
  double unsplit_least = std::numeric_limits<double>::infinity();  // (ln SDg95)²

  void add(double kg, double sdg95, double factor_sdg95);
  void add(const Spread& other);
  double correlated() const;   // ln SDg95 of the factor x kg of all its lines
  double by_activity() const;  // sum of squares
};

// A factor in one category.
struct FactorTally {
  int category = 0;
  std::string set, version, id, unit;
  Sums sums;
  Spread spread;
};

struct SupplierTally {
  Sums sums;
  std::vector<std::pair<size_t, ExactSum>> spend;  // by the number of the currency
};

// PCAF's score of a portfolio: the mean of its positions', weighted by what is outstanding. Money
// of two currencies cannot be added.
class PortfolioScore {
 public:
  void add(const ResultRow& row) {
    if (row.pcaf_score > 0 && row.outstanding > 0)
      by_currency_[std::string(row.currency)].add(row.pcaf_score, row.outstanding);
  }
  bool several_currencies() const { return by_currency_.size() > 1; }
  double value() const {  // NaN: there is none
    return by_currency_.size() == 1 ? by_currency_.begin()->second.value() : NAN;
  }

 private:
  std::map<std::string, WeightedMean> by_currency_;
};

struct CategoryTally {
  Sums in_sum;
  std::array<Sums, kPlaces> places;  // the first is in_sum once more
  std::array<ExactSum, kBases> bases;
  ExactSum biogenic_kg;
  ExactSum negative_kg;   // without credit notes
  ExactSum purchaser_kg;  // by factors of purchasers' prices
  ExactSum size_kg;       // of all lines, and of those that say their spread
  ExactSum spread_size_kg;
  WeightedMean activity_quality, factor_quality;
  PortfolioScore pcaf, pcaf_scope3;
  SumsByName methods, match_levels, flags, kinds, gwp_sets;
  std::array<MoneyByCurrency, kPlaces> spend;
};

class Tally {
 public:
  // `parts_follow`: the factors of results with several of them come by add_part().
  void add(const ResultRow& row, const MethodNames& primary, bool parts_follow = false);
  // A part of a result that add() got: its factor, and how much of the result it is.
  void add_part(const ResultRow& part, bool primary) { add_factor(part, primary); }

  const CategoryTally& category(int number) const {
    return categories_[static_cast<size_t>(number)];
  }
  const std::vector<FactorTally>& factors() const { return factors_; }
  // By name, with those of no name under "".
  const KeyIndex& supplier_names() const { return supplier_index_; }
  const std::vector<SupplierTally>& suppliers() const { return suppliers_; }
  std::vector<std::string> currencies() const { return currencies_.keys(); }
  const SumsByName& countries() const { return countries_; }
  // Results without a category of 1 to 15 or without a number, which nothing can be done with.
  uint64_t unusable_rows() const { return unusable_rows_; }
  // Results of several factors, whose spread was counted for the largest of them.
  const Sums& unparted() const { return unparted_; }

 private:
  void add_factor(const ResultRow& row, bool primary);
  void add_supplier(const ResultRow& row, bool primary);

  std::array<CategoryTally, kCategories + 1> categories_;
  KeyIndex factor_index_, supplier_index_, currencies_;
  std::vector<FactorTally> factors_;
  std::vector<SupplierTally> suppliers_;
  SumsByName countries_;
  uint64_t unusable_rows_ = 0;
  Sums unparted_;
  std::string key_;
};

}  // namespace chunkmill::scope3
