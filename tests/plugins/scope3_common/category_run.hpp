// A category's calculator over tables that a test writes down. Tests of categories include this.
#pragma once

#include <map>
#include <string>

#include "chunkmill/testing.hpp"
#include "plugins/calculators/scope3/common/category.hpp"

using chunkmill::testing::List;
using chunkmill::testing::Map;
using chunkmill::testing::Rows;

using Tables = std::map<std::string, std::string>;

// A base, so that it is there before the run and longer than it.
struct FactorHost {
  explicit FactorHost(Tables tables) { host.lookups = std::move(tables); }

  chunkmill::testing::MemoryHost host;
};

// `factors` is the lookup of that name among the tables.
template <typename Category>
class CategoryRun : public FactorHost, public chunkmill::testing::CalculatorRun {
 public:
  CategoryRun(Map options, Tables tables)
      : FactorHost(std::move(tables)),
        CalculatorRun(chunkmill::testing::calculator_api<Category>(),
                      with_factors(std::move(options)), &host) {}

  using CalculatorRun::feed;
  CategoryRun& feed(const std::string& rows) {
    feed(Rows(rows));
    return *this;
  }
  double kg(int64_t row) const { return std::stod(cell(row, "emissions_kgco2e")); }
  // What it says against batches of these columns, and where.
  std::string fault(const std::string& columns) {
    chunkmill::testing::Outcome outcome = created;
    if (outcome.ok()) outcome = bind(Rows(columns).schema());
    if (outcome.ok()) outcome = open();
    return outcome.ok() ? "no fault" : outcome.where + ": " + outcome.message;
  }

 private:
  static Map with_factors(Map options) {
    for (const auto& [name, value] : options)
      if (name == "factors") return options;
    options.emplace_back("factors", "factors");
    return options;
  }
};
