// Storage [4.8], [4.9] and spend [4.7] by hand, the order of the methods, and what is not ours.
#include <catch2/catch.hpp>

#include "plugins/calculators/scope3/upstream_transport/upstream_transport.hpp"
#include "tests/plugins/scope3_upstream_transport/transport_factors.hpp"

namespace {

using Run = CategoryRun<chunkmill::scope3::UpstreamTransport>;
const Tables kTables = {{"factors", kTransportFactors}};

}  // namespace

TEST_CASE("upstream_transport: a building counts by what of it stores our goods", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,fuel:float,fuel_unit,electricity:float,electricity_unit,electricity_type,"
      "stored:float,stored_unit,site_total:float,site_total_unit;"
      "A,diesel,100,l,5000,kWh,grid,50,m3,200,m3;B,diesel,100,l,,,,50,m3,200,pallets;"
      "C,diesel,100,l,,,,300,m3,200,m3");

  CHECK(run.kg(0) == Approx(575));  // [4.8] (100 x 3 + 5,000 x 0.4) x 50 / 200
  CHECK(run.cell(0, "method") == "site_specific");
  CHECK(run.cell(0, "kind") == "storage");
  CHECK(run.reject_codes() == "unit_mismatch share_out_of_range");
}

TEST_CASE("upstream_transport: goods in store count by volume and time", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,stored:float,stored_unit,storage_time:float,storage_time_unit;"
      "A,store,20,m3,10,days;B,pallets,6,pallets,2,weeks;C,store,6,pallets,2,weeks");

  CHECK(run.kg(0) == Approx(60));  // [4.9] 20 x 10 x 0.3
  CHECK(run.cell(0, "method") == "average_data");
  CHECK(run.kg(1) == Approx(42));  // 6 x 14 x 0.5
  CHECK(run.reject_codes() == "unit_mismatch");
}

TEST_CASE("upstream_transport: spend goes by input-output factors, credit notes are netted",
          "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,spend:float,currency,date:date;A,haulage,200,USD,2022-05-01;"
      "B,haulage,-50,USD,2022-05-01;C,haulage,200,EUR,2022-05-01");

  CHECK(run.kg(0) == Approx(300));  // [4.7] 200 x 1.5
  CHECK(run.cell(0, "method") == "spend_based");
  CHECK(run.kg(1) == Approx(-75));
  CHECK(run.cell(1, "flags") == "credit_note");
  CHECK(run.reject_codes() == "currency_mismatch");
}

TEST_CASE("upstream_transport: fuel goes before distance, distance before spend", "[scope3]") {
  const Tables tables = {
      {"factors", std::string(kTransportFactors) +
                      "e,haulage-truck,truck,1.5,kgCO2e/2022 USD,cradle_to_gate,\n"}};
  const std::string rows =
      "id,activity,fuel:float,fuel_unit,fuel_type,mass:float,mass_unit,distance:float,"
      "distance_unit,spend:float,currency;"
      "A,truck,10,l,diesel,2,t,300,km,200,USD;B,truck,,,,2,t,300,km,200,USD";
  Run run({}, tables);
  Run forced(Map{{"method", "spend_based"}}, tables);

  run.feed(rows);
  forced.feed(rows);

  CHECK(run.kg(0) == Approx(30));
  CHECK(run.cell(0, "method_reason") == "first_in_order");
  CHECK(run.cell(0, "runner_up_method") == "distance_based");
  CHECK(run.cell(1, "method_reason") == "no_data_for_better");
  CHECK(run.cell(1, "runner_up_method") == "spend_based");
  CHECK(forced.kg(0) == Approx(300));
}

TEST_CASE("upstream_transport: what others count is refused", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,mass:float,mass_unit,distance:float,distance_unit,direction,paid_by_us:bool,"
      "own_vehicle:bool,freight_in_price:bool;"
      "paid,truck,2,t,300,km,outbound,true,,;inbound,truck,2,t,300,km,inbound,false,,;"
      "cat9,truck,2,t,300,km,outbound,false,,;shop,truck,2,t,300,km,customer,,,;"
      "cat1,truck,2,t,300,km,before_supplier,,,;scope1,truck,2,t,300,km,,,true,;"
      "price,truck,2,t,300,km,,,,true;word,truck,2,t,300,km,up,,,");

  CHECK(run.lines().size() == 2);
  CHECK(run.cell(0, "id") == "paid");
  CHECK(run.cell(1, "id") == "inbound");
  CHECK(run.reject_codes() ==
        "out_of_scope out_of_scope out_of_scope out_of_scope out_of_scope unknown_word");
  CHECK(run.rejects[0].message == "others pay for it after the sale: category 9");
}

TEST_CASE("upstream_transport: options that are no amounts are refused", "[scope3]") {
  const std::string columns = "id,activity,mass:float,mass_unit,distance:float,distance_unit;";

  CHECK_THAT(Run(Map{{"tonnes_per_teu", -1.0}}, kTables).fault(columns),
             Catch::Contains("tonnes_per_teu"));
  CHECK_THAT(Run(Map{{"great_circle_percent", -5.0}}, kTables).fault(columns),
             Catch::Contains("great_circle_percent"));
}
