// An inventory over tables that a test writes down.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "chunkmill/testing.hpp"
#include "plugins/calculators/scope3/inventory/inventory.hpp"

using chunkmill::testing::List;
using chunkmill::testing::Map;
using chunkmill::testing::MemoryHost;
using chunkmill::testing::Rows;

using TextTables = std::map<std::string, std::string>;
using Lines = std::vector<std::string>;

// A base, so that it is there before the run and longer than it.
struct TableHost {
  explicit TableHost(TextTables tables) { host.lookups = std::move(tables); }

  MemoryHost host;
};

class InventoryRun : public TableHost, public chunkmill::testing::CalculatorRun {
 public:
  explicit InventoryRun(TextTables tables, Map options = {})
      : TableHost(std::move(tables)),
        CalculatorRun(chunkmill::testing::calculator_api<chunkmill::scope3::Inventory>(),
                      with_results(std::move(options)), &host) {}

  // One inventory.
  InventoryRun& report() {
    feed(Rows("organisation,year:int32; Acme,2024"));
    return *this;
  }
  // Cells of the total, and of the row `row` of a stream.
  std::string total(std::string_view column) const { return cell(0, column); }
  double total_number(std::string_view column) const { return std::stod(total(column)); }
  std::string cell_of(std::string_view stream, int64_t row, std::string_view column) const {
    for (const Stream& one : streams)
      if (one.name == stream) return one.emitted.at(0).rows.cell(row, column).value_or("null");
    throw std::out_of_range("there is no stream " + std::string(stream));
  }
  double number_of(std::string_view stream, int64_t row, std::string_view column) const {
    return std::stod(cell_of(stream, row, column));
  }
  // Some columns of a stream, "a|b" a row.
  Lines table(std::string_view stream, const std::vector<std::string>& columns) const {
    Lines out;
    for (const Stream& one : streams) {
      if (one.name != stream) continue;
      for (const Emitted& emitted : one.emitted) {
        for (int64_t row = 0; row < emitted.rows.row_count(); ++row) {
          std::string line;
          for (const std::string& column : columns)
            line += (line.empty() ? "" : "|") + emitted.rows.cell(row, column).value_or("null");
          out.push_back(line);
        }
      }
    }
    return out;
  }
  // What it says against the job, and where.
  std::string fault() {
    chunkmill::testing::Outcome outcome = created;
    if (outcome.ok()) outcome = bind(Rows("organisation,year:int32; Acme,2024").schema());
    return outcome.ok() ? "no fault" : outcome.where + ": " + outcome.message;
  }

 private:
  static Map with_results(Map options) {
    for (const auto& [name, value] : options)
      if (name == "results") return options;
    options.emplace_back("results", "results");
    return options;
  }
};
