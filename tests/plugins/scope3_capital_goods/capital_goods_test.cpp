// Category 2 has the formulas of category 1; what is its own is what it must not do.
#include "plugins/calculators/scope3/capital_goods/capital_goods.hpp"

#include <catch2/catch.hpp>

#include "plugins/calculators/scope3/purchased_goods/purchased_goods.hpp"
#include "tests/plugins/scope3_common/category_run.hpp"

namespace {

using Run = CategoryRun<chunkmill::scope3::CapitalGoods>;
const Tables kTables = {{"factors",
                         "set,factor_id,activity_code,year,value,unit,boundary\n"
                         "s,machine-usd,333,2022,0.3,kgCO2e/USD,cradle_to_gate\n"
                         "s,machine,333,2022,9000,kgCO2e/piece,cradle_to_gate\n"}};

}  // namespace

TEST_CASE("capital_goods: a machine counts whole in the year of its acquisition", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,spend:float,quantity:float,unit,date:date,useful_life_years:float;"
      "A,333,100000,,,2022-05-01,10;B,333,100000,2,piece,2022-05-01,10");

  CHECK(run.cell(0, "category") == "2");
  CHECK(run.kg(0) == 30000);  // 100,000 x 0.3, whatever the useful life
  CHECK(run.cell(1, "method") == "average_data");
  CHECK(run.kg(1) == 18000);  // 2 x 9,000
  CHECK(run.cell(1, "runner_up_kgco2e") == "30000");
}

TEST_CASE("capital_goods: a supplier's own footprint of the machine goes first", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,quantity:float,unit,supplier_factor:float,supplier_factor_unit,"
      "supplier_factor_boundary;A,333,2,piece,8.5,t CO2e/piece,cradle-to-gate");

  CHECK(run.cell(0, "method") == "supplier_specific");
  CHECK(run.kg(0) == 17000);  // 2 x 8.5 t
}

TEST_CASE("capital_goods: a line that the books call no capital is category 1's, and the other way",
          "[scope3]") {
  const char* const rows = "id,activity,spend:float,capital:bool;A,333,10,true;B,333,10,false";
  Run capital({}, kTables);
  CategoryRun<chunkmill::scope3::PurchasedGoods> goods({}, kTables);

  capital.feed(rows);
  goods.feed(rows);

  REQUIRE(capital.reject_codes() == "out_of_scope");
  CHECK(capital.rejects[0].row == 1);
  CHECK(capital.rejects[0].message == "it is no capital good: category 1");
  REQUIRE(goods.reject_codes() == "out_of_scope");
  CHECK(goods.rejects[0].row == 0);
}
