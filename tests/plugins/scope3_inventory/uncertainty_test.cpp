// The interval of a sum: what is correlated and what is not.
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/plugins/scope3_inventory/inventory_run.hpp"

namespace {

const char* const kSplit =
    "category:int32,emissions_kgco2e:float,factor_id,sdg95:float,factor_sdg95:float\n";
const char* const kUnsplit = "category:int32,emissions_kgco2e:float,factor_id,sdg95:float\n";

std::string number(double value) { return std::to_string(value); }

double ln_sdg95(const InventoryRun& run) { return std::log(run.total_number("sdg95")); }

}  // namespace

TEST_CASE("inventory: a thousand lines on one factor do not make its error smaller", "[scope3]") {
  std::string results = kSplit;
  const std::string spread = number(std::exp(0.5));
  for (int i = 0; i < 1000; ++i) results += "1,1,steel," + spread + "," + spread + "\n";
  InventoryRun run(TextTables{{"results", results}});

  run.report();

  // (1,000 kg x 0.5)² / (1,000 kg)²: as for one line.
  CHECK(ln_sdg95(run) == Approx(0.5).epsilon(1e-5));
  CHECK(run.total_number("low_kgco2e") == Approx(1000 / std::exp(0.5)));
  CHECK(run.total_number("high_kgco2e") == Approx(1000 * std::exp(0.5)));
  CHECK(run.number_of("factors", 0, "variance_percent") == Approx(100));
}

TEST_CASE("inventory: errors of activity data even out", "[scope3]") {
  std::string results = kSplit;
  for (int i = 0; i < 100; ++i) results += "1,1,steel," + number(std::exp(0.5)) + ",1\n";
  InventoryRun run(TextTables{{"results", results}});

  run.report();

  // 100 x (1 kg x 0.5)² / (100 kg)² = 0.0025: a tenth of the line's, as of 100 draws.
  CHECK(ln_sdg95(run) == Approx(0.05).epsilon(1e-5));
  CHECK(run.number_of("factors", 0, "variance_percent") == Approx(0));
}

TEST_CASE("inventory: errors of two factors are independent", "[scope3]") {
  InventoryRun run(
      TextTables{{"results", kSplit + ("1,3,steel," + number(std::exp(0.4)) + ",") +
                                 number(std::exp(0.4)) + "\n1,4,glass," + number(std::exp(0.3)) +
                                 "," + number(std::exp(0.3)) + "\n"}});

  run.report();

  // ((3 x 0.4)² + (4 x 0.3)²) / 7² = 2.88 / 49
  CHECK(ln_sdg95(run) == Approx(std::sqrt(2.88) / 7).epsilon(1e-5));
}

TEST_CASE("inventory: a factor that two categories use has one error", "[scope3]") {
  const std::string spread = number(std::exp(0.3));
  InventoryRun run(
      TextTables{{"results", kSplit + ("1,3,steel," + spread + "," + spread + "\n2,4,steel,") +
                                 spread + "," + spread + "\n"}});

  run.report();

  // ((3 + 4) x 0.3)² / 7²; were they independent it would be (0.81 + 1.44) / 49.
  CHECK(ln_sdg95(run) == Approx(0.3).epsilon(1e-5));
}

TEST_CASE("inventory: without the factor's own part it is the least spread of its lines",
          "[scope3]") {
  InventoryRun run(
      TextTables{{"results", kUnsplit + ("1,1,steel," + number(std::exp(0.3)) + "\n1,2,steel,") +
                                 number(std::exp(0.5)) + "\n"}});

  run.report();

  // factor: (3 kg x 0.3)² = 0.81; activity: 2² x (0.5² - 0.3²) = 0.64; together 1.45 / 9
  CHECK(ln_sdg95(run) == Approx(std::sqrt(1.45) / 3).epsilon(1e-5));
  CHECK(run.number_of("factors", 0, "variance_percent") == Approx(100 * 0.81 / 1.45).epsilon(1e-4));
}

TEST_CASE("inventory: how much of the emissions has a spread is said", "[scope3]") {
  InventoryRun run(
      TextTables{{"results", std::string(kUnsplit) + "1,60,steel,1.2\n1,40,glass,\n"}});

  run.report();

  CHECK(run.total("spread_known_percent") == "60");
  // The rest counts as exact: 60 x ln 1.2 of 100.
  CHECK(ln_sdg95(run) == Approx(0.6 * std::log(1.2)));
}

TEST_CASE("inventory: without any spread there is no interval", "[scope3]") {
  InventoryRun run(TextTables{{"results", "category:int32,emissions_kgco2e:float; 1,5"}});

  run.report();

  CHECK(run.total("sdg95") == "null");
  CHECK(run.total("low_kgco2e") == "null");
}

TEST_CASE("inventory: factors are sorted by their part of the uncertainty", "[scope3]") {
  InventoryRun run(
      TextTables{{"results", std::string(kSplit) +
                                 "1,100,sure,1.01,1.01\n1,10,rough,3,3\n1,50,middle,1.3,1.3\n"}});

  run.report();

  // 100 x ln 1.01 = 1.0; 10 x ln 3 = 11.0; 50 x ln 1.3 = 13.1
  CHECK(run.table("factors", {"factor_id"}) == Lines{"middle", "rough", "sure"});
}

TEST_CASE("inventory: emissions that were reported are independent of each other", "[scope3]") {
  const std::string spread = number(std::exp(0.5));
  std::string results = "category:int32,emissions_kgco2e:float,factor_id,sdg95:float,match_level\n";
  for (int i = 0; i < 4; ++i) results += "15,1,reported," + spread + ",given/any/undated\n";
  InventoryRun run(TextTables{{"results", results}});

  run.report();

  // 4 x (1 kg x 0.5)² / (4 kg)²
  CHECK(ln_sdg95(run) == Approx(0.25).epsilon(1e-5));
}
