// What an auditor should look at in a result; several may hold for one.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "plugins/calculators/scope3/common/text.hpp"

namespace chunkmill::scope3 {

using Flags = uint32_t;
enum Flag : Flags {
  kCreditNote = 1,  // a negative amount, netted
  kZeroAmount = 2,
  kPriceYearDiffers = 4,      // spend of another year than the factor's money, not deflated
  kIndexYearCarried = 8,      // deflated with the last year that the price index has
  kRateOfPartYear = 16,       // a year's average rate from fewer than twelve months
  kSupplierUnitAssumed = 32,  // own factor without a unit: taken per unit of the quantity
  kSupplierIntensity = 64,    // own factor per money: its emissions allocated by revenue
  kBoundaryAssumed = 128,     // own factor that does not say what it covers
  kBetterMethodFailed = 256,  // a method of higher rank had data and failed; see method_reason
  kOtherRegion = 512,         // a factor of another region than the row's, and not of the world
  kLaterFactor = 1024,        // the factor is of a later year than the activity
  kGwpSetDiffers = 2048,      // CO2e of another GWP set than the inventory's, not recomputable
  kTieByFactorId = 4096,      // two factors fitted alike, the order of their ids decided
  kSeveralFactors = 8192,     // a sum of parts; factor columns show the largest of them
  kMixedMethods = 16384,      // a group whose rows needed different methods
  kOptional = 32768,          // all of it is outside the minimum boundary of the category
  kScaled = 65536,            // extrapolated from a sample, or for part of a year
  kOptionalPart = 131072,     // a part of it is: optional_kgco2e says how much
  kMixedGwpSets = 262144,     // a sum of factors that are counted by several GWP sets
  kCombustionAlone = 524288,  // energy without its upstream: the job's boundary is the minimum
};
inline constexpr std::string_view kFlagNames[] = {"credit_note",
                                                  "zero_amount",
                                                  "price_year_differs",
                                                  "index_year_carried",
                                                  "rate_of_part_year",
                                                  "supplier_unit_assumed",
                                                  "supplier_intensity",
                                                  "boundary_assumed",
                                                  "better_method_failed",
                                                  "other_region",
                                                  "later_factor",
                                                  "gwp_set_differs",
                                                  "tie_by_factor_id",
                                                  "several_factors",
                                                  "mixed_methods",
                                                  "optional",
                                                  "scaled",
                                                  "optional_part",
                                                  "mixed_gwp_sets",
                                                  "combustion_alone"};

// "credit_note,other_region"; each combination is written once. A lane's own.
class FlagTexts {
 public:
  Text operator[](Flags flags) {
    Recent& recent = recent_[flags * 0x9E3779B1U >> (32 - kBits)];
    if (recent.flags == flags) return recent.text;
    const auto [found, added] = texts_.try_emplace(flags);
    if (added) {
      std::string joined;
      for (size_t i = 0; i < std::size(kFlagNames); ++i) {
        if ((flags >> i & 1) == 0) continue;
        if (!joined.empty()) joined += ',';
        joined += kFlagNames[i];
      }
      found->second = arena_.add(joined);
    }
    recent = {flags, found->second};
    return recent.text;
  }

 private:
  TextArena arena_;
  std::unordered_map<Flags, Text> texts_;
  // Those of before, without a search.
  static constexpr int kBits = 5;
  struct Recent {
    Flags flags = 0;
    Text text{};
  };
  std::array<Recent, size_t{1} << kBits> recent_{};
};

}  // namespace chunkmill::scope3
