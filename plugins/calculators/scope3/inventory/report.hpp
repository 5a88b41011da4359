// The report of one inventory: all its numbers, sorted and ready to be written. NaN stands for what
// is not known.
//
// Threads: made by one, read-only then.
#pragma once

#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "plugins/calculators/scope3/inventory/gaps.hpp"
#include "plugins/calculators/scope3/inventory/recalculation.hpp"
#include "plugins/calculators/scope3/inventory/statements.hpp"
#include "plugins/calculators/scope3/inventory/tally.hpp"
#include "plugins/calculators/scope3/inventory/twice_counted.hpp"

namespace chunkmill::scope3 {

// Whose inventory it is: the job's row.
struct Header {
  std::string organisation;
  std::optional<int32_t> year;
  double net_revenue = NAN;
  std::string currency;
};

// What a report is made from, all of one inventory. Borrowed.
struct Evidence {
  const Tally& tally;
  const Gaps& gaps;
  const Statements& statements;
  const Overlaps& overlaps;
  const Changes& changes;
  bool has_ids = false;  // the columns that the guards compare are there
  bool has_purchases = false;
  bool has_spreads = false;
};

struct Thresholds {
  double engage_percent = 80;        // of emissions or spend, by the largest suppliers together
  double engage_single_percent = 1;  // and by any one
  double significant_percent = 1;    // a category's share, for ESRS E1-6
};

// [value / sdg95, value x sdg95] holds the truth at 95 %.
struct Interval {
  double low = NAN, high = NAN, sdg95 = NAN;
};

enum class Status : uint8_t { kCalculated, kNotCalculated, kNotRelevant, kNoData };
std::string_view status_word(Status status);

struct CategoryRow {
  int number = 0;
  Status status = Status::kNoData;
  std::string explanation;
  uint64_t rows = 0;
  double kg = 0, share_percent = 0;
  double optional_kg = 0, lifetime_kg = 0, investee_scope3_kg = 0, biogenic_kg = 0;
  Interval interval;
  double spread_known_percent = NAN;  // of the emissions: for how much a spread is given
  double primary_percent = NAN, activity_quality = NAN, factor_quality = NAN;
  std::array<double, kBases> basis_kg{};
  std::string methods;  // "spend_based 80 %, average_data 20 %"
  uint64_t rejected_rows = 0;
  uint64_t excluded_rows = 0;  // out of scope, with a reason: no failure
};

// Its category numbers are 0.
struct Totals : CategoryRow {
  double upstream_kg = 0, downstream_kg = 0;
  int calculated_categories = 0;
  int unexplained_categories = 0;  // neither results nor a statement
  uint64_t unusable_rows = 0;
  double per_million_revenue_t = NAN;
  double pcaf_score = NAN, pcaf_scope3_score = NAN;  // of the portfolio, 1 to 5
  int warnings = 0;
  std::string gwp_sets;  // of the results in the sum: "AR5 90 %, AR6 10 %"
};

struct SupplierRow {
  size_t rank = 0;
  std::string name;
  uint64_t rows = 0;
  double kg = 0, share_percent = 0, cumulative_percent = 0, primary_percent = NAN;
  double spend = NAN, spend_share_percent = NAN;
  std::string engage;  // why: "emissions", "spend", "emissions and spend"; empty: no need
};

struct GroupRow {
  int category = 0;  // 0: of all
  std::string name;
  uint64_t rows = 0;
  double kg = 0, share_percent = 0, primary_percent = NAN;
};

struct FactorRow {
  std::string set, version, id, unit;
  uint64_t rows = 0;
  double kg = 0, share_percent = 0;
  double sdg95 = NAN;             // of the factor alone
  double variance_percent = NAN;  // its part of the inventory's uncertainty
};

struct GapRow {
  int category = 0;
  std::string status;  // calculated, beside, fallback, flagged, excluded, rejected
  std::string code;
  uint64_t rows = 0;
  double rows_percent = NAN;  // of the category's
  double kg = NAN;
  double spend = NAN;  // one row a currency
  std::string currency;
  double spend_percent = NAN;  // of the category's in that currency
  std::string example;
};

struct GuardRow {
  int first = 0, second = 0;
  std::string check;
  std::string status;  // warning, clear, not_checked
  uint64_t found = 0;
  double first_kg = NAN, second_kg = NAN;
  std::string examples, message;
};

struct ChangeRow {
  int category = 0;  // 0: of all
  double old_kg = 0, new_kg = 0, difference_kg = 0;
  std::array<double, kReasons> kg{};
  std::array<uint64_t, kReasons> rows{};
  uint64_t unchanged_rows = 0;
};

struct Report {
  Header header;
  Totals totals;
  std::vector<CategoryRow> categories;  // all fifteen
  std::vector<SupplierRow> suppliers;   // largest first
  double supplier_kg = 0;               // of all that name one
  std::vector<GroupRow> countries, methods, match_levels;
  std::vector<FactorRow> factors;  // by their part of the uncertainty
  double activity_variance_percent = NAN;
  std::vector<GapRow> gaps;
  std::vector<GuardRow> guards;
  std::vector<ChangeRow> changes;  // empty: nothing to compare with
};

Report make_report(const Header& header, const Evidence& evidence, const Thresholds& thresholds);

// The parts of it, each in a file of its own.
void add_categories(const Evidence& evidence, Report* report);
void add_uncertainty(const Evidence& evidence, Report* report);
inline constexpr std::string_view kOutOfScopeCode = "out_of_scope";
void add_groups(const Evidence& evidence, const Thresholds& thresholds, Report* report);
void add_gaps(const Evidence& evidence, Report* report);
void add_guards(const Evidence& evidence, Report* report);
void add_changes(const Evidence& evidence, Report* report);

// NaN where there is no whole.
inline double percent(double part, double whole) { return whole == 0 ? NAN : 100 * part / whole; }

}  // namespace chunkmill::scope3
