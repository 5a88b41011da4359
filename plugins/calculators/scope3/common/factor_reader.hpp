// Reads the records of one lookup of factors, as the options say which column holds what.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <string>

#include "chunkmill/host.hpp"
#include "plugins/calculators/scope3/common/factor.hpp"
#include "plugins/calculators/scope3/common/factor_source.hpp"

namespace chunkmill::scope3 {

// One record: a factor, or what one gas contributes to it.
struct FactorRecord {
  Factor factor{};
  Text gas{};     // as gas_name() gives it; empty: CO2e of all gases
  Text parent{};  // code of the class above, where the record says it
  Text system{};  // "naics"
  Text price_code{};
  Text forcing{};            // "with", "without" or empty
  int64_t number = 0;        // of the record in its lookup
  bool gas_as_co2e = false;  // of a gas: the value is its CO2e, not its mass
};

// Memory of all texts of factors; they stay where they are.
struct FactorMemory {
  TextArena texts;
  std::deque<FactorTexts> shared;
  std::deque<Gases> gases;

  const FactorTexts* keep(const FactorTexts& one);
};

enum class FactorRead { kRecord, kNoValue, kOtherBoundary };

class FactorReader {
 public:
  // Finds the columns. Records of a boundary that is not `usable` are not looked at any further.
  // Throws Error(CM_INVALID) for a column that must be there and is not. All that it is given must
  // outlive the reader.
  FactorReader(std::string_view lookup, const FactorShape& shape, const Schema& schema,
               Boundaries usable, Regions* regions, FactorMemory* memory);

  // Reads a row, the `number`th record of the lookup. Throws Error(CM_INVALID) for one that is
  // wrong.
  FactorRead read(const Batch& batch, int64_t row, int64_t number, FactorRecord* out);

 private:
  [[noreturn]] void fault(const std::string& what) const;
  const std::string& cell(FactorField field) const { return cells_[static_cast<size_t>(field)]; }
  void read_field(FactorField field, const Batch& batch, int64_t row);
  Text stored(FactorField field);
  void read_unit(FactorRecord* out);
  void read_money(const FactorUnit& unit, Factor* out);
  void read_years(int year_of_unit, Factor* out) const;
  int32_t read_day(FactorField field, bool last) const;
  void read_boundary(Factor* out) const;
  void read_quality(Factor* out) const;
  double read_number(FactorField field, double otherwise) const;
  std::string identity(const Factor& factor) const;

  const std::string lookup_;
  const FactorShape& shape_;
  const Boundaries usable_;
  Regions* const regions_;
  FactorMemory* const memory_;
  FactorTexts texts_{};                       // of the record in hand
  std::array<int, kFactorFields> columns_{};  // -1: not there
  std::array<std::string, kFactorFields> cells_;
  std::array<Text, kFactorFields> stored_{};  // of the records before
  std::string unit_text_;                     // and what it says:
  std::optional<FactorUnit> unit_;
  int64_t number_ = 0;
};

}  // namespace chunkmill::scope3
