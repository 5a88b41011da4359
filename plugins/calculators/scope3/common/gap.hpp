// Why a method gives no result for a row: the codes of rejects, in one place. README.md has the
// same table for users; a test compares the two.
#pragma once

#include <cstdint>
#include <string_view>

namespace chunkmill::scope3 {

enum class Gap : uint8_t {
  kNone,
  kNoData,  // the method's data are not in the row: not a fault while another method has its own
  kMissingInput,
  kMissingId,
  kDuplicateId,
  kMissingCategory,
  kUnknownCategory,
  kOtherCategory,
  kMissingActivity,
  kUnknownFactor,
  kNoFactorForMethod,
  kTiedFactors,
  kFactorTooOld,
  kRegionNotCovered,
  kUnknownRegion,
  kBoundaryMismatch,
  kNegativeFactor,
  kUnverifiedFactor,
  kNegativeAmount,
  kMissingUnit,
  kUnknownUnit,
  kUnitMismatch,
  kMissingDensity,
  kMissingCurrency,
  kUnknownCurrency,
  kCurrencyMismatch,
  kMissingRate,
  kMissingPriceIndex,
  kPriceBasisMismatch,
  kMissingDate,
  kShareOutOfRange,
  kSharesNotWhole,
  kGroupIncomplete,
  kUnknownGas,
  kUnknownWord,
  kUnknownAirport,
  kValueCurrencyMismatch,
  kValueDateMismatch,
  kNotFinite,
  kOutOfScope,
  kMixedKinds,
  kSpreadOutOfRange,
};

// snake_case, stable.
inline constexpr std::string_view kGapCodes[] = {"none",
                                                 "missing_amount",
                                                 "missing_input",
                                                 "missing_id",
                                                 "duplicate_id",
                                                 "missing_category",
                                                 "unknown_category",
                                                 "other_category",
                                                 "missing_activity",
                                                 "unknown_factor",
                                                 "no_factor_for_method",
                                                 "tied_factors",
                                                 "factor_too_old",
                                                 "region_not_covered",
                                                 "unknown_region",
                                                 "boundary_mismatch",
                                                 "negative_factor",
                                                 "unverified_factor",
                                                 "negative_amount",
                                                 "missing_unit",
                                                 "unknown_unit",
                                                 "unit_mismatch",
                                                 "missing_density",
                                                 "missing_currency",
                                                 "unknown_currency",
                                                 "currency_mismatch",
                                                 "missing_exchange_rate",
                                                 "missing_price_index",
                                                 "price_basis_mismatch",
                                                 "missing_date",
                                                 "share_out_of_range",
                                                 "shares_not_100",
                                                 "group_incomplete",
                                                 "unknown_gas",
                                                 "unknown_word",
                                                 "unknown_airport",
                                                 "value_currency_mismatch",
                                                 "value_date_mismatch",
                                                 "not_finite",
                                                 "out_of_scope",
                                                 "mixed_kinds",
                                                 "spread_out_of_range"};
inline constexpr size_t kGaps = std::size(kGapCodes);
static_assert(kGaps == static_cast<size_t>(Gap::kSpreadOutOfRange) + 1);

inline constexpr std::string_view gap_code(Gap gap) { return kGapCodes[static_cast<size_t>(gap)]; }

}  // namespace chunkmill::scope3
