// GHG Protocol Scope 3 category 6: business travel in vehicles that others own, and hotel nights.
// Numbers in brackets are those of the Technical Guidance (2013).
#pragma once

#include "plugins/calculators/scope3/business_travel/airports.hpp"
#include "plugins/calculators/scope3/business_travel/haul_bands.hpp"
#include "plugins/calculators/scope3/common/travel.hpp"

namespace chunkmill::scope3 {

class BusinessTravel : public Travel {
 public:
  static constexpr Info kInfo{"scope3.business_travel", "1.0.0",
                              "GHG Protocol Scope 3 category 6: business travel",
                              CM_CALCULATOR_PURE};
  BusinessTravel();

 private:
  void inputs(Inputs& in) override;
  std::vector<Method> methods() const override;
  void options(Options& opt) override;
  void load(const Broker& broker) override;
  void hash_options(Hasher& hasher) const override;

  // [4.1] to [4.3] fuel x EF + electricity x EF + leak x GWP; and nights.
  void fuel_based(Formula& f) const;
  // [6.1] distance x EF + nights x EF.
  void distance_based(Formula& f) const;
  // [4.7] spend x environmentally extended input-output factor.
  void spend_based(Formula& f) const;

  bool has_way(const Formula& f) const { return f.has(way_) || f.has(from_) || f.has(to_); }
  // One way: as the row says, or between its airports.
  Amount one_way(Formula& f) const;
  // How often it was travelled.
  double ways(Formula& f) const;
  Amount whole_way(Formula& f) const { return one_way(f).times(ways(f)); }
  // Of one way by its length; the row's own activity where no bands are known for it.
  std::string_view code_for(Formula& f, const Amount& way) const;
  // Optional: nights x EF of the hotel, in the row's region.
  void add_nights(Formula& f, bool travels) const;

  LookupName airports_lookup_, bands_lookup_;
  Airports airports_;
  HaulBands bands_;
  double uplift_percent_ = 0;
  Input from_, to_, trips_, return_trip_, nights_, hotel_;
};

}  // namespace chunkmill::scope3
