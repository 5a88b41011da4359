#include "plugins/calculators/scope3/common/quality.hpp"

#include <cmath>
#include <cstdlib>

#include "chunkmill/error.hpp"
#include "chunkmill/parse.hpp"
#include "plugins/calculators/scope3/common/lookup_text.hpp"
#include "plugins/calculators/scope3/common/text.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr std::string_view kIndicatorNames[kIndicators] = {"reliability", "completeness", "time",
                                                           "geography", "technology"};

// GHG Protocol, Quantitative Inventory Uncertainty, table of uncertainty factors: very good, good,
// fair, poor. It has no fifth score: what is scored so counts as poor.
constexpr std::array<std::array<double, kWorstScore>, kIndicators> kGhgProtocol = {{
    {1.00, 1.10, 1.20, 1.50, 1.50},
    {1.00, 1.05, 1.10, 1.20, 1.20},
    {1.00, 1.10, 1.20, 1.50, 1.50},
    {1.00, 1.02, 1.05, 1.10, 1.10},
    {1.00, 1.20, 1.50, 2.00, 2.00},
}};
constexpr std::array<std::array<double, kWorstScore>, kIndicators> kEcoinvent = {{
    {1.00, 1.05, 1.10, 1.20, 1.50},
    {1.00, 1.02, 1.05, 1.10, 1.20},
    {1.00, 1.03, 1.10, 1.20, 1.50},
    {1.00, 1.01, 1.02, 1.02, 1.10},
    {1.00, 1.00, 1.20, 1.50, 2.00},
}};

double squared_log(double factor) { return std::log(factor) * std::log(factor); }

}  // namespace

std::optional<Quality> parse_quality(std::string_view text, const Quality& otherwise) {
  Quality out = otherwise;
  size_t count = 0;
  bool wants_digit = true;
  for (const char c : text) {
    if (is_space(c) || c == '(' || c == ')') continue;
    if (c == ',' || c == ';') {
      if (wants_digit) return std::nullopt;
      wants_digit = true;
    } else {
      if (!wants_digit || c < '1' || c > '5' || count == kIndicators) return std::nullopt;
      out.scores[count++] = static_cast<uint8_t>(c - '0');
      wants_digit = false;
    }
  }
  if (wants_digit) return std::nullopt;
  if (count == 1) out.scores.fill(out.scores[0]);
  return out;
}

uint8_t time_score(int32_t factor_year, int32_t activity_year) {
  if (factor_year == 0 || activity_year == 0) return kPoor;
  const int32_t apart = std::abs(factor_year - activity_year);
  return apart < 3 ? 1 : apart < 6 ? 2 : apart < 10 ? 3 : kPoor;
}

Pedigree::Pedigree(const Matrix& values) {
  for (size_t i = 0; i < kIndicators; ++i)
    for (size_t score = 0; score < kWorstScore; ++score)
      squared_logs_[i][score] = squared_log(values[i][score]);
}
Pedigree::Pedigree() : Pedigree(kGhgProtocol) {}
Pedigree Pedigree::ecoinvent() { return Pedigree(kEcoinvent); }

void Pedigree::add(const Host& host, const LookupName& lookup) {
  const Table table = host.lookup(lookup.value);
  const auto column = [&](std::string_view name) {
    return find_column(table.schema(), lookup.value, name, "pedigree");
  };
  const size_t indicator = column("indicator");
  const size_t score = column("score");
  const size_t value = column("value");
  for (size_t b = 0; b < table.batch_count(); ++b) {
    const Batch batch = table.batch(b);
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      const std::string name = scope3::cell_text(batch, indicator, row);
      const std::string digits = scope3::cell_text(batch, score, row);
      double factor = 0;
      const bool number =
          parse_double(scope3::cell_text(batch, value, row), &factor) == ParseFault::kNone;
      const auto known = std::find(std::begin(kIndicatorNames), std::end(kIndicatorNames), name);
      const bool base = name == "base";
      if (!number || factor < 1 || (!base && known == std::end(kIndicatorNames)) ||
          (!base && (digits.size() != 1 || digits[0] < '1' || digits[0] > '5')))
        throw Error(CM_INVALID, "lookup \"" + lookup.value + "\", record " +
                                    std::to_string(row + 1) +
                                    ": it takes an indicator (reliability, completeness, time, "
                                    "geography, technology or base), a score from 1 to 5 and a "
                                    "value of at least 1")
            .at("pedigree");
      if (base) {
        base_ = squared_log(factor);
      } else {
        squared_logs_[static_cast<size_t>(known - std::begin(kIndicatorNames))]
                     [static_cast<size_t>(digits[0] - '1')] = squared_log(factor);
      }
    }
  }
}

}  // namespace chunkmill::scope3
