// GHG Protocol Scope 3 category 3: fuel- and energy-related activities that are in neither scope 1
// nor scope 2. Numbers in brackets are those of the Technical Guidance (2013).
//
// A row is one of its four activities, or electricity with two of them, as parts of one result. It
// comes from the ledgers of scope 1 and 2; there is no method by spend.
#pragma once

#include "plugins/calculators/scope3/common/category.hpp"
#include "plugins/calculators/scope3/fuel_and_energy/loss_rates.hpp"

namespace chunkmill::scope3 {

class FuelAndEnergy : public Category {
 public:
  static constexpr Info kInfo{
      "scope3.fuel_and_energy", "1.0.0",
      "GHG Protocol Scope 3 category 3: fuel- and energy-related activities", CM_CALCULATOR_PURE};
  FuelAndEnergy();

 private:
  // Which of A to D.
  enum class Part : uint8_t { kFuel, kUpstream, kLosses, kUpstreamAndLosses, kResold, kUnknown };
  enum class Losses : uint8_t { kAuto, kPublished, kLifeCycle, kCombustion };

  void inputs(Inputs& in) override;
  std::vector<Method> methods() const override;
  void options(Options& opt) override;
  void load(const Broker& broker) override;
  void hash_options(Hasher& hasher) const override;

  void supplier_specific(Formula& f) const;
  void average_data(Formula& f) const;

  Part part_of(Formula& f) const;
  // A and B: [3.1] fuel x (life cycle - combustion), [3.2] the same less T&D if that is inside.
  void add_upstream(Formula& f, const Amount& energy, std::string_view label) const;
  // C: [3.3] energy x life cycle x loss rate; or by example 3.1, with combustion; or as published.
  void add_losses(Formula& f, const Amount& energy) const;
  // Lost for each unit that is bought; fails without a rate.
  double loss_rate(Formula& f) const;

  LookupName rates_lookup_;
  LossRates rates_;
  const Broker* broker_ = nullptr;
  Losses losses_ = Losses::kAuto;
  bool of_generated_ = false;
  bool losses_inside_ = false;
  Part default_part_ = Part::kUnknown;
  Input energy_, part_, stated_, loss_percent_;
};

}  // namespace chunkmill::scope3
