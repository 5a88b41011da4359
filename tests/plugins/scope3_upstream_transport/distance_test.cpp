// Distance-based method by hand, [4.6], with its pitfalls.
#include <catch2/catch.hpp>

#include "plugins/calculators/scope3/upstream_transport/upstream_transport.hpp"
#include "tests/plugins/scope3_upstream_transport/transport_factors.hpp"

namespace {

using Run = CategoryRun<chunkmill::scope3::UpstreamTransport>;
const Tables kTables = {{"factors", kTransportFactors}};
const std::string kColumns = "id,activity,mass:float,mass_unit,distance:float,distance_unit;";

}  // namespace

TEST_CASE("upstream_transport: mass x distance, in the unit of the factor", "[scope3]") {
  Run run({}, kTables);

  run.feed(kColumns +
           "A,truck,2000,kg,300,km;B,us_truck,1,t,100,km;C,us_truck,2,short ton,50,mile");

  CHECK(run.kg(0) == Approx(60));  // [4.6] 2 t x 300 km x 0.1
  CHECK(run.cell(0, "method") == "distance_based");
  CHECK(run.kg(1) == Approx(100 / 1.45997231821056 * 0.2));  // a short ton-mile is 1.45997 t km
  CHECK(run.kg(2) == Approx(20));                            // 2 x 50 x 0.2
}

TEST_CASE("upstream_transport: a factor for an average load knows no load of the vehicle",
          "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,mass:float,mass_unit,distance:float,distance_unit,vehicle_mass:float,"
      "vehicle_mass_unit;A,truck,2,t,300,km,4,t");

  CHECK(run.kg(0) == Approx(60));
}

TEST_CASE("upstream_transport: mass includes packaging", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,mass:float,mass_unit,packaging_mass:float,packaging_mass_unit,distance:float,"
      "distance_unit;A,truck,2,t,500,kg,300,km");

  CHECK(run.kg(0) == Approx(75));  // (2 + 0.5) x 300 x 0.1
}

TEST_CASE("upstream_transport: containers go by their own factor, or by 10 t each", "[scope3]") {
  const std::string rows =
      "id,activity,teu:float,teu_unit,distance:float,distance_unit;"
      "A,box_ship,2,TEU,1000,km;B,ship,1,FEU,1000,km";
  Run run({}, kTables);
  Run lighter(Map{{"tonnes_per_teu", 8.0}}, kTables);
  Run never(Map{{"tonnes_per_teu", 0.0}}, kTables);

  run.feed(rows);
  lighter.feed(rows);
  never.feed(rows);

  CHECK(run.kg(0) == Approx(100));      // 2 x 1,000 x 0.05
  CHECK(run.kg(1) == Approx(200));      // 2 TEU x 10 t x 1,000 km x 0.01
  CHECK(lighter.kg(1) == Approx(160));  // 2 x 8 x 1,000 x 0.01
  CHECK(never.reject_codes() == "unit_mismatch");
}

TEST_CASE("upstream_transport: a straight line is no road", "[scope3]") {
  const std::string rows =
      "id,activity,mode,mass:float,mass_unit,distance:float,distance_unit,great_circle:bool;"
      "A,truck,road,1,t,1000,km,true;B,plane,air,1,t,1000,km,true;C,truck,road,1,t,1000,km,false";
  Run plain(Map{{"radiative_forcing", "without"}}, kTables);
  Run adjusted(Map{{"radiative_forcing", "without"}, {"great_circle_percent", 5.0}}, kTables);

  plain.feed(rows);
  adjusted.feed(rows);

  CHECK(plain.reject_codes() == "missing_input");
  CHECK(plain.rejects[0].column == "great_circle");
  CHECK(plain.kg(1) == Approx(600));     // 1 x 1,000 x 0.6
  CHECK(adjusted.kg(0) == Approx(105));  // 1,000 km x 1.05 x 0.1
  CHECK(adjusted.kg(1) == Approx(630));
  CHECK(adjusted.kg(2) == Approx(100));
}

TEST_CASE("upstream_transport: radiative forcing is counted when the job says so", "[scope3]") {
  const std::string rows = kColumns + "A,plane,1,t,100,km";
  Run with(Map{{"radiative_forcing", "with"}}, kTables);
  Run silent({}, kTables);

  with.feed(rows);
  silent.feed(rows);

  CHECK(with.kg(0) == Approx(100));  // 100 t km x 1.0
  CHECK(silent.reject_codes() == "tied_factors");
}

TEST_CASE("upstream_transport: the legs of a shipment are one result", "[scope3]") {
  Run run(Map{{"columns", Map{{"group", "shipment"}}}}, kTables);

  run.feed(
      "id,shipment,activity,mass:float,mass_unit,distance:float,distance_unit;"
      "A,S1,truck,2,t,300,km;B,S1,ship,2,t,5000,km;C,S2,truck,1,t,10,km");

  CHECK(run.kg(0) == Approx(160));  // 2 x 300 x 0.1 + 2 x 5,000 x 0.01
  CHECK(run.kg(1) == Approx(1));
}

TEST_CASE("upstream_transport: a carrier's own factor says what it is per", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,mass:float,mass_unit,distance:float,distance_unit,supplier_factor:float,"
      "supplier_factor_unit,supplier_factor_boundary;"
      "A,truck,2,t,300,km,0.08,kgCO2e/tkm,life_cycle;B,truck,2,t,300,km,0.9,kgCO2e/km,life_cycle;"
      "C,truck,2,t,300,km,0.08,,life_cycle;D,truck,2,t,300,km,0.05,kgCO2e/tkm,combustion");

  CHECK(run.kg(0) == Approx(48));  // 2 x 300 x 0.08
  CHECK(run.cell(0, "method") == "supplier_specific");
  CHECK(std::stod(run.cell(0, "runner_up_kgco2e")) == Approx(60));
  CHECK(run.kg(1) == Approx(270));  // the whole vehicle, 300 x 0.9
  CHECK(run.kg(2) == Approx(60));
  CHECK(run.cell(2, "method_reason") == "supplier_specific:missing_unit");
  CHECK(run.cell(3, "method_reason") == "supplier_specific:boundary_mismatch");
}

TEST_CASE("upstream_transport: half of the data of a leg is no leg", "[scope3]") {
  Run run({}, kTables);

  run.feed(kColumns +
           "A,truck,,kg,300,km;B,truck,1,,300,km;C,truck,1,l,300,km;D,lorry,1,t,300,km;"
           "E,truck,-1,t,300,km;F,,1,t,300,km;G,truck,1,ton,300,km;H,truck,1,t,,km");

  CHECK(run.reject_codes() ==
        "missing_input missing_unit unit_mismatch unknown_factor negative_amount missing_activity "
        "unknown_unit missing_amount");
}
