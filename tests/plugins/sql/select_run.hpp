// Runs a statement over rows written in a test.
#pragma once

#include <string>
#include <vector>

#include "chunkmill/testing.hpp"
#include "plugins/calculators/sql/sql.hpp"

struct SelectRun {
  using Map = chunkmill::testing::Map;
  using Tables = std::initializer_list<std::pair<const std::string, std::string>>;

  explicit SelectRun(const std::string& select, Tables tables = {}, Map more = {})
      : host(tables), run(api(), options(select, tables, std::move(more)), &host) {}

  SelectRun& feed(const std::string& rows, int64_t rows_per_batch = 1 << 30) {
    run.feed(chunkmill::testing::Rows(rows), rows_per_batch);
    return *this;
  }
  // What it says of a statement that it does not take, over rows of these columns.
  std::string refusal(const std::string& columns) {
    if (!run.created.ok()) return run.created.where + ": " + run.created.message;
    const auto outcome = run.bind(chunkmill::testing::Rows(columns).schema());
    return outcome.ok() ? "" : outcome.where + ": " + outcome.message;
  }
  std::vector<std::string> lines() const { return run.lines(); }
  std::string type(const std::string& result) const {
    const chunkmill::Schema& schema = run.streams[0].schema;
    return schema[static_cast<size_t>(schema.find(result))].type_text();
  }

  static const cm_calculator_api& api() {
    return chunkmill::testing::calculator_api<chunkmill::select::Sql>();
  }
  static Map options(const std::string& select, Tables tables, Map more) {
    more.emplace_back("select", chunkmill::testing::Value::quoted(select));
    std::vector<std::string> names;
    for (const auto& [name, rows] : tables) names.push_back(name);
    if (!names.empty()) more.emplace_back("lookups", names);
    return more;
  }

  chunkmill::testing::MemoryHost host;
  chunkmill::testing::CalculatorRun run;
};

using Lines = std::vector<std::string>;
