#include "plugins/calculators/scope3/common/gwp.hpp"

#include "chunkmill/parse.hpp"
#include "plugins/calculators/scope3/common/lookup_text.hpp"

namespace chunkmill::scope3 {
namespace {

// 100-year values of the IPCC's assessment reports: SAR (1995) table 4, AR4 (2007) table 2.14 with
// its errata, AR5 (2013) table 8.A.1 without climate-carbon feedback, AR6 (2021) table 7.SM.7. As
// collected by openclimatedata/globalwarmingpotentials (CC0).
struct BuiltIn {
  const char* gas;
  double sar, ar4, ar5, ar6;  // 0: not given there
};
constexpr BuiltIn kBuiltIn[] = {
    {"co2", 1, 1, 1, 1},
    {"ch4", 21, 25, 28, 27.9},
    {"n2o", 310, 298, 265, 273},
    {"sf6", 23900, 22800, 23500, 25200},
    {"nf3", 0, 17200, 16100, 17400},
    {"hfc23", 11700, 14800, 12400, 14600},
    {"hfc32", 650, 675, 677, 771},
    {"hfc125", 2800, 3500, 3170, 3740},
    {"hfc134a", 1300, 1430, 1300, 1530},
    {"hfc143a", 3800, 4470, 4800, 5810},
    {"hfc152a", 140, 124, 138, 164},
    {"hfc227ea", 2900, 3220, 3350, 3600},
    {"hfc236fa", 6300, 9810, 8060, 8690},
    {"hfc245fa", 0, 1030, 858, 962},
    {"hfc365mfc", 0, 794, 804, 914},
    {"hfc4310mee", 1300, 1640, 1650, 1600},
    {"cf4", 6500, 7390, 6630, 7380},
    {"c2f6", 9200, 12200, 11100, 12400},
    {"c3f8", 7000, 8830, 8900, 9290},
    {"c4f10", 7000, 8860, 9200, 10000},
    {"cc4f8", 8700, 10300, 9540, 10200},
    {"c5f12", 7500, 9160, 8550, 9220},
    {"c6f14", 7400, 9300, 7910, 8620},
};

// The commonest blends, by mass, as ASHRAE standard 34 composes them.
struct Blend {
  std::string_view name;
  std::pair<std::string_view, double> parts[3];  // percent
};
constexpr Blend kBlends[] = {
    {"hfc404a", {{"hfc125", 44}, {"hfc134a", 4}, {"hfc143a", 52}}},
    {"hfc407c", {{"hfc32", 23}, {"hfc125", 25}, {"hfc134a", 52}}},
    {"hfc410a", {{"hfc32", 50}, {"hfc125", 50}, {}}},
    {"hfc507a", {{"hfc125", 50}, {"hfc143a", 50}, {}}},
};

constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"carbondioxide", "co2"},
    {"methane", "ch4"},
    {"nitrousoxide", "n2o"},
    {"sulfurhexafluoride", "sf6"},
    {"sulphurhexafluoride", "sf6"},
    {"nitrogentrifluoride", "nf3"},
    {"carbontetrafluoride", "cf4"},
    {"perfluoromethane", "cf4"},
    {"hexafluoroethane", "c2f6"},
    {"perfluoroethane", "c2f6"},
    {"perfluoropropane", "c3f8"},
    {"perfluorobutane", "c4f10"},
    {"perfluorocyclobutane", "cc4f8"},
    {"perfluorohexane", "c6f14"},
    {"allghgs", ""},
    {"co2e", ""},
    {"co2eq", ""},
    {"biogenicco2", "co2biogenic"},
    {"co2biogenic", "co2biogenic"},
    {"outsideofscopes", "co2biogenic"},
};

std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '-' || c == ' ' || c == '_' || c == '(' || c == ')') continue;
    out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  }
  return out;
}

// "ar5gwp100" for "AR5", "ar5 gwp 100" and "AR5GWP100".
std::string set_name(std::string_view set) {
  std::string name = lower(set);
  if (name.find("gwp") == std::string::npos && name.find("gtp") == std::string::npos)
    name += "gwp100";
  return name;
}

}  // namespace

std::string gas_name(std::string_view text) {
  const std::string name = lower(text);
  for (const auto& [alias, gas] : kAliases)
    if (name == alias) return std::string(gas);
  // "R-134a" is what refrigeration calls HFC-134a.
  if (name.size() > 1 && name[0] == 'r' && name[1] >= '0' && name[1] <= '9')
    return "hfc" + name.substr(1);
  return name;
}

bool is_biogenic_co2(std::string_view gas) { return gas == "co2biogenic"; }

GwpTable::GwpTable() {
  for (const BuiltIn& row : kBuiltIn) {
    auto& sets = values_[row.gas];
    const std::pair<const char*, double> all[] = {{"sargwp100", row.sar},
                                                  {"ar4gwp100", row.ar4},
                                                  {"ar5gwp100", row.ar5},
                                                  {"ar6gwp100", row.ar6}};
    for (const auto& [set, value] : all)
      if (value != 0) sets[set] = value;
  }
}

void GwpTable::add(const Host& host, const LookupName& lookup) {
  const Table table = host.lookup(lookup.value);
  const size_t species = find_column(table.schema(), lookup.value, "Species", "gwp");
  for (size_t b = 0; b < table.batch_count(); ++b) {
    const Batch batch = table.batch(b);
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      const std::string gas = gas_name(cell_text(batch, species, row));
      if (gas.empty()) continue;
      for (size_t column = 0; column < table.schema().size(); ++column) {
        const std::string text = column == species ? "" : cell_text(batch, column, row);
        double value = 0;
        if (!text.empty() && parse_double(text, &value) == ParseFault::kNone)
          values_[gas][set_name(table.schema()[column].name)] = value;
      }
    }
  }
}

std::optional<double> GwpTable::find(std::string_view gas, std::string_view set) const {
  const auto sets = values_.find(gas);
  if (sets == values_.end()) return find_blend(gas, set);
  if (gas == "co2") return 1;
  const auto value = sets->second.find(set_name(set));
  return value == sets->second.end() ? std::nullopt : std::optional(value->second);
}

std::optional<double> GwpTable::find_blend(std::string_view gas, std::string_view set) const {
  for (const Blend& blend : kBlends) {
    if (blend.name != gas) continue;
    double percent = 0;
    for (const auto& [part, share] : blend.parts) {
      if (part.empty()) continue;
      const std::optional<double> one = find(part, set);
      if (!one) return std::nullopt;
      percent += share * *one;
    }
    return percent / 100;
  }
  return std::nullopt;
}

bool GwpTable::has_set(std::string_view set) const { return find("ch4", set).has_value(); }

std::vector<std::string> GwpTable::gases() const {
  std::vector<std::string> out;
  for (const auto& [gas, sets] : values_) out.push_back(gas);
  for (const Blend& blend : kBlends)
    if (!values_.contains(blend.name)) out.emplace_back(blend.name);
  return out;
}

}  // namespace chunkmill::scope3
