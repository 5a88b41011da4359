// Rows of a group make one result, or none.
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/plugins/scope3_common/goods.hpp"

namespace {

const Tables kTables = {{"factors",
                         "set,factor_id,activity_code,sdg95,value,unit,boundary\n"
                         "s,a,1,2,1,kgCO2e/kg,cradle_to_gate\n"
                         "s,b,2,2,3,kgCO2e/kg,cradle_to_gate\n"
                         "s,c,3,2,5,kgCO2e/USD,cradle_to_gate\n"}};
const Map kGrouped = {{"columns", Map{{"group", "item"}}}};
const char* const kColumns = "id,item,activity,quantity:float,unit,spend:float,activity_quality;";

}  // namespace

TEST_CASE("groups: rows that follow each other are added up, others are results of their own",
          "[scope3]") {
  Goods run(kGrouped, kTables);

  run.feed(std::string(kColumns) +
           "A,x,1,10,kg,,1;B,x,2,10,kg,,1;C,,1,5,kg,,1;D,,1,6,kg,,1;E,y,1,7,kg,,1;F,y,1,8,kg,,1");

  REQUIRE(run.lines(0).size() == 4);
  CHECK(run.kg(0) == 40);  // 10 x 1 + 10 x 3
  CHECK(run.cell(0, "factor_id") == "b");
  CHECK(run.kg(1) == 5);
  CHECK(run.kg(2) == 6);
  // One factor for all: the amounts are added up, and the product can be checked by hand.
  CHECK(run.kg(3) == 15);
  CHECK(run.cell(3, "activity_amount") == "15");
  CHECK(run.cell(3, "factor_value") == "1");
  CHECK(run.cell(3, "flags").empty());
  CHECK(run.parents(0) == std::vector<int64_t>{0, 2, 3, 4});
  CHECK(run.lines(1).size() == 6);
}

TEST_CASE("groups: if one row cannot be calculated, none is", "[scope3]") {
  Goods run(kGrouped, kTables);

  run.feed(std::string(kColumns) + "A,x,1,10,kg,,1;B,x,9,10,kg,,1;C,y,1,5,kg,,1");

  CHECK(run.reject_codes() == "group_incomplete unknown_factor");
  CHECK(run.rejects[0].row == 0);
  CHECK(run.lines(0).size() == 1);
  CHECK(run.kg(0) == 5);
  CHECK(run.lines(1).size() == 1);
}

TEST_CASE("groups: a region that nothing knows is the fault of its own row", "[scope3]") {
  Goods run(kGrouped, {{"factors",
                        "set,factor_id,activity_code,region,value,unit,boundary\n"
                        "s,a,1,GB,1,kgCO2e/kg,cradle_to_gate\n"
                        "s,b,1,GLO,3,kgCO2e/kg,cradle_to_gate\n"}});

  run.feed(
      "id,item,activity,quantity:float,unit,region;A,x,1,10,kg,GB;B,x,1,10,kg,Narnia;"
      "C,y,1,5,kg,GB;D,,1,5,kg,Narnia");

  CHECK(run.reject_codes() == "group_incomplete unknown_region unknown_region");
  CHECK(run.rejects[1].row == 1);
  CHECK(run.lines(0).size() == 1);
  CHECK(run.kg(0) == 5);
}

TEST_CASE("groups: of data that only together make a method, the row that failed says why",
          "[scope3]") {
  Goods run(kGrouped, kTables);

  run.feed(
      "id,item,supplier_scope12:float,supplier_scope12_unit,material,material_mass:float,"
      "material_mass_unit;"
      "A,x,10,kgCO2e,,,;B,x,,,1,10,kg;C,x,,,9,10,kg");

  CHECK(run.reject_codes() == "group_incomplete group_incomplete unknown_factor");
}

TEST_CASE("groups: a method of which the rows have nothing is no better one that failed",
          "[scope3]") {
  Goods run(kGrouped, kTables);

  run.feed(
      "id,item,activity,quantity:float,unit,supplier_factor:float,supplier_scope12:float,"
      "supplier_scope12_unit;"
      "A,,1,10,kg,,,;B,x,1,10,kg,,,;B,x,1,10,kg,,,");

  CHECK(run.cell(0, "method_reason") == "no_data_for_better");
  CHECK(run.cell(1, "method_reason") == "no_data_for_better");
  CHECK(run.cell(1, "flags").empty());
}

TEST_CASE("groups: a result like the one before is a duplicate, with or without a group",
          "[scope3]") {
  Goods run(Map{{"columns", Map{{"group", "item"}}}, {"duplicate_ids", "reject"}}, kTables);

  run.feed(std::string(kColumns) +
           "A,,1,1,kg,,1;A,,1,1,kg,,1;B,x,1,1,kg,,1;B,x,1,1,kg,,1;B,y,1,1,kg,,1;B,y,1,1,kg,,1");

  CHECK(run.reject_codes() == "duplicate_id duplicate_id group_incomplete");
  REQUIRE(run.lines(0).size() == 2);
  CHECK(run.kg(1) == 2);
}

TEST_CASE("groups: one method for all rows if one fits all, else each its own and marked",
          "[scope3]") {
  Goods run(kGrouped, {{"factors",
                        "factor_id,activity_code,value,unit,boundary\n"
                        "a,1,1,kgCO2e/kg,cradle_to_gate\na-usd,1,2,kgCO2e/USD,cradle_to_gate\n"
                        "c-usd,3,5,kgCO2e/USD,cradle_to_gate\n"}});

  run.feed(std::string(kColumns) +
           "A,x,1,10,kg,100,1;B,x,3,10,kg,100,1;"
           "C,y,1,10,kg,,1;D,y,3,,,100,1");

  // Row B has no factor per kg: both by spend, 100 x 2 + 100 x 5.
  CHECK(run.cell(0, "method") == "spend_based");
  CHECK(run.kg(0) == 700);
  // No method fits both C and D: 10 x 1 + 100 x 5.
  CHECK(run.kg(1) == 510);
  CHECK(run.cell(1, "flags").find("mixed_methods") != std::string::npos);
}

TEST_CASE("groups: parts on one factor share its error, parts on two do not", "[scope3]") {
  Goods run(kGrouped, kTables);

  run.feed(std::string(kColumns) + "A,x,1,30,kg,,1;B,x,1,30,kg,,1;C,y,1,30,kg,,1;D,y,2,10,kg,,1");

  CHECK(std::stod(run.cell(0, "sdg95")) == Approx(2));
  // Half on each of two factors: (ln S)^2 = 2 x (0.5 ln 2)^2.
  CHECK(std::stod(run.cell(1, "sdg95")) == Approx(std::exp(std::log(2.0) / std::sqrt(2.0))));
}

TEST_CASE("groups: the carried columns are those of the first row", "[scope3]") {
  Goods run(Map{{"columns", Map{{"group", "item"}}}, {"carry", List{"item", "quantity"}}}, kTables);

  run.feed(std::string(kColumns) + "A,x,1,10,kg,,1;B,x,2,20,kg,,1");

  CHECK(run.cell(0, "id") == "A");
  CHECK(run.cell(0, "item") == "x");
  CHECK(run.cell(0, "quantity") == "10");
}

TEST_CASE("groups: a sum asks for the attributions of all its factors", "[scope3]") {
  Goods run(Map{{"columns", Map{{"group", "item"}}}, {"detail", "full"}},
            {{"factors",
              "factor_id,activity_code,value,unit,boundary,licence,attribution\n"
              "a,1,1,kgCO2e/kg,cradle_to_gate,OGL v3.0,Contains public sector information\n"
              "b,2,3,kgCO2e/kg,cradle_to_gate,CC BY 4.0,Ours\n"
              "c,3,1,kgCO2e/kg,cradle_to_gate,CC BY 4.0,Ours\n"}});

  run.feed(std::string(kColumns) + "A,x,1,10,kg,,1;B,x,2,10,kg,,1;C,x,3,10,kg,,1");

  CHECK(run.cell(0, "attribution") ==
        "OGL v3.0; Contains public sector information; CC BY 4.0; Ours");
  CHECK(run.cell(0, "fx_rate") == "1");
}
