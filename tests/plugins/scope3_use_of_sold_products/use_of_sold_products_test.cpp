// A washing machine, petrol, a refrigerator, a shirt and an engine, over their whole life, by hand.
#include "plugins/calculators/scope3/use_of_sold_products/use_of_sold_products.hpp"

#include <catch2/catch.hpp>

#include "tests/plugins/scope3_common/category_run.hpp"

namespace {

using Run = CategoryRun<chunkmill::scope3::UseOfSoldProducts>;

const Tables kTables = {{"factors",
                         "set,factor_id,activity_code,value,unit,boundary\n"
                         "s,petrol-wtw,petrol,2.8,kgCO2e/l,life_cycle\n"
                         "s,petrol-ttw,petrol,2.3,kgCO2e/l,combustion\n"
                         "s,grid-wtw,grid,0.5,kgCO2e/kWh,life_cycle\n"
                         "s,grid-ttw,grid,0.4,kgCO2e/kWh,combustion\n"
                         "s,grid-2035,grid-2035,0.1,kgCO2e/kWh,life_cycle\n"},
                        {"gwp", "Species,AR5\nHFC-134a,1300\n"}};

const char* const kEnergy =
    "id,use,quantity:float,unit,lifetime_uses:float,fuel:float,fuel_unit,fuel_type,"
    "electricity:float,electricity_unit,electricity_source,refrigerant_leak:float,"
    "refrigerant_leak_unit,refrigerant,share_percent:float;";

}  // namespace

TEST_CASE("use: a product's energy counts for all uses of its life in the year of sale",
          "[scope3]") {
  Run run(Map{{"gwp_set", "AR5"}, {"gwp", "gwp"}}, kTables);

  run.feed(std::string(kEnergy) +
           "A,energy,1000,piece,2000,,,,1.2,kWh,grid,,,,;"
           "B,energy,10,dozen,150000,0.05,l,petrol,,,,,,,;"
           "C,energy,50,piece,10,,,,300,kWh,grid,20,g,R-134a,");

  CHECK(run.kg(0) == Approx(1'200'000));  // [11.1] 1,000 x 2,000 x 1.2 x 0.5
  CHECK(run.cell(0, "method") == "direct_energy_using");
  CHECK(run.cell(0, "kind") == "direct, energy-using");
  CHECK(run.cell(0, "category") == "11");
  CHECK(run.kg(1) == Approx(2'520'000));  // 120 x 150,000 x 0.05 x 2.8
  // 50 x 10 uses x (300 x 0.5 + 0.02 x 1,300)
  CHECK(run.kg(2) == Approx(88'000));
}

TEST_CASE("use: a scenario's grid is a code of its own", "[scope3]") {
  Run run({}, kTables);

  run.feed(std::string(kEnergy) + "A,energy,1000,piece,2000,,,,1.2,kWh,grid-2035,,,,");

  CHECK(run.kg(0) == Approx(240'000));
}

TEST_CASE("use: fuels count with combustion alone, and with nothing where they are not burnt",
          "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,use,activity,quantity:float,unit,burnt_percent:float;"
      "A,fuel,petrol,1000,l,;B,fuel,petrol,1000,l,0;C,fuel,petrol,1000,l,30;D,fuel,petrol,1,l,101");

  CHECK(run.kg(0) == Approx(2300));  // [11.2] 1,000 x 2.3: the upstream part is of category 1
  CHECK(run.cell(0, "method") == "direct_fuels_and_feedstocks");
  CHECK(run.kg(1) == 0);
  CHECK(run.cell(1, "flags") == "zero_amount");
  CHECK(run.kg(2) == Approx(690));
  CHECK(run.reject_codes() == "share_out_of_range");
}

TEST_CASE("use: gas in a product counts by what is released, all of it if nobody knows",
          "[scope3]") {
  Run run(Map{{"gwp_set", "AR5"}, {"gwp", "gwp"}}, kTables);

  run.feed(
      "id,use,quantity:float,unit,gas_content:float,gas_content_unit,gas,released_percent:float;"
      "A,gas,100,piece,200,g,R-134a,;B,gas,100,piece,200,g,R-134a,60;C,gas,1,piece,1,g,phlogiston,;"
      "D,gas,100,kg,200,g,R-134a,;E,gas,1,piece,,,R-134a,");

  CHECK(run.kg(0) == Approx(26'000));  // [11.3] 100 x 0.2 x 100 % x 1,300
  CHECK(run.kg(1) == Approx(15'600));
  CHECK(run.cell(1, "kind") == "direct, containing GHG");
  CHECK(run.reject_codes() == "unknown_gas unit_mismatch missing_input");
}

TEST_CASE("use: indirect use is a sum over scenarios, optional and apart", "[scope3]") {
  Run run(Map{{"columns", Map{{"group", "product"}}}}, kTables);

  run.feed(
      "id,product,use,quantity:float,unit,lifetime_uses:float,electricity:float,electricity_unit,"
      "electricity_source,scenario_percent:float;"
      "A,shirt,indirect,1000,piece,50,0.6,kWh,grid,70;"
      "B,shirt,indirect,1000,piece,50,0.2,kWh,grid,30;"
      "C,sock,indirect,1000,piece,50,0.6,kWh,grid,70;"
      "D,sock,indirect,1000,piece,50,0.2,kWh,grid,40");

  // [11.4] 50,000 x 70 % x 0.6 x 0.5 + 50,000 x 30 % x 0.2 x 0.5
  CHECK(run.kg(0) == Approx(10'500 + 1500));
  CHECK(run.cell(0, "kind") == "indirect (optional)");
  CHECK(run.cell(0, "flags") == "optional");
  CHECK(run.reject_codes() == "shares_not_100 shares_not_100");
}

TEST_CASE("use: an intermediate product has its share of the final one's use", "[scope3]") {
  Run run({}, kTables);

  run.feed(std::string(kEnergy) +
           "A,intermediate,100,piece,200000,0.07,l,petrol,,,,,,,15;"
           "B,intermediate,100,piece,200000,0.07,l,petrol,,,,,,,");

  CHECK(run.kg(0) == Approx(588'000));  // [11.5] 100 x 200,000 x 0.07 x 2.8 x 15 %
  CHECK(run.cell(0, "method") == "intermediate");
  CHECK(run.reject_codes() == "missing_input");
}

TEST_CASE("use: a maker's own factor is for one use", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,use,quantity:float,unit,lifetime_uses:float,supplier_factor:float,supplier_factor_unit,"
      "supplier_factor_boundary;A,energy,1000,piece,2000,0.55,kgCO2e/piece,life_cycle");

  CHECK(run.kg(0) == Approx(1'100'000));
}

TEST_CASE("use: what a product is, is said by the row or by the job", "[scope3]") {
  Run silent({}, kTables);
  Run job(Map{{"use", "fuel"}}, kTables);

  silent.feed("id,use,activity,quantity:float,unit;A,,petrol,1,l;B,toy,petrol,1,l");
  job.feed("id,activity,quantity:float,unit;A,petrol,100,l");

  CHECK(silent.reject_codes() == "missing_input unknown_word");
  CHECK(job.kg(0) == Approx(230));
}

TEST_CASE("use: without lifetime, energy, or with amounts below zero there is no result",
          "[scope3]") {
  Run run({}, kTables);

  run.feed(std::string(kEnergy) +
           "A,energy,1000,piece,,,,,1.2,kWh,grid,,,,;"
           "B,energy,1000,piece,2000,,,,,,,,,,;"
           "C,energy,-5,piece,2000,,,,1.2,kWh,grid,,,,;"
           "D,energy,5,piece,-2000,,,,1.2,kWh,grid,,,,;"
           "E,energy,5,kg,2000,,,,1.2,kWh,grid,,,,");

  CHECK(run.reject_codes() ==
        "missing_input missing_input negative_amount negative_amount unit_mismatch");
}

TEST_CASE(
    "use_of_sold_products: intensity of a functional unit and the range of lives stand beside",
    "[scope3]") {
  Run run(Map{{"use_phase", true}}, kTables);

  run.feed(
      "id,use,quantity:float,unit,lifetime_uses:float,lifetime_uses_low:float,"
      "lifetime_uses_high:float,functional_unit,functional_units:float,electricity:float,"
      "electricity_unit,electricity_source;"
      "A,energy,10,piece,1000,600,1500,litre boiled,2000,0.1,kWh,grid;"
      "B,energy,10,piece,,,,,,0.1,kWh,grid;"
      "C,energy,5,dozen,100,,,,,0.1,kWh,grid");

  CHECK(run.reject_codes() == "missing_input");
  // 10 x 1,000 x 0.1 kWh x 0.5 = 500 kg; / 10 pieces; / 2,000 litres of each; x 0.6; x 1.5.
  const std::vector<std::string> lines = run.lines(1);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == run.cell(0, "result_id") + "|10|50|litre boiled|2000|0.025|300|750");
  CHECK(lines[1].starts_with(run.cell(2, "result_id") + "|60|5|"));
}
