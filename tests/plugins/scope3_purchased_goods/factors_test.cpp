// The broker: tables as they are published, which factor is taken, and tables that are wrong.
#include <catch2/catch.hpp>

#include "tests/plugins/scope3_purchased_goods/purchased_goods.hpp"

namespace {

const char* const kHead =
    "set,set_version,factor_id,activity_code,activity,region,year,currency,price_basis,value,unit,"
    "boundary,gwp_set,source\n";

Tables factors(const std::string& records) { return {{"factors", kHead + records}}; }

// What binding to a table complains about.
std::string fault(Tables tables, Map options = {}) {
  return PurchasedGoodsRun(std::move(options), std::move(tables)).fault("id,activity,spend:float");
}

}  // namespace

TEST_CASE("factors: the EPA's file is used as it is published", "[scope3]") {
  const char* const published =
      "2017 NAICS Code,2017 NAICS Title,GHG,Unit,"
      "Supply Chain Emission Factors without Margins,Margins of Supply Chain Emission Factors,"
      "Supply Chain Emission Factors with Margins,Reference USEEIO Code\n"
      "111110,Soybean Farming,All GHGs,'kg CO2e/2022 USD, purchaser price',0.488,0.044,0.532,"
      "1111A0\n";
  const Map columns = {{"activity_code", "2017 NAICS Code"},
                       {"activity", "2017 NAICS Title"},
                       {"value", "Supply Chain Emission Factors with Margins"},
                       {"unit", "Unit"}};
  const Map defaults = {{"set", "epa_supply_chain"},    {"set_version", "1.3.0"}, {"year", "2022"},
                        {"boundary", "cradle_to_gate"}, {"gwp_set", "AR5"},       {"region", "US"},
                        {"price_basis", "purchaser"}};
  PurchasedGoodsRun run(
      Map{{"factor_columns", columns}, {"factor_defaults", defaults}, {"detail", "full"}},
      {{"factors", published}});

  run.feed("id,activity,spend:float;A,111110,1000");

  CHECK(run.cell(0, "emissions_kgco2e") == "532");  // with margins: 1000 x 0.532
  CHECK(run.cell(0, "activity_unit") == "USD");
  CHECK(run.cell(0, "factor_id") == "epa_supply_chain:1.3.0:111110");
  CHECK(run.cell(0, "factor_unit") == "kg CO2e/2022 USD, purchaser price");
  CHECK(run.cell(0, "factor_year") == "2022");
  CHECK(run.cell(0, "price_basis") == "purchaser");
  CHECK(run.cell(0, "boundary") == "cradle_to_gate");
  CHECK(run.cell(0, "factor_region") == "US");
}

TEST_CASE("factors: money of another year than the job says is refused", "[scope3]") {
  const Tables tables = {
      {"factors", "activity_code,value,unit\n1,1.326,'kg CO2e/2021 USD, purchaser price'\n"}};

  CHECK(
      fault(tables, {{"factor_defaults", Map{{"year", "2022"}, {"boundary", "cradle_to_gate"}}}}) ==
      "factors: lookup \"factors\", record 1: its unit says 2021, its year 2022");
}

TEST_CASE("factors: a mass of an unknown gas is refused", "[scope3]") {
  CHECK(fault(factors("s,1,a,1,A,US,2022,USD,,4.57e-09,'kg/2022 USD, purchaser price',"
                      "cradle_to_gate,,\n"))
            .find("does not say of which gas; give factor_columns.gas") != std::string::npos);
}

TEST_CASE("factors: a record that lacks or contradicts what is needed is refused", "[scope3]") {
  CHECK(fault(factors("s,1,a,1,A,US,2022,USD,,0.5,kgCO2e/USD,,AR5,\n")) ==
        "factors: lookup \"factors\", record 1: it has no boundary; give "
        "factor_defaults.boundary, for example cradle_to_gate");
  CHECK(fault(factors("s,1,a,1,A,US,2022,EUR,,0.5,kgCO2e/USD,cradle_to_gate,AR5,\n")) ==
        "factors: lookup \"factors\", record 1: its unit says USD, its currency EUR");
  CHECK(fault(factors("s,1,a,1,A,US,2022,USD,,x,kgCO2e/USD,cradle_to_gate,AR5,\n")) ==
        "factors: lookup \"factors\", record 1: value \"x\" is not a number");
  CHECK(fault(factors("s,1,a,1,A,US,2022,USD,,-9,kgCO2e/USD,cradle_to_gate,AR5,\n"))
            .find("is negative") != std::string::npos);
  CHECK(fault(factors("s,1,a,1,A,US,2022,,,9,kgCO2e/ton,cradle_to_gate,AR5,\n")) ==
        "factors: lookup \"factors\", record 1: unit \"ton\" is not known; write t, short_ton or "
        "long_ton");
  CHECK(fault(factors("s,1,a,1,A,US,2022,,,9,kgCO2e/t,cradle_to_gate,AR5,\n"
                      "s,1,a,1,A,US,2022,,,8,kgCO2e/t,cradle_to_gate,AR5,\n"))
            .find("factor \"a\" stands twice") != std::string::npos);
  CHECK(fault({{"factors", "activity_code,values\n1,2\n"}}) ==
        "factor_columns.value: lookup \"factors\" has no column \"value\"; did you mean "
        "\"values\"?");
}

TEST_CASE("factors: what is not available is a gap and not a zero", "[scope3]") {
  PurchasedGoodsRun run({}, factors("s,1,a,1,A,US,2022,USD,,NA,kgCO2e/USD,cradle_to_gate,AR5,\n"
                                    "s,1,b,2,B,US,2022,USD,,,kgCO2e/USD,cradle_to_gate,AR5,\n"
                                    "s,1,c,3,C,US,2022,USD,,1,kgCO2e/USD,combustion,AR5,\n"
                                    "s,1,d,4,D,US,2022,USD,,1,kgCO2e/USD,cradle_to_gate,AR5,\n"));

  run.feed("id,activity,spend:float;A,1,1;B,2,1;C,3,1;D,4,1");

  CHECK(run.reject_codes() == "unknown_factor unknown_factor unknown_factor");
  CHECK(run.cell(3, "emissions_kgco2e") == "1");
}

TEST_CASE("factors: region first, then the latest year up to the row's own", "[scope3]") {
  PurchasedGoodsRun run({},
                        factors("s,1,us-20,1,A,US,2020,USD,,1,kgCO2e/USD,cradle_to_gate,AR5,\n"
                                "s,1,us-22,1,A,US,2022,USD,,2,kgCO2e/USD,cradle_to_gate,AR5,\n"
                                "s,1,glo-21,1,A,GLO,2021,USD,,3,kgCO2e/USD,cradle_to_gate,AR5,\n"
                                "s,1,eur-22,1,A,DE,2022,EUR,,4,kgCO2e/EUR,cradle_to_gate,AR5,\n"));

  run.feed(
      "id,activity,spend:float,currency,date:date,region;"
      "A,1,1,USD,2021-06-30,US;B,1,1,USD,2023-01-01,US;C,1,1,USD,2019-01-01,US;"
      "D,1,1,USD,2021-06-30,FR;E,1,1,EUR,2021-06-30,US;F,1,1,USD,,us");

  CHECK(run.cell(0, "factor_id") == "us-20");
  CHECK(run.cell(1, "factor_id") == "us-22");
  CHECK(run.cell(2, "factor_id") == "us-20");  // none is early enough: the nearest later one
  CHECK(run.cell(3, "factor_id") == "glo-21");
  CHECK(run.cell(4, "factor_id") == "eur-22");
  CHECK(run.cell(5, "factor_id") == "us-22");  // no date: the latest
}

TEST_CASE("factors: a mapping leads from the job's own categories to codes", "[scope3]") {
  PurchasedGoodsRun run(
      Map{{"mapping", Map{{"lookup", "sectors"}, {"key", "category"}, {"code", "naics"}}},
          {"columns", Map{{"id", "Number"}, {"spend", "Amount"}, {"activity", "Category"}}},
          {"carry", List{"Line"}}},
      {{"factors", kFactors},
       {"sectors", "category,naics\n'STEEL, RAW',331110\nLEGAL SERVICES,541110\nZOO,712130\n"}});

  run.feed(
      "Number,Line:int64,Category,Amount:float;50,1,'STEEL, RAW',10;50,2,LEGAL SERVICE,10;"
      "50,3,331110,10;50,4,ZOO,10");

  CHECK(run.streams[0].schema[0].name == "Number");
  CHECK(run.streams[0].schema[1].name == "Line");
  CHECK(run.cell(0, "Line") == "1");
  CHECK(run.cell(0, "emissions_kgco2e") == "8");
  CHECK(run.reject_codes() == "unknown_factor unknown_factor unknown_factor");
  CHECK(run.rejects[0].message ==
        "the mapping has no \"LEGAL SERVICE\"; near to it: \"LEGAL SERVICES\"");
  CHECK(run.rejects[2].message == "no factor for activity code \"712130\"");
}

TEST_CASE("factors: a mapping with two codes for one category is refused", "[scope3]") {
  CHECK(fault({{"factors", kFactors}, {"sectors", "activity,activity_code\nX,331110\nX,541110\n"}},
              {{"mapping", Map{{"lookup", "sectors"}}}}) ==
        "mapping: lookup \"sectors\" maps \"X\" to two codes");
}
