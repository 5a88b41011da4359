// The page and the tables to file; the same bytes for every order of rows.
#include "plugins/calculators/scope3/inventory/page.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "plugins/calculators/scope3/inventory/exact_sum.hpp"
#include "plugins/calculators/scope3/inventory/html.hpp"
#include "tests/plugins/scope3_inventory/inventory_run.hpp"

using namespace chunkmill::scope3;
using Catch::Matchers::Contains;

namespace {

// Results with awkward numbers, in the order that `seed` makes.
std::string shuffled_results(unsigned seed) {
  std::mt19937 random(7);
  std::vector<std::string> rows;
  for (int i = 0; i < 400; ++i) {
    const int category = 1 + i % 15;
    const double kg = std::ldexp(static_cast<double>(random() % 100003) / 7,
                                 static_cast<int>(random() % 40) - 20);
    std::string row = std::to_string(category) + ",";
    chunkmill::append_double(&row, i % 11 == 0 ? -kg : kg);
    row += ",L" + std::to_string(i % 390) + ",S" + std::to_string(random() % 23) + ",m" +
           std::to_string(random() % 3) + ",f" + std::to_string(random() % 19) + ",1." +
           std::to_string(1 + random() % 9) + "," + std::to_string(random() % 900) +
           ".37,GBP,2024-" + std::to_string(random() % 9) + "\n";
    rows.push_back(row);
  }
  std::mt19937 order(seed);
  std::shuffle(rows.begin(), rows.end(), order);
  std::string out =
      "category:int32,emissions_kgco2e:float,id,supplier,method,factor_id,sdg95:float,spend:float,"
      "currency,date\n";
  for (const std::string& row : rows) out += row;
  return out;
}

Lines all_lines(const InventoryRun& run) {
  Lines out;
  for (size_t i = 0; i < run.streams.size(); ++i)
    for (const std::string& line : run.lines(i)) out.push_back(run.streams[i].name + ": " + line);
  return out;
}

}  // namespace

TEST_CASE("inventory: the order of the results changes no byte of any table or of the page",
          "[scope3]") {
  InventoryRun first(TextTables{{"results", shuffled_results(1)}, {"old", shuffled_results(2)}},
                     {{"previous", "old"}});
  const Lines expected = all_lines(first.report());
  REQUIRE(expected.size() > 80);

  for (const unsigned seed : {3U, 4U, 5U}) {
    InventoryRun other(
        TextTables{{"results", shuffled_results(seed)}, {"old", shuffled_results(seed + 9)}},
        {{"previous", "old"}});
    CHECK(all_lines(other.report()) == expected);
  }
}

TEST_CASE("inventory: sums are exact", "[scope3]") {
  ExactSum sum;
  for (const double value : {1e30, 1.0, -1e30, 0.1, 0.2, -0.1, -0.2}) sum.add(value);
  CHECK(sum.value() == 1);

  ExactSum tenths;
  for (int i = 0; i < 1'000'000; ++i) tenths.add(0.1);
  CHECK(tenths.value() == 100000);  // 100000.00000133288 when added up plainly
}

TEST_CASE("inventory: no text of the data becomes a part of the page", "[scope3]") {
  InventoryRun run(TextTables{{"results",
                               "category:int32,emissions_kgco2e:float,supplier,method;"
                               "1,10,'<script>alert(1)</script>','\"><b>x</b>'"}});
  run.feed(Rows("organisation; 'A & B <i>'"));

  const std::string html = run.cell_of("page", 0, "html");
  CHECK_THAT(html, Contains("A &amp; B &lt;i&gt;"));
  CHECK_THAT(html, Contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
  CHECK_THAT(html, !Contains("<script") && !Contains("<b>x") && !Contains("<i>"));
}

TEST_CASE("inventory: the page fetches nothing and runs nothing", "[scope3]") {
  InventoryRun run(TextTables{{"results", "category:int32,emissions_kgco2e:float; 1,10"}});

  const std::string html = run.report().cell_of("page", 0, "html");

  CHECK_THAT(html, Contains("default-src 'none'"));
  CHECK_THAT(html, !Contains("http:") && !Contains("https:") && !Contains("<script") &&
                       !Contains("url(") && !Contains("@import"));
  CHECK_THAT(html, Contains("<svg class=\"chart\" role=\"img\"") && Contains("<title id=") &&
                       Contains("<desc id=") && Contains("prefers-color-scheme: dark") &&
                       Contains("@media print"));
}

TEST_CASE("inventory: an inventory without results still has its page and its fifteen rows",
          "[scope3]") {
  InventoryRun run(TextTables{{"results", "category:int32,emissions_kgco2e:float"}});

  run.report();

  CHECK(run.total("emissions_kgco2e") == "0");
  CHECK(run.table("categories", {"status"}) == Lines(15, "no_data"));
  CHECK_THAT(run.cell_of("page", 0, "html"), Contains("</html>") && !Contains("nan"));
}

TEST_CASE("inventory: the page's name is one step of a path", "[scope3]") {
  CHECK(page_name({"Acme & Söhne/..", 2024, NAN, ""}) == "inventory-acme-s-hne-2024.html");
  CHECK(page_name({"", std::nullopt, NAN, ""}) == "inventory.html");
}

TEST_CASE("inventory: numbers are written as people read them", "[scope3]") {
  CHECK(tonnes_text(12'345'678) == "12,346");
  CHECK(tonnes_text(12'345) == "12.3");
  CHECK(tonnes_text(1.2345) == "0.00123");
  CHECK(tonnes_text(0) == "0");
  CHECK(tonnes_text(-1'500'000) == "\u22121,500");
  CHECK(tonnes_text(NAN) == "\u2013");
  CHECK(percent_words(0.01) == "<\u202F0.1\u202F%");
  CHECK(percent_words(12.34) == "12.3\u202F%");
  CHECK(shortened("Söhne & Co", 5) == "Söhn\u2026");
}

TEST_CASE("inventory: CDP's table has a line for every category", "[scope3]") {
  InventoryRun run(
      TextTables{{"results",
                  "category:int32,emissions_kgco2e:float,method;"
                  "1,600.4,supplier_specific; 1,400,spend_based; 11,3,direct_energy_using"},
                 {"statements",
                  "category,status,explanation; 2,not_calculated,next year; 14,not_relevant,none"}},
      {{"statements", "statements"}});

  run.report();

  const Lines lines =
      run.table("cdp", {"scope_3_category", "evaluation_status",
                        "emissions_in_reporting_year_tco2e", "emissions_calculation_methodology",
                        "percent_from_suppliers_or_value_chain_partners"});
  REQUIRE(lines.size() == 17);
  // 600.4 of 1,000.4 kg; tonnes to the kilogram
  CHECK(lines[0] ==
        "Purchased goods and services|Relevant, calculated|1|Supplier-specific method; "
        "Spend-based method|60");
  CHECK(lines[1] == "Capital goods|Relevant, not yet calculated|null|null|null");
  CHECK(lines[10] ==
        "Use of sold products|Relevant, calculated|0.003|Methodology for direct use phase "
        "emissions|0");
  CHECK(lines[13] == "Franchises|Not relevant, explanation provided|null|null|null");
  CHECK(lines[14] == "Investments|Not evaluated|null|null|null");
}

TEST_CASE("inventory: ESRS E1-6 has the total, each category and the intensity", "[scope3]") {
  InventoryRun run(TextTables{{"results",
                               "category:int32,emissions_kgco2e:float,method;"
                               "1,996000,supplier_specific; 6,4000,distance_based"}});

  run.feed(Rows("net_revenue:float,currency; 2000000,EUR"));

  const Lines lines = run.table("esrs_e1_6", {"line", "significant", "unit", "value"});
  REQUIRE(lines.size() == 19);
  CHECK(lines[0] == "total|null|tCO2eq|1000");
  CHECK(lines[1] == "1|yes|tCO2eq|996");
  CHECK(lines[6] == "6|no|tCO2eq|4");  // 0.4 % is below 1 %
  CHECK(lines[16] == "per_net_revenue|null|tCO2eq per million EUR|500");
  CHECK(lines[17] == "primary_data|null|%|99.6");
}
