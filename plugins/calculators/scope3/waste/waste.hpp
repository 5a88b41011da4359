// GHG Protocol Scope 3 category 5: waste generated in operations, treated by others. Numbers in
// brackets are those of the Technical Guidance (2013).
//
// All future emissions of the waste count in the year in which it is made.
#pragma once

#include "plugins/calculators/scope3/common/treated_waste.hpp"

namespace chunkmill::scope3 {

class Waste : public TreatedWaste {
 public:
  static constexpr Info kInfo{"scope3.waste", "1.0.0",
                              "GHG Protocol Scope 3 category 5: waste generated in operations",
                              CM_CALCULATOR_PURE};
  Waste();

 private:
  void inputs(Inputs& in) override;
  std::vector<Method> methods() const override;
  void options(Options& opt) override;
  void hash_options(Hasher& hasher) const override;

  // [5.1] scope 1 and 2 of the waste company, allocated; or waste x its own factor.
  void supplier_specific(Formula& f) const;
  // [5.2] waste x EF(type, treatment).
  void waste_type_specific(Formula& f) const;
  // [5.3] total waste x share of the treatment x EF(treatment).
  void average_data(Formula& f) const;

  bool treated_by_others(Formula& f) const;
  double allocated_share(Formula& f) const;
  // Optional: mass x distance x EF of the vehicle.
  void add_transport(Formula& f, const Amount& waste) const;

  bool transport_by_distance_ = false;
  Input waste_, own_facility_;
  Input scope_1_and_2_, allocation_, supplier_quantity_;
  Input transport_distance_, vehicle_;
};

}  // namespace chunkmill::scope3
