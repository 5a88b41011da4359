// Restaurants of a chain, by hand.
#include "plugins/calculators/scope3/franchises/franchises.hpp"

#include <catch2/catch.hpp>

#include "tests/plugins/scope3_common/category_run.hpp"

namespace {

using Run = CategoryRun<chunkmill::scope3::Franchises>;

const Tables kTables = {{"factors",
                         "set,factor_id,activity_code,value,unit,boundary\n"
                         "s,gas,gas,0.2,kgCO2e/kWh,life_cycle\n"
                         "s,grid,grid,0.5,kgCO2e/kWh,life_cycle\n"
                         "s,grid-ttw,grid,0.4,kgCO2e/kWh,combustion\n"
                         "s,beef,beef,30,kgCO2e/kg,cradle_to_gate\n"
                         "s,restaurant,restaurant,250,kgCO2e/m2,life_cycle\n"
                         "s,kiosk,kiosk,5,tCO2e/franchise,life_cycle\n"}};

const char* const kColumns =
    "id,chain,franchise_scope12:float,franchise_scope12_unit,fuel:float,fuel_unit,fuel_type,"
    "electricity:float,electricity_unit,electricity_source,own_part:float,own_part_unit,"
    "whole:float,whole_unit,franchises_in_group:float,franchises_sampled:float;";

}  // namespace

TEST_CASE("franchises: scope 1 and 2 come from reports or from the energy used", "[scope3]") {
  Run run({}, kTables);
  Run scope2(Map{{"energy_boundary", "combustion"}}, kTables);

  run.feed(std::string(kColumns) +
           "A,x,90,t CO2e,,,,,,,,,,,,;B,x,,,50,MWh,gas,100,MWh,grid,,,,,,;"
           "C,x,,,,,,100,MWh,grid,150,m2,600,m2,,");
  scope2.feed(std::string(kColumns) + "A,x,,,,,,100,MWh,grid,,,,,,");

  CHECK(run.kg(0) == Approx(90'000));  // [14.1]
  CHECK(run.cell(0, "method") == "franchise_specific");
  CHECK(run.cell(0, "category") == "14");
  CHECK(run.kg(1) == Approx(60'000));  // 50,000 x 0.2 + 100,000 x 0.5
  CHECK(run.kg(2) == Approx(12'500));  // [14.2] 150 / 600 x 100,000 x 0.5
  CHECK(scope2.kg(0) == Approx(40'000));
}

TEST_CASE("franchises: a sample stands for all franchises of its group", "[scope3]") {
  Run run(Map{{"columns", Map{{"group", "chain"}}}}, kTables);

  run.feed(std::string(kColumns) +
           "A,x,90,t CO2e,,,,,,,,,,,40,2;B,x,,,50,MWh,gas,100,MWh,grid,,,,,40,2;"
           "C,y,10,t CO2e,,,,,,,,,,,5,5");

  CHECK(run.kg(0) == Approx(3'000'000));  // [14.3] (90 t + 60 t) x 40 / 2
  CHECK(run.cell(0, "method") == "sampled");
  CHECK(run.cell(0, "flags") == "several_factors,scaled");
  CHECK(run.kg(1) == Approx(10'000));
}

TEST_CASE("franchises: a sample without its number, or larger than its group, is refused",
          "[scope3]") {
  Run run({}, kTables);

  run.feed(std::string(kColumns) +
           "A,x,90,t CO2e,,,,,,,,,,,40,;B,x,90,t CO2e,,,,,,,,,,,2,40;"
           "C,x,90,t CO2e,,,,,,,,,,,40,0;D,x,90,t,,,,,,,,,,,,;E,x,-1,t CO2e,,,,,,,,,,,,");

  CHECK(run.reject_codes() ==
        "missing_input share_out_of_range share_out_of_range unit_mismatch negative_amount");
}

TEST_CASE("franchises: averages are by area or by number", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,quantity:float,unit;A,restaurant,400,m2;B,kiosk,12,franchise;"
      "C,kiosk,400,m2;D,diner,1,m2");

  CHECK(run.kg(0) == Approx(100'000));  // [14.4] 400 x 250
  CHECK(run.cell(0, "method") == "average_data");
  CHECK(run.kg(1) == Approx(60'000));  // [14.5] 12 x 5 t
  CHECK(run.reject_codes() == "unit_mismatch unknown_factor");
}

TEST_CASE("franchises: what franchisees buy that weighs much is added as optional", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,franchise_scope12:float,franchise_scope12_unit,material,material_mass:float,"
      "material_mass_unit;A,90,t CO2e,beef,10,t;B,,,beef,10,t");

  CHECK(run.kg(0) == Approx(390'000));  // 90 t + 10,000 x 30
  CHECK(run.cell(0, "flags") == "several_factors,optional_part");
  CHECK(run.cell(0, "optional_kgco2e") == "300000");
  CHECK(run.kg(1) == Approx(300'000));  // a line apart
  CHECK(run.cell(1, "flags") == "optional");
}

TEST_CASE("franchises: a franchise in our own scope 1 and 2 is not counted again", "[scope3]") {
  Run run({}, kTables);

  run.feed("id,activity,quantity:float,unit,in_own_scopes:bool;A,kiosk,1,franchise,true");

  CHECK(run.reject_codes() == "out_of_scope");
}
