// Fuel-based method by hand: [4.1] to [4.5].
#include <catch2/catch.hpp>

#include "plugins/calculators/scope3/upstream_transport/upstream_transport.hpp"
#include "tests/plugins/scope3_upstream_transport/transport_factors.hpp"

namespace {

using Run = CategoryRun<chunkmill::scope3::UpstreamTransport>;
const Tables kTables = {{"factors", kTransportFactors}};

}  // namespace

TEST_CASE("upstream_transport: fuel, electricity and a leak are summed up", "[scope3]") {
  Run run(Map{{"parts", true}}, {{"factors", kTransportFactors}});
  Run with_gwp(Map{{"gwp_set", "AR5"}, {"gwp", "gwp"}, {"parts", true}},
               {{"factors", kTransportFactors}, {"gwp", "Species,AR5GWP100\nHFC-134a,1300\n"}});
  const std::string rows =
      "id,activity,fuel:float,fuel_unit,electricity:float,electricity_unit,electricity_type,"
      "refrigerant_leak:float,refrigerant_leak_unit,refrigerant;"
      "A,diesel,100,l,50,kWh,grid,0.2,kg,R-134a";

  run.feed(rows);
  with_gwp.feed(rows);

  CHECK(run.reject_codes() == "unknown_gas");
  CHECK(with_gwp.kg(0) == Approx(580));  // [4.1] 100 x (2.5 + 0.5) + 50 x 0.4 + 0.2 x 1,300
  CHECK(with_gwp.cell(0, "method") == "fuel_based");
  CHECK(with_gwp.cell(0, "kind") == "transport");
  CHECK(with_gwp.lines(1).size() == 3);
}

TEST_CASE("upstream_transport: fuel follows from its cost, and from the distance", "[scope3]") {
  Run run(Map{{"currency", "USD"}}, kTables);

  run.feed(
      "id,activity,fuel_type,fuel_spend:float,fuel_price:float,fuel_unit,distance:float,"
      "distance_unit,fuel_per_100km:float;"
      "A,,diesel,300,1.5,l,,,;B,,diesel,,,l,500,km,30;C,,diesel,300,,l,,,;"
      "D,,diesel,300,0,l,,,;E,,diesel,,,l,100,mile,30");

  CHECK(run.kg(0) == Approx(600));        // [4.2] 300 USD / 1.5 USD/l = 200 l, x 3
  CHECK(run.kg(1) == Approx(450));        // [4.3] 500 km x 30 l/100 km = 150 l, x 3
  CHECK(run.kg(4) == Approx(144.84096));  // 100 miles = 160.9344 km, x 0.3 l/km x 3
  CHECK(run.reject_codes() == "missing_input missing_input");
}

TEST_CASE("upstream_transport: of a shared vehicle only our part counts", "[scope3]") {
  Run run({}, kTables);
  const std::string columns =
      "id,activity,fuel:float,fuel_unit,mode,mass:float,mass_unit,vehicle_mass:float,"
      "vehicle_mass_unit,volume:float,volume_unit,vehicle_volume:float,vehicle_volume_unit,"
      "volume_limited:bool,share_percent:float;";

  run.feed(columns +
           "A,diesel,100,l,road,500,kg,10,t,20,m3,40,m3,,;"
           "B,diesel,100,l,road,500,kg,10,t,20,m3,40,m3,true,;"
           "C,diesel,100,l,sea,500,kg,10,t,20,m3,40,m3,,;"
           "D,diesel,100,l,road,500,kg,10,t,20,m3,40,m3,,10;"
           "E,diesel,100,l,air,500,kg,,,,,,,,");

  CHECK(run.kg(0) == Approx(15));   // [4.4] 100 l x 0.5 t / 10 t x 3
  CHECK(run.kg(1) == Approx(150));  // volume filled it: 20 / 40
  CHECK(run.kg(2) == Approx(150));  // at sea by volume
  CHECK(run.kg(3) == Approx(30));   // by the row's own share
  CHECK(run.kg(4) == Approx(300));  // no total: all of the vehicle is ours
}

TEST_CASE("upstream_transport: what is no part of the whole is refused", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,fuel:float,fuel_unit,mode,mass:float,mass_unit,vehicle_mass:float,"
      "vehicle_mass_unit,share_percent:float;"
      "A,diesel,100,l,road,11,t,10,t,;B,diesel,100,l,road,1,t,0,t,;"
      "C,diesel,100,l,sea,,,10,t,120;D,diesel,100,l,cart,1,t,10,t,;"
      "E,diesel,-100,l,road,1,t,10,t,;F,diesel,100,barn,road,1,t,10,t,;"
      "G,diesel,100,kg,road,1,t,10,t,;H,diesel,100,l,road,1,m3,10,t,");

  CHECK(run.reject_codes() ==
        "share_out_of_range share_out_of_range share_out_of_range unknown_word negative_amount "
        "unknown_unit unit_mismatch unit_mismatch");
}

TEST_CASE("upstream_transport: the empty way back is optional, alone and as a part", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,fuel:float,fuel_unit,empty_distance:float,empty_distance_unit,"
      "empty_fuel_per_100km:float,share_percent:float;"
      "A,diesel,100,l,200,km,20,50;B,diesel,,l,200,km,20,");

  CHECK(run.kg(0) == Approx(210));  // [4.5] (100 l + 200 km x 0.2 l/km) x 50 % x 3
  CHECK(run.cell(0, "kind") == "transport");
  CHECK(run.cell(0, "flags") == "optional_part");
  CHECK(run.cell(0, "optional_kgco2e") == "60");  // 40 l x 50 % x 3
  CHECK(run.kg(1) == Approx(120));
  CHECK(run.cell(1, "kind") == "empty return");
  CHECK(run.cell(1, "flags") == "optional");
}
