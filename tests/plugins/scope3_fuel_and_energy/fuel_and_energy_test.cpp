// Activities A to D by hand.
#include "plugins/calculators/scope3/fuel_and_energy/fuel_and_energy.hpp"

#include <catch2/catch.hpp>

#include "tests/plugins/scope3_common/category_run.hpp"

namespace {

using Run = CategoryRun<chunkmill::scope3::FuelAndEnergy>;

// Of gas both parts are known, of coal only life cycle and combustion. GB publishes its losses.
const char* const kFactors =
    "set,factor_id,activity_code,region,value,unit,boundary\n"
    "s,gas-wtt,gas,,0.03,kgCO2e/kWh,upstream\n"
    "s,gas-ttw,gas,,0.18,kgCO2e/kWh,combustion\n"
    "s,coal-wtw,coal,,2700,kgCO2e/t,life_cycle\n"
    "s,coal-ttw,coal,,2400,kgCO2e/t,combustion\n"
    "s,us-lc,electricity,US,0.45,kgCO2e/kWh,life_cycle\n"
    "s,us-c,electricity,US,0.40,kgCO2e/kWh,combustion\n"
    "d,gb-c,electricity,GB,0.20,kgCO2e/kWh,combustion\n"
    "d,gb-wtt,electricity,GB,0.05,kgCO2e/kWh,upstream\n"
    "d,gb-td,electricity,GB,0.02,kgCO2e/kWh,td_losses\n"
    "d,gb-td-wtt,electricity,GB,0.005,kgCO2e/kWh,td_losses_upstream\n";
const char* const kRates = "region,loss_percent\nUS,5\nGLO,8\n";
const Tables kTables = {{"factors", kFactors}, {"rates", kRates}};

Map with(std::initializer_list<std::pair<std::string, chunkmill::testing::Value>> more) {
  Map out{{"loss_rates", "rates"}};
  for (const auto& one : more) out.push_back(one);
  return out;
}

const char* const kColumns = "id,energy_activity,activity,region,quantity:float,unit;";

}  // namespace

TEST_CASE("fuel_and_energy: a fuel counts with what is emitted before it is burnt", "[scope3]") {
  Run run({}, kTables);

  run.feed(std::string(kColumns) + "A,fuel,gas,GB,1000,kWh;B,fuel,coal,GB,2,t;C,fuel,gas,,3.6,GJ");

  CHECK(run.cell(0, "kind") == "A fuel");
  CHECK(run.kg(0) == Approx(30));   // [3.1] 1,000 x 0.03
  CHECK(run.kg(1) == Approx(600));  // 2 x (2,700 - 2,400)
  CHECK(run.cell(1, "factor_id") == "coal-wtw - coal-ttw");
  CHECK(run.kg(2) == Approx(30));  // 3.6 GJ = 1,000 kWh
}

TEST_CASE(
    "fuel_and_energy: losses are life cycle x rate by the formula, combustion x rate by the "
    "example",
    "[scope3]") {
  const std::string rows = std::string(kColumns) + "A,losses,electricity,US,1000,kWh";
  Run formula(with({{"losses", "formula_3_3"}}), kTables);
  Run example(with({{"losses", "example_3_1"}}), kTables);
  Run of_generated(with({{"loss_rate_of", "generated"}}), kTables);

  formula.feed(rows);
  example.feed(rows);
  of_generated.feed(rows);

  CHECK(formula.kg(0) == Approx(22.5));                            // [3.3] 1,000 x 5 % x 0.45
  CHECK(example.kg(0) == Approx(20));                              // 1,000 x 5 % x 0.40
  CHECK(of_generated.kg(0) == Approx(1000 * 0.05 / 0.95 * 0.45));  // l / (1 - l)
}

TEST_CASE("fuel_and_energy: the row's own loss rate goes first, the world's goes last",
          "[scope3]") {
  Run run(with({}), {{"factors",
                      "set,factor_id,activity_code,value,unit,boundary\n"
                      "s,lc,electricity,0.5,kgCO2e/kWh,life_cycle\n"},
                     {"rates", kRates}});

  run.feed(
      "id,energy_activity,activity,region,quantity:float,unit,loss_percent:float;"
      "A,losses,electricity,US,1000,kWh,3;B,losses,electricity,US-CA,1000,kWh,;"
      "C,losses,electricity,FR,1000,kWh,");

  CHECK(run.kg(0) == Approx(15));  // 3 % x 0.5
  CHECK(run.kg(1) == Approx(25));  // 5 %, of the country
  CHECK(run.kg(2) == Approx(40));  // 8 %
}

TEST_CASE("fuel_and_energy: electricity with published losses has three lines", "[scope3]") {
  Run run(Map{{"parts", true}}, kTables);

  run.feed(std::string(kColumns) + "A,upstream_and_losses,electricity,GB,1000,kWh");

  CHECK(run.kg(0) == Approx(75));  // 1,000 x (0.05 + 0.02 + 0.005)
  CHECK(run.cell(0, "parts") == "3");
  CHECK(run.cell(0, "kind") == "B, C upstream and losses");
  CHECK(run.lines(1).size() == 3);
}

TEST_CASE("fuel_and_energy: resold energy counts with its whole life cycle", "[scope3]") {
  Run run({}, kTables);

  run.feed(std::string(kColumns) +
           "A,resold,electricity,US,1000,kWh;"
           "B,resold,electricity,GB,1,MWh");

  CHECK(run.kg(0) == Approx(450));  // [3.4] 1,000 x 0.45
  CHECK(run.kg(1) == Approx(250));  // 1,000 x (0.20 + 0.05)
}

TEST_CASE("fuel_and_energy: losses inside a factor are taken out of its upstream", "[scope3]") {
  Run run(with({{"losses_in_factor", true}}), kTables);

  run.feed(std::string(kColumns) + "A,upstream,electricity,US,1000,kWh");

  CHECK(run.kg(0) == Approx(27.5));  // [3.2] 1,000 x (0.45 - 0.40 - 5 % x 0.45)
}

TEST_CASE("fuel_and_energy: a supplier's life cycle factor is used less combustion", "[scope3]") {
  Run run({}, kTables);

  run.feed(
      "id,energy_activity,activity,region,quantity:float,unit,supplier_factor:float,"
      "supplier_factor_unit,supplier_factor_boundary;"
      "A,upstream,electricity,US,1000,kWh,0.42,kgCO2e/kWh,life_cycle;"
      "B,upstream,electricity,US,1000,kWh,0.06,kgCO2e/kWh,upstream;"
      "C,upstream,electricity,US,1000,kWh,0.4,kgCO2e/kWh,combustion");

  CHECK(run.kg(0) == Approx(20));  // 1,000 x (0.42 - 0.40)
  CHECK(run.cell(0, "method") == "supplier_specific");
  CHECK(run.kg(1) == Approx(60));
  CHECK(run.cell(2, "method") == "average_data");
  CHECK(run.cell(2, "method_reason") == "supplier_specific:boundary_mismatch");
}

TEST_CASE("fuel_and_energy: a row says which activity it is, or the job does", "[scope3]") {
  Run silent({}, kTables);
  Run job(Map{{"energy_activity", "fuel"}}, kTables);

  silent.feed("id,energy_activity,activity,quantity:float,unit;A,,gas,1,kWh;B,tank,gas,1,kWh");
  job.feed("id,activity,quantity:float,unit;A,gas,1000,kWh");

  CHECK(silent.reject_codes() == "missing_input unknown_word");
  CHECK(job.kg(0) == Approx(30));
}

TEST_CASE("fuel_and_energy: without a loss rate there are no losses to guess", "[scope3]") {
  Run run({}, kTables);

  run.feed(std::string(kColumns) + "A,losses,electricity,US,1000,kWh");

  CHECK(run.reject_codes() == "missing_input");
  CHECK(run.rejects[0].column == "loss_percent");
}
