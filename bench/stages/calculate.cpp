// What scope3.purchased_goods costs a row: batches of 10,000 suppliers against 1,016 factors, one
// core, nothing else. Prints nanoseconds a row for each level of detail, the best of several
// rounds.
//   bench_calculate [BATCHES [DETAIL]]
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "tests/plugins/scope3_purchased_goods/purchased_goods.hpp"

namespace {

constexpr int kFactorCount = 1016;
constexpr int64_t kRows = 10'000;
constexpr int kRounds = 5;

std::string code(int index) { return std::to_string(111110 + index * 866); }

Tables factors() {
  std::string text =
      "set,set_version,factor_id,activity_code,activity,region,year,currency,price_basis,value,"
      "unit,boundary,gwp_set,source\n";
  for (int i = 0; i < kFactorCount; ++i)
    text += "made_up,1,f-" + code(i) + "," + code(i) + ",Sector,US,2022,USD,purchaser,0." +
            std::to_string(100 + i % 800) + ",kgCO2e/USD,cradle_to_gate,AR5,made up\n";
  return {{"factors", text}};
}

Rows suppliers() {
  std::string text = "supplier_id,naics_code,spend:float,currency,spend_date:date\n";
  uint32_t state = 42;
  for (int64_t i = 0; i < kRows; ++i) {
    state = state * 1664525 + 1013904223;
    text += "S" + std::to_string(10'000'000 + i) + "," +
            code(static_cast<int>((state >> 8) % kFactorCount)) + "," +
            std::to_string(state % 50'000) + ".25,USD,2022-03-0" + std::to_string(i % 9 + 1) + "\n";
  }
  return Rows(text);
}

double nanoseconds_a_row(const char* detail, int batches) {
  const Map names = {{"id", "supplier_id"},
                     {"activity", "naics_code"},
                     {"spend", "spend"},
                     {"currency", "currency"},
                     {"date", "spend_date"}};
  PurchasedGoodsRun run(Map{{"columns", names}, {"detail", detail}}, factors());
  const Rows rows = suppliers();
  double best = 1e9;
  for (int round = 0; round < kRounds; ++round) {
    const std::clock_t begin = std::clock();
    for (int i = 0; i < batches; ++i) {
      run.feed(rows);
      run.forget();
    }
    const double took = 1e9 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    best = std::min(best, took / static_cast<double>(batches * kRows));
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  const int batches = argc > 1 ? std::max(1, std::atoi(argv[1])) : 100;
  for (const std::string detail : {"lean", "standard", "full"}) {
    if (argc > 2 && detail != argv[2]) continue;
    std::printf("purchased_goods, %-8s %6.1f ns a row\n", detail.c_str(),
                nanoseconds_a_row(detail.c_str(), batches));
  }
}
