// The stream "parts": a row for each term of each result, so that a sum can be followed.
#pragma once

#include <string>
#include <vector>

#include "chunkmill/calculator.hpp"
#include "plugins/calculators/scope3/common/carried.hpp"
#include "plugins/calculators/scope3/common/line.hpp"
#include "plugins/calculators/scope3/common/results.hpp"

namespace chunkmill::scope3 {

class PartColumns {
 public:
  // Where the ids of input rows are: the first of `carried`, which is null where rows have none.
  struct Rows {
    const Batch& batch;
    const CarriedColumns* carried;
  };

  void declare(Columns& columns);
  // Appends the parts of a line whose result id is `id`.
  void write(const Line& line, uint64_t id, const std::vector<Part>& parts, const Rows& rows,
             ResultScratch& scratch, Outputs& out) const;

 private:
  void write_steps(const Term& term, ResultScratch& scratch, Outputs& out) const;
  void write_factor(const Term& term, Outputs& out) const;

  size_t stream_ = 0;
  Out<std::string_view> result_id_, row_id_, label_, unit_given_, conversion_unit_, fx_period_,
      price_years_, unit_, factor_id_, set_, set_version_, factor_unit_, boundary_, gwp_set_, hash_,
      match_;
  Out<bool> optional_;
  Out<int32_t> part_;
  Out<double> given_, net_, conversion_, fx_rate_, price_ratio_, amount_, value_, kg_, biogenic_,
      share_, sdg95_, factor_sdg95_;
};

}  // namespace chunkmill::scope3
