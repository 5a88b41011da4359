// The methods of category 1, purchased goods and services. Formula numbers are those of the GHG
// Protocol's Technical Guidance for Calculating Scope 3 Emissions (2013).
#pragma once

#include <vector>

#include "plugins/calculators/scope3/common/method.hpp"
#include "plugins/calculators/scope3/purchased_goods/purchase.hpp"

namespace chunkmill::scope3 {

// What one method makes of a purchase: emissions, or why there are none.
struct Estimate {
  const Factor* factor = nullptr;  // null: see gap
  double amount = 0;               // in the factor's denominator
  double kg_co2e = 0;
  MatchLevel match = MatchLevel::kExact;
  uint16_t flags = 0;
  Gap gap = Gap::kNotGiven;
};

// Factors that rows bring with them, kept until the block of rows is written.
class SupplierFactors {
 public:
  SupplierFactors() { factors_.reserve(kMostFactors); }
  void clear() {
    factors_.clear();
    texts_.clear();
  }
  Factor* add() { return &factors_.emplace_back(); }
  Text keep(std::string_view text) { return texts_.add(text); }

 private:
  static constexpr size_t kMostFactors = 1024;
  std::vector<Factor> factors_;
  TextArena texts_;
};

// What the methods share.
struct MethodSettings {
  Currency currency = 0;          // of spend without one of its own; 0: must have one
  bool currency_for_all = false;  // also where the currency column is empty
};

// [1.1] quantity x supplier's factor; or spend x supplier's intensity.
Estimate supplier_specific(const Purchase& purchase, const MethodSettings& settings,
                           SupplierFactors& kept);
// [1.4] quantity x average factor per unit.
Estimate average_data(const Purchase& purchase, const FactorTable& factors);
// [1.5] spend x environmentally extended input-output factor.
Estimate spend_based(const Purchase& purchase, const MethodSettings& settings,
                     const FactorTable& factors);

// The currency of a purchase's spend, or the gap.
Gap currency_of(const Purchase& purchase, const MethodSettings& settings, Currency* out);

}  // namespace chunkmill::scope3
