// The hybrid methods, by hand: several data of one supplier, in one row or in a group of rows.
#include <catch2/catch.hpp>

#include "tests/plugins/scope3_purchased_goods/purchased_goods.hpp"

namespace {

const Tables kTables = {{"factors",
                         "set,factor_id,activity_code,technology,value,unit,boundary\n"
                         "s,cotton,cotton,,7,kgCO2e/kg,cradle_to_gate\n"
                         "s,dye,dye,,3,kgCO2e/kg,cradle_to_gate\n"
                         "s,truck,truck,,0.1,kgCO2e/t km,life_cycle\n"
                         "s,textile,textile_waste,landfill,500,kgCO2e/t,end_of_life\n"
                         "s,textile-i,textile_waste,incineration,20,kgCO2e/t,end_of_life\n"
                         "s,shirt-up,shirt,,4,kgCO2e/piece,cradle_to_producer\n"
                         "s,shirt,shirt,,6,kgCO2e/piece,cradle_to_gate\n"}};

const char* const kColumns =
    "id,item,supplier_scope12:float,supplier_scope12_unit,allocation_percent:float,material,"
    "material_mass:float,material_mass_unit,inbound_distance:float,inbound_distance_unit,"
    "inbound_vehicle,supplier_waste:float,supplier_waste_unit,waste_type,waste_treatment;";

}  // namespace

TEST_CASE("hybrid: scope 1 and 2, material, its transport and waste of one row are added up",
          "[scope3]") {
  PurchasedGoodsRun run({}, kTables);

  run.feed(std::string(kColumns) +
           "A,x,20,t CO2e,10,cotton,500,kg,1000,km,truck,2,t,textile_waste,landfill");

  // [1.2] 20 t x 10 % = 2,000; 500 kg x 7 = 3,500; 0.5 t x 1,000 km x 0.1 = 50; 2 t x 500 = 1,000
  CHECK(run.kg(0) == 6550);
  CHECK(run.cell(0, "method") == "hybrid");
  CHECK(run.cell(0, "parts") == "4");
  CHECK(run.cell(0, "flags") == "several_factors");
  CHECK(run.cell(0, "factor_id") == "cotton");  // the largest part
  CHECK(run.cell(0, "activity_amount") == "null");
}

TEST_CASE("hybrid: a bill of materials comes as rows of a group", "[scope3]") {
  PurchasedGoodsRun run(Map{{"columns", Map{{"group", "item"}}}}, kTables);

  run.feed(std::string(kColumns) +
           "A,x,2000,kg CO2e,,,,,,,,,,,;B,x,,,,cotton,500,kg,1000,km,truck,,,,;"
           "C,x,,,,dye,100,kg,,,,,,,;D,x,,,,,,,,,,2,t,textile_waste,Landfill");

  // 2,000 + 3,500 + 50 + 100 x 3 + 1,000
  CHECK(run.lines(0).size() == 1);
  CHECK(run.kg(0) == 6850);
  CHECK(run.cell(0, "id") == "A");
  CHECK(run.cell(0, "method") == "hybrid");
  CHECK(run.cell(0, "parts") == "5");
  REQUIRE(run.lines(1).size() == 5);
  CHECK(run.parents(1) == std::vector<int64_t>{0, 1, 1, 2, 3});
  CHECK(run.rejects.empty());
}

TEST_CASE("hybrid: without the supplier's scope 1 and 2 a group is no hybrid", "[scope3]") {
  PurchasedGoodsRun run(Map{{"columns", Map{{"group", "item"}}}}, kTables);

  run.feed(std::string(kColumns) + "B,x,,,,cotton,500,kg,,,,,,,;C,x,,,,dye,100,kg,,,,,,,");

  CHECK(run.lines(0).empty());
  CHECK(run.reject_codes() == "missing_amount missing_amount");
}

TEST_CASE("hybrid: without a material a supplier's scope 1 and 2 are not the whole", "[scope3]") {
  PurchasedGoodsRun run({}, kTables);

  run.feed(std::string(kColumns) + "A,x,20,t CO2e,10,,,,,,,,,,");

  CHECK(run.reject_codes() == "missing_amount");
}

TEST_CASE("hybrid, partial: the average factor is the one without the producer's own part",
          "[scope3]") {
  PurchasedGoodsRun run({}, kTables);

  run.feed(
      "id,activity,quantity:float,unit,supplier_scope12:float,supplier_scope12_unit,"
      "supplier_waste:float,supplier_waste_unit,waste_type,waste_treatment;"
      "A,shirt,1000,piece,1500,kg CO2e,1,t,textile_waste,incineration;"
      "B,cotton,1000,kg,1500,kg CO2e,,,,");

  // [1.3] 1,500 + 1 t x 20 + 1,000 x 4, not x 6
  CHECK(run.cell(0, "method") == "hybrid_partial");
  CHECK(run.kg(0) == 5520);
  CHECK(run.cell(0, "runner_up_method") == "average_data");
  CHECK(run.cell(0, "runner_up_kgco2e") == "6000");
  // A factor that nobody has split makes the method impossible.
  CHECK(run.cell(1, "method") == "average_data");
  CHECK(run.cell(1, "method_reason") == "hybrid_partial:no_factor_for_method");
  CHECK(run.kg(1) == 7000);
}

TEST_CASE("hybrid: an allocation above 100 % is refused", "[scope3]") {
  PurchasedGoodsRun run({}, kTables);

  run.feed(std::string(kColumns) +
           "A,x,20,t CO2e,110,cotton,500,kg,,,,,,,;"
           "B,x,20,t CO2e,10,cotton,-500,kg,,,,,,,");

  CHECK(run.reject_codes() == "share_out_of_range negative_amount");
}
