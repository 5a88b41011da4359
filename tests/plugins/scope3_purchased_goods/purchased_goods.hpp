// A purchased_goods calculator over a small factor table of round numbers.
#pragma once

#include <map>
#include <string>

#include "chunkmill/testing.hpp"
#include "plugins/calculators/scope3/purchased_goods/purchased_goods.hpp"

using chunkmill::testing::List;
using chunkmill::testing::Map;
using chunkmill::testing::Rows;

inline const char* const kFactors =
    "set,set_version,factor_id,activity_code,activity,region,year,currency,price_basis,value,unit,"
    "boundary,gwp_set,source\n"
    "eeio,1.0,steel-usd,331110,Steel,US,2022,USD,purchaser,0.8,kgCO2e/USD,cradle_to_gate,AR5,a\n"
    "process,7,steel-t,331110,Steel,US,2024,,,1500,kgCO2e/t,cradle_to_gate,AR5,b\n"
    "eeio,1.0,law-usd,541110,Law,US,2022,USD,purchaser,0.1,kgCO2e/USD,cradle_to_gate,AR5,a\n"
    "eeio,1.0,computing-usd,5415,Computing,US,2022,USD,purchaser,0.25,kgCO2e/USD,cradle_to_gate,"
    "AR5,a\n";

using Tables = std::map<std::string, std::string>;

// A base, so that it is there before the run and longer than it.
struct FactorHost {
  explicit FactorHost(Tables tables) { host.lookups = std::move(tables); }

  chunkmill::testing::MemoryHost host;
};

class PurchasedGoodsRun : public FactorHost, public chunkmill::testing::CalculatorRun {
 public:
  explicit PurchasedGoodsRun(Map options = {}, Tables tables = {{"factors", kFactors}})
      : FactorHost(std::move(tables)),
        CalculatorRun(chunkmill::testing::calculator_api<chunkmill::scope3::PurchasedGoods>(),
                      with_factors(std::move(options)), &host) {}

  using CalculatorRun::feed;
  PurchasedGoodsRun& feed(const std::string& rows) {
    feed(Rows(rows));
    return *this;
  }
  // What it says against batches of these columns, and where.
  std::string fault(const std::string& columns) {
    chunkmill::testing::Outcome outcome = created;
    if (outcome.ok()) outcome = bind(Rows(columns).schema());
    if (outcome.ok()) outcome = open();
    return outcome.ok() ? "no fault" : outcome.where + ": " + outcome.message;
  }

 private:
  static Map with_factors(Map options) {
    options.emplace_back("factors", "factors");
    return options;
  }
};
