// The inventory report: what results of the scope 3 categories add up to, how sure that is, and
// what is missing. A row of the job is an inventory; the results come through lookups.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "chunkmill/calculator.hpp"
#include "plugins/calculators/scope3/inventory/evidence_reader.hpp"
#include "plugins/calculators/scope3/inventory/tables.hpp"

namespace chunkmill::scope3 {

class Inventory : public BatchCalculator {
 public:
  static constexpr Info kInfo{"scope3.inventory", "1.0.0",
                              "Inventory report over results of GHG Protocol Scope 3 categories",
                              CM_CALCULATOR_PURE};
  void configure(Options& opt);
  void bind(Columns& columns);
  void process(const Batch& batch, Outputs& out, RowErrors& errors) const;

 private:
  struct RowColumns {
    std::optional<ColumnName> organisation, year, net_revenue, currency;
  };

  Header header_of(const Batch& batch, int64_t row) const;

  EvidenceOptions sources_;
  std::vector<std::string> primary_;
  Thresholds thresholds_;
  RowColumns names_;
  In<std::optional<std::string_view>> organisation_, currency_, inventory_;
  In<std::optional<int32_t>> year_;
  In<std::optional<double>> net_revenue_;
  Tables tables_;
  std::unique_ptr<EvidenceReader> evidence_ = std::make_unique<EvidenceReader>();
};

}  // namespace chunkmill::scope3
