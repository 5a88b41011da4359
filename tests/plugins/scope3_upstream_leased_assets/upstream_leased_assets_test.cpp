// Leased assets by hand: offices, vehicles and what they consume.
#include "plugins/calculators/scope3/upstream_leased_assets/upstream_leased_assets.hpp"

#include <catch2/catch.hpp>

#include "tests/plugins/scope3_common/category_run.hpp"

namespace {

using Run = CategoryRun<chunkmill::scope3::UpstreamLeasedAssets>;

const Tables kTables = {{"factors",
                         "set,factor_id,activity_code,value,unit,boundary\n"
                         "s,gas-wtw,gas,0.21,kgCO2e/kWh,life_cycle\n"
                         "s,gas-ttw,gas,0.18,kgCO2e/kWh,combustion\n"
                         "s,grid-wtw,grid,0.5,kgCO2e/kWh,life_cycle\n"
                         "s,grid-ttw,grid,0.4,kgCO2e/kWh,combustion\n"
                         "s,office,office,60,kgCO2e/m2,life_cycle\n"
                         "s,store,store,40,kgCO2e/m2 year,life_cycle\n"
                         "s,van,van,3000,kgCO2e/vehicle,life_cycle\n"},
                        {"gwp", "Species,AR5\nHFC-134a,1300\n"}};

const char* const kEnergy =
    "id,fuel:float,fuel_unit,fuel_type,electricity:float,electricity_unit,electricity_source,"
    "refrigerant_leak:float,refrigerant_leak_unit,refrigerant,process_emissions:float,"
    "process_emissions_unit,own_part:float,own_part_unit,whole:float,whole_unit,"
    "occupancy_percent:float,lease_months:float;";

}  // namespace

TEST_CASE("leased_assets: fuel, electricity, refrigerant and process of one asset are added up",
          "[scope3]") {
  Run run(Map{{"gwp_set", "AR5"}, {"gwp", "gwp"}}, kTables);

  run.feed(std::string(kEnergy) + "A,1000,kWh,gas,2,MWh,grid,500,g,R-134a,0.1,t CO2e,,,,,,");

  // [8.1] 1,000 x 0.21 + 0.5 kg x 1,300 + 100, [8.2] 2,000 x 0.5
  CHECK(run.kg(0) == Approx(210 + 1000 + 650 + 100));
  CHECK(run.cell(0, "method") == "asset_specific");
  CHECK(run.cell(0, "parts") == "4");
  CHECK(run.cell(0, "category") == "8");
}

TEST_CASE("leased_assets: energy counts with combustion alone when the job says so", "[scope3]") {
  Run run(Map{{"energy_boundary", "combustion"}}, kTables);

  run.feed(std::string(kEnergy) + "A,1000,kWh,gas,1000,kWh,grid,,,,,,,,,,,");

  CHECK(run.kg(0) == Approx(580));  // 1,000 x 0.18 + 1,000 x 0.4
}

TEST_CASE("leased_assets: what is not metered is allocated by area and occupancy", "[scope3]") {
  Run run({}, kTables);

  run.feed(std::string(kEnergy) +
           "A,,,,100,MWh,grid,,,,,,200,m2,1000,m2,80,;"
           "B,,,,100,MWh,grid,,,,,,200,m2,1000,m2,80,3;"
           "C,,,,100,MWh,grid,,,,,,200,m2,0.1,ha,,");

  // [8.2] 200 / (1,000 x 80 %) x 100,000 kWh x 0.5
  CHECK(run.kg(0) == Approx(12'500));
  CHECK(run.kg(1) == Approx(3125));  // 3 of 12 months
  CHECK(run.cell(1, "flags") == "scaled");
  CHECK(run.kg(2) == Approx(10'000));  // 0.1 ha = 1,000 m2
}

TEST_CASE("leased_assets: a part above what is used, or of another dimension, is refused",
          "[scope3]") {
  Run run({}, kTables);

  run.feed(std::string(kEnergy) +
           "A,,,,100,MWh,grid,,,,,,900,m2,1000,m2,80,;"
           "B,,,,100,MWh,grid,,,,,,9,piece,1000,m2,,;"
           "C,,,,100,MWh,grid,,,,,,9,m2,,,,;"
           "D,,,,100,MWh,grid,,,,,,9,m2,1000,m2,,13;"
           "E,,,,100,kg,grid,,,,,,,,,,,;"
           "F,,,,100,MWh,,,,,,,,,,,,;"
           "G,,,,-100,MWh,grid,,,,,,,,,,,;"
           "H,,,,,,,1,kg,phlogiston,,,,,,,,");

  CHECK(run.reject_codes() ==
        "share_out_of_range unit_mismatch missing_input share_out_of_range unit_mismatch "
        "missing_input negative_amount unknown_gas");
}

TEST_CASE("leased_assets: fuel and electricity of an asset may be rows of a group", "[scope3]") {
  Run run(Map{{"columns", Map{{"group", "site"}}}}, kTables);

  run.feed(
      "id,site,fuel:float,fuel_unit,fuel_type,electricity:float,electricity_unit,"
      "electricity_source;"
      "A,x,1000,kWh,gas,,,;B,x,,,,1000,kWh,grid");

  CHECK(run.lines(0).size() == 1);
  CHECK(run.kg(0) == Approx(710));  // 1,000 x 0.21 + 1,000 x 0.5
}

TEST_CASE("leased_assets: the lessor's scope 1 and 2 count by our share", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,lessor_scope12:float,lessor_scope12_unit,share_percent:float,own_part:float,"
      "own_part_unit,whole:float,whole_unit,lease_months:float;"
      "A,80,t CO2e,25,,,,,;B,80,t CO2e,,30,m3,300,m3,6;C,80,t CO2e,,,,,,;D,80,t CO2e,125,,,,,");

  CHECK(run.kg(0) == Approx(20'000));  // [8.3] 80 t x 25 %
  CHECK(run.cell(0, "method") == "lessor_specific");
  CHECK(run.kg(1) == Approx(4000));  // 80 t x 30 / 300 x 6 / 12
  CHECK(run.reject_codes() == "missing_input share_out_of_range");
}

TEST_CASE("leased_assets: averages are by area or by number, for the months of the lease",
          "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,quantity:float,unit,lease_months:float;"
      "A,office,250,m2,;B,office,250,m2,7;C,store,100,m2,6;D,van,4,vehicle,;E,barn,1,m2,;"
      "F,office,1,vehicle,");

  CHECK(run.kg(0) == Approx(15'000));  // [8.4] 250 x 60
  CHECK(run.cell(0, "method") == "average_data");
  CHECK(run.kg(1) == Approx(8750));    // x 7 / 12, not rounded on the way
  CHECK(run.kg(2) == Approx(2000));    // 100 m2 x 6 / 12 of a year x 40
  CHECK(run.kg(3) == Approx(12'000));  // [8.5] 4 x 3,000
  CHECK(run.reject_codes() == "unknown_factor unit_mismatch");
}

TEST_CASE("leased_assets: an asset's own factor is asset-specific, the average stands beside it",
          "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,quantity:float,unit,supplier_factor:float,supplier_factor_unit,"
      "supplier_factor_boundary;"
      "A,office,100,m2,45,kgCO2e/m2,life_cycle;B,office,100,m2,45,kgCO2e/m2,cradle_to_gate");

  CHECK(run.kg(0) == Approx(4500));
  CHECK(run.cell(0, "method") == "asset_specific");
  CHECK(run.cell(0, "runner_up_kgco2e") == "6000");
  CHECK(run.cell(1, "method_reason") == "asset_specific:boundary_mismatch");
}

TEST_CASE("leased_assets: an asset of our own scope 1 and 2 is not counted again", "[scope3]") {
  Run run({}, kTables);

  run.feed("id,activity,quantity:float,unit,in_own_scopes:bool;A,office,1,m2,true;B,office,1,m2,");

  CHECK(run.reject_codes() == "out_of_scope");
  CHECK(run.kg(1) == Approx(60));
}
