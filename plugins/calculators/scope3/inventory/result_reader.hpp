// Reads results of the scope 3 categories, as a lookup gives them, row by row.
//
// Failure: Error(CM_INVALID) when a column that is needed, or that the job names, is not there, and
// what the lookup throws. Threads: one at a time.
#pragma once

#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/host.hpp"
#include "chunkmill/options.hpp"

namespace chunkmill::scope3 {

// The columns of results that say something to an inventory.
enum class ResultField : uint8_t {
  kCategory,
  kEmissions,
  kId,
  kSupplier,
  kCountry,
  kSpend,
  kCurrency,
  kDate,
  kInventory,
  kKind,
  kMethod,
  kAmount,
  kUnit,
  kFactorId,
  kFactorSet,
  kFactorVersion,
  kFactorUnit,
  kPriceBasis,
  kMatchLevel,
  kBiogenic,
  kSdg95,
  kFactorSdg95,
  kActivityQuality,
  kFactorQuality,
  kFlags,
  kPcafScore,
  kOutstanding,
  kOptional,
  kInputRows,
  kGwpSet,
  kNet,
  kUnitGiven,
  kShare,
  kFxRate,
  kPriceYears,
  kBoundary,
  kResultId,
};
inline constexpr size_t kResultFields = 37;

// What the job says of them: the columns that are its own have names of its own.
struct ResultNames {
  std::optional<std::string> id, supplier, country, spend, currency, date, outstanding, inventory;

  // Declares the group `columns`.
  void configure(Options& opt);
};

// A result, as views into its batch. What is absent or null is NaN or empty.
struct ResultRow {
  int category = 0;  // 0: none of 1 to 15
  double kg = NAN;   // without what of it is optional, where only a part is
  double optional_kg = 0;
  int64_t input_rows = 1;
  double amount = NAN, biogenic_kg = NAN, spend = NAN;
  double sdg95 = NAN, factor_sdg95 = NAN;
  double activity_quality = NAN, factor_quality = NAN;
  double pcaf_score = NAN, outstanding = NAN;    // of financed emissions
  double net = NAN, share = NAN, fx_rate = NAN;  // of the steps to the amount
  std::string_view gwp_set, unit_given, price_years, boundary, result_id;
  std::string_view id, supplier, country, currency, inventory;
  std::string_view kind, method, unit, flags, match_level;
  std::string_view factor_id, factor_set, factor_version, factor_unit, price_basis;
  std::string_view date;  // of a date column: its bytes

  bool has_flag(std::string_view flag) const;
};

class ResultReader {
 public:
  ResultReader(const Host& host, const std::string& lookup, const ResultNames& names);

  // Whether the results have such a column.
  bool has(ResultField field) const { return column(field) >= 0; }
  // Calls `take` with each row, once in the life of the reader.
  template <typename F>
  void each(F&& take) {
    while (UniqueArray batch = stream_.next()) {
      if (host_.cancelled()) throw Error(CM_CANCELLED, "reading the results was interrupted");
      open(*batch.get());
      for (int64_t row = 0; row < batch->length; ++row) take(at(row));
    }
  }

 private:
  int column(ResultField field) const { return columns_[static_cast<size_t>(field)]; }
  void open(const ArrowArray& batch);
  ResultRow at(int64_t row) const;
  std::string_view text(ResultField field, int64_t row) const;
  double number(ResultField field, int64_t row) const;

  [[noreturn]] void lacks(std::string_view column, std::string_view why) const;

  Host host_;
  std::string lookup_;
  TableStream stream_;
  std::array<int, kResultFields> columns_{};  // -1: not there
  std::array<ColumnRef, kResultFields> cells_{};
  bool dates_are_days_ = false;
};

}  // namespace chunkmill::scope3
