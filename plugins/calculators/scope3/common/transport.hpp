// What carries and stores goods: the methods of categories 4 and 9, which have the same formulas
// and differ in who pays and which way the goods go. Numbers in brackets are those of the GHG
// Protocol's Technical Guidance for Calculating Scope 3 Emissions (2013).
//
// A row is one leg of transport, or goods in one store. Factors of transport and energy cover the
// life cycle (well to wheel); those per money are input-output factors, from cradle to gate.
//
// Threads: read-only once bound.
#pragma once

#include "plugins/calculators/scope3/common/category.hpp"

namespace chunkmill::scope3 {

class Transport : public Category {
 protected:
  // kUpstream: category 4, what we pay for and what comes to us; kDownstream: category 9, what is
  // on its way after the sale and others pay for.
  enum class Side : uint8_t { kUpstream, kDownstream };
  Transport(const Info& info, int32_t number, Side side);

 private:
  void inputs(Inputs& in) override;
  std::vector<Method> methods() const override;
  void options(Options& opt) override;
  void hash_options(Hasher& hasher) const override;

  // [4.1] fuel x factor + electricity x factor + refrigerant x GWP, and [4.5] the empty way back.
  void fuel_based(Formula& f) const;
  // [4.8] the same of a building, by our share of what it stores.
  void site_specific(Formula& f) const;
  // [4.6] or [4.9] by the factor of the carrier or of the keeper of the store.
  void supplier_specific(Formula& f) const;
  // [4.6] mass x distance x factor; of a hired vehicle distance x factor.
  void distance_based(Formula& f) const;
  // [4.9] volume x time x factor.
  void average_data(Formula& f) const;
  // [4.7] spend x environmentally extended input-output factor.
  void spend_based(Formula& f) const;

  // False, and noted, when the row is another category's or another scope's.
  bool right_category(Formula& f) const;
  // Whether the row says what a building used, and not a vehicle.
  bool is_site(const Formula& f) const { return f.has(site_total_); }
  bool by_customer(const Formula& f) const;

  // Fuel as it is given [4.1], from its cost [4.2] or from the distance [4.3].
  void add_fuel(Formula& f, double share) const;
  void add_electricity_and_leak(Formula& f, double share) const;
  // [4.4] our part of what the vehicle carries.
  double share_of_vehicle(Formula& f) const;
  double share_of(Formula& f, Input own, Input total) const;
  double share_of(Formula& f, const Amount& ours, Input own, Input total) const;

  std::string_view code(Formula& f) const;
  // Of the row's laden class or technology, whichever the code has.
  Found factor(Formula& f, std::string_view code, const Amount& per) const;
  Amount distance(Formula& f) const;
  // Mass x distance: as the row says it, or their product.
  Amount freight(Formula& f) const;
  // With its packaging.
  Amount mass(Formula& f) const;
  Amount stored(Formula& f) const;
  void add_freight(Formula& f) const;
  void add_vehicle(Formula& f, const Amount& way, std::string_view code) const;
  void customer_travel(Formula& f) const;

  const Side side_;
  double tonnes_per_teu_ = 0;
  double great_circle_percent_ = 0;
  Input direction_, paid_by_us_, own_vehicle_, freight_in_price_, mode_;
  Input fuel_, fuel_type_, fuel_spend_, fuel_price_, per_100km_, empty_distance_, empty_per_100km_;
  Input electricity_, electricity_type_, leak_, refrigerant_;
  Input vehicle_, laden_, technology_, freight_, vehicle_freight_;
  Input mass_, packaging_, teu_, distance_, great_circle_;
  Input vehicle_mass_, volume_, vehicle_volume_, volume_limited_, share_percent_;
  Input stored_, storage_time_, site_total_;
};

}  // namespace chunkmill::scope3
