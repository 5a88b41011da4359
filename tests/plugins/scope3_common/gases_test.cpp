// Factors by gas, GWP sets, and life cycles from their parts.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include "plugins/calculators/scope3/common/gwp.hpp"
#include "tests/plugins/scope3_common/goods.hpp"

namespace {

const Tables kByGas = {{"factors",
                        "set,factor_id,activity_code,gas,value,unit,boundary,gwp_set\n"
                        "s,x,1,CO2,2,kg/kg,cradle_to_gate,AR5\n"
                        "s,x,1,Methane,10,g CH4/kg,cradle_to_gate,AR5\n"
                        "s,x,1,N2O,1,g/kg,cradle_to_gate,AR5\n"
                        "s,x,1,biogenic CO2,0.5,kg/kg,cradle_to_gate,AR5\n"
                        "s,y,2,,3.5,kgCO2e/kg,cradle_to_gate,AR4\n"
                        "s,z,3,,1.28,kgCO2e/kg,cradle_to_gate,AR5\n"
                        "s,z,3,CO2,1,kg CO2e of CO2/kg,cradle_to_gate,AR5\n"
                        "s,z,3,CH4,0.28,kg CO2e of CH4/kg,cradle_to_gate,AR5\n"}};

// The cells of a CSV line, without their quotes.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      out.emplace_back();
    } else if (c != '\r') {
      out.back() += c;
    }
  }
  return out;
}

// Columns of a CSV file as Rows reads them, under new names; lines that begin with '#' are left
// out.
std::string columns_of(const std::filesystem::path& file, const std::string& head,
                       std::initializer_list<size_t> columns) {
  std::ifstream in(file);
  std::string out = head + "\n";
  std::string line;
  bool first = true;
  while (std::getline(in, line)) {
    if (line.empty() || line[0] == '#') continue;
    if (std::exchange(first, false)) continue;
    const std::vector<std::string> cells = cells_of(line);
    std::string row;
    for (const size_t column : columns) row += (row.empty() ? "'" : ",'") + cells[column] + "'";
    out += row + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("gases: biogenic CO2 in a column of its own counts once, whichever gas it stands with",
          "[scope3]") {
  Goods run({}, {{"factors",
                  "factor_id,activity_code,gas,value,unit,boundary,gwp_set,biogenic_co2\n"
                  "a,1,CO2,2,kg/kg,cradle_to_gate,AR5,0.5\na,1,CH4,1,kg/kg,cradle_to_gate,AR5,\n"
                  "b,2,CO2,2,kg/kg,cradle_to_gate,AR5,0.5\n"
                  "b,2,CH4,1,kg/kg,cradle_to_gate,AR5,0.5\n"}});

  run.feed("id,activity,quantity:float,unit;A,1,10,kg;B,2,10,kg");

  CHECK(run.cell(0, "biogenic_co2_kg") == "5");
  CHECK(run.cell(1, "biogenic_co2_kg") == "5");
}

TEST_CASE("gases: one factor of several records is counted by the inventory's GWP set",
          "[scope3]") {
  Goods ar5(Map{{"gwp_set", "AR5"}, {"detail", "full"}}, kByGas);
  Goods ar4(Map{{"gwp_set", "AR4"}}, kByGas);
  const char* const rows = "id,activity,quantity:float,unit;A,1,10,kg;B,2,1,kg;C,3,100,kg";

  ar5.feed(rows);
  ar4.feed(rows);

  // 10 kg x (2 + 0.010 x 28 + 0.001 x 265) = 25.45; by AR4 10 x (2 + 0.010 x 25 + 0.001 x 298)
  CHECK(ar5.kg(0) == Approx(25.45));
  CHECK(ar4.kg(0) == Approx(25.48));
  CHECK(ar5.cell(0, "co2_kg") == "20");
  CHECK(std::stod(ar5.cell(0, "ch4_kg")) == Approx(0.1));
  CHECK(std::stod(ar5.cell(0, "n2o_kg")) == Approx(0.01));
  CHECK(ar5.cell(0, "biogenic_co2_kg") == "5");  // beside the sum, not in it
  CHECK(ar5.cell(0, "factor_unit") == "kg CO2e/kg");
  // CO2e alone cannot be recomputed: used, and marked.
  CHECK(ar5.kg(1) == 3.5);
  CHECK(ar5.cell(1, "flags") == "gwp_set_differs");
  CHECK(ar5.cell(1, "co2_kg") == "null");
  CHECK(ar4.cell(1, "flags").empty());
  // A published sum is kept in its own set, and recomputed in another: 1 + 0.28 / 28 x 25 = 1.25.
  CHECK(ar5.kg(2) == 128);
  CHECK(ar4.kg(2) == Approx(125));
  CHECK(ar4.cell(2, "gwp_set") == "AR4");
}

TEST_CASE("gases: the published table adds gases and sets; AR6 has 27.9 for methane", "[scope3]") {
  chunkmill::testing::MemoryHost host{
      {"gwp", "Species,AR5GWP100,AR6GWP100,AR6GWP20\nHFC134a,1300,1530,4140\nCH4,28,27.9,81.2\n"}};
  chunkmill::scope3::GwpTable gwp;

  CHECK(gwp.find("ch4", "AR4") == 25);
  CHECK(gwp.find("n2o", "AR6") == 273);
  CHECK(gwp.find("hfc134a", "AR4") == 1430);
  CHECK_FALSE(gwp.find("hcfc22", "AR5"));
  CHECK_FALSE(gwp.find("hfc245fa", "SAR"));  // the second report has none
  gwp.add(chunkmill::Host(host.abi()), {"gwp"});
  CHECK(gwp.find(chunkmill::scope3::gas_name("R-134a"), "AR5") == 1300);
  CHECK(gwp.find("ch4", "AR6") == 27.9);
  CHECK(gwp.find("ch4", "AR6GWP20") == 81.2);
  // By mass: half of HFC-32, half of HFC-125: (677 + 3,170) / 2; in AR6 of 20 years nobody said.
  CHECK(gwp.find(chunkmill::scope3::gas_name("R-410A"), "AR5") == Approx(1923.5));
  CHECK(gwp.find(chunkmill::scope3::gas_name("R-404A"), "AR5") == Approx(3942.8));
  CHECK_FALSE(gwp.find("hfc410a", "AR6GWP20"));
}

TEST_CASE("gases: a gas without a GWP is a fault of the table", "[scope3]") {
  Goods run(
      Map{{"gwp_set", "AR5"}},
      {{"factors",
        "factor_id,activity_code,gas,value,unit,boundary\nx,1,HCFC-22,1,g/kg,cradle_to_gate\n"}});
  Goods unset({}, {{"factors",
                    "factor_id,activity_code,gas,value,unit,boundary\n"
                    "x,1,CH4,1,g/kg,cradle_to_gate\n"}});

  CHECK(
      run.fault("id,activity,quantity:float,unit") ==
      "factors: factor \"x\" has the gas \"hcfc22\", which has no GWP in AR5; give a `gwp` lookup");
  CHECK(unset.fault("id,activity,quantity:float,unit") ==
        "factors: factor \"x\" has the gas \"ch4\": give gwp_set, like AR5, to count it");
}

TEST_CASE("gases: a life cycle is made of combustion and upstream of one set and unit",
          "[scope3]") {
  Goods run({}, {{"factors",
                  "set,factor_id,activity_code,value,unit,boundary\n"
                  "s,m,metal,0,kgCO2e/kg,cradle_to_gate\n"
                  "s,ttw,truck,0.08,kgCO2e/t km,ttw\n"
                  "s,wtt,truck,0.02,kgCO2e/t km,wtt\n"}});

  run.feed(
      "id,supplier_scope12:float,supplier_scope12_unit,material,material_mass:float,"
      "material_mass_unit,inbound_distance:float,inbound_distance_unit,inbound_vehicle;"
      "A,0,kgCO2e,metal,2000,kg,500,km,truck");

  CHECK(run.kg(0) == Approx(100));  // 2 t x 500 km x (0.08 + 0.02)
  CHECK(run.cell(0, "factor_id") == "ttw + wtt");
}

TEST_CASE("gases: EPA v1.3 by gas gives its printed CO2e", "[scope3]") {
  const char* const set = std::getenv("CHUNKMILL_SHARED");
  const std::filesystem::path shared =
      set != nullptr ? set : std::string(CHUNKMILL_SOURCE_DIR) + "/../shared/data";
  const std::filesystem::path folder = shared / "factors/epa_supply_chain";
  if (!std::filesystem::exists(folder)) {
    WARN("SKIPPED: there is no " << folder << " (CHUNKMILL_SHARED says where the shared data lie)");
    return;
  }
  const std::string stem = "SupplyChainGHGEmissionFactors_v1.3.0_NAICS_";
  const Map options = {
      {"gwp_set", "AR5"},
      {"gwp", "gwp"},
      {"factor_defaults", Map{{"gwp_set", "AR5"}, {"boundary", "cradle_to_gate"}}}};
  const std::string gwp = columns_of(shared / "factors/gwp/globalwarmingpotentials.csv",
                                     "Species,AR4GWP100,AR5GWP100", {0, 3, 4});
  const auto run_over = [&](const char* file, const char* head) {
    return std::make_unique<Goods>(
        options,
        Tables{{"factors", columns_of(folder / (stem + file), head, {0, 2, 3, 6})}, {"gwp", gwp}});
  };
  const auto printed = run_over("CO2e_USD2022.csv", "activity_code,gas,unit,value");
  const auto by_gas = run_over("byGHG_USD2022.csv", "activity_code,gas,unit,value");
  std::string rows = "id,activity,spend:float;";
  std::ifstream codes(folder / (stem + "CO2e_USD2022.csv"));
  std::string line;
  std::getline(codes, line);
  int count = 0;
  for (; std::getline(codes, line); ++count)
    rows += (count == 0 ? "" : ";") + std::to_string(count) + "," + line.substr(0, 6) + ",1";
  printed->feed(rows);
  by_gas->feed(rows);

  // Gases have three significant figures: 18 codes of 1,016 are further off, the worst by 0.0043.
  REQUIRE(count == 1016);
  int within = 0;
  double worst = 0;
  for (int i = 0; i < count; ++i) {
    const double apart = std::fabs(printed->kg(i) - by_gas->kg(i));
    within += apart <= 0.001 ? 1 : 0;
    worst = std::max(worst, apart);
  }
  CHECK(within >= 998);
  CHECK(worst < 0.0044);
}
