// Data quality and uncertainty: scores of the five indicators of the Scope 3 Standard (table 7.6),
// and the squared geometric deviation that follows from them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "chunkmill/host.hpp"
#include "chunkmill/options.hpp"

namespace chunkmill::scope3 {

enum class Indicator : uint8_t { kReliability, kCompleteness, kTime, kGeography, kTechnology };
inline constexpr size_t kIndicators = 5;
// 1 very good, 2 good, 3 fair, 4 poor or unknown; 5 where a pedigree has it.
inline constexpr uint8_t kPoor = 4;
inline constexpr uint8_t kWorstScore = 5;

struct Quality {
  std::array<uint8_t, kIndicators> scores{kPoor, kPoor, kPoor, kPoor, kPoor};

  uint8_t operator[](Indicator i) const { return scores[static_cast<size_t>(i)]; }
  void set(Indicator i, uint8_t score) { scores[static_cast<size_t>(i)] = score; }
  double mean() const {
    int sum = 0;
    for (const uint8_t score : scores) sum += score;
    return sum / static_cast<double>(kIndicators);
  }
};
// "2" (all five), "2,3" (reliability, completeness; the rest is kept) or "2,3,1,1,2". Nothing for
// anything else.
std::optional<Quality> parse_quality(std::string_view text, const Quality& otherwise);

// Less than 3, 6, 10 years apart, or more; 0: not known.
uint8_t time_score(int32_t factor_year, int32_t activity_year);

// Uncertainty factors by indicator and score: each a squared geometric deviation at 95 %.
//
// Threads: read-only once loaded.
class Pedigree {
 public:
  // The GHG Protocol's Quantitative Inventory Uncertainty guidance.
  Pedigree();
  // ecoinvent's matrix, version 1, as in brightway-lca/pedigree_matrix.
  static Pedigree ecoinvent();
  // Replaces values by those of a lookup with the columns indicator, score and value; the indicator
  // "base" is the basic uncertainty, its score does not matter.
  void add(const Host& host, const LookupName& lookup);

  // ln SDg95 squared: terms of independent factors add up.
  double variance(const Quality& quality) const {
    double sum = base_;
    for (size_t i = 0; i < kIndicators; ++i) sum += squared_logs_[i][quality.scores[i] - 1];
    return sum;
  }

 private:
  using Matrix = std::array<std::array<double, kWorstScore>, kIndicators>;
  explicit Pedigree(const Matrix& values);

  Matrix squared_logs_{};
  double base_ = 0;
};

}  // namespace chunkmill::scope3
