// Rows that cannot be calculated, and rows that must not be calculated wrongly.
#include <catch2/catch.hpp>

#include "tests/plugins/scope3_purchased_goods/purchased_goods.hpp"

TEST_CASE("purchased_goods: a row without an activity code is rejected", "[scope3]") {
  PurchasedGoodsRun run;

  run.feed("id,activity,spend:float;A,,1000;B,'  ',1000");

  CHECK(run.reject_codes() == "missing_activity missing_activity");
  CHECK(run.rejects[0].column == "activity");
}

TEST_CASE("purchased_goods: an unknown code is rejected with codes near to it", "[scope3]") {
  PurchasedGoodsRun run;

  run.feed("id,activity,spend:float;A,541199,1000;B,99,1000");

  CHECK(run.reject_codes() == "unknown_factor unknown_factor");
  CHECK(run.rejects[0].message == "no factor for activity code \"541199\"; near to it: 541110");
  CHECK(run.rejects[1].message == "no factor for activity code \"99\"");
}

TEST_CASE("purchased_goods: a code falls back to a parent class that the table has, by name",
          "[scope3]") {
  PurchasedGoodsRun run;

  run.feed("id,activity,spend:float;A,541511,100;B,5411,100");

  CHECK(run.cell(0, "factor_id") == "computing-usd");
  CHECK(run.cell(0, "match_level") == "parent/any/undated");
  CHECK(run.cell(0, "emissions_kgco2e") == "25");  // 100 x 0.25
  CHECK(run.reject_codes() == "unknown_factor");   // 541110 is a child of 5411, not its parent
}

TEST_CASE("purchased_goods: spend in another currency than the factor's is rejected", "[scope3]") {
  PurchasedGoodsRun run;

  run.feed(
      "id,activity,spend:float,currency;A,331110,1000,usd;B,331110,1000,EUR;C,331110,1,$;"
      "D,331110,1,");

  CHECK(run.cell(0, "emissions_kgco2e") == "800");
  CHECK(run.reject_codes() == "currency_mismatch unknown_currency missing_currency");
  CHECK(run.rejects[0].message ==
        "spend in EUR, but the factors of \"331110\" are not per that currency; give `fx` to "
        "convert");
}

TEST_CASE("purchased_goods: the job's currency holds where a row has none", "[scope3]") {
  PurchasedGoodsRun dollars(Map{{"currency", "USD"}});
  PurchasedGoodsRun euros(Map{{"currency", "EUR"}});

  dollars.feed("id,activity,spend:float,currency;A,331110,1000,");
  euros.feed("id,activity,spend:float;A,331110,1000");

  CHECK(dollars.cell(0, "emissions_kgco2e") == "800");
  CHECK(euros.reject_codes() == "currency_mismatch");
}

TEST_CASE("purchased_goods: a quantity in a unit of another dimension does not become a number",
          "[scope3]") {
  PurchasedGoodsRun run;

  run.feed(
      "id,activity,spend:float,quantity:float,unit;"
      "A,331110,,10,kWh;B,331110,,10,ton;C,331110,,10,furlong;D,331110,,10,;E,331110,1000,10,kWh;"
      "F,541110,,10,t");

  CHECK(run.reject_codes() ==
        "unit_mismatch unknown_unit unknown_unit missing_unit no_factor_for_method");
  CHECK(run.rejects[0].message ==
        "activity \"331110\" has no factor per energy with cradle_to_gate");
  CHECK(run.rejects[1].message == "unit \"ton\" is not known; write t, short_ton or long_ton");
  CHECK(run.rejects[4].row == 5);
  // With spend beside it the next method is taken, and the row says what was wrong.
  CHECK(run.cell(4, "method") == "spend_based");
  CHECK(run.cell(4, "method_reason") == "average_data:unit_mismatch");
  CHECK(run.cell(4, "flags") == "better_method_failed");
  CHECK(run.cell(4, "emissions_kgco2e") == "800");
}

TEST_CASE("purchased_goods: a quantity whose activity has no factor per unit leaves it to spend",
          "[scope3]") {
  PurchasedGoodsRun run;

  run.feed("id,activity,spend:float,quantity:float,unit;A,541110,100,3,h");

  CHECK(run.cell(0, "method") == "spend_based");
  CHECK(run.cell(0, "method_reason") == "average_data:no_factor_for_method");
  CHECK(run.cell(0, "flags").empty());
}

TEST_CASE("purchased_goods: a supplier's gate-to-gate or negative factor is not used", "[scope3]") {
  PurchasedGoodsRun run;

  run.feed(
      "id,activity,spend:float,quantity:float,unit,supplier_factor:float,supplier_factor_boundary;"
      "A,331110,1000,,,5,gate_to_gate;B,,,10,piece,5,gate_to_gate;C,,,10,piece,-5,;"
      "D,,,10,piece,nan,;E,,,,,5,");

  CHECK(run.cell(0, "method") == "spend_based");
  CHECK(run.cell(0, "method_reason") == "supplier_specific:boundary_mismatch");
  CHECK(run.cell(0, "flags") == "better_method_failed");
}

TEST_CASE("purchased_goods: rows without any amount are rejected", "[scope3]") {
  PurchasedGoodsRun run;

  run.feed("id,activity,spend:float;A,331110,;B,331110,nan;,331110,5");

  CHECK(run.reject_codes() == "missing_amount not_finite missing_id");
}

TEST_CASE("purchased_goods: credit notes are netted and flagged, and zero is a result",
          "[scope3]") {
  PurchasedGoodsRun run;

  run.feed("id,activity,spend:float;A,331110,1000;B,331110,-250;C,331110,0");

  CHECK(run.cell(1, "emissions_kgco2e") == "-200");
  CHECK(run.cell(1, "flags") == "credit_note");
  CHECK(run.cell(2, "emissions_kgco2e") == "0");
  CHECK(run.cell(2, "flags") == "zero_amount");
  CHECK(run.host.metrics["emissions_kgco2e"] == 600);  // 800 - 200 + 0
  CHECK(run.rejects.empty());
}

TEST_CASE("purchased_goods: spend of another year than the factor's money is flagged", "[scope3]") {
  PurchasedGoodsRun run(Map{{"detail", "full"}});

  run.feed(
      "id,activity,spend:float,date:date,region;A,331110,1,2022-12-31,US;"
      "B,331110,1,2017-01-01,DE;C,331110,1,,");

  CHECK(run.cell(0, "flags").empty());
  CHECK(run.cell(0, "time_score") == "1");
  CHECK(run.cell(0, "geography_score") == "1");
  CHECK(run.cell(1, "flags") == "price_year_differs,other_region,later_factor");
  CHECK(run.cell(1, "time_score") == "2");  // five years apart
  CHECK(run.cell(1, "geography_score") == "3");
  CHECK(run.cell(2, "flags").empty());
  CHECK(run.cell(2, "time_score") == "4");  // not known
  CHECK(run.cell(2, "geography_score") == "4");
}
