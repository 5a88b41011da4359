// What holds for every row of every category, and the words that users meet.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "plugins/calculators/scope3/common/gap.hpp"
#include "tests/plugins/scope3_common/goods.hpp"

namespace {

const Tables kTables = {{"factors",
                         "set,factor_id,activity_code,value,unit,boundary\n"
                         "s,a,1,0.7,kgCO2e/kg,cradle_to_gate\n"
                         "s,b,2,0.3,kgCO2e/USD,cradle_to_gate\n"}};

std::string readme() {
  std::ifstream in(std::string(CHUNKMILL_SOURCE_DIR) + "/plugins/calculators/scope3/README.md");
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// Rows of two kinds with amounts scaled by `scale`.
std::vector<std::string> ledger(double scale) {
  std::vector<std::string> rows;
  for (int i = 1; i <= 200; ++i) {
    const std::string amount = std::to_string(i * scale);
    rows.push_back("R" + std::to_string(i) +
                   (i % 2 == 0 ? ",1," + amount + ",kg," : ",2,,," + amount));
  }
  return rows;
}

std::vector<std::string> results(const std::vector<std::string>& rows) {
  std::string text = "id,activity,quantity:float,unit,spend:float";
  for (const std::string& row : rows) text += ";" + row;
  Goods run({}, kTables);
  run.feed(text);
  return run.lines();
}

double total(const std::vector<std::string>& rows) {
  std::string text = "id,activity,quantity:float,unit,spend:float";
  for (const std::string& row : rows) text += ";" + row;
  Goods run({}, kTables);
  run.feed(text);
  return run.host.metrics["emissions_kgco2e"];
}

}  // namespace

TEST_CASE("rows: amounts k times as large give results k times as large", "[scope3]") {
  CHECK(total(ledger(4)) == Approx(4 * total(ledger(1))));
}

TEST_CASE("rows: a row that is split in two changes nothing", "[scope3]") {
  CHECK(total({"A,1,30,kg,", "B,2,,,7"}) ==
        Approx(total({"A,1,10,kg,", "A,1,20,kg,", "B,2,,,3", "B,2,,,4"})));
}

TEST_CASE("rows: their order changes nothing but the order of results", "[scope3]") {
  std::vector<std::string> rows = ledger(1.5);
  std::vector<std::string> before = results(rows);
  std::reverse(rows.begin(), rows.end());
  std::vector<std::string> after = results(rows);

  std::sort(before.begin(), before.end());
  std::sort(after.begin(), after.end());
  CHECK(before == after);
}

TEST_CASE("rows: what is not in scope is rejected with the reason", "[scope3]") {
  Goods run(Map{{"mapping", Map{{"lookup", "map"}}}},
            {{"factors", kTables.at("factors")},
             {"map", "activity,activity_code\nSteel,1\nSalaries,'out_of_scope: payroll'\n"}});

  run.feed(
      "id,activity,quantity:float,unit,exclude;A,Steel,1,kg,;B,Salaries,1,kg,;"
      "C,Steel,1,kg,within the group");

  CHECK(run.reject_codes() == "out_of_scope out_of_scope");
  CHECK(run.rejects[0].message == "out_of_scope: payroll");
  // Whoever wrote the mapping knows that there is no factor for it.
  for (const auto& line : run.host.log) CHECK(line.level < CM_LOG_WARN);
  CHECK(run.rejects[1].message == "within the group");
}

TEST_CASE("rows: a category that is blank, none, or another one's", "[scope3]") {
  Goods run(Map{{"columns", Map{{"category_number", "cat"}}}}, kTables);

  run.feed(
      "id,activity,quantity:float,unit,cat;A,1,1,kg,1;B,1,1,kg,;C,1,1,kg,0;D,1,1,kg,16;"
      "E,1,1,kg,4");

  CHECK(run.reject_codes() == "missing_category unknown_category unknown_category other_category");
}

TEST_CASE("rows: an id that the row before has is rejected where the job says so", "[scope3]") {
  Goods run(Map{{"duplicate_ids", "reject"}, {"carry", "line"}}, kTables);

  run.feed("id,line,activity,quantity:float,unit;A,1,1,1,kg;A,2,1,1,kg;A,2,1,1,kg;B,2,1,1,kg");

  REQUIRE(run.reject_codes() == "duplicate_id");
  CHECK(run.rejects[0].row == 2);
}

TEST_CASE("rows: a fixed unit is the job's, and is checked before a row is read", "[scope3]") {
  Goods fixed(Map{{"units", Map{{"quantity", "t"}}}}, kTables);
  Goods none({}, kTables);
  Goods wrong(Map{{"units", Map{{"quantity", "furlong"}}}}, kTables);
  Goods other(Map{{"units", Map{{"material_mass", "km"}}}}, kTables);

  fixed.feed("id,activity,quantity:float;A,1,2");

  CHECK(fixed.kg(0) == Approx(1400));
  CHECK(none.fault("id,activity,quantity:float") ==
        "units.quantity: column \"quantity\" has no unit: there is no column \"unit\"; give "
        "`units: {quantity: ...}`");
  CHECK(wrong.fault("id,activity,quantity:float") ==
        "units.quantity: unit \"furlong\" is not known");
  CHECK(other.fault("id,activity,quantity:float,unit,material_mass:float") ==
        "units.material_mass: unit \"km\" is of distance, where mass is needed");
}

TEST_CASE("rows: own factors that nobody verified have a limit where the job sets one",
          "[scope3]") {
  Goods run(Map{{"verify_above", 100}}, kTables);

  run.feed(
      "id,activity,quantity:float,unit,supplier_factor:float,supplier_factor_verified:bool;"
      "A,1,10,kg,5,false;B,1,100,kg,5,false;C,1,100,kg,5,true");

  CHECK(run.cell(0, "method") == "supplier_specific");
  CHECK(run.cell(1, "method") == "average_data");
  CHECK(run.cell(1, "method_reason") == "supplier_specific:unverified_factor");
  CHECK(run.kg(2) == 500);
}

TEST_CASE("rows: returned goods are netted, a negative mass alone is refused", "[scope3]") {
  Goods run({}, kTables);

  run.feed("id,activity,quantity:float,unit,spend:float;A,1,-10,kg,-50;B,1,-10,kg,");

  CHECK(run.kg(0) == Approx(-7));
  CHECK(run.cell(0, "flags") == "credit_note");
  CHECK(run.reject_codes() == "negative_amount");
}

TEST_CASE("rows: every reject code stands in the table of the README", "[scope3]") {
  const std::string text = readme();
  for (size_t i = 2; i < chunkmill::scope3::kGaps; ++i) {
    const std::string code(chunkmill::scope3::kGapCodes[i]);
    INFO(code);
    CHECK((text.find("| " + code) != std::string::npos ||
           text.find(", " + code) != std::string::npos));
  }
}
