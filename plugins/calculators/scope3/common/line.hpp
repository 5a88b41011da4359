// What is known of a result: its terms, how each came about, and what was chosen.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "plugins/calculators/scope3/common/factor_table.hpp"

namespace chunkmill::scope3 {

// What a row without a factor of its own points to.
extern const FactorTexts kNoTexts;
extern const Factor kNoFactor;

// From the number of the row to the amount that is multiplied.
struct Steps {
  double given = 0;             // as the row says it
  Text given_unit{};            // "kg", "GBP"
  double net = 0;               // of money: without taxes and recharges; else as given
  double exchange = 1;          // rate to the factor's currency
  int32_t exchange_period = 0;  // 202103, or 2021; 0: not converted
  double price_ratio = 1;       // price index of the factor's year over that of the spend's
  int32_t price_from = 0;       // years used; 0: not deflated
  int32_t price_to = 0;
  double share =
      1;  // allocated to us, lost on the way, ...: what else the amount was multiplied by
  double conversion = NAN;  // consumption, density, price: from one kind of amount to another
  Text conversion_unit{};   // "l/100 km"; empty: none
  bool conversion_divides = false;  // a price: "GBP/l"
};

// amount x factor.
struct Term {
  const Factor* factor = &kNoFactor;
  double amount = 0;  // in the factor's denominator
  double kg_co2e = 0;
  double biogenic_kg = 0;  // of CO2, beside the sum
  double variance = 0;     // ln SDg95 squared, of activity and factor together
  double factor_variance = 0;
  Steps steps{};
  Quality quality{};  // of the factor for this row
  Specificity specificity = Specificity::kExact;
  RegionMatch region = RegionMatch::kAny;
  YearMatch year = YearMatch::kUndated;
  Text label{};           // "material", "transport"; empty: there is but one
  bool optional = false;  // outside the minimum boundary of the category
};

// A term of a sum, and where it comes from.
struct Part {
  Term term;
  int64_t row = 0;  // of the batch
};

// Of a result with several terms.
struct Sum {
  bool gases_known = true;
  Gases gases{};
  uint64_t hash = 0;          // over all factors and amounts
  uint64_t factors_hash = 0;  // over all factors
  // Of all factors, each once; followed by kTextPad bytes.
  std::string attribution_text;

  Text attribution() const { return {attribution_text.data(), attribution_text.size() - kTextPad}; }
};

// One result.
struct Line {
  Term term;                  // of a sum: the largest one, but for kg_co2e and what follows it
  const Sum* sum = nullptr;   // null: one term
  double runner_up_kg = NAN;  // NaN: no other method was possible
  uint64_t input_hash = 0;    // over what identifies the row
  int64_t row = 0;            // of the batch; of a group its first one
  const Text* reason = nullptr;
  size_t first_part = 0;  // in the lane's parts, where they are kept or there are several
  size_t part_count = 0;
  Text kind{};  // which line of the category: "losses", "lifetime"
  Quality activity_quality{};
  Flags flags = 0;
  uint8_t method = 0;  // in the category's list
  uint8_t runner_up = 0;
  uint8_t pcaf_score = 0;  // 0: none
  int32_t input_rows = 1;
  double optional_kg = 0;   // of the term's kg_co2e: what is outside the minimum boundary
  double group_share = -1;  // of the whole of its group, see percent_of_group(); negative: none

  double amount() const { return sum == nullptr ? term.amount : NAN; }
};

// Makes `line` the sum of its parts, with `sum` for what they do not have in common.
void add_up(const std::vector<Part>& parts, Sum* sum, Line* line);

}  // namespace chunkmill::scope3
