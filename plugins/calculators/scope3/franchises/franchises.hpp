// GHG Protocol Scope 3 category 14: what franchisees emit. Numbers in brackets are those of the
// Technical Guidance (2013).
//
// A row is a franchise or, with the number of all franchises of its group, one of a sample, that is
// extrapolated. What franchisees buy that weighs much (the beef of a burger chain) is added as
// material, and is optional.
#pragma once

#include "plugins/calculators/scope3/common/category.hpp"
#include "plugins/calculators/scope3/common/operations.hpp"

namespace chunkmill::scope3 {

class Franchises : public Category {
 public:
  static constexpr Info kInfo{"scope3.franchises", "1.0.0",
                              "GHG Protocol Scope 3 category 14: franchises", CM_CALCULATOR_PURE};
  Franchises();

 private:
  void inputs(Inputs& in) override;
  std::vector<Method> methods() const override;
  void options(Options& opt) override { operations_.options(opt); }
  void hash_options(Hasher& hasher) const override { operations_.hash(hasher); }

  // [14.1] scope 1 and 2 of a franchise, as it reports them or by its energy; [14.2] of a building
  // that is not metered for it.
  void franchise_specific(Formula& f) const;
  // [14.3] the same of a sample x franchises of the group / franchises of the sample.
  void sampled(Formula& f) const;
  // [14.4] area x factor of the building type, [14.5] franchises x factor of their type.
  void average_data(Formula& f) const;

  bool right_scope(Formula& f) const;
  void add_scopes(Formula& f, double scale) const;

  Operations operations_;
  OwnShare share_;
  Input quantity_, scopes_, franchises_, sample_, material_, material_mass_, in_own_scopes_;
};

}  // namespace chunkmill::scope3
