// Assets that are leased, by the reporter or from it: the methods of categories 8 and 13, which
// have the same formulas with the roles reversed. Numbers in brackets are those of the GHG
// Protocol's Technical Guidance (2013).
//
// A building that is not metered for each tenant is allocated: own part / (whole x occupancy). What
// is known of a whole year counts for the months of the lease. An asset that the consolidation
// approach puts into the reporter's own scope 1 and 2 is out of scope here.
#pragma once

#include "plugins/calculators/scope3/common/category.hpp"
#include "plugins/calculators/scope3/common/operations.hpp"

namespace chunkmill::scope3 {

class LeasedAssets : public Category {
 protected:
  enum class Partner { kLessor, kLessee };
  LeasedAssets(const Info& info, int32_t number, Partner partner);

 private:
  void inputs(Inputs& in) override;
  std::vector<Method> methods() const override;
  void options(Options& opt) override { operations_.options(opt); }
  void hash_options(Hasher& hasher) const override { operations_.hash(hasher); }

  // [8.1], [8.2] what the asset consumes; or its own factor.
  void asset_specific(Formula& f) const;
  // [8.3] scope 1 and 2 of the lessor, or of the lessee, x our share.
  void partner_specific(Formula& f) const;
  // [8.4] area x factor of the building type, [8.5] assets x factor of the asset type.
  void average_data(Formula& f) const;

  bool right_scope(Formula& f) const;
  // The part of the year under lease; 1 where the row does not say.
  double part_of_year(Formula& f) const;

  const Partner partner_;
  Operations operations_;
  OwnShare share_;
  Input quantity_, months_, partner_scopes_, in_own_scopes_;
};

}  // namespace chunkmill::scope3
