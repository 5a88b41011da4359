// What a site, an asset or a product in use consumes and emits: fuel, electricity and other energy,
// refrigerant that leaks, process emissions. And the share of it that is the reporter's. Several
// categories sum these up; the formulas are [8.1], [8.2], [10.1], [11.1], [14.1] of the GHG
// Protocol's Technical Guidance (2013).
//
// Threads: read-only once configured.
#pragma once

#include "plugins/calculators/scope3/common/formula.hpp"
#include "plugins/calculators/scope3/common/hash.hpp"

namespace chunkmill::scope3 {

class Operations {
 public:
  static constexpr Boundaries kNeeded = bit(Boundary::kCombustion) | bit(Boundary::kLifeCycle);

  void declare(Inputs& in);
  // `energy_boundary`, where scope 1 and 2 of another's are the minimum.
  void options(Options& opt);
  void hash(Hasher& hasher) const { hasher.add(static_cast<uint64_t>(boundary_)); }
  Boundary boundary() const { return boundary_; }

  bool any(const Formula& f) const {
    return f.has(fuel_) || f.has(electricity_) || f.has(leak_) || f.has(process_);
  }
  // Adds a term for each that the row has, each times `scale`; nothing where it has none.
  void add(Formula& f, double scale) const;
  // Floor area or number of sites x their factor: for one, or for one and a year.
  void add_site(Formula& f, const Amount& sites, std::string_view code) const;
  // The same by the row's own factor; `quantity`: what that is for where it has no unit.
  void add_own(Formula& f, const Amount& sites, Input quantity) const;

 private:
  Boundary boundary_ = Boundary::kLifeCycle;
  Input fuel_, fuel_type_, electricity_, electricity_source_, leak_, gas_, process_;
};

// Our share of a building, a vehicle or a plant.
class OwnShare {
 public:
  // `basis`: by what it is allocated, for whoever reads the options.
  void declare(Inputs& in, std::string_view basis);
  bool given(const Formula& f) const { return f.has(percent_) || f.has(own_) || f.has(whole_); }
  bool of_area(const Formula& f) const { return f.has(own_) || f.has(whole_); }
  // The percentage, or own part / (whole x occupancy), both of one dimension. Fails without either.
  double of(Formula& f) const;

 private:
  Input percent_, own_, whole_, occupancy_;
};

// [4.3] fuel = distance x consumption for 100 km.
Amount fuel_for_way(Formula& f, const Amount& way, Input per_100km);
// [4.2] fuel = spend / price of one unit of it.
Amount fuel_for_money(Formula& f, Input spend, Input price);
// Whole units of a quantity that must be a number of pieces.
double pieces(Formula& f, Input quantity);
// A number that cannot be below zero.
double not_negative(Formula& f, Input number);

}  // namespace chunkmill::scope3
