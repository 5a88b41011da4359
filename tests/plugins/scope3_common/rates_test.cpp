// Exchange rates of days, months and years.
#include <catch2/catch.hpp>

#include "tests/plugins/scope3_common/goods.hpp"

namespace {

// 1 kg per USD: what comes out are dollars.
Tables rates(const std::string& records) {
  return {{"factors",
           "set,factor_id,activity_code,value,unit,boundary\ns,f,paper,1,kgCO2e/USD,"
           "cradle_to_gate\n"},
          {"fx", "Date,Country,Exchange rate\n" + records}};
}
Map by(const char* period = "month") {
  return {{"fx", Map{{"lookup", "fx"}, {"period", period}}}, {"detail", "full"}};
}
const std::string kColumns = "id,activity,spend:float,currency,date:date;";
const std::string kThree = "2024-03-01,EUR,1.00\n2024-03-11,EUR,0.80\n2024-03-21,EUR,0.60\n";

}  // namespace

TEST_CASE("rates: of several in a month each counts by the days it covers, in any order",
          "[scope3]") {
  Goods run(by(), rates(kThree));
  Goods backwards(by(), rates("2024-03-21,EUR,0.60\n2024-03-11,EUR,0.80\n2024-03-01,EUR,1.00\n"));
  const std::string rows = kColumns + "A,paper,96,EUR,2024-03-25";

  run.feed(rows);
  backwards.feed(rows);

  CHECK(run.kg(0) == Approx(96 * 31 / 24.6));  // 10 x 1 + 10 x 0.8 + 11 x 0.6 = 24.6
  CHECK(backwards.kg(0) == run.kg(0));
}

TEST_CASE("rates: days before the first one have the last one of the month before", "[scope3]") {
  Goods run(by(), rates(kThree + "2024-04-11,EUR,1.2\n2024-06-16,EUR,0.5\n2024-06-21,EUR,0.75\n"));

  run.feed(kColumns +
           "A,paper,10,EUR,2024-04-02;B,paper,10,EUR,2024-05-02;C,paper,10,EUR,2024-06-02");

  CHECK(run.kg(0) == Approx(10 / ((10 * 0.6 + 20 * 1.2) / 30)));
  CHECK(run.reject_codes() == "missing_exchange_rate");  // May has none
  CHECK(run.kg(2) == Approx(10 / ((5 * 0.5 + 10 * 0.75) / 15)));
}

TEST_CASE("rates: a table of the days of one January is not one of years", "[scope3]") {
  Goods run(by(), rates("2024-01-01,EUR,1\n2024-01-02,EUR,0.5\n"));

  run.feed(kColumns + "A,paper,33,EUR,2024-01-05;B,paper,33,EUR,2024-07-05");

  CHECK(run.kg(0) == Approx(33 * 31 / 16.));
  CHECK(run.cell(0, "fx_period") == "2024-01");
  CHECK(run.reject_codes() == "missing_exchange_rate");
}

TEST_CASE("rates: a year of days counts by days", "[scope3]") {
  Goods run(by("year"), rates("2023-02-01,EUR,1\n2023-02-15,EUR,1\n2023-03-01,EUR,2\n"));

  run.feed(kColumns + "A,paper,100,EUR,2023-07-01");

  CHECK(run.kg(0) == Approx(100 / ((28 * 1 + 31 * 2) / 59.)));
}

TEST_CASE("rates: the rate of the day stands over a weekend, and for seven days at most",
          "[scope3]") {
  Goods run(by("day"), rates(kThree));

  run.feed(kColumns +
           "A,paper,96,EUR,2024-03-11;B,paper,96,EUR,2024-03-18;C,paper,96,EUR,2024-03-19;"
           "D,paper,96,EUR,2024-02-29");

  CHECK(run.kg(0) == Approx(120));
  CHECK(run.cell(0, "fx_period") == "2024-03-11");
  CHECK(run.kg(1) == Approx(120));
  CHECK(run.reject_codes() == "missing_exchange_rate missing_exchange_rate");
  CHECK(run.rejects[0].message ==
        "there is no exchange rate from EUR to USD for the row's day or the 7 before");
}

TEST_CASE("rates: what contradicts itself or is no date is refused, with its records", "[scope3]") {
  const auto fault = [](const std::string& records, const char* period = "month") {
    return Goods(by(period), rates(records)).fault("id,activity,spend:float,currency,date:date");
  };

  CHECK(fault("2024-03-01,EUR,1\n2024-03-02,EUR,1\n2024-03-01,EUR,2\n") ==
        "fx.lookup: lookup \"fx\", records 1 and 3: EUR has two rates of one day or month");
  CHECK(fault("2024-03,EUR,1\n2024-03-02,EUR,1\n") ==
        "fx.lookup: lookup \"fx\", records 1 and 2: EUR has a rate of a month beside one of its "
        "days");
  CHECK(fault("20240301,EUR,1\n") ==
        "fx.date: lookup \"fx\", record 1: \"20240301\" is not a day or a month like 2021-03-01");
  CHECK(fault("2024-02-30,EUR,1\n").find("is not a day") != std::string::npos);
  CHECK(fault("2024-03-01,EUR,1\n2024-04-01,EUR,1\n", "day") ==
        "fx.period: lookup \"fx\" has no rates of days: no month has more than one record");
}
