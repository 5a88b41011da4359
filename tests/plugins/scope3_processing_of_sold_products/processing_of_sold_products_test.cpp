// Steel coils that others press, and resin that others mould, by hand.
#include "plugins/calculators/scope3/processing_of_sold_products/processing_of_sold_products.hpp"

#include <catch2/catch.hpp>

#include "tests/plugins/scope3_common/category_run.hpp"

namespace {

using Run = CategoryRun<chunkmill::scope3::ProcessingOfSoldProducts>;

const Tables kTables = {{"factors",
                         "set,factor_id,activity_code,technology,value,unit,boundary\n"
                         "s,gas-wtw,gas,,0.21,kgCO2e/kWh,life_cycle\n"
                         "s,gas-ttw,gas,,0.18,kgCO2e/kWh,combustion\n"
                         "s,grid-wtw,grid,,0.5,kgCO2e/kWh,life_cycle\n"
                         "s,scrap,scrap,landfill,20,kgCO2e/t,end_of_life\n"
                         "s,moulding,moulding,,0.9,kgCO2e/kg,gate_to_gate\n"
                         "s,pressing,pressing,,0.3,kgCO2e/kg,life_cycle\n"
                         "s,part,part,,4,kgCO2e/kg,cradle_to_gate\n"},
                        {"gwp", "Species,AR5\nHFC-134a,1300\n"}};

const char* const kSite =
    "id,activity,quantity:float,unit,fuel:float,fuel_unit,fuel_type,electricity:float,"
    "electricity_unit,electricity_source,refrigerant_leak:float,refrigerant_leak_unit,refrigerant,"
    "process_emissions:float,process_emissions_unit,waste:float,waste_unit,waste_type,"
    "waste_treatment,share_percent:float,own_part:float,own_part_unit,whole:float,whole_unit;";

}  // namespace

TEST_CASE("processing: a site's energy, leaks, process and waste are added up", "[scope3]") {
  Run run(Map{{"gwp_set", "AR5"}, {"gwp", "gwp"}}, kTables);

  run.feed(std::string(kSite) +
           "A,pressing,100,t,10,MWh,gas,20,MWh,grid,1,kg,R-134a,2,t CO2e,5,t,scrap,landfill,,,,,");

  // [10.1] 10,000 x 0.21 + 20,000 x 0.5 + 1 x 1,300 + 2,000 + 5 x 20
  CHECK(run.kg(0) == Approx(2100 + 10'000 + 1300 + 2000 + 100));
  CHECK(run.cell(0, "method") == "site_specific");
  CHECK(run.cell(0, "category") == "10");
  CHECK(run.cell(0, "runner_up_kgco2e") == "30000");  // [10.2] 100,000 kg x 0.3
}

TEST_CASE("processing: the site's emissions are allocated to our product by mass", "[scope3]") {
  Run run({}, kTables);

  run.feed(std::string(kSite) +
           "A,,,,,,,20,MWh,grid,,,,,,,,,,,30,t,120000,kg;"
           "B,,,,,,,20,MWh,grid,,,,,,10,t,scrap,landfill,40,,,,;"
           "C,,,,,,,20,MWh,grid,,,,,,,,,,140,,,,;"
           "D,,,,,,,20,MWh,grid,,,,,,,,,,,30,t,20,t;"
           "E,,,,,,,20,MWh,grid,,,,,,,,,,,30,t,120,m3");

  CHECK(run.kg(0) == Approx(2500));  // 30 t / 120 t x 10,000
  CHECK(run.kg(1) == Approx(4080));  // 40 % x (10,000 + 200)
  CHECK(run.reject_codes() == "share_out_of_range share_out_of_range unit_mismatch");
}

TEST_CASE("processing: without data of the site the mass sold counts with its process",
          "[scope3]") {
  Run run({}, kTables);

  run.feed("id,activity,quantity:float,unit;A,moulding,2,t;B,pressing,500,kg;C,pressing,1,m");

  CHECK(run.kg(0) == Approx(1800));  // [10.2] 2,000 x 0.9
  CHECK(run.cell(0, "method") == "average_data");
  CHECK(run.kg(1) == Approx(150));  // 500 x 0.3
  CHECK(run.reject_codes() == "no_factor_for_method");
}

TEST_CASE("processing: a cradle-to-gate factor is none of a process", "[scope3]") {
  Run run({}, kTables);

  run.feed("id,activity,quantity:float,unit;A,part,500,kg;B,forging,1,kg;C,,1,kg;D,pressing,-1,kg");

  CHECK(run.reject_codes() ==
        "unknown_factor unknown_factor missing_activity "
        "negative_amount");
}

TEST_CASE("processing: the customer's own factor is site-specific", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,quantity:float,unit,supplier_factor:float,supplier_factor_unit,"
      "supplier_factor_boundary;"
      "A,pressing,1000,kg,0.2,kgCO2e/kg,gate_to_gate;B,pressing,1000,kg,5,kgCO2e/"
      "kg,cradle_to_gate");

  CHECK(run.kg(0) == Approx(200));
  CHECK(run.cell(0, "method") == "site_specific");
  CHECK(run.kg(1) == Approx(300));
  CHECK(run.cell(1, "method_reason") == "site_specific:boundary_mismatch");
}

TEST_CASE("processing: a product of unknown end use is left out with its justification",
          "[scope3]") {
  Run run({}, kTables);

  run.feed("id,activity,quantity:float,unit,exclude;A,pressing,1,kg,end use not known");

  CHECK(run.reject_codes() == "out_of_scope");
  CHECK(run.rejects[0].message == "end use not known");
}
