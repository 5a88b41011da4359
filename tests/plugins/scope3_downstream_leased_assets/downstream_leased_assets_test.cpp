// The formulas are those of category 8, tested there: here is what differs.
#include "plugins/calculators/scope3/downstream_leased_assets/downstream_leased_assets.hpp"

#include <catch2/catch.hpp>

#include "tests/plugins/scope3_common/category_run.hpp"

namespace {

using Run = CategoryRun<chunkmill::scope3::DownstreamLeasedAssets>;

const Tables kTables = {{"factors",
                         "set,factor_id,activity_code,value,unit,boundary\n"
                         "s,grid,grid,0.5,kgCO2e/kWh,life_cycle\n"
                         "s,shop,shop,80,kgCO2e/m2,life_cycle\n"
                         "s,copier,copier,200,kgCO2e/asset,life_cycle\n"}};

}  // namespace

TEST_CASE("downstream_leased_assets: what the asset consumes goes first", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,quantity:float,unit,electricity:float,electricity_unit,electricity_source;"
      "A,shop,500,m2,60,MWh,grid");

  CHECK(run.kg(0) == Approx(30'000));  // [8.2] 60,000 x 0.5
  CHECK(run.cell(0, "method") == "asset_specific");
  CHECK(run.cell(0, "category") == "13");
  CHECK(run.cell(0, "runner_up_method") == "average_data");
  CHECK(run.cell(0, "runner_up_kgco2e") == "40000");  // [8.4] 500 x 80
}

TEST_CASE("downstream_leased_assets: the lessee's scope 1 and 2 are allocated by area",
          "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,lessee_scope12:float,lessee_scope12_unit,own_part:float,own_part_unit,whole:float,"
      "whole_unit;"
      "A,200,t CO2e,400,m2,1600,m2;B,200,t CO2e,,,,;C,200,t,400,m2,1600,m2");

  CHECK(run.kg(0) == Approx(50'000));  // [8.3] 200 t x 400 / 1,600
  CHECK(run.cell(0, "method") == "lessee_specific");
  CHECK(run.reject_codes() == "missing_input unit_mismatch");
}

TEST_CASE("downstream_leased_assets: products leased out count for the months of the year",
          "[scope3]") {
  Run run({}, kTables);

  run.feed("id,activity,quantity:float,unit,lease_months:float;A,copier,30,asset,4");

  CHECK(run.kg(0) == Approx(2000));  // [8.5] 30 x 200 x 4 / 12
  CHECK(run.cell(0, "flags") == "scaled");
}

TEST_CASE("downstream_leased_assets: an asset in our own scope 1 and 2 is out of scope",
          "[scope3]") {
  Run run({}, kTables);

  run.feed("id,activity,quantity:float,unit,in_own_scopes:bool;A,shop,1,m2,true");

  CHECK(run.reject_codes() == "out_of_scope");
}
