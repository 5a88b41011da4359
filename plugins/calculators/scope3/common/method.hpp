// The words of results: methods, why one was chosen, why there is none, and what to look at.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "plugins/calculators/scope3/common/text.hpp"

namespace chunkmill::scope3 {

// In order of precedence, as the GHG Protocol's decision trees have it.
enum class Method : uint8_t { kSupplierSpecific, kAverageData, kSpendBased };
inline constexpr size_t kMethods = 3;
inline constexpr PaddedText kMethodNames[kMethods] = {
    PaddedText("supplier_specific"), PaddedText("average_data"), PaddedText("spend_based")};

// Why a method gives no estimate for a row. kNotGiven: its data are not there.
enum class Gap : uint8_t {
  kNotGiven,
  kMissingActivity,
  kUnknownFactor,
  kNoFactorForMethod,  // the activity is known, but not per unit, or not per money
  kMissingAmount,      // a supplier factor without the quantity or spend it is for
  kMissingCurrency,
  kCurrencyMismatch,
  kMissingUnit,
  kUnknownUnit,
  kUnitMismatch,
  kBoundaryMismatch,
  kNegativeFactor,
  kNotFinite,
};
// The code of a reject: snake_case, stable.
inline constexpr std::string_view kGapCodes[] = {
    "missing_amount", "missing_activity", "unknown_factor",    "no_factor_for_method",
    "missing_amount", "missing_currency", "currency_mismatch", "unknown_unit",
    "unknown_unit",   "unit_mismatch",    "boundary_mismatch", "negative_factor",
    "not_finite"};

// Why the method of a result was chosen.
enum class Reason : uint8_t {
  kForced,               // the job says `method:`
  kSupplierFactor,       // the row brings its supplier's factor
  kQuantity,             // a quantity, and a factor for its unit
  kSupplierFactorUnfit,  // there is one, but it failed a gate
  kNoQuantity,           // spend is all there is
  kNoFactorPerUnit,      // a quantity, but no factor per unit for this activity
  kQuantityUnfit,        // a quantity whose unit does not fit the factor
};
inline constexpr PaddedText kReasonNames[] = {
    PaddedText("forced_by_job"),      PaddedText("supplier_factor_given"),
    PaddedText("quantity_given"),     PaddedText("supplier_factor_unfit"),
    PaddedText("no_quantity"),        PaddedText("no_factor_per_unit"),
    PaddedText("quantity_unit_unfit")};

// What an auditor should look at; several may hold for a row.
enum Flag : uint16_t {
  kCreditNote = 1,  // a negative amount, netted
  kZeroAmount = 2,
  kOtherPriceYear = 4,       // spend of another year than the factor's money, not deflated
  kSupplierUnitAssumed = 8,  // supplier factor without a unit: taken per unit of the quantity
  kSupplierIntensity = 16,   // supplier factor per money: its emissions allocated by revenue
  kSupplierUnfit = 32,       // a supplier factor was there and failed a gate
  kQuantityUnfit = 64,       // a quantity was there and its unit did not fit
  kOtherRegion = 128,        // a factor of another region than the row\'s, and not of the world
};
inline constexpr size_t kFlags = 8;
inline constexpr std::string_view kFlagNames[kFlags] = {
    "credit_note",        "zero_amount",           "price_year_differs", "supplier_unit_assumed",
    "supplier_intensity", "supplier_factor_unfit", "quantity_unfit",     "other_region"};

}  // namespace chunkmill::scope3
