// Equity and projects by the GHG Protocol, PCAF's asset classes, by hand.
#include "plugins/calculators/scope3/investments/investments.hpp"

#include <catch2/catch.hpp>

#include "tests/plugins/scope3_common/category_run.hpp"

namespace {

using Run = CategoryRun<chunkmill::scope3::Investments>;
using chunkmill::testing::Value;

const Tables kTables = {{"factors",
                         "set,factor_id,activity_code,value,unit,boundary\n"
                         "s,steel-12,steel,0.8,kgCO2e/USD,gate_to_gate\n"
                         "s,steel-all,steel,1.5,kgCO2e/USD,cradle_to_gate\n"
                         "s,steel-t,steel,1800,kgCO2e/t,gate_to_gate\n"
                         "s,power,power,0.5,kgCO2e/USD,gate_to_gate\n"
                         "s,building,building,0.3,kgCO2e/USD,gate_to_gate\n"
                         "s,grid,grid,0.5,kgCO2e/kWh,life_cycle\n"
                         "s,flat,flat,50,kgCO2e/m2,life_cycle\n"
                         "s,car,car,2000,kgCO2e/vehicle,life_cycle\n"}};

const char* const kReported =
    "id,asset_class,reported_emissions:float,reported_emissions_unit,share_percent:float,"
    "outstanding:float,evic:float,total_equity:float,total_debt:float,balance_sheet_total:float,"
    "value_at_origination:float,ppp_gdp:float,lulucf;";

Map full(std::initializer_list<std::pair<std::string, Value>> more = {}) {
  Map out{{"detail", "full"}, {"currency", "USD"}};
  for (const auto& one : more) out.push_back(one);
  return out;
}

}  // namespace

TEST_CASE("investments: equity counts scope 1 and 2 by the share that is held", "[scope3]") {
  Run run(full(), kTables);

  run.feed(
      "id,asset_class,reported_emissions:float,reported_emissions_unit,share_percent:float,"
      "activity,revenue:float;"
      "A,equity,120000,t CO2e,40,steel,1000000;B,equity,,,25,steel,2000000");

  CHECK(run.kg(0) == Approx(48e6));  // [15.1] 120,000 t x 40 %
  CHECK(run.cell(0, "method") == "investment_specific");
  CHECK(run.cell(0, "kind") == "scope 1 and 2");
  CHECK(run.cell(0, "category") == "15");
  CHECK(run.cell(0, "runner_up_kgco2e") == "320000");  // 1,000,000 x 0.8 x 40 %
  CHECK(run.cell(0, "pcaf_score") == "null");
  CHECK(run.kg(1) == Approx(400'000));  // [15.2] 2,000,000 x 0.8 x 25 %
  CHECK(run.cell(1, "method") == "average_data");
}

TEST_CASE("investments: a sector's whole supply chain is taken only when the job says so",
          "[scope3]") {
  Run run(full({{"sector_factors", "cradle_to_gate"}}), kTables);

  run.feed("id,asset_class,share_percent:float,activity,revenue:float;A,equity,25,steel,2000000");

  CHECK(run.kg(0) == Approx(750'000));  // 2,000,000 x 1.5 x 25 %
  CHECK(run.cell(0, "boundary") == "cradle_to_gate");
}

TEST_CASE("investments: a project counts by its share of the cost, its lifetime is a line apart",
          "[scope3]") {
  Run run(full(), kTables);

  run.feed(
      "id,asset_class,reported_emissions:float,reported_emissions_unit,share_percent:float,"
      "activity,revenue:float,construction_cost:float,lifetime_years:float;"
      "A,project,30000,t CO2e,20,,,,;B,project,,,20,building,,5000000,;"
      "C,project,,,20,power,4000000,,;D,project_lifetime,30000,t CO2e,20,,,,25;"
      "E,project_lifetime,30000,t CO2e,20,,,,;F,equity,,,20,building,,5000000,");

  CHECK(run.kg(0) == Approx(6e6));  // [15.3] 30,000 t x 20 %
  CHECK(run.cell(0, "method") == "project_specific");
  CHECK(run.kg(1) == Approx(300'000));  // [15.4] 5,000,000 x 0.3 x 20 %
  CHECK(run.kg(2) == Approx(400'000));  // [15.4] 4,000,000 x 0.5 x 20 %
  CHECK(run.kg(3) == Approx(150e6));    // [15.4, the second] 30,000 t x 25 years x 20 %
  CHECK(run.cell(3, "kind") == "project lifetime, scope 1 and 2");
  CHECK(run.cell(3, "flags") == "optional,scaled");
  CHECK(run.reject_codes() == "missing_input out_of_scope");
}

TEST_CASE("investments: each asset class of PCAF has its own attribution", "[scope3]") {
  Run run(full(), kTables);

  run.feed(std::string(kReported) +
           "A,listed_equity,1000,t CO2e,,5,50,,,,,,;"
           "B,corporate_bond,1000,t CO2e,,5,,10,15,,,,;"
           "C,business_loan,1000,t CO2e,,5,,-20,25,,,,;"
           "D,business_loan,1000,t CO2e,,5,,,,40,,,;"
           "E,unlisted_equity,1000,t CO2e,30,,,10,20,,,,;"
           "F,project_finance,1000,t CO2e,,5,,4,6,,,,;"
           "G,commercial_real_estate,1000,t CO2e,,5,,,,,20,,;"
           "H,mortgage,1000,t CO2e,,5,,,,,8,,;"
           "I,motor_vehicle,1000,t CO2e,,5,,,,,6.25,,;"
           "J,motor_vehicle,1000,t CO2e,,5,,,,,,,;"
           "K,sovereign_debt,1000,t CO2e,,5,,,,,,1000,without");

  CHECK(run.rejects.empty());
  CHECK(run.kg(0) == Approx(100'000));    // 5.1: 5 / 50
  CHECK(run.kg(1) == Approx(200'000));    // 5.2: 5 / (10 + 15)
  CHECK(run.kg(2) == Approx(200'000));    // 5 / (0 + 25): negative equity is zero
  CHECK(run.kg(3) == Approx(125'000));    // 5 / 40
  CHECK(run.kg(4) == Approx(100'000));    // 30 % x 10 / (10 + 20)
  CHECK(run.kg(5) == Approx(500'000));    // 5.3: 5 / (4 + 6)
  CHECK(run.kg(6) == Approx(250'000));    // 5.4: 5 / 20
  CHECK(run.kg(7) == Approx(625'000));    // 5.5: 5 / 8
  CHECK(run.kg(8) == Approx(800'000));    // 5.6: 5 / 6.25
  CHECK(run.kg(9) == Approx(1'000'000));  // unknown value: all of it
  CHECK(run.kg(10) == Approx(5000));      // 5.7: 5 / 1,000
  CHECK(run.cell(10, "kind") == "sovereign, without LULUCF");
}

TEST_CASE("investments: scores go from verified emissions to factors of assets", "[scope3]") {
  Run run(full(), kTables);

  run.feed(
      "id,asset_class,outstanding:float,evic:float,value_at_origination:float,"
      "reported_emissions:float,reported_emissions_unit,reported_verified:bool,electricity:float,"
      "electricity_unit,electricity_source,activity,quantity:float,unit,revenue:float,assets:float,"
      "assets_unit,pcaf_score:float;"
      "A,listed_equity,1,10,,100,t CO2e,true,,,,,,,,,,;"
      "B,listed_equity,1,10,,100,t CO2e,,,,,,,,,,,;"
      "C,business_loan,1,10,,,,,100,MWh,grid,,,,,,,;"
      "D,business_loan,1,10,,,,,,,,steel,50,t,,,,;"
      "E,business_loan,1,10,,,,,,,,steel,,,1000000,,,;"
      "F,mortgage,80,,100,,,,,,,flat,,,,90,m2,;"
      "G,motor_vehicle,4,,10,,,,,,,car,,,,1,vehicle,3;"
      "H,motor_vehicle,4,,10,,,,,,,car,,,,1,vehicle,7");

  CHECK(run.cell(0, "pcaf_score") == "1");
  CHECK(run.cell(1, "pcaf_score") == "2");
  CHECK(run.cell(2, "pcaf_score") == "2");
  CHECK(run.kg(2) == Approx(5000));  // 100,000 kWh x 0.5 / 10
  CHECK(run.cell(2, "method") == "physical_activity");
  CHECK(run.cell(3, "pcaf_score") == "3");
  CHECK(run.kg(3) == Approx(9000));  // 50 t x 1,800 / 10
  CHECK(run.cell(4, "pcaf_score") == "4");
  CHECK(run.kg(4) == Approx(80'000));  // 1,000,000 x 0.8 / 10
  CHECK(run.cell(5, "pcaf_score") == "5");
  CHECK(run.kg(5) == Approx(3600));  // 90 m2 x 50 x 80 / 100
  CHECK(run.cell(5, "method") == "asset_based");
  CHECK(run.cell(6, "pcaf_score") == "3");  // said by the row
  CHECK(run.kg(6) == Approx(800));          // 2,000 x 4 / 10
  CHECK(run.reject_codes() == "unknown_word");
}

TEST_CASE("investments: scope 3 of an investee is a line apart", "[scope3]") {
  Run run(full(), kTables);

  run.feed(
      "id,asset_class,reported_emissions:float,reported_emissions_unit,investee_scope,"
      "outstanding:float,evic:float,activity,revenue:float;"
      "A,listed_equity,100,t CO2e,12,1,10,,;B,listed_equity,900,t CO2e,3,1,10,,;"
      "C,listed_equity,900,t CO2e,123,1,10,,;D,listed_equity,,,3,1,10,steel,1000000");

  CHECK(run.kg(0) == Approx(10'000));
  CHECK(run.kg(1) == Approx(90'000));
  CHECK(run.cell(1, "kind") == "scope 3 of investee");
  CHECK(run.cell(1, "flags") == "optional");
  // A sector's factor of scope 1 and 2 says nothing of scope 3.
  CHECK(run.reject_codes() == "unknown_word missing_amount");
}

TEST_CASE("investments: what is missing for the attribution is not guessed", "[scope3]") {
  Run run(full(), kTables);

  run.feed(std::string(kReported) +
           "A,listed_equity,1000,t CO2e,,5,,10,15,,,,;"    // no EVIC
           "B,business_loan,1000,t CO2e,,5,,,,,,,;"        // nothing to divide by
           "C,project_finance,1000,t CO2e,,5,,,,9,,,;"     // a balance sheet is no equity and debt
           "D,mortgage,1000,t CO2e,,5,,,,,,,;"             // no value at origination
           "E,sovereign_debt,1000,t CO2e,,5,,,9,,,,with;"  // debt is no GDP
           "F,equity,1000,t CO2e,,5,50,,,,,,;"             // no share
           "G,,1000,t CO2e,,5,50,,,,,,;"
           "H,gold,1000,t CO2e,,5,50,,,,,,;"
           "I,listed_equity,1000,t CO2e,,60,50,,,,,,;"
           "J,listed_equity,1000,t CO2e,,-6,50,,,,,,;"
           "K,business_loan,1000,t CO2e,,5,,-3,0,,,,;"
           "L,equity,1000,t CO2e,140,,,,,,,,;"
           "M,sovereign_debt,1000,t CO2e,,5,,,,,,1000,;"
           "N,equity,1000,t,40,,,,,,,,");

  CHECK(run.reject_codes() ==
        "missing_input missing_input missing_input missing_input missing_input missing_input "
        "missing_input unknown_word share_out_of_range negative_amount share_out_of_range "
        "share_out_of_range missing_input unit_mismatch");
}

TEST_CASE("investments: outstanding and value are of one currency and one day", "[scope3]") {
  Run run(full(), kTables);

  run.feed(
      "id,asset_class,reported_emissions:float,reported_emissions_unit,outstanding:float,"
      "currency,evic:float,value_currency,outstanding_date:date,value_date:date,uncalled_guarantee:"
      "bool;"
      "A,listed_equity,100,t CO2e,1,EUR,10,EUR,2024-12-31,2024-12-31,;"
      "B,listed_equity,100,t CO2e,1,EUR,10,USD,,,;"
      "C,listed_equity,100,t CO2e,1,EUR,10,,2024-12-31,2023-12-31,;"
      "D,listed_equity,100,t CO2e,1,EUR,10,euros,,,;"
      "E,business_loan,100,t CO2e,1,EUR,10,,,,true");

  CHECK(run.kg(0) == Approx(10'000));
  CHECK(run.reject_codes() ==
        "value_currency_mismatch value_date_mismatch unknown_currency out_of_scope");
}
