// Global warming potentials: what a kilogram of a gas counts in CO2e, by assessment report.
//
// Threads: read-only once loaded.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chunkmill/host.hpp"
#include "chunkmill/options.hpp"

namespace chunkmill::scope3 {

// "ch4" for "Methane", "CH4", "ch-4"; "hfc134a" for "HFC-134a" and "R-134a". Empty for what stands
// for all gases together ("All GHGs", "CO2e").
std::string gas_name(std::string_view text);
bool is_biogenic_co2(std::string_view gas);

class GwpTable {
 public:
  // The gases that an inventory must hold: CO2, CH4, N2O, SF6, NF3, the common HFCs and their
  // blends, and PFCs, of SAR to AR6.
  GwpTable();
  // Adds, and replaces, those of a lookup in the shape of the published table: a column Species, a
  // column for each set (AR5GWP100, AR6GWP20, or just AR5), a row for each gas.
  void add(const Host& host, const LookupName& lookup);

  // `gas` as gas_name() gives it; `set` as users write it: AR5, AR6GWP100.
  std::optional<double> find(std::string_view gas, std::string_view set) const;
  bool has_set(std::string_view set) const;
  std::vector<std::string> gases() const;

 private:
  std::optional<double> find_blend(std::string_view gas, std::string_view set) const;

  std::map<std::string, std::map<std::string, double, std::less<>>, std::less<>> values_;
};

}  // namespace chunkmill::scope3
