// Each method by hand: the arithmetic stands beside it.
#include <catch2/catch.hpp>

#include "tests/plugins/scope3_purchased_goods/purchased_goods.hpp"

TEST_CASE("purchased_goods: spend times the factor of its activity is the spend-based result",
          "[scope3]") {
  PurchasedGoodsRun run;

  run.feed("id,activity,spend:float;A,331110,1250");

  CHECK(run.cell(0, "id") == "A");
  CHECK(run.cell(0, "category") == "1");
  CHECK(run.cell(0, "method") == "spend_based");
  CHECK(run.cell(0, "method_reason") == "no_data_for_better");
  CHECK(run.cell(0, "activity_amount") == "1250");
  CHECK(run.cell(0, "activity_unit") == "USD");
  CHECK(run.cell(0, "factor_id") == "steel-usd");
  CHECK(run.cell(0, "factor_set") == "eeio");
  CHECK(run.cell(0, "factor_set_version") == "1.0");
  CHECK(run.cell(0, "factor_value") == "0.8");
  CHECK(run.cell(0, "factor_unit") == "kgCO2e/USD");
  CHECK(run.cell(0, "match_level") == "exact/any/undated");
  CHECK(run.cell(0, "gwp_set") == "AR5");
  CHECK(run.cell(0, "emissions_kgco2e") == "1000");  // 1250 x 0.8
  CHECK(run.cell(0, "runner_up_method") == "null");
  CHECK(run.cell(0, "runner_up_kgco2e") == "null");
  CHECK(run.cell(0, "flags").empty());
  CHECK(run.cell(0, "result_id").size() == 16);
  CHECK(run.rejects.empty());
}

TEST_CASE("purchased_goods: a quantity goes before spend, and spend is the runner-up", "[scope3]") {
  PurchasedGoodsRun run;

  run.feed("id,activity,spend:float,quantity:float,unit;A,331110,1000,2.5,t");

  CHECK(run.cell(0, "method") == "average_data");
  CHECK(run.cell(0, "method_reason") == "no_data_for_better");
  CHECK(run.cell(0, "activity_amount") == "2.5");
  CHECK(run.cell(0, "activity_unit") == "t");
  CHECK(run.cell(0, "factor_id") == "steel-t");
  CHECK(run.cell(0, "emissions_kgco2e") == "3750");  // 2.5 t x 1500 kg/t
  CHECK(run.cell(0, "runner_up_method") == "spend_based");
  CHECK(run.cell(0, "runner_up_kgco2e") == "800");  // 1000 USD x 0.8
}

TEST_CASE("purchased_goods: a supplier's own factor goes before all else", "[scope3]") {
  PurchasedGoodsRun run;

  run.feed(
      "id,activity,spend:float,quantity:float,unit,supplier,supplier_factor:float,"
      "supplier_factor_unit,supplier_factor_boundary,supplier_factor_source;"
      "A,331110,1000,2000,kg,Mill Co,1.1,t CO2e/t,cradle_to_gate,EPD 77");

  CHECK(run.cell(0, "method") == "supplier_specific");
  CHECK(run.cell(0, "method_reason") == "first_in_order");
  CHECK(run.cell(0, "activity_amount") == "2");  // 2000 kg = 2 t
  CHECK(run.cell(0, "activity_unit") == "t");
  CHECK(run.cell(0, "factor_id") == "EPD 77");
  CHECK(run.cell(0, "factor_set") == "supplier");
  CHECK(run.cell(0, "factor_value") == "1.1");
  CHECK(run.cell(0, "factor_unit") == "t CO2e/t");
  CHECK(run.cell(0, "match_level") == "supplier/same/undated");
  CHECK(run.cell(0, "emissions_kgco2e") == "2200");  // 2 t x 1.1 t/t x 1000 kg/t
  CHECK(run.cell(0, "runner_up_method") == "average_data");
  CHECK(run.cell(0, "runner_up_kgco2e") == "3000");  // 2 t x 1500 kg/t
}

TEST_CASE("purchased_goods: a supplier's factor needs no activity code", "[scope3]") {
  PurchasedGoodsRun run;

  run.feed("id,spend:float,quantity:float,unit,supplier_factor:float;A,,10,piece,3.5");

  CHECK(run.cell(0, "emissions_kgco2e") == "35");  // 10 x 3.5
  CHECK(run.cell(0, "factor_unit") == "kgCO2e/piece");
  CHECK(run.cell(0, "flags") == "supplier_unit_assumed,boundary_assumed");
  CHECK(run.rejects.empty());
}

TEST_CASE("purchased_goods: a supplier's intensity multiplies spend, and says so", "[scope3]") {
  PurchasedGoodsRun run;

  run.feed(
      "id,activity,spend:float,supplier_factor:float,supplier_factor_unit;"
      "A,331110,1000,400,g CO2e per USD");

  CHECK(run.cell(0, "method") == "supplier_specific");
  CHECK(run.cell(0, "emissions_kgco2e") == "400");  // 1000 USD x 400 g / 1000
  CHECK(run.cell(0, "flags") == "supplier_intensity,boundary_assumed");
  CHECK(run.cell(0, "runner_up_kgco2e") == "800");
}

TEST_CASE("purchased_goods: quantities are converted by exact constants", "[scope3]") {
  PurchasedGoodsRun run;

  run.feed(
      "id,activity,quantity:float,unit;A,331110,500,kg;B,331110,1000,lb;C,331110,1,short_ton;"
      "D,331110,2,Long Ton");

  CHECK(run.cell(0, "activity_amount") == "0.5");
  CHECK(run.cell(1, "activity_amount") == "0.45359237");    // 1 lb = 0.45359237 kg
  CHECK(run.cell(2, "activity_amount") == "0.90718474");    // 2000 lb
  CHECK(run.cell(3, "activity_amount") == "2.0320938176");  // 2 x 2240 lb
  CHECK(run.cell(0, "emissions_kgco2e") == "750");          // 0.5 t x 1500
}

TEST_CASE("purchased_goods: a forced method is the only one tried", "[scope3]") {
  const char* const rows = "id,activity,spend:float,quantity:float,unit;A,331110,1000,2,t";
  PurchasedGoodsRun spend(Map{{"method", "spend_based"}});
  PurchasedGoodsRun supplier(Map{{"method", "supplier_specific"}});

  spend.feed(rows);
  supplier.feed(rows);

  CHECK(spend.cell(0, "method") == "spend_based");
  CHECK(spend.cell(0, "method_reason") == "forced_by_job");
  CHECK(spend.cell(0, "emissions_kgco2e") == "800");
  CHECK(spend.cell(0, "runner_up_method") == "null");
  CHECK(supplier.reject_codes() == "missing_amount");
}

TEST_CASE("purchased_goods: only allowed methods are chosen, in order of precedence", "[scope3]") {
  PurchasedGoodsRun run(Map{{"methods_allowed", List{"spend_based", "average_data"}}});

  run.feed("id,activity,spend:float,quantity:float,unit,supplier_factor:float;A,331110,1000,2,t,1");

  CHECK(run.cell(0, "method") == "average_data");
}

TEST_CASE("purchased_goods: metrics are sums over the rows that were calculated", "[scope3]") {
  PurchasedGoodsRun run;

  run.feed(
      "id,activity,spend:float,quantity:float,unit;A,331110,1000,,;B,331110,1000,2,t;C,999999,5,,");

  CHECK(run.host.metrics["emissions_kgco2e"] == 3800);  // 800 + 3000
  CHECK(run.host.metrics["emissions_tco2e"] == 3.8);
  CHECK(run.host.metrics["method.spend_based"] == 1);
  CHECK(run.host.metrics["method.average_data"] == 1);
}
