// Writes the benchmark's input: supplier rows and a factor table, the same bytes for the same count
// on every machine.
//   make_suppliers suppliers ROWS > suppliers.csv     (about 60 bytes a row)
//   make_suppliers jsonl ROWS > suppliers.jsonl       (the same rows as JSON objects)
//   make_suppliers factors > factors.csv              (1,016 made-up records)
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "bench/random.hpp"

namespace {

using chunkmill::bench::Random;

constexpr int kFactors = 1016;

// Six digits, ascending, like NAICS codes: 111110 for the first.
int code(int index) { return 111110 + index * 866; }

void write_factors() {
  std::puts(
      "set,set_version,factor_id,activity_code,activity,region,year,currency,price_basis,value,"
      "unit,"
      "boundary,gwp_set,source");
  Random random(7);
  for (int i = 0; i < kFactors; ++i) {
    std::printf(
        "made_up,1,f-%06d,%06d,Sector %d,US,2022,USD,purchaser,%.3f,kgCO2e/USD,cradle_to_gate,AR5,"
        "made up for the benchmark\n",
        code(i), code(i), i, 0.02 + random.below(3000) / 1000.0);
  }
}

void write_suppliers(int64_t rows, bool as_json) {
  static const char* const kNames[] = {"Alder Works", "Birch Mills",   "Cedar Supply",
                                       "Delta Foods", "Elm Logistics", "Fern Chemical",
                                       "Granite Co",  "Harbor Steel"};
  static const char* const kCountries[] = {"US", "DE", "GB", "FR", "CA", "MX", "JP", "IN"};
  if (!as_json) std::puts("supplier_id,supplier_name,country,naics_code,spend,currency,spend_date");
  const char* const format =
      as_json ? "{\"supplier_id\":\"S%07lld\",\"supplier_name\":\"%s %d\",\"country\":\"%s\","
                "\"naics_code\":\"%06d\",\"spend\":%d.%02d,\"currency\":\"USD\","
                "\"spend_date\":\"2022-%02d-%02d\"}\n"
              : "S%07lld,%s %d,%s,%06d,%d.%02d,USD,2022-%02d-%02d\n";
  Random random(42);
  for (int64_t i = 0; i < rows; ++i) {
    const int cents = random.below(5'000'000) + 100;
    std::printf(format, static_cast<long long>(i), kNames[random.below(8)], random.below(1000),
                kCountries[random.below(8)], code(random.below(kFactors)), cents / 100, cents % 100,
                random.below(12) + 1, random.below(28) + 1);
  }
}

}  // namespace

int main(int argc, char** argv) {
  static char buffer[1 << 20];
  std::setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
  if (argc == 2 && std::strcmp(argv[1], "factors") == 0) {
    write_factors();
  } else if (argc == 3 && std::strcmp(argv[1], "suppliers") == 0) {
    write_suppliers(std::atoll(argv[2]), false);
  } else if (argc == 3 && std::strcmp(argv[1], "jsonl") == 0) {
    write_suppliers(std::atoll(argv[2]), true);
  } else {
    std::fputs("usage: make_suppliers suppliers|jsonl ROWS | make_suppliers factors\n", stderr);
    return 64;
  }
  return std::fflush(stdout) == 0 ? 0 : 74;
}
