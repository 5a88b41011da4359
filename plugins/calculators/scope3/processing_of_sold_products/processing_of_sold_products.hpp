// GHG Protocol Scope 3 category 10: what others do with intermediate products that we sold, until
// they are in a final product. Numbers in brackets are those of the Technical Guidance (2013).
//
// Where the customer works on other inputs as well, the site's emissions are allocated:
// share_percent, or own_part / whole by mass. A product whose end use is not known may be left out
// with a justification: the column `exclude`, which makes a reject with that reason.
#pragma once

#include "plugins/calculators/scope3/common/category.hpp"
#include "plugins/calculators/scope3/common/operations.hpp"

namespace chunkmill::scope3 {

class ProcessingOfSoldProducts : public Category {
 public:
  static constexpr Info kInfo{"scope3.processing_of_sold_products", "1.0.0",
                              "GHG Protocol Scope 3 category 10: processing of sold products",
                              CM_CALCULATOR_PURE};
  ProcessingOfSoldProducts();

 private:
  void inputs(Inputs& in) override;
  std::vector<Method> methods() const override;

  // [10.1] fuel + energy + refrigerant + process + waste of the site, allocated; or mass sold x the
  // customer's own factor.
  void site_specific(Formula& f) const;
  // [10.2] mass sold x factor of the process.
  void average_data(Formula& f) const;

  Operations operations_;
  OwnShare share_;
  Input quantity_, waste_mass_, waste_type_, waste_treatment_;
};

}  // namespace chunkmill::scope3
