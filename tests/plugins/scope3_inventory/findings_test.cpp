// Gaps, double counts, recalculation.
#include <algorithm>
#include <catch2/catch.hpp>

#include "plugins/calculators/scope3/inventory/json_member.hpp"
#include "tests/plugins/scope3_inventory/inventory_run.hpp"

using chunkmill::scope3::json_member;

namespace {

bool contains(const Lines& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

const std::string kRejects =
    "plugin,code,column,message,state,fields\n"
    "scope3.purchased_goods,unknown_factor,activity,no factor for B,open,"
    "'{\"spend\":\"30\",\"currency\":\"GBP\"}'\n"
    "scope3.purchased_goods,unknown_factor,activity,no factor for A,open,"
    "'{\"id\":7,\"spend\":20.0,\"currency\":\"GBP\"}'\n"
    "scope3.purchased_goods,unknown_factor,activity,no factor,replayed,'{\"spend\":\"999\"}'\n"
    "scope3.purchased_goods,out_of_scope,,payroll,open,'{\"spend\":\"50\",\"currency\":\"GBP\"}'\n"
    "scope3.waste,unit_mismatch,quantity,hours,open,\n"
    "csv,bad_number,spend,'\"x\" is no number',open,\n";

}  // namespace

TEST_CASE("inventory: gaps are counted by category and code, in rows and in money", "[scope3]") {
  InventoryRun run(TextTables{{"results",
                               "category:int32,emissions_kgco2e:float,spend:float,currency;"
                               "1,5,300,GBP; 1,5,100,GBP"},
                              {"rejects", kRejects}},
                   {{"rejects", "rejects"}});

  run.report();

  // Category 1: 2 results and 3 open rejects; 400 + 20 + 30 + 50 = 500 GBP.
  CHECK(run.table("gaps", {"category", "status", "code", "rows", "rows_percent", "spend",
                           "spend_percent", "example"}) ==
        Lines{"null|rejected|bad_number (spend)|1|100|null|null|\"x\" is no number",
              "1|calculated|null|2|40|400|80|null", "1|excluded|out_of_scope|1|20|50|10|payroll",
              "1|rejected|unknown_factor (activity)|2|40|50|10|no factor for A",
              "5|rejected|unit_mismatch (quantity)|1|100|null|null|hours"});
  CHECK(run.total("rejected_rows") == "4");
  CHECK(run.total("excluded_rows") == "1");
}

TEST_CASE("inventory: a weaker match and every flag are gaps, too", "[scope3]") {
  InventoryRun run(
      TextTables{{"results",
                  "category:int32,emissions_kgco2e:float,match_level,flags;"
                  "1,10,exact/same/valid,; 1,20,parent/same/valid,;"
                  "1,30,exact/other/valid,'other_region,scaled'; 1,40,supplier/same/later,"}});

  run.report();

  CHECK(run.table("gaps", {"status", "code", "rows", "emissions_kgco2e"}) ==
        Lines{"calculated|null|4|100", "fallback|exact/other/valid|1|30",
              "fallback|parent/same/valid|1|20", "flagged|other_region|1|30",
              "flagged|scaled|1|30"});
}

TEST_CASE("inventory: an id in two categories is a warning", "[scope3]") {
  InventoryRun run(TextTables{{"results",
                               "category:int32,emissions_kgco2e:float,id;"
                               "1,10,W; 5,3,W; 5,4,X; 5,4,X; 1,9,Y; 1,9,Y"}});

  run.report();

  const Lines guards = run.table("guards", {"first_category", "second_category", "check", "status",
                                            "found", "first_kgco2e", "second_kgco2e", "examples"});
  CHECK(contains(guards, "1|5|same_id|warning|1|10|3|W"));
  // The same id twice in one category is no double count between categories.
  CHECK(run.total("warnings") == "1");
  CHECK(contains(guards, "1|5|same_purchase|not_checked|0|null|null|null"));
}

TEST_CASE("inventory: a purchase with other ids in two categories is a warning", "[scope3]") {
  InventoryRun run(
      TextTables{{"results",
                  "category:int32,emissions_kgco2e:float,id,supplier,date,spend:float,currency;"
                  "1,10,A,Acme,2024-03-01,120,GBP; 6,8,B,Acme,2024-03-01,120,GBP;"
                  "6,8,C,Acme,2024-03-02,120,GBP; 4,8,D,Acme,2024-03-01,121,GBP"}});

  run.report();

  const Lines guards =
      run.table("guards", {"first_category", "second_category", "check", "status", "examples"});
  CHECK(contains(guards, "1|6|same_purchase|warning|Acme, 120 GBP"));
  CHECK(contains(guards, "1|4|same_purchase|clear|null"));
  CHECK(contains(guards, "1|6|same_id|clear|null"));
  CHECK(run.total("warnings") == "1");
}

TEST_CASE("inventory: ids that count from 1 in every ledger need not be compared", "[scope3]") {
  InventoryRun run(
      TextTables{{"results", "category:int32,emissions_kgco2e:float,id; 1,10,1; 5,3,1"}},
      {{"compare_ids", false}});

  run.report();

  CHECK(run.total("warnings") == "0");
}

TEST_CASE("inventory: freight beside factors of purchasers' prices, and credits, are warnings",
          "[scope3]") {
  InventoryRun run(TextTables{{"results",
                               "category:int32,emissions_kgco2e:float,factor_unit,flags;"
                               "1,10,'kg CO2e/2022 USD, purchaser price',; 4,2,kg CO2e/t km,;"
                               "5,-3,kg CO2e/t,; 12,-1,kg CO2e/t,credit_note"}});

  run.report();

  const Lines guards = run.table("guards", {"check", "status", "first_kgco2e", "second_kgco2e"});
  CHECK(contains(guards, "transport_in_prices|warning|10|2"));
  CHECK(contains(guards, "no_credits|warning|-3|null"));
  CHECK(contains(guards, "no_credits|clear|null|null"));  // a credit note is netted
}

TEST_CASE("inventory: a difference is split by activity, factor, method, new and gone rows",
          "[scope3]") {
  const std::string columns =
      "category:int32,emissions_kgco2e:float,id,method,activity_amount:float,activity_unit,"
      "factor_id\n";
  InventoryRun run(
      TextTables{
          {"old", columns + "1,20,both,average_data,10,kg,f1\n1,50,method,spend_based,9,USD,s\n"
                            "1,7,gone,average_data,7,kg,f1\n1,4,same,average_data,4,kg,f1\n"
                            "2,6,sum,hybrid,,,f1\n"},
          {"results", columns + "1,45,both,average_data,15,kg,f2\n1,30,method,average_data,3,"
                                "kg,f1\n1,8,new,average_data,8,kg,f1\n"
                                "1,4,same,average_data,4,kg,f1\n2,9,sum,hybrid,,,f1\n"}},
      {{"previous", "old"}});

  run.report();

  // both: 10 x 2 = 20 -> 15 x 3 = 45: (15 - 10) x 2 = 10 by activity, 15 x (3 - 2) = 15 by factor.
  // A sum of several factors has no amount: with the same factors it is the activity.
  const std::vector<std::string> columns_of = {
      "category",          "old_kgco2e",         "new_kgco2e",
      "difference_kgco2e", "by_activity_kgco2e", "by_factor_kgco2e",
      "by_method_kgco2e",  "by_new_rows_kgco2e", "by_gone_rows_kgco2e",
      "unchanged_rows"};
  CHECK(run.table("recalculation", columns_of) == Lines{"null|87|96|9|13|15|-20|8|-7|1",
                                                        "1|81|87|6|10|15|-20|8|-7|1",
                                                        "2|6|9|3|3|0|0|0|0|0"});
}

TEST_CASE("inventory: another factor with the same amount is a change of the factor alone",
          "[scope3]") {
  const std::string columns =
      "category:int32,emissions_kgco2e:float,id,method,activity_amount:float,activity_unit,"
      "factor_id,factor_set_version\n";
  InventoryRun run(
      TextTables{{"old", columns + "6,20.011,F,distance_based,100,pkm,long-haul,2024\n"},
                 {"results", columns + "6,11.704,F,distance_based,100,pkm,long-haul,2025\n"}},
      {{"previous", "old"}});

  run.report();

  // 100 x (0.11704 - 0.20011)
  CHECK(run.number_of("recalculation", 0, "by_factor_kgco2e") == Approx(-8.307));
  CHECK(run.cell_of("recalculation", 0, "by_activity_kgco2e") == "0");
}

TEST_CASE("json_member: finds a member behind nested ones, with its escapes", "[scope3]") {
  const std::string_view object =
      R"({"a": {"spend": 1, "x": "}"}, "b": [1, "],"], "spend": "1\u00e9\"\n", "n": null, "k":-2.5})";
  CHECK(json_member(object, "spend") == "1\u00e9\"\n");
  CHECK(json_member(object, "k") == "-2.5");
  CHECK(json_member(object, "n") == std::nullopt);
  CHECK(json_member(object, "x") == std::nullopt);
  CHECK(json_member("[1]", "x") == std::nullopt);
  CHECK(json_member("{\"x", "x") == std::nullopt);
}
