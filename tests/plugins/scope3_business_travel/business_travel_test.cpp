// The methods of category 6 by hand, and its pitfalls.
#include "plugins/calculators/scope3/business_travel/business_travel.hpp"

#include <catch2/catch.hpp>

#include "tests/plugins/scope3_common/category_run.hpp"

namespace {

using Run = CategoryRun<chunkmill::scope3::BusinessTravel>;

const char* const kFactors =
    "set,factor_id,activity_code,technology,region,value,unit,boundary,radiative_forcing\n"
    "d,rail,rail,,,0.04,kgCO2e/passenger-km,life_cycle,\n"
    "d,car-p,car,petrol,,0.2,kgCO2e/km,life_cycle,\n"
    "d,car-d,car,diesel,,0.18,kgCO2e/km,life_cycle,\n"
    "d,short-e,air_short,economy,,0.16,kgCO2e/passenger-km,life_cycle,\n"
    "d,long-e,air_long,economy,,0.12,kgCO2e/passenger-km,life_cycle,without\n"
    "d,long-e-rf,air_long,economy,,0.20,kgCO2e/passenger-km,life_cycle,with\n"
    "d,long-b,air_long,business,,0.35,kgCO2e/passenger-km,life_cycle,without\n"
    "d,petrol,petrol,,,2.9,kgCO2e/l,life_cycle,\n"
    "d,hotel-gb,hotel,,GB,10.4,kgCO2e/room_night,life_cycle,\n"
    "d,hotel-de,hotel,,DE,13.2,kgCO2e/room_night,life_cycle,\n"
    "e,taxi-us,taxi,,US,0.4,kgCO2e/mile,life_cycle,\n"
    "e,air-usd,air,,,0.9,kgCO2e/USD,cradle_to_gate,\n"
    "e,rail-usd,rail,,,0.5,kgCO2e/USD,cradle_to_gate,\n";
const Tables kTables = {
    {"factors", kFactors},
    {"airports", "code,latitude,longitude\nEQA,0,0\nEQB,0,90\nNOR,1,0\n\\N,5,5\n"},
    {"bands", "activity,below_km,code\nair,3700,air_short\nair,,air_long\n"},
    {"gwp", "Species,AR4GWP100\nHFC-134a,1430\n"}};
const Map kAir{{"airports", "airports"}, {"haul_bands", "bands"}, {"radiative_forcing", "without"}};

Map with(Map options,
         std::initializer_list<std::pair<std::string, chunkmill::testing::Value>> more) {
  for (const auto& one : more) options.push_back(one);
  return options;
}

}  // namespace

TEST_CASE("business_travel: passengers times distance, there and back, as often as travelled",
          "[scope3]") {
  Run run({{"radiative_forcing", "without"}}, kTables);

  run.feed(
      "id,activity,distance:float,distance_unit,passengers:float,trips:float,return_trip:bool;"
      "A,rail,300,km,,,;B,rail,300,km,3,,true;C,rail,300,km,1,5,true;D,rail,900,pkm,3,,;"
      "E,rail,100,mile,,,");

  CHECK(run.cell(0, "method") == "distance_based");
  CHECK(run.cell(0, "category") == "6");
  CHECK(run.kg(0) == Approx(12));        // [6.1] 300 x 0.04
  CHECK(run.kg(1) == Approx(72));        // 3 x 300 x 2 x 0.04
  CHECK(run.kg(2) == Approx(120));       // 5 x 300 x 2 x 0.04
  CHECK(run.kg(3) == Approx(36));        // passenger-km are those of all three already
  CHECK(run.kg(4) == Approx(6.437376));  // 160.9344 km x 0.04
}

TEST_CASE("business_travel: a factor per vehicle is divided by occupancy, one per passenger is not",
          "[scope3]") {
  Run run({{"radiative_forcing", "without"}}, kTables);

  run.feed(
      "id,activity,travel_class,distance:float,distance_unit,passengers:float,occupancy:float;"
      "A,car,petrol,100,km,,;B,car,petrol,100,km,3,4;C,car,diesel,100,km,5,4;"
      "D,rail,,100,km,3,400;E,car,petrol,300,pkm,,1.5;F,car,petrol,100,km,3,;"
      "G,car,petrol,100,pkm,,;H,car,petrol,100,km,1,0;I,car,petrol,100,kg,,");

  CHECK(run.kg(0) == Approx(20));    // one car
  CHECK(run.kg(1) == Approx(15));    // 100 x 3/4 x 0.2: three quarters of a car
  CHECK(run.kg(2) == Approx(22.5));  // 100 x 5/4 x 0.18: and no second whole car
  CHECK(run.kg(3) == Approx(12));    // 3 x 100 x 0.04
  CHECK(run.kg(4) == Approx(40));    // 300 / 1.5 x 0.2
  CHECK(run.reject_codes() == "missing_input missing_input share_out_of_range unit_mismatch");
}

TEST_CASE("business_travel: a factor of another region is found per vehicle as well", "[scope3]") {
  Run run({{"radiative_forcing", "without"}}, kTables);

  run.feed("id,activity,region,distance:float,distance_unit;A,taxi,FR,10,mile");

  CHECK(run.kg(0) == Approx(4));  // 10 x 0.4
  CHECK(run.cell(0, "flags") == "other_region");
}

TEST_CASE("business_travel: between airports it is the great circle, and its length says the haul",
          "[scope3]") {
  Run run(kAir, kTables);
  Run longer(with(kAir, {{"distance_uplift_percent", 8}}), kTables);
  const std::string rows =
      "id,activity,travel_class,from_airport,to_airport,return_trip:bool,distance:float,distance_"
      "unit;"
      "A,air,economy,EQA,EQB,,,;B,air,business,EQA,eqb,true,,;C,air,economy,EQA,NOR,,,;"
      "D,air,economy,EQA,XXX,,,;E,air,economy,EQA,,,,;F,air,economy,EQA,EQB,,4000,km";

  run.feed(rows);
  longer.feed(rows);

  // A quarter of a circle of 6,371.0088 km: x pi / 2 = 10,007.557 km; a degree is 1/90 of it.
  CHECK(run.kg(0) == Approx(10007.557 * 0.12));
  CHECK(run.cell(0, "factor_id") == "long-e");
  CHECK(run.kg(1) == Approx(10007.557 * 2 * 0.35));
  CHECK(run.cell(2, "factor_id") == "short-e");
  CHECK(run.kg(2) == Approx(10007.557 / 90 * 0.16));
  CHECK(run.kg(5) == Approx(480));  // a distance that is given goes first: 4,000 x 0.12
  CHECK(run.reject_codes() == "unknown_airport missing_input");
  CHECK(longer.kg(0) == Approx(10007.557 * 1.08 * 0.12));
}

TEST_CASE("business_travel: fuel is known by its cost, or by what the car takes for 100 km",
          "[scope3]") {
  Run run({{"method", "fuel_based"}}, kTables);

  run.feed(
      "id,fuel_type,fuel_spend:float,currency,fuel_price:float,fuel_unit,fuel_per_100km:float,"
      "distance:float,distance_unit,return_trip:bool,trips:float;"
      "A,petrol,90,GBP,1.5,l,,,,,;B,petrol,,,,l,7,300,km,true,2;C,petrol,90,GBP,0,l,,,,,;"
      "D,petrol,,,,l,7,300,pkm,,");

  CHECK(run.cell(0, "method") == "fuel_based");
  CHECK(run.kg(0) == Approx(174));    // [4.2] 90 / 1.5 = 60 l x 2.9
  CHECK(run.kg(1) == Approx(243.6));  // [4.3] 300 x 2 x 2 x 7 / 100 = 84 l x 2.9
  CHECK(run.reject_codes() == "missing_input unit_mismatch");
}

TEST_CASE("business_travel: a table of airport pairs alone is a job", "[scope3]") {
  Run run(kAir, kTables);

  run.feed("id,activity,travel_class,from_airport,to_airport;A,air,economy,EQA,EQB");

  CHECK(run.kg(0) == Approx(10007.557 * 0.12));
}

TEST_CASE("business_travel: the length of one leg says the haul, and passenger-km have none",
          "[scope3]") {
  Run run(kAir, kTables);

  run.feed(
      "id,activity,travel_class,distance:float,distance_unit,return_trip:bool;"
      "A,air,economy,2000,km,true;B,air,economy,3700,km,;C,air,economy,4000,pkm,");

  CHECK(run.cell(0, "factor_id") == "short-e");  // twice 2,000 km is no long haul
  CHECK(run.kg(0) == Approx(640));               // 2,000 x 2 x 0.16
  CHECK(run.cell(1, "factor_id") == "long-e");
  CHECK(run.reject_codes() == "unit_mismatch");
}

TEST_CASE(
    "business_travel: radiative forcing is in the factors that the job asks for, never on top",
    "[scope3]") {
  const std::string rows =
      "id,activity,travel_class,distance:float,distance_unit;A,air_long,economy,1000,km";
  Run with_it({{"radiative_forcing", "with"}}, kTables);
  Run without({{"radiative_forcing", "without"}}, kTables);

  with_it.feed(rows);
  without.feed(rows);

  CHECK(with_it.kg(0) == Approx(200));
  CHECK(without.kg(0) == Approx(120));
}

TEST_CASE("business_travel: hotel nights are optional, by themselves or with a trip", "[scope3]") {
  Run run({{"radiative_forcing", "without"}, {"units", Map{{"nights", "night"}}}}, kTables);

  run.feed(
      "id,activity,region,distance:float,distance_unit,nights:float,hotel;A,hotel,GB,,,3,;"
      "B,rail,DE,300,km,2,hotel;C,rail,DE,300,km,2,;D,hotel,GB,,,-3,;E,,,,,,");

  CHECK(run.kg(0) == Approx(31.2));  // 3 x 10.4
  CHECK(run.cell(0, "kind") == "hotel");
  CHECK(run.cell(0, "flags") == "optional");
  CHECK(run.kg(1) == Approx(38.4));  // 300 x 0.04 + 2 x 13.2
  CHECK(run.cell(1, "kind") == "travel and hotel");
  CHECK(run.reject_codes() == "missing_input negative_amount missing_amount");
}

TEST_CASE("business_travel: fuel goes before distance, and distance before spend", "[scope3]") {
  Run run({{"radiative_forcing", "without"}, {"gwp_set", "AR4"}, {"gwp", "gwp"}}, kTables);

  run.feed(
      "id,activity,travel_class,fuel:float,fuel_unit,fuel_type,fuel_share_percent:float,"
      "refrigerant,refrigerant_leak:float,refrigerant_leak_unit,distance:float,distance_unit,"
      "spend:float,currency;"
      "A,car,petrol,50,l,petrol,,,,,600,km,,;B,car,petrol,50,l,petrol,50,HFC-134a,10,g,,,,;"
      "C,rail,,,,,,,,,300,km,80,USD;D,air,,,,,,,,,,,1000,USD;E,air,,,,,,,,,,,-200,USD");

  CHECK(run.cell(0, "method") == "fuel_based");
  CHECK(run.kg(0) == Approx(145));  // [4.1] 50 x 2.9
  CHECK(run.cell(0, "runner_up_method") == "distance_based");
  CHECK(std::stod(run.cell(0, "runner_up_kgco2e")) == Approx(120));  // 600 x 0.2
  CHECK(run.kg(1) == Approx(79.65));  // (50 x 2.9 + 0.01 kg x 1,430) x 50 %
  CHECK(run.cell(2, "method") == "distance_based");
  CHECK(run.cell(2, "runner_up_kgco2e") == "40");  // 80 x 0.5
  CHECK(run.cell(3, "method") == "spend_based");
  CHECK(run.kg(3) == Approx(900));   // [4.7] 1,000 x 0.9
  CHECK(run.kg(4) == Approx(-180));  // a refund is netted
  CHECK(run.cell(4, "flags") == "credit_note");
}

TEST_CASE("business_travel: a company car is scope 1, a carrier's own factor goes first",
          "[scope3]") {
  Run run({{"radiative_forcing", "without"}}, kTables);

  run.feed(
      "id,activity,travel_class,distance:float,distance_unit,company_vehicle:bool,trips:float,"
      "supplier_factor:float,supplier_factor_unit,supplier_factor_boundary;"
      "A,car,petrol,100,km,true,,,,;B,rail,,100,km,false,,0.01,kgCO2e/pkm,life_cycle;"
      "C,rail,,-5,km,,,,,;D,rail,,5,km,,-1,,,;E,rocket,,5,km,,,,,");

  CHECK(run.kg(1) == Approx(1));  // 100 x 0.01
  CHECK(run.cell(1, "factor_set") == "supplier");
  CHECK(run.reject_codes() == "out_of_scope negative_amount negative_amount unknown_factor");
}

TEST_CASE("business_travel: airports and bands that make no sense are a fault of the job",
          "[scope3]") {
  const std::string columns = "id,activity,distance:float,distance_unit";
  Run place(Map{{"airports", "airports"}},
            {{"factors", kFactors}, {"airports", "code,latitude,longitude\nBAD,91,0\n"}});
  Run band(Map{{"haul_bands", "bands"}},
           {{"factors", kFactors}, {"bands", "activity,below_km,code\nair,-1,x\n"}});

  CHECK(place.fault(columns).starts_with("airports: "));
  CHECK(band.fault(columns).starts_with("haul_bands: "));
}
