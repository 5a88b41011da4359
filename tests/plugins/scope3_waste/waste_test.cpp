// The methods of category 5 by hand, and its pitfalls.
#include "plugins/calculators/scope3/waste/waste.hpp"

#include <catch2/catch.hpp>

#include "tests/plugins/scope3_common/category_run.hpp"

namespace {

using Run = CategoryRun<chunkmill::scope3::Waste>;

// Of composting of mixed waste nothing is published: an empty value is not available, not zero.
const Tables kTables = {{"factors",
                         "set,factor_id,activity_code,technology,value,unit,boundary\n"
                         "e,mixed-l,mixed,landfill,0.52,t CO2e/short_ton,end_of_life\n"
                         "e,mixed-i,mixed,incineration,0.43,t CO2e/short_ton,end_of_life\n"
                         "e,mixed-c,mixed,composting,,t CO2e/short_ton,end_of_life\n"
                         "d,glass-l,glass,landfill,9,kgCO2e/t,end_of_life\n"
                         "d,glass-r,glass,recycling,21,kgCO2e/t,end_of_life\n"
                         "d,sewage,sewage,plant,0.2,kgCO2e/m3,end_of_life\n"
                         "d,truck,truck,,0.1,kgCO2e/t km,life_cycle\n"}};
const char* const kColumns = "id,activity,treatment,quantity:float,unit;";

}  // namespace

TEST_CASE("waste: mass times the factor of its type and treatment", "[scope3]") {
  Run run({}, kTables);

  run.feed(std::string(kColumns) +
           "A,mixed,Landfill,10,short_ton;B,mixed,incineration,907.18474,kg;"
           "C,glass,recycling,2,t;D,sewage,plant,50,m3");

  CHECK(run.cell(0, "method") == "waste_type_specific");
  CHECK(run.cell(0, "category") == "5");
  CHECK(run.kg(0) == Approx(5200));  // [5.2] 10 short tons x 0.52 t = 5.2 t
  CHECK(run.kg(1) == Approx(430));   // 907.18474 kg = 1 short ton
  CHECK(run.kg(2) == Approx(42));    // 2 x 21
  CHECK(run.kg(3) == Approx(10));    // 50 x 0.2
}

TEST_CASE("waste: a treatment without a published value is not available, and not zero",
          "[scope3]") {
  Run run({}, kTables);

  run.feed(std::string(kColumns) + "A,mixed,composting,10,t;B,mixed,,10,t");

  CHECK(run.lines(0).empty());
  CHECK(run.reject_codes() == "unknown_factor missing_amount");
}

TEST_CASE("waste: volume becomes mass by the row's density, and by nothing else", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,treatment,quantity:float,unit,density:float;A,glass,landfill,10,m3,1.2;"
      "B,glass,landfill,10,m3,;C,sewage,plant,2,t,1;D,glass,landfill,10,piece,");

  CHECK(run.kg(0) == Approx(108));  // 10 m3 x 1.2 t/m3 x 9
  CHECK(run.kg(2) == Approx(0.4));  // 2 t / 1 t/m3 x 0.2
  CHECK(run.reject_codes() == "missing_density unit_mismatch");
}

TEST_CASE("waste: shares of treatments in a group make one result by average data", "[scope3]") {
  Run run(Map{{"columns", Map{{"group", "site"}}}}, kTables);

  run.feed(
      "id,site,activity,treatment,quantity:float,unit,share_percent:float;"
      "A,x,glass,landfill,100,t,25;B,x,glass,recycling,100,t,75;"
      "C,y,glass,landfill,100,t,25;D,y,glass,recycling,100,t,70;"
      "E,z,glass,landfill,100,t,125;F,z,glass,recycling,100,t,-25");

  REQUIRE(run.lines(0).size() == 1);
  CHECK(run.cell(0, "method") == "average_data");
  CHECK(run.kg(0) == Approx(1800));  // [5.3] 100 x 25 % x 9 + 100 x 75 % x 21 = 225 + 1,575
  CHECK(run.reject_codes() ==
        "shares_not_100 shares_not_100 share_out_of_range share_out_of_range");
}

TEST_CASE("waste: a share is never taken for the whole by a better method", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,treatment,quantity:float,unit,share_percent:float;"
      "A,glass,landfill,100,t,25;B,glass,landfill,100,t,");

  CHECK(run.kg(0) == Approx(225));  // 100 x 25 % x 9
  CHECK(run.cell(0, "method") == "average_data");
  CHECK(run.kg(1) == Approx(900));
  CHECK(run.cell(1, "method") == "waste_type_specific");
}

TEST_CASE("waste: scope 1 and 2 of the waste company are allocated by percentage or by quantity",
          "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,treatment,quantity:float,unit,supplier_scope12:float,supplier_scope12_unit,"
      "allocation_percent:float,supplier_quantity:float,supplier_quantity_unit;"
      "A,glass,landfill,50,t,200,t CO2e,5,,;B,glass,landfill,50000,kg,200,t CO2e,,1000,t;"
      "C,,,,,7,t CO2e,,,;D,,,50,t,200,t CO2e,,40,t;E,,,50,t,200,t CO2e,,40,m3;"
      "F,,,50,t,200,t CO2e,101,,;G,,,,,200,t,5,,");

  CHECK(run.cell(0, "method") == "supplier_specific");
  CHECK(run.kg(0) == Approx(10000));  // [5.1] 200 t x 5 %
  CHECK(run.cell(0, "runner_up_method") == "waste_type_specific");
  CHECK(run.cell(0, "runner_up_kgco2e") == "450");  // 50 x 9
  CHECK(run.kg(1) == Approx(10000));                // 200 t x 50 t / 1,000 t
  CHECK(run.kg(2) == Approx(7000));
  CHECK(run.reject_codes() == "share_out_of_range unit_mismatch share_out_of_range unit_mismatch");
}

TEST_CASE("waste: the waste company's own factor goes first, and no credit is one", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,treatment,quantity:float,unit,supplier_factor:float,supplier_factor_unit,"
      "supplier_factor_boundary;A,glass,recycling,2,t,15,kgCO2e/t,end_of_life;"
      "B,glass,recycling,2,t,-300,kgCO2e/t,end_of_life;"
      "C,glass,recycling,2,t,800,kgCO2e/t,cradle_to_gate");

  CHECK(run.kg(0) == Approx(30));
  CHECK(run.cell(0, "method") == "supplier_specific");
  CHECK(run.kg(1) == Approx(42));
  CHECK(run.cell(1, "method_reason") == "supplier_specific:negative_factor");
  CHECK(run.cell(2, "method_reason") == "supplier_specific:boundary_mismatch");
}

TEST_CASE("waste: a set with avoided emissions in its factors is refused", "[scope3]") {
  Run run({}, {{"factors",
                "set,factor_id,activity_code,technology,value,unit,boundary\n"
                "w,cans,cans,recycling,-9.0,kgCO2e/kg,end_of_life\n"}});

  CHECK(run.fault("id,activity,treatment,quantity:float,unit;A,cans,recycling,1,t")
            .find("negative") != std::string::npos);
}

TEST_CASE("waste: transport to the treatment counts only where the factors do not hold it",
          "[scope3]") {
  const std::string rows =
      "id,activity,treatment,quantity:float,unit,transport_distance:float,"
      "transport_distance_unit,transport_vehicle;A,glass,landfill,10,t,50,km,truck";
  Run inside({}, kTables);
  Run apart(Map{{"transport", "by_distance"}}, kTables);

  inside.feed(rows);
  apart.feed(rows);

  CHECK(inside.kg(0) == Approx(90));  // 10 x 9
  CHECK(inside.cell(0, "flags").empty());
  CHECK(apart.kg(0) == Approx(140));  // and 10 t x 50 km x 0.1
  CHECK(apart.cell(0, "flags") == "several_factors,optional_part");
  CHECK(apart.cell(0, "optional_kgco2e") == "50");
}

TEST_CASE("waste: what is treated in own facilities is scope 1, and no mass is negative",
          "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,treatment,quantity:float,unit,own_facility:bool;"
      "A,glass,landfill,10,t,true;B,glass,landfill,-10,t,false;C,glass,landfill,1,bag,;"
      "D,slag,landfill,1,t,;E,glass,landfill,1,ton,");

  CHECK(run.reject_codes() ==
        "out_of_scope negative_amount unknown_unit unknown_factor unknown_unit");
}
