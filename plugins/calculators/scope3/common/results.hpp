// The result of a Scope 3 category: one schema for all of them, written a column at a time.
#pragma once

#include <array>
#include <bit>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "chunkmill/calculator.hpp"
#include "plugins/calculators/scope3/common/flags.hpp"
#include "plugins/calculators/scope3/common/line.hpp"

namespace chunkmill::scope3 {

// How many columns a result has: kLean is the number and what made it, kStandard what an auditor
// asks first, kFull all that is known.
enum class Detail : uint8_t { kLean, kStandard, kFull };

// Rows per call of ResultColumns::write(): their lines stay in the first-level cache.
inline constexpr size_t kBlock = 128;

// What a category puts into its results that is the same in all of them.
struct ResultWords {
  int32_t category = 0;
  uint64_t settings_hash = 0;
  std::vector<Text> methods;
};

// Texts of numbers that repeat: periods, pairs of years, spreads. A lane's own.
class NumberTexts {
 public:
  Text period(int32_t period);
  Text years(int32_t from, int32_t to);

 private:
  Text keep(uint64_t key, const std::string& text);
  std::unordered_map<uint64_t, Text> texts_;
  TextArena arena_;
};

double sdg95(double variance);

// Spreads by variance: there are few of them. A lane's own.
class Spreads {
 public:
  double operator[](double variance) {
    Slot& slot = slots_[std::bit_cast<uint64_t>(variance) * 0x9E3779B97F4A7C15U >> (64 - kBits)];
    if (slot.variance != variance) slot = {variance, sdg95(variance)};
    return slot.spread;
  }

 private:
  static constexpr int kBits = 6;
  struct Slot {
    double variance = 0;
    double spread = 1;
  };
  std::array<Slot, size_t{1} << kBits> slots_{};
};

// Memory of a lane for writing blocks.
struct ResultScratch {
  std::vector<char> bytes;
  FlagTexts flags;
  Spreads spreads;
  NumberTexts numbers;
  std::string explained;
};

// The columns of the main stream.
class ResultColumns {
 public:
  // Declares the columns, after those that the caller has declared.
  void declare(Stream& stream, Detail detail, bool explain);
  // Appends a row for each of at most kBlock lines; those of rejected rows hold anything. `parts`
  // are those that the lines' sums point to.
  void write(const ResultWords& words, const std::vector<Line>& lines,
             const std::vector<Part>& parts, ResultScratch& scratch, Outputs& out) const;

 private:
  using TextOut = std::optional<Out<std::string_view>>;
  using DoubleOut = std::optional<Out<double>>;
  using IntegerOut = std::optional<Out<int32_t>>;

  void write_gases(const std::vector<Line>& lines, Outputs& out) const;
  void write_optional(const std::vector<Line>& lines, Outputs& out) const;
  void write_conversions(const std::vector<Line>& lines, ResultScratch& scratch,
                         Outputs& out) const;
  void write_money_steps(const std::vector<Line>& lines, ResultScratch& scratch,
                         Outputs& out) const;
  void write_pcaf_scores(const std::vector<Line>& lines, Outputs& out) const;
  void write_runner_up(const ResultWords& words, const std::vector<Line>& lines,
                       ResultScratch& scratch, Outputs& out) const;
  void write_ids(const ResultWords& words, const std::vector<Line>& lines, ResultScratch& scratch,
                 Outputs& out) const;

  // Empty: not wanted at this level of detail.
  IntegerOut category_, parts_, input_rows_, factor_year_, time_score_, geography_score_,
      pcaf_score_;
  DoubleOut activity_amount_, amount_given_, amount_net_, fx_rate_, price_ratio_, share_,
      factor_value_, emissions_, optional_, conversion_, biogenic_, co2_, ch4_, n2o_, other_,
      runner_up_kg_, activity_quality_, factor_quality_, sdg95_, factor_sdg95_;
  TextOut kind_, method_, method_reason_, activity_unit_, unit_given_, conversion_unit_, fx_period_,
      price_years_, factor_id_, factor_set_, factor_set_version_, factor_unit_, match_level_,
      factor_region_, technology_, price_basis_, boundary_, gwp_set_, factor_hash_, attribution_,
      runner_up_method_, flags_, result_id_, explain_;
};

// The number that tells a result from all others: a hash over what identifies the row, the amount,
// the factor and the settings.
uint64_t result_id(uint64_t settings_hash, const Line& line);
// "exact/same/valid": activity class, region and year of a factor against those of its row.
Text match_text(const Term& term);
// The line as a formula with its numbers.
void explain(const ResultWords& words, const Line& line, const std::vector<Part>& parts,
             NumberTexts& numbers, std::string* out);

}  // namespace chunkmill::scope3
