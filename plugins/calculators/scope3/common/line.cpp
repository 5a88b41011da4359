#include "plugins/calculators/scope3/common/line.hpp"

#include <algorithm>
#include <map>

#include "plugins/calculators/scope3/common/hash.hpp"

namespace chunkmill::scope3 {
namespace {

Factor without_texts() {
  Factor factor;
  factor.texts = &kNoTexts;
  return factor;
}

void add_attribution(std::string_view text, std::string* joined) {
  if (text.empty() || joined->find(text) != std::string::npos) return;
  if (!joined->empty()) *joined += "; ";
  *joined += text;
}

struct Variance {
  double all = 0;
  double of_factors = 0;  // the part of it that is the factors'
};

// Lines that share a factor share its error; their activities are independent of each other.
Variance variance_of(const std::vector<Part>& parts, size_t first, size_t count, double total) {
  std::map<uint64_t, std::pair<double, double>> factors;  // hash -> share, variance
  Variance sum;
  for (size_t i = first; i < first + count; ++i) {
    const Term& term = parts[i].term;
    const double share = term.kg_co2e / total;
    sum.all += share * share * (term.variance - term.factor_variance);
    auto& [all, variance] = factors[term.factor->hash];
    all += share;
    variance = term.factor_variance;
  }
  for (const auto& [hash, one] : factors) {
    const double shared = one.first * one.first * one.second;
    sum.all += shared;
    sum.of_factors += shared;
  }
  return sum;
}

}  // namespace

const FactorTexts kNoTexts{};
const Factor kNoFactor = without_texts();

void add_up(const std::vector<Part>& parts, Sum* sum, Line* line) {
  const size_t first = line->first_part;
  const size_t count = line->part_count;
  const Term* largest = &parts[first].term;
  bool one_factor = true;
  double amount = 0;
  double kg = 0;
  double biogenic = 0;
  double optional = 0;
  bool all_optional = true;
  bool any_optional = false;
  Flags mixed = 0;
  std::string_view gwp_set;
  Hasher hasher;
  Hasher factors;
  for (size_t i = first; i < first + count; ++i) {
    const Term& term = parts[i].term;
    if (std::fabs(term.kg_co2e) > std::fabs(largest->kg_co2e)) largest = &term;
    one_factor &= term.factor->hash == parts[first].term.factor->hash;
    amount += term.amount;
    kg += term.kg_co2e;
    biogenic += term.biogenic_kg;
    if (term.optional) optional += term.kg_co2e;
    all_optional &= term.optional;
    any_optional |= term.optional;
    const std::string_view its = term.factor->texts->gwp_set.view();
    if (gwp_set.empty()) gwp_set = its;
    if (!its.empty() && its != gwp_set) mixed |= kMixedGwpSets;
    hasher.add(term.factor->hash).add(term.amount);
    factors.add(term.factor->hash);
    add_attribution(term.factor->texts->attribution.view(), &sum->attribution_text);
    if (term.factor->gases == nullptr) {
      sum->gases_known = false;
    } else {
      sum->gases.co2 += term.amount * term.factor->gases->co2;
      sum->gases.ch4 += term.amount * term.factor->gases->ch4;
      sum->gases.n2o += term.amount * term.factor->gases->n2o;
      sum->gases.other_co2e += term.amount * term.factor->gases->other_co2e;
    }
  }
  sum->hash = hasher.finish();
  sum->factors_hash = factors.finish();
  sum->attribution_text.append(kTextPad, '\0');
  const Variance variance = kg == 0 ? Variance{largest->variance, largest->factor_variance}
                                    : variance_of(parts, first, count, kg);
  line->term = *largest;
  line->term.kg_co2e = kg;
  line->term.biogenic_kg = biogenic;
  line->term.optional = all_optional;
  line->optional_kg = optional;
  line->flags &= ~static_cast<Flags>(kOptional | kOptionalPart);
  line->flags |= mixed | (all_optional ? kOptional : any_optional ? kOptionalPart : 0U);
  line->term.variance = variance.all;
  line->term.factor_variance = variance.of_factors;
  if (one_factor) {
    line->term.amount = amount;
    if (count > 1) line->term.steps = Steps{amount, largest->factor->denominator, amount};
    line->sum = nullptr;
  } else {
    line->sum = sum;
    line->term.steps = Steps();  // each part has its own
    line->flags |= kSeveralFactors;
  }
}

}  // namespace chunkmill::scope3
