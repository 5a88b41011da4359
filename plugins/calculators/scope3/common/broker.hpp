// All that formulas look up, and the options that say where it comes from: factors, warming
// potentials, exchange rates, price indexes, regions, pedigree.
//
// Threads: read-only once loaded.
#pragma once

#include <deque>
#include <string>

#include "plugins/calculators/scope3/common/exchange_rates.hpp"
#include "plugins/calculators/scope3/common/factor_table.hpp"
#include "plugins/calculators/scope3/common/gwp.hpp"
#include "plugins/calculators/scope3/common/price_index.hpp"
#include "plugins/calculators/scope3/common/quality.hpp"

namespace chunkmill::scope3 {

class Broker {
 public:
  // Declares their options.
  void configure(Options& opt);
  // Reads all lookups; `needed`: the boundaries of the category.
  // `minimum_is_combustion`: whether the category's minimum boundary is the use of energy alone.
  void load(const Host& host, Boundaries needed, bool minimum_is_combustion);
  // Over all options that change numbers.
  uint64_t settings_hash() const;

  const FactorTable& factors() const { return factors_; }
  const ActivityNames& names() const { return names_; }
  const ExchangeRates& rates() const { return rates_; }
  const PriceIndex& prices() const { return prices_; }
  const Pedigree& pedigree() const { return pedigree_; }
  // kg CO2e of one kg of a gas, as a factor; null when it is not known or no gwp_set is given.
  const Factor* gas(std::string_view name) const;
  const std::string& gwp_set() const { return gwp_set_; }

  // Of money without a currency of its own; 0: it must have one. `for_all`: also where the currency
  // column is empty.
  Currency currency() const { return currency_; }
  bool currency_for_all() const { return !currency_name_.empty(); }
  uint64_t region() const { return region_; }
  int32_t factor_year() const { return factor_year_; }
  double tax_percent() const { return tax_percent_; }
  bool tax_included() const { return tax_included_; }
  PriceBasis price_basis() const { return price_basis_; }
  double verify_above() const { return verify_above_; }
  // Whether the use of energy alone counts, where the category's minimum is that.
  bool minimum_boundary() const { return minimum_boundary_; }
  // Whether the job asks for it, or for life cycles; nothing where it does not say.
  std::optional<bool> boundary_wanted() const {
    return boundary_ == BoundaryName::kUnsaid ? std::nullopt
                                              : std::optional(boundary_ == BoundaryName::kMinimum);
  }

 private:
  void add_gases();

  FactorSource source_;
  CodeMapping mapping_;
  LookupName gwp_lookup_, regions_lookup_, pedigree_lookup_;
  std::string gwp_set_, radiative_forcing_, currency_name_, region_name_;
  enum class PedigreeName { kGhgProtocol, kEcoinvent };
  PedigreeName pedigree_name_ = PedigreeName::kGhgProtocol;
  int32_t max_factor_age_ = -1;
  int32_t factor_year_ = 0;
  bool other_regions_ = true;
  bool ties_by_id_ = false;
  double tax_percent_ = 0;
  bool tax_included_ = false;
  double verify_above_ = 0;
  PriceBasis price_basis_ = PriceBasis::kUnknown;
  enum class BoundaryName { kUnsaid, kLifeCycle, kMinimum };
  BoundaryName boundary_ = BoundaryName::kUnsaid;
  bool minimum_boundary_ = false;

  Currency currency_ = 0;
  uint64_t region_ = 0;
  FactorTable factors_;
  ActivityNames names_;
  GwpTable gwp_;
  ExchangeRates rates_;
  PriceIndex prices_;
  Pedigree pedigree_;
  std::deque<Factor> gases_;
  KeyIndex gas_index_;
  FactorMemory gas_memory_;
  bool loaded_ = false;
};

}  // namespace chunkmill::scope3
