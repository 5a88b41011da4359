// Scores and spreads.
#include "plugins/calculators/scope3/common/quality.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/plugins/scope3_common/goods.hpp"

using namespace chunkmill::scope3;

TEST_CASE("quality: the spread is exp of the root of the sum of squared logarithms", "[scope3]") {
  const Pedigree ghg;
  const auto ln2 = [](double x) { return std::log(x) * std::log(x); };

  // 1.10, 1.10, 1.20, 1.05, 1.50
  CHECK(ghg.variance(Quality{{2, 3, 3, 3, 3}}) ==
        Approx(ln2(1.1) + ln2(1.1) + ln2(1.2) + ln2(1.05) + ln2(1.5)));
  CHECK(ghg.variance(Quality{{1, 1, 1, 1, 1}}) == 0);
  // 1.5, 1.2, 1.5, 1.1, 2
  CHECK(Pedigree::ecoinvent().variance(Quality{{5, 5, 5, 5, 5}}) ==
        Approx(ln2(1.5) + ln2(1.2) + ln2(1.5) + ln2(1.1) + ln2(2)));
}

TEST_CASE("quality: scores are read as one, as the first few, or as all five", "[scope3]") {
  const Quality poor;

  CHECK(parse_quality("2", poor)->scores == std::array<uint8_t, 5>{2, 2, 2, 2, 2});
  CHECK(parse_quality("2,3", poor)->scores == std::array<uint8_t, 5>{2, 3, 4, 4, 4});
  CHECK(parse_quality("(1; 2; 3; 4; 5)", poor)->scores == std::array<uint8_t, 5>{1, 2, 3, 4, 5});
  for (const char* wrong : {"", "0", "6", "12", "1,,2", "1,2,3,4,5,1", "1,", "good"})
    CHECK_FALSE(parse_quality(wrong, poor));
}

TEST_CASE("quality: time is less than 3, 6 or 10 years apart, or more, or not known", "[scope3]") {
  CHECK(time_score(2020, 2022) == 1);
  CHECK(time_score(2023, 2020) == 2);
  CHECK(time_score(2020, 2026) == 3);
  CHECK(time_score(2012, 2022) == 4);
  CHECK(time_score(0, 2022) == 4);
}

TEST_CASE("quality: a result's spread is that of its activity and its factor together",
          "[scope3]") {
  Goods run(Map{{"detail", "full"}},
            {{"factors",
              "factor_id,activity_code,region,year,quality,sdg95,value,unit,boundary\n"
              "a,1,US,2022,'2,2,4,4,1',,1,kgCO2e/kg,cradle_to_gate\n"
              "b,2,US,2022,,1.3,1,kgCO2e/kg,cradle_to_gate\n"}});

  run.feed(
      "id,activity,quantity:float,unit,date:date,region,activity_quality;"
      "A,1,1,kg,2022-01-01,US,'1,2';B,2,1,kg,2022-01-01,US,'1,1';C,1,1,kg,,,");

  const auto ln2 = [](double x) { return std::log(x) * std::log(x); };
  // Activity: completeness 1.05. Factor: 1.10, 1.05; its time and geography are computed: very
  // good.
  CHECK(std::stod(run.cell(0, "sdg95")) ==
        Approx(std::exp(std::sqrt(ln2(1.05) + ln2(1.1) + ln2(1.05)))));
  CHECK(run.cell(0, "activity_quality") == "1.2");  // 1, 2, 1, 1, 1
  CHECK(run.cell(0, "factor_quality") == "1.4");    // 2, 2, 1, 1, 1
  CHECK(std::stod(run.cell(1, "sdg95")) == Approx(1.3));
  CHECK(run.cell(2, "time_score") == "4");
  CHECK(run.cell(2, "geography_score") == "4");
}

TEST_CASE("quality: the pedigree can be replaced by a table", "[scope3]") {
  Goods run(Map{{"pedigree_values", "table"}, {"detail", "full"}},
            {{"factors",
              "factor_id,activity_code,quality,value,unit,boundary\n"
              "a,1,1,1,kgCO2e/kg,cradle_to_gate\n"},
             {"table",
              "indicator,score,value\nreliability,1,1\ncompleteness,1,1\ntime,4,1\n"
              "geography,4,1\nbase,0,1.5\n"}});

  run.feed("id,activity,quantity:float,unit,activity_quality;A,1,1,kg,1");

  // Two basic factors of 1.5 and nothing else.
  CHECK(std::stod(run.cell(0, "sdg95")) ==
        Approx(std::exp(std::sqrt(2 * std::log(1.5) * std::log(1.5)))));
}
