// What stands in the sum, what beside it, and who it is of.
#include <catch2/catch.hpp>

#include "tests/plugins/scope3_inventory/inventory_run.hpp"

namespace {
const char* const kColumns = "category:int32,kind,method,emissions_kgco2e:float,flags;";
}

TEST_CASE("inventory: results add up by category, upstream and downstream", "[scope3]") {
  InventoryRun run(
      TextTables{{"results", std::string(kColumns) +
                                 "1,,spend_based,100,; 1,,spend_based,-20,credit_note;"
                                 "4,transport,distance_based,30,; 11,,direct_energy_using,50,"}});

  run.report();

  CHECK(run.total("emissions_kgco2e") == "160");  // 100 - 20 + 30 + 50
  CHECK(run.total("emissions_tco2e") == "0.16");
  CHECK(run.total("upstream_kgco2e") == "110");   // categories 1 to 8
  CHECK(run.total("downstream_kgco2e") == "50");  // categories 9 to 15
  CHECK(run.total("rows") == "4");
  CHECK(run.table("categories", {"category", "status", "emissions_kgco2e", "rows"})[0] ==
        "1|calculated|80|2");
  CHECK(run.cell_of("categories", 0, "share_percent") == "50");
}

TEST_CASE("inventory: optional emissions, lifetimes and scope 3 of investees stand beside the sum",
          "[scope3]") {
  InventoryRun run(
      TextTables{{"results", std::string(kColumns) +
                                 "15,scope 1 and 2,investment_specific,10,;"
                                 "15,scope 3 of investee,investment_specific,200,optional;"
                                 "15,'project lifetime, scope 1 and 2',project_specific,3000,"
                                 "'optional,scaled';"
                                 "6,hotel,spend_based,7,'other_region,optional';"
                                 "6,travel,spend_based,5,optional_but_not_quite"}});

  run.report();

  CHECK(run.total("emissions_kgco2e") == "15");  // 10 + 5
  CHECK(run.total("investee_scope3_kgco2e") == "200");
  CHECK(run.total("project_lifetime_kgco2e") == "3000");
  CHECK(run.total("optional_kgco2e") == "7");
}

TEST_CASE("inventory: biogenic CO2 stands beside the sum", "[scope3]") {
  InventoryRun run(TextTables{{"results",
                               "category:int32,emissions_kgco2e:float,biogenic_co2_kg:float;"
                               "5,10,4; 12,1,2.5; 12,1,"}});

  run.report();

  CHECK(run.total("emissions_kgco2e") == "12");
  CHECK(run.total("biogenic_co2_kg") == "6.5");
}

TEST_CASE("inventory: the share of primary data is by emissions and by method", "[scope3]") {
  InventoryRun run(TextTables{{"results", std::string(kColumns) +
                                              "1,,supplier_specific,30,; 1,,average_data,20,;"
                                              "1,,spend_based,50,"}});

  run.report();

  CHECK(run.total("primary_data_percent") == "30");
  CHECK(run.total("methods") == "spend_based 50 %, supplier_specific 30 %, average_data 20 %");
}

TEST_CASE("inventory: which methods are primary data can be said", "[scope3]") {
  InventoryRun run(TextTables{{"results", std::string(kColumns) +
                                              "1,,supplier_specific,30,; 1,,average_data,20,"}},
                   {{"primary_methods", List{"average_data"}}});

  run.report();

  CHECK(run.total("primary_data_percent") == "40");  // 20 of 50
}

TEST_CASE("inventory: quality scores are weighted by the size of emissions", "[scope3]") {
  InventoryRun run(TextTables{{"results",
                               "category:int32,emissions_kgco2e:float,activity_quality:float,"
                               "factor_quality:float; 1,90,1,2; 1,-10,4,3; 2,100,,2"}});

  run.report();

  CHECK(run.total("activity_quality") == "1.3");  // (90 x 1 + 10 x 4) / 100
  CHECK(run.total("factor_quality") == "2.05");   // (90 x 2 + 10 x 3 + 100 x 2) / 200
}

TEST_CASE("inventory: a result without a category or a number is counted and left out",
          "[scope3]") {
  InventoryRun run(
      TextTables{{"results", "category:int32,emissions_kgco2e:float; 1,5; 16,7; ,7; 1,; 1,nan"}});

  run.report();

  CHECK(run.total("emissions_kgco2e") == "5");
  CHECK(run.total("unusable_rows") == "4");
}

TEST_CASE("inventory: emissions per revenue, where the revenue is known", "[scope3]") {
  InventoryRun run(TextTables{{"results", "category:int32,emissions_kgco2e:float; 1,5000"}});

  run.feed(Rows("net_revenue:float; 2000000; null; 0"));

  CHECK(run.cell(0, "tco2e_per_million_revenue") == "2.5");  // 5 t / 2 million
  CHECK(run.cell(1, "tco2e_per_million_revenue") == "null");
  CHECK(run.cell(2, "tco2e_per_million_revenue") == "null");
}

TEST_CASE("inventory: results are parted by a column that they share with the job's rows",
          "[scope3]") {
  InventoryRun run(
      TextTables{
          {"results", "entity,category:int32,emissions_kgco2e:float; N,1,5; S,1,70; N,2,600"}},
      {{"columns", {{"inventory", "entity"}}}});

  run.feed(Rows("entity,organisation; N,North; S,South; W,West"));

  CHECK(run.cell(0, "emissions_kgco2e") == "605");
  CHECK(run.cell(1, "emissions_kgco2e") == "70");
  CHECK(run.cell(2, "emissions_kgco2e") == "0");
  CHECK(run.table("countries", {"organisation", "emissions_kgco2e"}) ==
        Lines{"North|605", "South|70"});
}

TEST_CASE("inventory: several lookups of results are one", "[scope3]") {
  InventoryRun run(TextTables{{"goods", "category:int32,emissions_kgco2e:float; 1,5"},
                              {"travel", "category:int32,emissions_kgco2e:float; 6,2"}},
                   {{"results", List{"goods", "travel"}}});

  run.report();

  CHECK(run.total("emissions_kgco2e") == "7");
}

TEST_CASE("inventory: statements say why a category has no results", "[scope3]") {
  InventoryRun run(
      TextTables{{"results", "category:int32,emissions_kgco2e:float; 1,5"},
                 {"statements",
                  "category,status,explanation; 1,relevant,all ledgers; 13,not_calculated,next "
                  "year; 14,not_relevant,no franchises"}},
      {{"statements", "statements"}});

  run.report();

  const Lines lines = run.table("categories", {"category", "status", "explanation"});
  REQUIRE(lines.size() == 15);
  CHECK(lines[0] == "1|calculated|all ledgers");
  CHECK(lines[1] == "2|no_data|null");
  CHECK(lines[12] == "13|not_calculated|next year");
  CHECK(lines[13] == "14|not_relevant|no franchises");
  CHECK(run.total("calculated_categories") == "1");
  CHECK(run.total("unexplained_categories") == "12");  // 15 - 1 - 2
}

TEST_CASE("inventory: what is wrong with a lookup is a fault of the job that names it",
          "[scope3]") {
  const std::string good = "category:int32,emissions_kgco2e:float; 1,5";
  CHECK(
      InventoryRun(TextTables{{"results", "category:int32,emission_kgco2e:float; 1,5"}}).fault() ==
      "results: lookup \"results\" has no column \"emissions_kgco2e\"; did you mean "
      "\"emission_kgco2e\"?");
  CHECK(InventoryRun(TextTables{{"results", good}}, {{"columns", {{"supplier", "vendor"}}}})
            .fault() == "columns.supplier: lookup \"results\" has no column \"vendor\"");
  CHECK(InventoryRun(TextTables{{"results", good}, {"old", good}}, {{"previous", "old"}}).fault() ==
        "previous: results of the last time are joined by id, and there is no such column; say "
        "with columns.id which one it is");
  CHECK(InventoryRun(TextTables{{"results", good}}).fault() == "no fault");
}

TEST_CASE("inventory: a statement that is none fails with its words", "[scope3]") {
  InventoryRun run(TextTables{{"results", "category:int32,emissions_kgco2e:float; 1,5"},
                              {"statements", "category,status; 1,irrelevant"}},
                   {{"statements", "statements"}});

  CHECK_THROWS_WITH(run.report(), Catch::Matchers::Contains("status \"irrelevant\" is none of"));
}

TEST_CASE("inventory: PCAF scores of a portfolio are weighted by what is outstanding", "[scope3]") {
  const std::string columns =
      "category:int32,kind,emissions_kgco2e:float,flags,pcaf_score:int32,outstanding:float,"
      "currency;";
  InventoryRun run(TextTables{{"results", columns + "15,scope 1 and 2,10,,2,300,EUR;"
                                                    "15,scope 1 and 2,20,,5,100,EUR;"
                                                    "15,scope 3 of investee,5,optional,4,300,EUR;"
                                                    "15,'sovereign, with LULUCF',1,,4,100,EUR;"
                                                    "15,'sovereign, without LULUCF',1,,4,100,EUR;"
                                                    "15,scope 1 and 2,20,,1,,EUR; 1,,7,,,,EUR"}});

  run.report();

  CHECK(run.total("pcaf_score") == "3");  // (300 x 2 + 100 x 5 + 100 x 4) / 500
  CHECK(run.total("pcaf_scope3_score") == "4");
}

TEST_CASE("inventory: amounts outstanding in two currencies have no PCAF score", "[scope3]") {
  InventoryRun run(TextTables{
      {"results",
       "category:int32,kind,emissions_kgco2e:float,pcaf_score:int32,outstanding:float,currency;"
       "15,scope 1 and 2,10,2,300,EUR; 15,scope 1 and 2,20,5,100,USD"}});

  run.report();

  CHECK(run.total("pcaf_score") == "null");
  CHECK(run.table("guards", {"check", "status"}).back() == "one_currency_outstanding|not_checked");
}
