// Which factor is taken, in the order of the broker's contract.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/plugins/scope3_common/goods.hpp"

namespace {
const char* const kRows = "id,activity,quantity:float,unit,region,date:date;";
}  // namespace

TEST_CASE("broker: a region before the one around it, the world, and any other", "[scope3]") {
  const char* const factors =
      "s,ca,1,,US-CA,2022,,,1,kgCO2e/kg,cradle_to_gate\n"
      "s,us,1,,US,2022,,,2,kgCO2e/kg,cradle_to_gate\n"
      "s,eu,1,,EU,2022,,,3,kgCO2e/kg,cradle_to_gate\n"
      "s,glo,1,,GLO,2022,,,4,kgCO2e/kg,cradle_to_gate\n"
      "s,us-only,2,,US,2022,,,5,kgCO2e/kg,cradle_to_gate\n";
  Goods run({}, choices(factors));
  Goods strict(Map{{"other_regions", false}}, choices(factors));
  const std::string rows = std::string(kRows) +
                           "A,1,1,kg,us-ca,;B,1,1,kg,US-TX,;C,1,1,kg,FR,;D,1,1,kg,JP,;"
                           "E,2,1,kg,JP,;F,1,1,kg,,";

  run.feed(rows);
  strict.feed(rows);

  CHECK(run.cell(0, "match_level") == "exact/same/undated");
  CHECK(run.cell(1, "factor_id") == "us");
  CHECK(run.cell(1, "match_level") == "exact/wider/undated");
  CHECK(run.cell(2, "factor_id") == "eu");
  CHECK(run.cell(3, "factor_id") == "glo");
  CHECK(run.cell(4, "flags") == "other_region");
  CHECK(run.cell(4, "match_level") == "exact/other/undated");
  CHECK(run.cell(5, "factor_id") == "glo");  // what holds everywhere, where nothing is said
  CHECK(strict.reject_codes() == "region_not_covered");
}

TEST_CASE("broker: the row's technology before the average, never another one", "[scope3]") {
  Goods run({}, choices("s,m,metal,,,,,,0,kgCO2e/kg,cradle_to_gate\n"
                        "s,avg,paper,,,,,,1,kgCO2e/t,end_of_life\n"
                        "s,land,paper,Landfill,,,,,2,kgCO2e/t,end_of_life\n"
                        "s,burnt,wood,incineration,,,,,3,kgCO2e/t,end_of_life\n"));

  run.feed(
      "id,supplier_scope12:float,supplier_scope12_unit,material,material_mass:float,"
      "material_mass_unit,supplier_waste:float,supplier_waste_unit,waste_type,"
      "waste_treatment;A,0,kgCO2e,metal,1,kg,1,t,paper,landfill;"
      "B,0,kgCO2e,metal,1,kg,1,t,paper,composting;C,0,kgCO2e,metal,1,kg,1,t,paper,;"
      "D,0,kgCO2e,metal,1,kg,1,t,wood,landfill");

  CHECK(run.kg(0) == 2);
  CHECK(run.kg(1) == 1);
  CHECK(run.kg(2) == 1);
  REQUIRE(run.reject_codes() == "unknown_factor");
  CHECK(run.rejects[0].message ==
        "activity \"wood\" has no factor of that technology; there are: \"incineration\"");
}

TEST_CASE("broker: a factor holds for its days, then the nearest earlier year does", "[scope3]") {
  const char* const factors =
      "s,y20,1,,,2020,,,20,kgCO2e/kg,cradle_to_gate\n"
      "s,y22,1,,,2022,2022-04-01,2023-03-31,22,kgCO2e/kg,cradle_to_gate\n"
      "s,y25,1,,,2025,,,25,kgCO2e/kg,cradle_to_gate\n";
  Goods run({}, choices(factors));
  Goods young(Map{{"max_factor_age", 1}}, choices(factors));
  Goods fixed(Map{{"factor_year", 2025}}, choices(factors));
  const std::string rows = std::string(kRows) +
                           "A,1,1,kg,,2022-03-31;B,1,1,kg,,2022-04-01;C,1,1,kg,,2023-03-31;"
                           "D,1,1,kg,,2024-01-01;E,1,1,kg,,2019-01-01;F,1,1,kg,,";

  run.feed(rows);
  young.feed(rows);
  fixed.feed(rows);

  CHECK(run.cell(0, "factor_id") == "y20");  // the day before y22 begins
  CHECK(run.cell(0, "match_level") == "exact/any/earlier");
  CHECK(run.cell(1, "factor_id") == "y22");
  CHECK(run.cell(2, "match_level") == "exact/any/valid");
  CHECK(run.cell(3, "factor_id") == "y22");
  CHECK(run.cell(4, "factor_id") == "y20");  // none is early enough
  CHECK(run.cell(4, "flags") == "later_factor");
  CHECK(run.cell(5, "factor_id") == "y25");                        // no date: the latest
  CHECK(young.reject_codes() == "factor_too_old factor_too_old");  // A and D
  CHECK(fixed.cell(0, "factor_id") == "y25");
}

TEST_CASE("broker: factors that fit alike are tied unless they say the same", "[scope3]") {
  const char* const factors =
      "s,b,1,,,2022,,,2,kgCO2e/kg,cradle_to_gate\n"
      "s,a,1,,,2022,,,1,kgCO2e/kg,cradle_to_gate\n"
      "s,d,2,,,2022,,,2,kgCO2e/t,cradle_to_gate\n"
      "s,c,2,,,2022,,,0.002,kgCO2e/kg,cradle_to_gate\n"
      "t,e,3,,,2022,,,9,kgCO2e/kg,cradle_to_gate\n"
      "s,f,3,,,2022,,,8,kgCO2e/kg,cradle_to_gate\n";
  const std::string rows = std::string(kRows) + "A,1,1,kg,,;B,2,1,kg,,;C,3,1,kg,,";
  Goods run({}, choices(factors));
  Goods by_id(Map{{"ties", "factor_id"}}, choices(factors));
  Goods preferred(Map{{"set_preference", List{"s", "t"}}}, choices(factors));

  run.feed(rows);
  by_id.feed(rows);
  preferred.feed(rows);

  REQUIRE(run.reject_codes() == "tied_factors tied_factors");
  CHECK(run.rejects[0].message.find("\"a\" (s, 2022) and \"b\" (s, 2022)") != std::string::npos);
  CHECK(run.cell(1, "factor_id") == "c");  // 2 kg/t is 0.002 kg/kg
  CHECK(by_id.cell(0, "factor_id") == "a");
  CHECK(by_id.cell(0, "flags") == "tie_by_factor_id");
  CHECK(preferred.cell(2, "factor_id") == "f");
}

TEST_CASE("broker: several lookups, each in its own shape, the first one preferred", "[scope3]") {
  const auto run_with = [](const char* first, const char* second) {
    Goods run(
        Map{{"factors", List{first, second}},
            {"factor_shapes",
             Map{{"theirs", Map{{"columns", Map{{"activity_code", "Code"}, {"value", "EF"}}},
                                {"defaults", Map{{"set", "theirs"},
                                                 {"unit", "kgCO2e/kg"},
                                                 {"boundary", "cradle_to_gate"}}}}}}}},
        {{"ours", "set,activity_code,value,unit,boundary\nours,1,5,kgCO2e/kg,cradle_to_gate\n"},
         {"theirs", "Code,EF\n1,7\n2,8\n"}});
    run.feed("id,activity,quantity:float,unit;A,1,1,kg;B,2,1,kg");
    return run.cell(0, "factor_set") + " " + run.cell(1, "factor_set");
  };

  CHECK(run_with("ours", "theirs") == "ours theirs");
  CHECK(run_with("theirs", "ours") == "theirs theirs");
}

TEST_CASE("broker: a parent class is named by the record, by a path, or by the number",
          "[scope3]") {
  Goods run({}, {{"factors",
                  "activity_code,parent,value,unit,boundary\n"
                  "metal,,1,kgCO2e/kg,cradle_to_gate\n"
                  "brass,metal,3,kgCO2e/piece,cradle_to_gate\n"
                  "fuel/liquid,,2,kgCO2e/kg,cradle_to_gate\n"
                  "33,,4,kgCO2e/kg,cradle_to_gate\n"}});

  run.feed(
      "id,activity,quantity:float,unit;A,brass,1,kg;B,fuel/liquid/diesel,1,kg;C,331,1,kg;"
      "D,brass,1,kWh");

  CHECK(run.kg(0) == 1);  // brass is there per piece alone
  CHECK(run.cell(0, "match_level") == "parent/any/undated");
  CHECK(run.kg(1) == 2);
  CHECK(run.kg(2) == 4);
  CHECK(run.reject_codes() == "unit_mismatch");
}

TEST_CASE("broker: a code may be said with its system", "[scope3]") {
  Goods run({}, {{"factors",
                  "activity_system,activity_code,value,unit,boundary\n"
                  "NAICS,331110,1,kgCO2e/kg,cradle_to_gate\n"}});

  run.feed("id,activity,quantity:float,unit;A,NAICS:331110,1,kg;B,331110,1,kg;C,ISIC:331110,1,kg");

  CHECK(run.kg(0) == 1);
  CHECK(run.kg(1) == 1);
  CHECK(run.reject_codes() == "unknown_factor");
}

TEST_CASE("broker: the cache keeps regions, years and units apart", "[scope3]") {
  std::string factors;
  std::string rows = kRows;
  for (int i = 0; i < 600; ++i) {
    const std::string n = std::to_string(1000 + i);
    factors += "s,gb" + n + "," + n + ",,GB,2022,,," + n + ",kgCO2e/kg,cradle_to_gate\n" + "s,us" +
               n + "," + n + ",,US,2022,,,1" + n + ",kgCO2e/kg,cradle_to_gate\n";
  }
  for (int round = 0; round < 4; ++round)
    for (int i = 0; i < 600; ++i)
      rows += (round + i == 0 ? "" : ";") + std::to_string(round * 600 + i) + "," +
              std::to_string(1000 + i) + ",1,kg," + (round % 2 == 0 ? "GB" : "US") + ",";
  Goods run({}, choices(factors));

  run.feed(rows);

  bool right = true;
  for (int i = 0; i < 2400; ++i)
    right &= run.kg(i) == 1000 + i % 600 + (i / 600 % 2 == 0 ? 0 : 10000);
  CHECK(right);
}

// More regions than the cache has bits for, and more pairs of region and code than it begins with.
TEST_CASE("broker: rows of many regions find their own, in whatever order they come", "[scope3]") {
  constexpr int kRegions = 70;
  constexpr int kCodes = 60;
  std::string factors;
  const auto add = [&](const std::string& id, int code, const std::string& region, int value) {
    factors += "s," + id + "," + std::to_string(code) + ",," + region + ",2022,,," +
               std::to_string(value) + ",kgCO2e/kg,cradle_to_gate\n";
  };
  const auto region = [](int i) { return "R" + std::to_string(100 + i); };
  // Each code has a factor of one region, every third one of the world as well.
  for (int code = 0; code < kCodes; ++code) {
    add("own-" + std::to_string(code), 1000 + code, region(code), 10);
    if (code % 3 == 0) add("glo-" + std::to_string(code), 1000 + code, "GLO", 20);
  }
  for (int i = 0; i < kRegions; ++i) add("all-" + std::to_string(i), 2000, region(i), 30 + i);
  Goods run({}, choices(factors));
  std::string rows = "id,activity,quantity:float,unit,region";
  std::vector<std::string> expected;
  for (int step : {1, 7}) {  // in order, and mixed
    for (int k = 0; k < kRegions * (kCodes + 1); ++k) {
      const int at = k * step % (kRegions * (kCodes + 1));
      const int code = at % (kCodes + 1);
      const int i = at / (kCodes + 1);
      rows += ";" + std::to_string(expected.size()) + "," +
              std::to_string(code == kCodes ? 2000 : 1000 + code) + ",1,kg," + region(i);
      const std::string number = std::to_string(code);
      if (code == kCodes) {
        expected.push_back("all-" + std::to_string(i) + " exact/same/undated");
      } else if (code == i) {
        expected.push_back("own-" + number + " exact/same/undated");
      } else if (code % 3 == 0) {
        expected.push_back("glo-" + number + " exact/world/undated");
      } else {
        expected.push_back("own-" + number + " exact/other/undated");
      }
    }
  }

  run.feed(rows);

  int wrong = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    const std::string found = run.cell(row, "factor_id") + " " + run.cell(row, "match_level");
    if (found != expected[i] && ++wrong < 5) FAIL_CHECK(i << ": " << found << ", " << expected[i]);
  }
  CHECK(wrong == 0);
}
