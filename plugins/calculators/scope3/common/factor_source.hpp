// Where factors come from: the options that name a lookup and say which of its columns holds what,
// so that a file can be used as it was published.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "chunkmill/options.hpp"

namespace chunkmill::scope3 {

// The fields of a factor record, by their canonical names.
enum class FactorField {
  kSet,
  kSetVersion,
  kFactorId,
  kActivityCode,
  kActivity,
  kRegion,
  kYear,
  kCurrency,
  kPriceBasis,
  kValue,
  kUnit,
  kBoundary,
  kGwpSet,
  kSource,
};
inline constexpr size_t kFactorFields = 14;
inline constexpr std::string_view kFactorFieldNames[kFactorFields] = {
    "set",      "set_version", "factor_id", "activity_code", "activity", "region",  "year",
    "currency", "price_basis", "value",     "unit",          "boundary", "gwp_set", "source"};

inline constexpr std::string_view kFactorFieldDocs[kFactorFields] = {
    "the set of factors: epa_supply_chain",
    "its version: 1.3.0",
    "what identifies the record; made of set, version and code where there is none",
    "code of the activity class: 331110",
    "the activity in words",
    "where the factor holds: US, GB, GLO (the world)",
    "year of its data, and of its money",
    "ISO 4217 code, of factors per money",
    "of factors per money: purchaser, producer or basic",
    "the factor; empty or NA: not available",
    "its unit: kgCO2e/USD, kg CO2e/t, 'kg CO2e/2022 USD, purchaser price'",
    "what it covers: cradle_to_gate, life_cycle, combustion, upstream, ...",
    "the global warming potentials used: AR5",
    "where it is published"};

struct FactorSource {
  LookupName lookup;
  // The lookup's column for each field; not given: the canonical name, where there is such a
  // column.
  std::array<std::optional<std::string>, kFactorFields> columns{};
  // Stands for every record whose column is absent or empty.
  std::array<std::string, kFactorFields> defaults{};

  // Declares `factors`, `factor_columns` and `factor_defaults`.
  void configure(Options& opt);
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
