// Which country a region is, however it is written.
#include "plugins/calculators/scope3/common/regions.hpp"

#include <catch2/catch.hpp>

#include "tests/plugins/scope3_common/goods.hpp"

using namespace chunkmill::scope3;

namespace {

const std::string kFactors =
    "s,gb,paper,,GB,2022,,,0.9,kgCO2e/kg,cradle_to_gate\n"
    "s,us,paper,,US,2022,,,1.3,kgCO2e/kg,cradle_to_gate\n"
    "s,glo,paper,,GLO,2022,,,2,kgCO2e/kg,cradle_to_gate\n"
    "s,grid,paper,,RFCW,2022,,,4,kgCO2e/kg,cradle_to_gate\n";

}  // namespace

TEST_CASE("regions: a country is the same by its code, its name and codes in wide use",
          "[scope3]") {
  for (const char* const text : {"UK", "uk", "GBR", "United Kingdom", "great britain", "U.K."})
    CHECK(region_key(text) == region_key("GB"));
  CHECK(region_key("EL") == region_key("GR"));
  CHECK(region_key("USA") == region_key("US"));
  CHECK(region_key("Germany") == region_key("de"));
  CHECK(region_key("UK-SCT") == region_key("GB-SCT"));
  CHECK(region_key("Scotland") == region_key("GB-SCT"));
  CHECK(region_key("XI") == region_key("GB-NIR"));
  CHECK(Regions().match(region_key("England"), region_key("UK")) == RegionMatch::kWider);
  CHECK(Regions().match(region_key("EL"), region_key("EU")) == RegionMatch::kWider);
  CHECK(region_key("Georgia") != region_key("GE"));  // or of the United States
}

TEST_CASE("regions: UK takes the factor of GB, and of a table that writes UK as well", "[scope3]") {
  Goods run({{"detail", "full"}}, choices(kFactors));
  Goods written(Map{}, choices("s,uk,paper,,UK,2022,,,0.9,kgCO2e/kg,cradle_to_gate\n"
                               "s,us,paper,,US,2022,,,1.3,kgCO2e/kg,cradle_to_gate\n"));
  const std::string rows =
      "id,activity,quantity:float,unit,region;A,paper,10,kg,UK;B,paper,10,kg,United Kingdom;"
      "C,paper,10,kg,GB";

  run.feed(rows);
  written.feed(rows);

  for (const int row : {0, 1, 2}) {
    CHECK(run.kg(row) == 9);
    CHECK(run.cell(row, "factor_region") == "GB");
    CHECK(written.kg(row) == 9);
  }
}

TEST_CASE("regions: one that nothing knows is a reject that names it", "[scope3]") {
  Goods run(Map{}, choices(kFactors));

  run.feed(
      "id,activity,quantity:float,unit,region;A,paper,10,kg,Narnia;B,paper,10,kg,Georgia;"
      "C,paper,10,kg,RFCW;D,paper,10,kg,FR;E,paper,10,kg,US-CA;F,paper,10,kg,QQ");

  CHECK(run.reject_codes() == "unknown_region unknown_region unknown_region");
  CHECK(run.rejects[0].message ==
        "region \"Narnia\" is not a country of ISO 3166, nor a region of a factor or of the "
        "`regions` lookup: write a code like GB or US-CA, or leave it empty");
  CHECK(run.kg(2) == 40);
  CHECK(run.kg(3) == 20);  // of the world
  CHECK(run.kg(4) == 13);
}

TEST_CASE("regions: any text will do while no factor is of a region", "[scope3]") {
  Goods run(Map{}, choices("s,f,paper,,,2022,,,2,kgCO2e/kg,cradle_to_gate\n"));

  run.feed("id,activity,quantity:float,unit,region;A,paper,10,kg,Plant 7");

  CHECK(run.kg(0) == 20);
}

TEST_CASE("regions: the job's own region must be known too", "[scope3]") {
  CHECK(Goods({{"region", "Narnia"}}, choices(kFactors)).fault("id,activity,quantity:float,unit") ==
        "region: region \"Narnia\" is not a country of ISO 3166, nor a region of a factor or of "
        "the `regions` lookup");
}
