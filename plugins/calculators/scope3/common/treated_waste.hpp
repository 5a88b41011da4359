// Waste by its type and treatment: what categories 5 (of operations) and 12 (of sold products)
// share. Recovery for recycling belongs to the buyer of recycled material and avoided emissions are
// never deducted: a factor of end of life holds collection, sorting and treatment alone.
#pragma once

#include "plugins/calculators/scope3/common/category.hpp"

namespace chunkmill::scope3 {

class TreatedWaste : public Category {
 protected:
  using Category::Category;

  void treatment_inputs(Inputs& in);
  // waste x EF(type, treatment). Volume is brought to mass, or the other way round, by the row's
  // density where the factor needs it.
  void add_treated(Formula& f, const Amount& waste, std::string_view code,
                   std::string_view label = {}) const;

  Input treatment_, share_, density_;
};

}  // namespace chunkmill::scope3
