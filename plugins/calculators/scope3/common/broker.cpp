#include "plugins/calculators/scope3/common/broker.hpp"

#include "plugins/calculators/scope3/common/hash.hpp"

namespace chunkmill::scope3 {

void Broker::configure(Options& opt) {
  source_.configure(opt);
  mapping_.configure(opt);
  opt.optional(
      "gwp_set", gwp_set_,
      "the global warming potentials of the inventory: AR4, AR5, AR6; factors that come by "
      "gas are counted by it, others are marked; default: as published");
  opt.optional(
      "gwp", gwp_lookup_,
      "a lookup of warming potentials: Species, AR5GWP100, ...; CO2, CH4, N2O, SF6, NF3, common "
      "HFCs (R-134a, R-410A, ...) and PFCs are known without");
  opt.choice(
      "radiative_forcing", radiative_forcing_,
      {{"", std::string()}, {"with", std::string("with")}, {"without", std::string("without")}},
      "which factors of flights are used where a set has both");
  opt.optional("regions", regions_lookup_, "a lookup of what lies in what: region, parent");
  opt.optional("region", region_name_, "of rows without a region of their own");
  opt.optional("factor_year", factor_year_,
               "choose factors for this year, whatever the date of a row");
  opt.optional("max_factor_age", max_factor_age_,
               "most years between a factor and the activity; default: any");
  opt.optional("other_regions", other_regions_,
               "whether a factor of another region that is not the world may be used, marked");
  opt.choice("ties", ties_by_id_, {{"reject", false}, {"factor_id", true}},
             "what to do when factors with different values fit a row alike");
  opt.optional("verify_above", verify_above_,
               "own factors that are not verified are not used for more kg CO2e than this; 0: any");
  opt.optional("currency", currency_name_,
               "ISO 4217 code of money without a currency of its own; default: that of the "
               "factors, if they have but one");
  opt.optional("tax_percent", tax_percent_, "tax in the spend of rows that do not say their own");
  opt.optional("tax_included", tax_included_,
               "whether the spend of rows that do not say it holds tax");
  opt.choice("price_basis", price_basis_,
             {{"", PriceBasis::kUnknown},
              {"purchaser", PriceBasis::kPurchaser},
              {"producer", PriceBasis::kProducer},
              {"basic", PriceBasis::kBasic}},
             "prices of the spend of rows that do not say their own");
  opt.choice("boundary", boundary_,
             {{"", BoundaryName::kUnsaid},
              {"life_cycle", BoundaryName::kLifeCycle},
              {"minimum", BoundaryName::kMinimum}},
             "how much of energy and transport counts, where the category's minimum boundary is "
             "scope 1 and 2 of another: life_cycle (the default: well to wheel), or minimum (tank "
             "to wheel, generation; a life cycle only where a set has nothing else)");
  rates_.configure(opt);
  prices_.configure(opt);
  opt.choice(
      "pedigree", pedigree_name_,
      {{"ghg_protocol", PedigreeName::kGhgProtocol}, {"ecoinvent", PedigreeName::kEcoinvent}},
      "uncertainty factors by quality score");
  opt.optional("pedigree_values", pedigree_lookup_,
               "a lookup that replaces some of them: indicator, score, value");
  if (opt.describing()) return;
  region_ = region_key(region_name_);
  currency_ = parse_currency(currency_name_);
  if (currency_for_all() && currency_ == 0)
    throw Error(CM_INVALID, "\"" + currency_name_ + "\" is not an ISO 4217 code like USD")
        .at("currency");
  if (tax_percent_ < 0 || tax_percent_ >= 1000)
    throw Error(CM_INVALID, "it is a percentage like 20").at("tax_percent");
}

void Broker::load(const Host& host, Boundaries needed, bool minimum_is_combustion) {
  if (loaded_) return;
  minimum_boundary_ = minimum_is_combustion && boundary_ == BoundaryName::kMinimum;
  if (minimum_boundary_) needed |= bit(Boundary::kCombustion);
  if (!gwp_lookup_.empty()) gwp_.add(host, gwp_lookup_);
  if (!gwp_set_.empty() && !gwp_.has_set(gwp_set_))
    throw Error(CM_INVALID, "there are no warming potentials \"" + gwp_set_ +
                                "\"; SAR, AR4, AR5 and AR6 are known, others need a `gwp` lookup")
        .at("gwp_set");
  if (!regions_lookup_.empty()) factors_.regions().add(host, regions_lookup_);
  if (prices_.given()) prices_.load(host);
  if (rates_.given()) rates_.load(host);
  pedigree_ = pedigree_name_ == PedigreeName::kEcoinvent ? Pedigree::ecoinvent() : Pedigree();
  if (!pedigree_lookup_.empty()) pedigree_.add(host, pedigree_lookup_);
  FactorGates gates;
  if (max_factor_age_ >= 0) gates.max_age = max_factor_age_;
  gates.other_regions = other_regions_;
  gates.ties_by_id = ties_by_id_;
  gates.any_currency = rates_.given();
  factors_.set_gates(gates);
  factors_.set_pedigree(pedigree_);
  factors_.load(host, {source_, needed, gwp_, gwp_set_, radiative_forcing_,
                       prices_.given() ? &prices_ : nullptr});
  if (region_ != 0 && factors_.regions().any() && !factors_.regions().known(region_))
    throw Error(CM_INVALID, "region \"" + region_name_ +
                                "\" is not a country of ISO 3166, nor a region of a factor or of "
                                "the `regions` lookup")
        .at("region");
  if (mapping_.given()) names_.load(host, mapping_, factors_);
  add_gases();
  if (!currency_for_all()) currency_ = factors_.only_currency();
  loaded_ = true;
}

void Broker::add_gases() {
  if (gwp_set_.empty()) return;
  TextArena& texts = gas_memory_.texts;
  FactorTexts shared;
  shared.set = texts.intern("gwp");
  shared.set_version = shared.gwp_set = texts.intern(gwp_set_);
  shared.boundary = texts.intern("release");
  for (const std::string& name : gwp_.gases()) {
    const std::optional<double> value = gwp_.find(name, gwp_set_);
    if (!value) continue;
    Factor& factor = gases_.emplace_back();
    factor.value = *value;
    factor.per = *parse_unit("kg");
    factor.unit = texts.intern("kgCO2e/kg");
    factor.denominator = texts.intern("kg");
    factor.id = texts.intern("gwp:" + gwp_set_ + ":" + name);
    factor.activity_code = texts.intern(name);
    factor.texts = gas_memory_.keep(shared);
    Gases gases;
    (name == "co2"   ? gases.co2
     : name == "ch4" ? gases.ch4
     : name == "n2o" ? gases.n2o
                     : gases.other_co2e) =
        name == "co2" || name == "ch4" || name == "n2o" ? 1 : *value;
    factor.gases = &gas_memory_.gases.emplace_back(gases);
    factor.hash = hash_of(factor);
    gas_index_.insert(name, static_cast<uint32_t>(gases_.size() - 1));
  }
}

const Factor* Broker::gas(std::string_view name) const {
  const uint32_t found = gas_index_.find(gas_name(name));
  return found == KeyIndex::kAbsent ? nullptr : &gases_[found];
}

// Factors, rates and indexes are in the results by their own values.
uint64_t Broker::settings_hash() const {
  Hasher hasher;
  hasher.add(uint64_t{currency_}).add(region_).add(int64_t{factor_year_}).add(tax_percent_);
  hasher.add(uint64_t{tax_included_}).add(static_cast<uint64_t>(price_basis_));
  hasher.add(std::string_view(gwp_set_)).add(std::string_view(radiative_forcing_));
  if (minimum_boundary_) hasher.add(std::string_view("minimum"));
  return hasher.finish();
}

}  // namespace chunkmill::scope3
