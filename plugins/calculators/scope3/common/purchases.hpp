// What is bought: the methods of categories 1 and 2, which have the same formulas. Numbers in
// brackets are those of the GHG Protocol's Technical Guidance for Calculating Scope 3 Emissions
// (2013).
#pragma once

#include "plugins/calculators/scope3/common/category.hpp"

namespace chunkmill::scope3 {

class Purchases : public Category {
 protected:
  // `capital`: what the column of that name must say of a row.
  Purchases(const Info& info, int32_t number, bool capital);

 private:
  void inputs(Inputs& in) override;
  std::vector<Method> methods() const override;
  // [1.1] quantity x the supplier's factor; or spend x its intensity.
  void supplier_specific(Formula& f) const;
  // [1.2] supplier's scope 1 and 2, allocated + material x cradle to gate + its transport + waste.
  void hybrid(Formula& f) const;
  // [1.3] supplier's scope 1 and 2 and waste + quantity x cradle to gate without the producer's.
  void hybrid_partial(Formula& f) const;
  // [1.4] quantity x average factor.
  void average_data(Formula& f) const;
  // [1.5] spend x environmentally extended input-output factor.
  void spend_based(Formula& f) const;

  bool right_category(Formula& f) const;
  void add_scope_1_and_2(Formula& f) const;
  void add_waste(Formula& f) const;

  const bool capital_;
  Input quantity_, is_capital_;
  Input scope_1_and_2_, allocation_, material_, material_mass_, inbound_distance_, vehicle_;
  Input waste_mass_, waste_type_, waste_treatment_;
};

}  // namespace chunkmill::scope3
