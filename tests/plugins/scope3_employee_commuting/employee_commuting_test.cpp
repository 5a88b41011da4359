// The methods of category 7 by hand, and its pitfalls.
#include "plugins/calculators/scope3/employee_commuting/employee_commuting.hpp"

#include <catch2/catch.hpp>

#include "tests/plugins/scope3_common/category_run.hpp"

namespace {

using Run = CategoryRun<chunkmill::scope3::EmployeeCommuting>;

const Tables kTables = {{"factors",
                         "set,factor_id,activity_code,value,unit,boundary\n"
                         "d,bus,bus,0.1,kgCO2e/passenger-km,life_cycle\n"
                         "d,car,car,0.2,kgCO2e/km,life_cycle\n"
                         "d,petrol,petrol,2.9,kgCO2e/l,life_cycle\n"
                         "d,power,electricity,0.3,kgCO2e/kWh,life_cycle\n"
                         "d,home,homeworking,0.33,kgCO2e/FTE Working Hour,life_cycle\n"}};
const char* const kColumns =
    "id,activity,one_way_distance:float,one_way_distance_unit,days:float,days_per_week:float,"
    "weeks:float,employees:float,occupancy:float;";

}  // namespace

TEST_CASE("employee_commuting: one way counts twice for each day", "[scope3]") {
  Run run({}, kTables);

  run.feed(std::string(kColumns) +
           "A,bus,10,km,220,,,,;B,bus,10,km,,4,45,,;C,bus,10,mile,220,,,3,;D,bus,10,km,,4,,,;"
           "E,bus,10,km,,,,,;F,bus,10,km,-1,,,,");

  CHECK(run.cell(0, "method") == "distance_based");
  CHECK(run.cell(0, "category") == "7");
  CHECK(run.kg(0) == Approx(440));         // [7.1] 10 x 2 x 220 x 0.1
  CHECK(run.kg(1) == Approx(360));         // 10 x 2 x 4 x 45 x 0.1
  CHECK(run.kg(2) == Approx(2124.33408));  // 3 x 16.09344 x 2 x 220 x 0.1
  CHECK(run.reject_codes() == "missing_input missing_input negative_amount");
}

TEST_CASE("employee_commuting: a shared car is divided once by those in it", "[scope3]") {
  Run run({}, kTables);

  run.feed(std::string(kColumns) +
           "A,car,10,km,200,,,,;B,car,10,km,200,,,,4;C,car,10,km,200,,,6,4;"
           "D,bus,10,km,200,,,6,40;E,car,10,km,200,,,6,;F,car,10,km,200,,,6,0");

  CHECK(run.kg(0) == Approx(800));   // 10 x 2 x 200 x 0.2
  CHECK(run.kg(1) == Approx(200));   // a quarter of it
  CHECK(run.kg(2) == Approx(1200));  // 6 / 4 cars
  CHECK(run.kg(3) == Approx(2400));  // per passenger: 6 x 10 x 2 x 200 x 0.1
  CHECK(run.reject_codes() == "missing_input share_out_of_range");
}

TEST_CASE("employee_commuting: fuel is known by what a car takes for 100 km", "[scope3]") {
  Run run({{"method", "fuel_based"}}, kTables);

  run.feed(
      "id,fuel_type,fuel_per_100km:float,fuel_unit,one_way_distance:float,one_way_distance_unit,"
      "days:float,employees:float,occupancy:float;"
      "A,petrol,6,l,10,km,200,,;B,petrol,6,l,10,km,200,30,1.5;C,petrol,6,l,10,km,200,30,;"
      "D,petrol,6,l,,,200,,");

  CHECK(run.cell(0, "method") == "fuel_based");
  CHECK(run.kg(0) == Approx(696));     // [4.3] 10 x 2 x 200 x 6 / 100 = 240 l x 2.9
  CHECK(run.kg(1) == Approx(13'920));  // 20 cars
  CHECK(run.reject_codes() == "missing_input missing_input");
}

TEST_CASE("employee_commuting: shares of the modes of all employees are average data", "[scope3]") {
  Run run(Map{{"columns", Map{{"group", "site"}}}}, kTables);

  run.feed(
      "id,site,activity,one_way_distance:float,one_way_distance_unit,days:float,employees:float,"
      "share_percent:float,occupancy:float;A,x,bus,10,km,200,100,40,;B,x,car,20,km,200,100,60,1.2;"
      "C,y,bus,10,km,200,100,40,;D,y,car,20,km,200,100,50,1.2");

  // [7.2] 100 x 40 % x 10 x 2 x 200 x 0.1 + 100 x 60 % / 1.2 x 20 x 2 x 200 x 0.2
  //     = 16,000 + 80,000
  REQUIRE(run.lines(0).size() == 1);
  CHECK(run.cell(0, "method") == "average_data");
  CHECK(run.kg(0) == Approx(96000));
  CHECK(run.reject_codes() == "shares_not_100 shares_not_100");
}

TEST_CASE("employee_commuting: a share is not taken for all by a better method", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,one_way_distance:float,one_way_distance_unit,days:float,employees:float,"
      "share_percent:float;A,bus,10,km,200,100,40");

  CHECK(run.cell(0, "method") == "average_data");
  CHECK(run.kg(0) == Approx(16000));
}

TEST_CASE("employee_commuting: a sample is scaled by the headcount, and says so", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,one_way_distance:float,one_way_distance_unit,days:float,sample_size:float,"
      "population:float;A,bus,10,km,200,50,400;B,bus,10,km,200,50,40;C,bus,10,km,200,50,;"
      "D,bus,10,km,200,0,40");

  CHECK(run.kg(0) == Approx(3200));  // 10 x 2 x 200 x 0.1 x 400 / 50
  CHECK(run.cell(0, "flags") == "scaled");
  CHECK(run.reject_codes() == "share_out_of_range missing_input share_out_of_range");
}

TEST_CASE("employee_commuting: fuel goes before distance", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,fuel:float,fuel_unit,fuel_type,fuel_share_percent:float,"
      "one_way_distance:float,one_way_distance_unit,days:float,company_vehicle:bool;"
      "A,car,100,l,petrol,,10,km,200,;B,car,100,l,petrol,25,,,,;C,car,100,l,petrol,,,,,true");

  CHECK(run.cell(0, "method") == "fuel_based");
  CHECK(run.kg(0) == Approx(290));  // [4.1] 100 x 2.9
  CHECK(run.cell(0, "runner_up_method") == "distance_based");
  CHECK(std::stod(run.cell(0, "runner_up_kgco2e")) == Approx(800));  // 10 x 2 x 200 x 0.2
  CHECK(run.kg(1) == Approx(72.5));
  CHECK(run.reject_codes() == "out_of_scope");
}

TEST_CASE("employee_commuting: telework counts with the energy beyond the baseline alone",
          "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,telework:float,telework_unit,telework_baseline:float,telework_baseline_unit,"
      "telework_activity,employees:float,one_way_distance:float,one_way_distance_unit,days:float;"
      "A,electricity,500,kWh,0.3,MWh,,10,,,;B,homeworking,800,h,,,,2,,,;"
      "C,bus,500,kWh,300,kWh,electricity,,10,km,220;D,electricity,500,kWh,,,,,,,;"
      "E,electricity,500,kWh,600,kWh,,,,,;F,electricity,500,kWh,6,kg,,,,,;G,,,,,,,5,,,");

  CHECK(run.kg(0) == Approx(600));  // 10 x (500 - 300) x 0.3
  CHECK(run.cell(0, "kind") == "telework");
  CHECK(run.cell(0, "flags") == "optional");
  CHECK(run.kg(1) == Approx(528));  // 2 x 800 x 0.33
  CHECK(run.kg(2) == Approx(500));  // 10 x 2 x 220 x 0.1 + (500 - 300) x 0.3
  CHECK(run.cell(2, "kind") == "commuting and telework");
  CHECK(run.reject_codes() == "missing_input negative_amount unit_mismatch missing_amount");
}

TEST_CASE("employee_commuting: telework is added whatever the method of the way is", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,activity,fuel:float,fuel_unit,fuel_type,one_way_distance:float,one_way_distance_unit,"
      "days:float,employees:float,share_percent:float,telework:float,telework_unit,"
      "telework_activity;A,car,100,l,petrol,,,,,,100,h,homeworking;"
      "B,bus,,,,10,km,200,100,40,100,h,homeworking");

  CHECK(run.cell(0, "method") == "fuel_based");
  CHECK(run.kg(0) == Approx(323));  // 100 x 2.9 + 100 x 0.33
  CHECK(run.cell(1, "method") == "average_data");
  CHECK(run.kg(1) == Approx(17320));  // 40 x (10 x 2 x 200 x 0.1 + 100 x 0.33)
}
