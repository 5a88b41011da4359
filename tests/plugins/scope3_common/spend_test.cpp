// Spend: tax, currency, price index, price basis, each step by hand.
#include <catch2/catch.hpp>

#include "tests/plugins/scope3_common/goods.hpp"

namespace {

const Tables kTables = {
    {"factors",
     "set,factor_id,activity_code,region,price_code,value,unit,boundary\n"
     "epa,steel,331,US,331A,0.8,'kg CO2e/2022 USD, purchaser price',cradle_to_gate\n"
     "epa,houses,236,US,'23A, 23B',0.5,'kg CO2e/2022 USD, purchaser price',cradle_to_gate\n"
     "epa,law,541,US,none,0.1,'kg CO2e/2022 USD, purchaser price',cradle_to_gate\n"},
    {"fx",
     "Date,Country,Exchange rate\n"
     "2021-03-01,United Kingdom,0.8\n2021-04-01,United Kingdom,0.5\n2021-03-01,Euro,0.5\n"
     "2020-03-01,Euro,0.625\n2024-03-01,Euro,0.5\n2010-03-01,Euro,0.5\n"},
    {"prices",
     "bea_code,2020,2021,2022,2023\n331A,50,80,100,110\n23A,50,100,100,100\n23B,50,60,100,100\n"}};

Map with(std::initializer_list<std::pair<std::string, chunkmill::testing::Value>> more = {}) {
  Map out{{"fx", Map{{"lookup", "fx"}}},
          {"price_index", Map{{"lookup", "prices"}}},
          {"detail", "full"},
          {"explain", true}};
  for (const auto& one : more) out.push_back(one);
  return out;
}

const char* const kColumns = "id,activity,spend:float,currency,date:date;";

}  // namespace

TEST_CASE("spend: currency of the month first, then the sector's prices, then the factor",
          "[scope3]") {
  Goods run(with(), kTables);

  run.feed(std::string(kColumns) + "A,331,800,GBP,2021-03-17;B,331,1000,USD,2022-01-01");

  // 800 GBP / 0.8 = 1,000 USD of 2021; x 100 / 80 = 1,250 USD of 2022; x 0.8 = 1,000
  CHECK(run.kg(0) == 1000);
  CHECK(run.cell(0, "amount_given") == "800");
  CHECK(run.cell(0, "unit_given") == "GBP");
  CHECK(run.cell(0, "fx_rate") == "1.25");
  CHECK(run.cell(0, "fx_period") == "2021-03");
  CHECK(run.cell(0, "price_ratio") == "1.25");
  CHECK(run.cell(0, "price_years") == "2021>2022");
  CHECK(run.cell(0, "activity_amount") == "1250");
  CHECK(run.cell(0, "flags") == "later_factor");  // its year is that of its money
  CHECK(run.cell(0, "explain") ==
        "spend_based: 800 GBP x 1.25 (2021-03) x 1.25 (prices 2021>2022) = 1250 USD x 0.8 kg "
        "CO2e/2022 USD, purchaser price [steel, epa] = 1000 kgCO2e");
  CHECK(run.kg(1) == 800);
  CHECK(run.cell(1, "fx_period").empty());
  CHECK(run.cell(1, "price_years").empty());
}

TEST_CASE("spend: a list of sectors stands for their mean", "[scope3]") {
  Goods run(with(), kTables);

  run.feed(std::string(kColumns) + "A,236,800,USD,2021-06-01");

  CHECK(run.kg(0) == 500);  // 800 x 100 / ((100 + 60) / 2) x 0.5
}

TEST_CASE("spend: a year after the index takes its last one, marked; one before it is a reject",
          "[scope3]") {
  Goods run(with(), kTables);

  run.feed(std::string(kColumns) +
           "A,331,1100,USD,2024-03-01;B,331,1,USD,2010-03-01;C,541,10,USD,2021-01-01");

  CHECK(run.kg(0) == Approx(800));  // 1,100 x 100 / 110 x 0.8
  CHECK(run.cell(0, "flags") == "index_year_carried");
  CHECK(run.cell(0, "price_years") == "2023>2022");
  CHECK(run.reject_codes() == "missing_price_index");
  CHECK(run.kg(2) == Approx(1));  // the sector has no index
  CHECK(run.cell(2, "flags") == "price_year_differs,later_factor");
}

TEST_CASE("spend: a currency without a rate in the period, or without a date, is a reject",
          "[scope3]") {
  Goods run(with(), kTables);

  run.feed(std::string(kColumns) +
           "A,331,1,GBP,2021-05-01;B,331,1,CHF,2021-03-01;C,331,1,GBP,;"
           "D,331,1,EURO,2021-03-01");

  CHECK(run.reject_codes() ==
        "missing_exchange_rate missing_exchange_rate missing_date unknown_currency");
  CHECK(run.rejects[0].message == "there is no exchange rate from GBP to USD for the row's month");
}

TEST_CASE("spend: a year's rate is the mean of its months by their days, marked when days lack",
          "[scope3]") {
  Map options = with();
  options[0].second = Map{{"lookup", "fx"}, {"period", "year"}};
  Goods yearly(options, kTables);

  yearly.feed(std::string(kColumns) + "A,331,650,GBP,2021-12-31");

  // March and April: 650 / ((0.8 x 31 + 0.5 x 30) / 61) USD; x 1.25 x 0.8
  CHECK(yearly.kg(0) == Approx(650 / ((0.8 * 31 + 0.5 * 30) / 61)));
  CHECK(yearly.cell(0, "fx_period") == "2021");
  CHECK(yearly.cell(0, "flags") == "rate_of_part_year,later_factor");
}

TEST_CASE("spend: tax and recharges are taken off before all else", "[scope3]") {
  const std::string rows =
      "id,activity,spend:float,currency,date:date,tax_included:bool,tax_percent:float,"
      "tax_amount:float,recharge:float;"
      "A,331,1200,USD,2022-01-01,true,20,,;B,331,1200,USD,2022-01-01,true,,150,50;"
      "C,331,1200,USD,2022-01-01,false,20,,;D,331,1200,USD,2022-01-01,true,,,";
  Goods run(with(), kTables);
  Goods job(with({{"tax_included", true}, {"tax_percent", 50}}), kTables);

  run.feed(rows);
  job.feed("id,activity,spend:float;A,331,1500");

  CHECK(run.kg(0) == 800);  // 1,200 / 1.2 x 0.8
  CHECK(run.cell(0, "amount_net") == "1000");
  CHECK(run.kg(1) == 800);                       // (1,200 - 150 - 50) x 0.8
  CHECK(run.kg(2) == 960);                       // it holds no tax
  CHECK(run.reject_codes() == "missing_input");  // tax inside, of no known rate
  CHECK(job.kg(0) == 800);
}

TEST_CASE("spend: purchaser's spend takes the factor with margins, producer's that without",
          "[scope3]") {
  const Tables tables = {{"factors",
                          "factor_id,activity_code,value,unit,boundary\n"
                          "with,1,0.532,'kg CO2e/2022 USD, purchaser price',cradle_to_gate\n"
                          "without,1,0.488,'kg CO2e/2022 USD, producer price',cradle_to_gate\n"
                          "only,2,1,'kg CO2e/2022 USD, producer price',cradle_to_gate\n"}};
  Goods run(Map{{"price_basis", "purchaser"}}, tables);

  run.feed(
      "id,activity,spend:float,price_basis;A,1,1000,;B,1,1000,producer;C,2,1,purchaser;"
      "D,1,1,retail");

  CHECK(run.cell(0, "factor_id") == "with");
  CHECK(run.cell(1, "factor_id") == "without");
  CHECK(run.reject_codes() == "price_basis_mismatch unknown_word");
}
