// Where factors come from: the options that name lookups and say which of their columns holds what,
// so that a file can be used as it was published.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chunkmill/options.hpp"

namespace chunkmill::scope3 {

// The fields of a factor record, by their canonical names.
enum class FactorField {
  kSet,
  kSetVersion,
  kFactorId,
  kActivityCode,
  kActivitySystem,
  kActivity,
  kParent,
  kTechnology,
  kRegion,
  kYear,
  kValidFrom,
  kValidTo,
  kCurrency,
  kBaseYear,
  kPriceBasis,
  kPriceCode,
  kValue,
  kUnit,
  kGas,
  kBiogenicCo2,
  kBoundary,
  kGwpSet,
  kRadiativeForcing,
  kQuality,
  kSdg95,
  kSource,
  kLicence,
  kAttribution,
};
inline constexpr size_t kFactorFields = 28;

struct FactorFieldWords {
  std::string_view name;
  std::string_view what;
};
inline constexpr FactorFieldWords kFactorFieldWords[kFactorFields] = {
    {"set", "the set of factors: epa_supply_chain"},
    {"set_version", "its version: 1.3.0"},
    {"factor_id", "what identifies the record; made of set, version and code where there is none"},
    {"activity_code", "code of the activity class: 331110"},
    {"activity_system", "what the code is of: NAICS; rows may say NAICS:331110 then"},
    {"activity", "the activity in words"},
    {"parent", "code of the class above it; of numbers: the number without its last digit"},
    {"technology", "vehicle class, fuel, treatment, cabin; empty: the average"},
    {"region", "where the factor holds: US, GB, RFCW, GLO (the world)"},
    {"year", "year of its data, and of its money"},
    {"valid_from", "first day or year for which it holds"},
    {"valid_to", "last day or year for which it holds"},
    {"currency", "ISO 4217 code, of factors per money"},
    {"base_year", "year of its money, where that is not the year of its data"},
    {"price_basis", "of factors per money: purchaser, producer or basic"},
    {"price_code", "its sector in the price index; a list with ',' stands for their mean"},
    {"value", "the factor; empty or NA: not available"},
    {"unit", "its unit: kgCO2e/USD, kg CO2e/t, g CH4/mile, 'kg CO2e/2022 USD, purchaser price'"},
    {"gas", "the gas of this record, where a factor comes as one record a gas"},
    {"biogenic_co2", "kg of biogenic CO2 for one of the unit, not in the value"},
    {"boundary", "what it covers: cradle_to_gate, life_cycle, combustion, upstream, ..."},
    {"gwp_set", "the global warming potentials used: AR5"},
    {"radiative_forcing", "of flights: with or without"},
    {"quality",
     "scores from 1 (very good) to 4: reliability, completeness, time, geography, "
     "technology: '2,3,1,1,2'; time and geography are computed"},
    {"sdg95", "squared geometric deviation at 95 %, where the set gives it"},
    {"source", "where it is published"},
    {"licence", "its licence"},
    {"attribution", "what must be printed with results"}};

inline constexpr std::string_view factor_field(FactorField field) {
  return kFactorFieldWords[static_cast<size_t>(field)].name;
}

// How one lookup is read.
struct FactorShape {
  // The lookup's column for each field; not given: the canonical name, where there is such a
  // column.
  std::array<std::optional<std::string>, kFactorFields> columns{};
  // Stands for every record whose column is absent or empty.
  std::array<std::string, kFactorFields> defaults{};

  // Declares the two groups.
  void configure(Options& opt, std::string_view columns_name, std::string_view defaults_name);
};

struct FactorSource {
  std::vector<LookupName> lookups;  // in order of preference
  FactorShape shape;                // of those that have none of their own
  std::vector<std::pair<std::string, FactorShape>> shapes;
  std::vector<std::string> preference;  // of sets

  // Declares `factors`, `factor_columns`, `factor_defaults`, `factor_shapes`, `set_preference`.
  void configure(Options& opt);
  const FactorShape& shape_of(std::string_view lookup) const;
};

// From a name of the user's for an activity to a code of the factor table, by a second lookup.
struct CodeMapping {
  LookupName lookup;
  std::string key = "activity";
  std::string code = "activity_code";

  bool given() const { return !lookup.empty(); }
  // Declares `mapping`.
  void configure(Options& opt);
};

}  // namespace chunkmill::scope3
