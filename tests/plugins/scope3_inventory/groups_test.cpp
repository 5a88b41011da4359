// Suppliers, countries, methods.
#include <catch2/catch.hpp>

#include "tests/plugins/scope3_inventory/inventory_run.hpp"

TEST_CASE("inventory: suppliers are sorted, and the largest up to 80 % are to be engaged",
          "[scope3]") {
  InventoryRun run(TextTables{{"results",
                               "category:int32,emissions_kgco2e:float,supplier;"
                               "1,60,A; 1,25,B; 1,10,C; 4,4.5,D; 1,0.5,E; 1,900,"}});

  run.report();

  // Of 100 kg with a supplier: A 60 %, B reaches 85 %; C and D are above 1 %, E is neither.
  CHECK(run.table("suppliers",
                  {"rank", "supplier", "share_percent", "cumulative_percent", "engage"}) ==
        Lines{"1|A|60|60|emissions", "2|B|25|85|emissions", "3|C|10|95|emissions",
              "4|D|4.5|99.5|emissions", "5|E|0.5|100|null"});
}

TEST_CASE("inventory: a supplier may be engaged for its spend alone", "[scope3]") {
  InventoryRun run(
      TextTables{{"results",
                  "category:int32,emissions_kgco2e:float,supplier,spend:float,currency;"
                  "1,999,A,10,GBP; 1,1,B,990,GBP; 1,0,B,5,JPY"}},
      {{"engage_single_percent", 5}});

  run.report();

  CHECK(run.table("suppliers", {"supplier", "spend", "spend_share_percent", "engage"}) ==
        Lines{"A|10|1|emissions", "B|990|99|spend"});
}

TEST_CASE("inventory: countries, methods and match levels have their shares", "[scope3]") {
  InventoryRun run(
      TextTables{{"results",
                  "category:int32,emissions_kgco2e:float,method,region,match_level;"
                  "1,75,spend_based,GB,exact/same/valid; 2,25,average_data,,parent/world/earlier"}},
      {{"columns", {{"country", "region"}}}});

  run.report();

  CHECK(run.table("countries", {"country", "share_percent", "rows"}) ==
        Lines{"GB|75|1", "null|25|1"});
  CHECK(run.table("methods", {"category", "method", "emissions_kgco2e"}) ==
        Lines{"1|spend_based|75", "2|average_data|25"});
  CHECK(run.table("match_levels", {"match_level", "share_percent"}) ==
        Lines{"exact/same/valid|75", "parent/world/earlier|25"});
}
