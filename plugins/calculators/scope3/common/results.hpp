// The result of a Scope 3 category: one schema for all of them, written a column at a time.
#pragma once

#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "chunkmill/calculator.hpp"
#include "plugins/calculators/scope3/common/factor.hpp"
#include "plugins/calculators/scope3/common/factor_table.hpp"
#include "plugins/calculators/scope3/common/method.hpp"

namespace chunkmill::scope3 {

// How many columns a result has: kLean is the number and what made it, kStandard what an auditor
// asks first, kFull all that is known.
enum class Detail : uint8_t { kLean, kStandard, kFull };

// What the line of a rejected row points to.
inline const Factor kNoFactor{};

// One calculated row. `factor` may be of the table or of the row itself.
struct Line {
  const Factor* factor = &kNoFactor;
  double amount = 0;  // in the factor's denominator
  double kg_co2e = 0;
  double runner_up_kg = NAN;  // NaN: no other method was possible
  uint64_t input_hash = 0;    // over what identifies the row
  Circumstances row{};
  Method method = Method::kSpendBased;
  Method runner_up = Method::kSpendBased;
  Reason reason = Reason::kForced;
  MatchLevel match = MatchLevel::kExact;
  uint16_t flags = 0;
};

// 1 (very good) to 4 (poor or unknown), computed from the record (Scope 3 Standard, table 7.6).
// Time: less than 3, 6, 10 years apart, or more. Geography: the same, the world, another, unknown.
int32_t time_score(int32_t factor_year, int32_t row_year);
int32_t geography_score(const Factor& factor, uint64_t row_region);

// Rows per call of ResultColumns::write().
inline constexpr size_t kBlock = 1024;

// Memory of a lane for writing blocks.
struct ResultScratch {
  int64_t batch_rows = 0;
  std::vector<char> bytes;
  std::array<int32_t, kBlock + 1> offsets{};
  std::array<double, kBlock> doubles{};
  std::array<int32_t, kBlock> integers{};
};

// The columns of the main stream.
class ResultColumns {
 public:
  // Declares the columns, after those that the caller has declared.
  void declare(Columns& columns, int32_t category, Detail detail, uint64_t settings_hash);
  // Before the first write() of a batch of `rows` lines.
  void begin(int64_t rows, ResultScratch& scratch, Outputs& out) const;
  // Appends a row for each of at most kBlock lines; those of rejected rows hold anything.
  void write(const std::vector<Line>& lines, ResultScratch& scratch, Outputs& out) const;

 private:
  using TextOut = std::optional<Out<std::string_view>>;
  using DoubleOut = std::optional<Out<double>>;
  using IntegerOut = std::optional<Out<int32_t>>;

  void write_runner_up(const std::vector<Line>& lines, Outputs& out) const;
  void write_ids(const std::vector<Line>& lines, ResultScratch& scratch, Outputs& out) const;

  int32_t category_number_ = 0;
  uint64_t settings_hash_ = 0;
  // Empty: not wanted at this level of detail.
  IntegerOut category_, factor_year_, time_score_, geography_score_;
  DoubleOut activity_amount_, factor_value_, emissions_, runner_up_kg_;
  TextOut method_, method_reason_, activity_unit_, factor_id_, factor_set_, factor_set_version_,
      factor_unit_, match_level_, factor_region_, price_basis_, boundary_, gwp_set_, factor_hash_,
      runner_up_method_, flags_, result_id_;
};

}  // namespace chunkmill::scope3
