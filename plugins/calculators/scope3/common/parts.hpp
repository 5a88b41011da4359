// The stream "parts": a row for each term of each result, so that a sum can be followed.
#pragma once

#include <vector>

#include "chunkmill/calculator.hpp"
#include "plugins/calculators/scope3/common/line.hpp"
#include "plugins/calculators/scope3/common/results.hpp"

namespace chunkmill::scope3 {

class PartColumns {
 public:
  void declare(Columns& columns);
  // Appends the parts of a line whose result id is `id`.
  void write(const Line& line, uint64_t id, const std::vector<Part>& parts, Outputs& out) const;

 private:
  size_t stream_ = 0;
  Out<std::string_view> result_id_, label_, unit_, factor_id_, set_, set_version_, factor_unit_,
      hash_, match_;
  Out<int32_t> part_;
  Out<double> amount_, value_, kg_, biogenic_, share_, sdg95_;
};

}  // namespace chunkmill::scope3
