// A purchased_goods calculator over a small factor table of round numbers.
#pragma once

#include "plugins/calculators/scope3/purchased_goods/purchased_goods.hpp"
#include "tests/plugins/scope3_purchased_goods/calculator_run.hpp"

inline const char* const kFactors =
    "set,set_version,factor_id,activity_code,activity,region,year,currency,price_basis,value,unit,"
    "boundary,gwp_set,source\n"
    "eeio,1.0,steel-usd,331110,Steel,US,2022,USD,purchaser,0.8,kgCO2e/USD,cradle_to_gate,AR5,a\n"
    "process,7,steel-t,331110,Steel,US,2024,,,1500,kgCO2e/t,cradle_to_gate,AR5,b\n"
    "eeio,1.0,law-usd,541110,Law,US,2022,USD,purchaser,0.1,kgCO2e/USD,cradle_to_gate,AR5,a\n"
    "eeio,1.0,computing-usd,5415,Computing,US,2022,USD,purchaser,0.25,kgCO2e/USD,cradle_to_gate,"
    "AR5,a\n";

using Tables = std::map<std::string, std::string>;
using Settings = OptionTree::Entries;

class PurchasedGoodsRun {
 public:
  explicit PurchasedGoodsRun(Settings options = {}, Tables tables = {{"factors", kFactors}})
      : host(std::move(tables)),
        options_(with_factors(std::move(options))),
        run_(chunkmill::detail::CalculatorAdapter<chunkmill::scope3::PurchasedGoods>::kApi, host,
             options_) {}

  // Calculates the rows of a table written as text.
  PurchasedGoodsRun& feed(const std::string& rows, int64_t rows_per_batch = 1 << 30) {
    run_.feed(MemoryTable(rows), rows_per_batch);
    return *this;
  }
  PurchasedGoodsRun& feed(const MemoryTable& rows, int64_t rows_per_batch = 1 << 30) {
    run_.feed(rows, rows_per_batch);
    return *this;
  }
  // Drops the results so far.
  void forget() { run_.forget(); }
  std::string cell(int64_t row, std::string_view column) const { return run_.cell(row, column); }
  std::string row_text(int64_t row) const { return run_.row_text(row); }
  std::vector<std::string> columns() const { return run_.schema().names(); }
  const chunkmill::Schema& schema() const { return run_.schema(); }
  const std::vector<Reject>& rejects() const { return run_.rejects; }
  // The codes of all rejects in row order, joined by spaces.
  std::string codes() const {
    std::string out;
    for (const Reject& reject : run_.rejects) out += (out.empty() ? "" : " ") + reject.code;
    return out;
  }

  MemoryHost host;

 private:
  static OptionTree with_factors(Settings options) {
    options.emplace_back("factors", "factors");
    return OptionTree(std::move(options));
  }
  OptionTree options_;
  CalculatorRun run_;
};
