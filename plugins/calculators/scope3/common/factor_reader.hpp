// Reads the records of a factor table, as the options say which column holds what.
#pragma once

#include <array>
#include <string>

#include "chunkmill/host.hpp"
#include "plugins/calculators/scope3/common/factor.hpp"
#include "plugins/calculators/scope3/common/factor_source.hpp"

namespace chunkmill::scope3 {

class FactorReader {
 public:
  // Finds the columns. Throws Error(CM_INVALID) for one that must be there and is not. `source`
  // must outlive the reader.
  FactorReader(const FactorSource& source, const Schema& schema);

  // Reads a row, the `number`th record of the table; texts go to `texts`. False for a record
  // without a value. Throws Error(CM_INVALID) for one that is wrong.
  bool read(const Batch& batch, int64_t row, int64_t number, TextArena* texts, Factor* out);

 private:
  [[noreturn]] void fault(const std::string& what) const;
  const std::string& cell(FactorField field) const { return cells_[static_cast<size_t>(field)]; }
  void read_unit(Factor* out, TextArena* texts) const;
  void read_year(int year_of_unit, Factor* out) const;
  void read_boundary(Factor* out) const;
  std::string identity(const Factor& factor) const;

  const FactorSource& source_;
  std::array<int, kFactorFields> columns_{};  // -1: not there
  std::array<std::string, kFactorFields> cells_;
  int64_t number_ = 0;
};

}  // namespace chunkmill::scope3
