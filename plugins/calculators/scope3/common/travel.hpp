// People on their way: what categories 6 (business travel) and 7 (commuting) share.
//
// Sets publish factors per passenger-km (flights, trains, buses) or per vehicle-km (cars); which of
// them a code has decides whether a way is divided by the people in the vehicle. The number of
// vehicles stays fractional.
#pragma once

#include "plugins/calculators/scope3/common/category.hpp"

namespace chunkmill::scope3 {

class Travel : public Category {
 protected:
  using Category::Category;

  // `way`: the name of the distance that a row's own factor is for.
  void travel_inputs(Inputs& in, std::string_view way, std::string_view what);
  // False, and the problem noted, for a vehicle of the company's own.
  bool in_scope(Formula& f) const;
  // What the fuel cost: for categories that have money.
  void fuel_cost_inputs(Inputs& in);
  // Whether the row says what was burnt: how much, what it cost, or how much for 100 km.
  bool has_fuel(const Formula& f) const { return f.has(fuel_) || by_cost(f) || f.has(per_100km_); }
  // Whether that takes the length of the way.
  bool fuel_by_way(const Formula& f) const {
    return !f.has(fuel_) && !by_cost(f) && f.has(per_100km_);
  }
  // [4.1] to [4.3] fuel or electricity x EF + refrigerant leak x GWP, `times` over, of a shared
  // vehicle our share. `way`: of all vehicles, where fuel_by_way().
  void add_fuel(Formula& f, double times, const Amount& way) const;
  // `way` of each of `persons` x EF: per passenger as it is, per vehicle by its occupancy. A `way`
  // in passenger-km is that of all of them.
  void add_trip(Formula& f, const Amount& way, double persons, std::string_view code,
                Input own_factor_per) const;
  // The row's activity, or the vehicle that it names within that.
  std::string_view vehicle_code(Formula& f) const {
    return f.code_within(f.activity(), f.text_or(vehicle_, {}));
  }
  // At least 0, else the problem is noted; `otherwise` where the row has none.
  static double count_or(Formula& f, Input in, double otherwise);

  Input way_, persons_, vehicle_, vehicle_class_, technology_, occupancy_;
  Input fuel_, fuel_type_, fuel_share_, refrigerant_, leak_;
  Input company_vehicle_;

 private:
  bool by_cost(const Formula& f) const { return fuel_spend_ != Input() && f.has(fuel_spend_); }

  // Class or technology, whichever the code has factors for.
  std::string_view technology_of(Formula& f, std::string_view code) const;

  Input fuel_spend_, fuel_price_, per_100km_;
};

}  // namespace chunkmill::scope3
