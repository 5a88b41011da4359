// The streams of an inventory report.
//
// Threads: declared by one, read-only then.
#pragma once

#include <string>

#include "plugins/calculators/scope3/inventory/exports.hpp"
#include "plugins/calculators/scope3/inventory/output_table.hpp"

namespace chunkmill::scope3 {

// The report as a page.
struct PageRow {
  std::string name;  // of a file: inventory-acme-2024.html
  std::string html;
};

class Tables {
 public:
  Tables();
  // The columns of the main stream are put behind the job's own.
  void declare(Columns& columns);
  // `row` is the inventory's row in the batch.
  void write(const Report& report, const Thresholds& thresholds, const PageRow& page, int64_t row,
             Outputs& out) const;

 private:
  OutputTable<Totals> totals_;
  ReportTable<CategoryRow> categories_;
  ReportTable<SupplierRow> suppliers_;
  ReportTable<GroupRow> countries_, methods_, match_levels_;
  ReportTable<FactorRow> factors_;
  ReportTable<GapRow> gaps_;
  ReportTable<GuardRow> guards_;
  ReportTable<ChangeRow> changes_;
  ReportTable<CdpRow> cdp_;
  ReportTable<EsrsRow> esrs_;
  ReportTable<PageRow> page_;
};

}  // namespace chunkmill::scope3
