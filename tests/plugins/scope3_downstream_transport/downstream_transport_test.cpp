// The formulas of category 4 for what is sold, by hand, and what belongs to category 9.
#include "plugins/calculators/scope3/downstream_transport/downstream_transport.hpp"

#include <catch2/catch.hpp>

#include "tests/plugins/scope3_upstream_transport/transport_factors.hpp"

namespace {

using Run = CategoryRun<chunkmill::scope3::DownstreamTransport>;
const Tables kTables = {{"factors", kTransportFactors}};

}  // namespace

TEST_CASE("downstream_transport: fuel by our part of the vehicle, distance, spend", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,fuel:float,fuel_unit,mass:float,mass_unit,vehicle_mass:float,vehicle_mass_unit,"
      "distance:float,distance_unit,spend:float,currency;"
      "A,diesel,100,l,1,t,10,t,,,,;B,truck,,,2,t,,,300,km,,;C,haulage,,,,,,,,,200,USD");

  CHECK(run.kg(0) == Approx(30));  // [4.1], [4.4] 100 l x 1 / 10 x 3
  CHECK(run.cell(0, "method") == "fuel_based");
  CHECK(run.cell(0, "category") == "9");
  CHECK(run.kg(1) == Approx(60));  // [4.6] 2 x 300 x 0.1
  CHECK(run.cell(1, "method") == "distance_based");
  CHECK(run.kg(2) == Approx(300));  // [4.7] 200 x 1.5
  CHECK(run.cell(2, "method") == "spend_based");
}

TEST_CASE("downstream_transport: fuel from its cost, from the distance, and for the way back",
          "[scope3]") {
  Run run(Map{{"currency", "USD"}}, kTables);

  run.feed(
      "id,activity,fuel_spend:float,fuel_price:float,fuel_unit,distance:float,distance_unit,"
      "fuel_per_100km:float,empty_distance:float,empty_distance_unit,empty_fuel_per_100km:float;"
      "A,diesel,300,1.5,l,,,,,,;B,diesel,,,l,500,km,30,,,;C,diesel,,,l,,,,200,km,20");

  CHECK(run.kg(0) == Approx(600));  // [4.2] 300 / 1.5 x 3
  CHECK(run.kg(1) == Approx(450));  // [4.3] 500 x 0.3 x 3
  CHECK(run.kg(2) == Approx(120));  // [4.5] 200 x 0.2 x 3
  CHECK(run.cell(2, "flags") == "optional");
}

TEST_CASE("downstream_transport: shops and stores count for what we sold", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,electricity:float,electricity_unit,electricity_type,stored:float,stored_unit,"
      "site_total:float,site_total_unit,storage_time:float,storage_time_unit,"
      "supplier_factor:float,supplier_factor_unit;"
      "shop,,5000,kWh,grid,2,m2,100,m2,,,,;store,store,,,,20,m3,,,10,days,,;"
      "own,store,,,,20,m3,,,10,days,0.2,kgCO2e/m3 day");

  CHECK(run.kg(0) == Approx(40));  // [4.8] 5,000 x 0.4 x 2 / 100
  CHECK(run.cell(0, "method") == "site_specific");
  CHECK(run.kg(1) == Approx(60));  // [4.9] 20 x 10 x 0.3
  CHECK(run.cell(1, "method") == "average_data");
  CHECK(run.kg(2) == Approx(40));  // 20 x 10 x 0.2
  CHECK(run.cell(2, "method") == "supplier_specific");
}

TEST_CASE("downstream_transport: a customer's way to the shop counts by our part, as optional",
          "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,direction,distance:float,distance_unit,share_percent:float;"
      "A,car,customer,100,km,25;B,car,customer,100,km,;C,car,outbound,100,km,25");

  CHECK(run.kg(0) == Approx(5));  // 100 x 25 % x 0.2
  CHECK(run.cell(0, "kind") == "customer travel");
  CHECK(run.cell(0, "flags") == "optional");
  CHECK(run.kg(2) == Approx(5));  // a hired vehicle: the same without a customer
  CHECK(run.cell(2, "flags").empty());
  CHECK(run.reject_codes() == "missing_input");
}

TEST_CASE("downstream_transport: what we pay for and what comes to us is category 4", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,mass:float,mass_unit,distance:float,distance_unit,direction,paid_by_us:bool,"
      "own_vehicle:bool;"
      "ours,truck,2,t,300,km,outbound,,;paid,truck,2,t,300,km,outbound,true,;"
      "inbound,truck,2,t,300,km,inbound,,;internal,truck,2,t,300,km,internal,false,;"
      "scope1,truck,2,t,300,km,outbound,,true");

  CHECK(run.lines().size() == 1);
  CHECK(run.cell(0, "id") == "ours");
  CHECK(run.reject_codes() == "out_of_scope out_of_scope out_of_scope out_of_scope");
  CHECK(run.rejects[0].message == "we pay for it: category 4");
}
