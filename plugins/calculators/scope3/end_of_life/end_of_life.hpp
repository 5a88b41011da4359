// GHG Protocol Scope 3 category 12: end-of-life treatment of sold products. Numbers in brackets are
// those of the Technical Guidance (2013), which has the methods of category 5 for it.
//
// All products sold in the year, with their packaging, count in that year, whenever they become
// waste. Of an intermediate product it is its own mass alone, not that of what it is built into.
#pragma once

#include "plugins/calculators/scope3/common/treated_waste.hpp"

namespace chunkmill::scope3 {

class EndOfLife : public TreatedWaste {
 public:
  static constexpr Info kInfo{"scope3.end_of_life", "1.0.0",
                              "GHG Protocol Scope 3 category 12: end of life of sold products",
                              CM_CALCULATOR_PURE};
  EndOfLife();

 private:
  void inputs(Inputs& in) override;
  std::vector<Method> methods() const override;

  // Products x a factor for the end of life of this very product.
  void supplier_specific(Formula& f) const;
  // [12.1] where all of it is treated alike.
  void waste_type_specific(Formula& f) const;
  // [12.1] mass x share of the treatment x EF(treatment).
  void average_data(Formula& f) const;

  // Product and packaging, of which `share` is treated so.
  void add_sold(Formula& f, double share) const;
  // Charge x share released x GWP. What is released in use is category 11.
  void add_refrigerant(Formula& f) const;

  Input sold_, unit_mass_, packaging_mass_, packaging_;
  Input refrigerant_, charge_, released_, released_in_use_;
};

}  // namespace chunkmill::scope3
