// Category 12 by hand, and its pitfalls.
#include "plugins/calculators/scope3/end_of_life/end_of_life.hpp"

#include <catch2/catch.hpp>

#include "tests/plugins/scope3_common/category_run.hpp"

namespace {

using Run = CategoryRun<chunkmill::scope3::EndOfLife>;

const Tables kTables = {{"factors",
                         "set,factor_id,activity_code,technology,value,unit,boundary\n"
                         "d,plastic-l,plastic,landfill,9,kgCO2e/t,end_of_life\n"
                         "d,plastic-i,plastic,incineration,2300,kgCO2e/t,end_of_life\n"
                         "d,board-l,board,landfill,1000,kgCO2e/t,end_of_life\n"
                         "d,board-i,board,incineration,20,kgCO2e/t,end_of_life\n"},
                        {"gwp", "Species,AR4GWP100\nHFC-134a,1430\n"}};
const char* const kShares =
    "id,item,activity,treatment,share_percent:float,quantity:float,unit,packaging_mass:float,"
    "packaging_mass_unit,packaging;";

}  // namespace

TEST_CASE("end_of_life: product and packaging times share times factor of each treatment",
          "[scope3]") {
  Run run(Map{{"columns", Map{{"group", "item"}}}}, kTables);

  run.feed(std::string(kShares) +
           "A,x,plastic,landfill,80,100,t,10,t,board;"
           "B,x,plastic,incineration,20,100,t,10,t,board");

  // [12.1] 100 x 80 % x 9 + 10 x 80 % x 1,000 + 100 x 20 % x 2,300 + 10 x 20 % x 20
  //      = 720 + 8,000 + 46,000 + 40
  REQUIRE(run.lines(0).size() == 1);
  CHECK(run.kg(0) == Approx(54760));
  CHECK(run.cell(0, "method") == "average_data");
  CHECK(run.cell(0, "category") == "12");
  CHECK(run.cell(0, "parts") == "4");
}

TEST_CASE("end_of_life: shares that are not a whole are refused with all their rows", "[scope3]") {
  Run run(Map{{"columns", Map{{"group", "item"}}}}, kTables);

  run.feed(std::string(kShares) +
           "A,x,plastic,landfill,80,100,t,,,;B,x,plastic,incineration,10,100,t,,,;"
           "C,y,plastic,landfill,101,100,t,,,");

  CHECK(run.lines(0).empty());
  CHECK(run.reject_codes() == "shares_not_100 shares_not_100 share_out_of_range");
}

TEST_CASE("end_of_life: what is treated alike needs no share, and packaging no code of its own",
          "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,treatment,quantity:float,unit,packaging_mass:float,packaging_mass_unit;"
      "A,plastic,landfill,100,t,,;B,plastic,landfill,100,t,10000,kg;C,plastic,,100,t,,;"
      "D,,landfill,100,t,,;E,,,,,,");

  CHECK(run.kg(0) == Approx(900));  // 100 x 9
  CHECK(run.cell(0, "method") == "waste_type_specific");
  CHECK(run.kg(1) == Approx(990));  // (100 + 10) x 9
  CHECK(run.reject_codes() == "missing_input missing_activity missing_amount");
}

TEST_CASE("end_of_life: products sold by number count with the mass of one", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,treatment,share_percent:float,quantity:float,unit,unit_mass:float,"
      "unit_mass_unit;A,plastic,incineration,,4000,piece,250,g;"
      "B,plastic,incineration,50,4000,piece,250,g;C,plastic,incineration,,4000,piece,,");

  CHECK(run.kg(0) == Approx(2300));  // 4,000 x 0.25 kg = 1 t
  CHECK(run.kg(1) == Approx(1150));  // half of it
  CHECK(run.cell(1, "method") == "average_data");
  CHECK(run.reject_codes() == "unit_mismatch");
}

TEST_CASE("end_of_life: refrigerant released in use is category 11, and none is released twice",
          "[scope3]") {
  Run run(Map{{"gwp_set", "AR4"}, {"gwp", "gwp"}}, kTables);

  run.feed(
      "id,activity,treatment,quantity:float,unit,refrigerant,refrigerant_charge:float,"
      "refrigerant_charge_unit,released_percent:float,released_in_use_percent:float;"
      "A,plastic,landfill,100,t,HFC-134a,50,kg,20,60;B,,,,,HFC-134a,50,kg,20,;"
      "C,,,,,HFC-134a,50,kg,50,60;D,,,,,HFC-134a,50,kg,,60;E,,,,,air,50,kg,20,");

  CHECK(run.kg(0) == Approx(15200));  // 100 x 9 + 50 x 20 % x 1,430
  CHECK(run.kg(1) == Approx(14300));
  CHECK(run.reject_codes() == "share_out_of_range missing_input unknown_gas");
}

TEST_CASE("end_of_life: a product's own factor goes first, and credits of recycling are no part",
          "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,treatment,quantity:float,unit,supplier_factor:float,supplier_factor_unit,"
      "supplier_factor_boundary;A,plastic,landfill,10,piece,0.7,kgCO2e/piece,end_of_life;"
      "B,plastic,landfill,10,t,-9000,kgCO2e/t,end_of_life;C,plastic,landfill,-1,t,,,");

  CHECK(run.kg(0) == Approx(7));
  CHECK(run.cell(0, "method") == "supplier_specific");
  CHECK(run.kg(1) == Approx(90));
  CHECK(run.cell(1, "method_reason") == "supplier_specific:negative_factor");
  CHECK(run.reject_codes() == "negative_amount");
}
