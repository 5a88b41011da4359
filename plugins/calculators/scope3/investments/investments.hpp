// GHG Protocol Scope 3 category 15: investments. Numbers in brackets are those of the Technical
// Guidance (2013); classes, attribution and scores of the others are PCAF's, see attribution.hpp.
//
// A row is one investment and one scope of the investee: scope 3 of it is a line apart by its kind
// and flag, never added to scope 1 and 2. So are the lifetime emissions of a project.
#pragma once

#include "plugins/calculators/scope3/common/category.hpp"
#include "plugins/calculators/scope3/common/operations.hpp"
#include "plugins/calculators/scope3/investments/attribution.hpp"

namespace chunkmill::scope3 {

class Investments : public Category {
 public:
  static constexpr Info kInfo{"scope3.investments", "1.0.0",
                              "GHG Protocol Scope 3 category 15: investments", CM_CALCULATOR_PURE};
  Investments();

 private:
  void inputs(Inputs& in) override;
  std::vector<Method> methods() const override;
  void options(Options& opt) override;
  void hash_options(Hasher& hasher) const override;

  // [15.1] reported emissions x share; PCAF option 1.
  void investment_specific(Formula& f) const;
  // [15.3] the same of a project; [second 15.4] x years: a line apart.
  void project_specific(Formula& f) const;
  // PCAF option 2a: energy of the investee x factors, 2b: what it makes x factor.
  void physical_activity(Formula& f) const;
  // [15.2] revenue x factor of its sector; [15.4] a project's revenue, or what was built of it in
  // the year.
  void average_data(Formula& f) const;
  // PCAF option 3b: area or number of what is financed x factor.
  void asset_based(Formula& f) const;

  AssetClass asset_class(Formula& f) const;
  // Attribution, years and what the line is called.
  double scale(Formula& f, AssetClass asset) const;
  void score(Formula& f, AssetClass asset, int usual) const;
  void add_reported(Formula& f, AssetClass asset) const;
  bool of_scope_3(Formula& f) const;

  Boundary eeio_boundary_ = Boundary::kGateToGate;
  Operations operations_;
  Attribution attribution_;
  Input asset_class_, reported_, verified_, scope_, land_use_, years_, revenue_, construction_;
  Input sector_share_, quantity_, asset_quantity_, score_;
};

}  // namespace chunkmill::scope3
