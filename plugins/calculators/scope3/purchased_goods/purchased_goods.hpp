// GHG Protocol Scope 3 category 1: what was emitted to make the goods and services that we bought.
//
// Row for row. Of the methods that the row's data allow, the first in the order supplier-specific,
// average data, spend-based gives the result; the next one that is possible is put beside it, for
// comparison. A row that no method can calculate is rejected with the reason of the last resort.
#pragma once

#include "chunkmill/calculator.hpp"
#include "plugins/calculators/scope3/common/results.hpp"
#include "plugins/calculators/scope3/purchased_goods/methods.hpp"

namespace chunkmill::scope3 {

class PurchasedGoods : public BatchCalculator {
 public:
  static constexpr Info kInfo{"scope3.purchased_goods", "1.0.0",
                              "GHG Protocol Scope 3 category 1: purchased goods and services",
                              CM_CALCULATOR_PURE};
  static constexpr int32_t kCategory = 1;

  struct Lane {
    std::vector<Line> lines;
    std::vector<uint64_t> hashes;
    SupplierFactors supplier_factors;
    YearOfDay year_of;
    ResultScratch scratch;
  };

  void configure(Options& opt);
  void bind(Columns& columns);
  void process(Lane& lane, const Batch& batch, Outputs& out, RowErrors& errors) const;

 private:
  struct Sums {
    double kg_co2e = 0;
    int64_t rows[kMethods] = {};
  };

  void load_factors();
  void declare_carried(Columns& columns);
  uint64_t settings_hash() const;
  Estimate estimate(Method method, const Purchase& purchase, Lane& lane) const;
  // Chooses among the methods; false when there is no estimate, with the gap to report.
  bool calculate(const Purchase& purchase, Lane& lane, Line* line, Gap* gap) const;
  void reject(const Purchase& purchase, Gap gap, RowErrors& errors) const;
  void publish(const Sums& sums) const;

  FactorSource source_;
  CodeMapping mapping_;
  PurchaseColumnNames names_;
  std::vector<ColumnName> carry_;
  std::string currency_;
  std::vector<std::string> methods_allowed_;
  std::string method_ = "auto";
  Detail detail_ = Detail::kStandard;

  std::vector<Method> methods_;  // allowed, in order of precedence
  bool forced_ = false;
  MethodSettings settings_;
  bool loaded_ = false;
  FactorTable factors_;
  PurchaseColumns columns_;
  CarriedColumns carried_;
  bool has_id_ = false;
  ResultColumns results_;
};

}  // namespace chunkmill::scope3
