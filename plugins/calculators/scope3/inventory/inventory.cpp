#include "plugins/calculators/scope3/inventory/inventory.hpp"

#include "plugins/calculators/scope3/inventory/page.hpp"

namespace chunkmill::scope3 {
namespace {

template <typename T>
std::optional<T> cell(const Batch& batch, const In<std::optional<T>>& in, int64_t row) {
  if (!in.present()) return std::nullopt;
  return batch.column<T>(static_cast<size_t>(in.column())).get(row);
}

}  // namespace

void Inventory::configure(Options& opt) {
  opt.required("results", sources_.results,
               "the lookup with the results, or several: the columns of the scope 3 calculators at "
               "`detail: standard` or more");
  opt.optional("parts", sources_.parts,
               "the streams `parts` of the same runs: the spread of a result of several factors is "
               "then that of its parts");
  opt.optional("previous", sources_.previous,
               "results of the last time: what has changed since, and why");
  opt.optional("rejects", sources_.rejects,
               "rows that were rejected, as `chunkmill rejects export` writes them");
  opt.optional("statements", sources_.statements,
               "what is said of categories: category, status (relevant, not_relevant, "
               "not_calculated), explanation");
  sources_.names.configure(opt);
  opt.group("inventory", "columns of the job's rows, each of which is an inventory",
            [this](Options& in) {
              in.optional("organisation", names_.organisation, "default: organisation");
              in.optional("year", names_.year, "default: year");
              in.optional("net_revenue", names_.net_revenue, "default: net_revenue");
              in.optional("currency", names_.currency, "of the revenue; default: currency");
            });
  primary_ = {"supplier_specific", "hybrid",
              "site_specific",     "fuel_based",
              "asset_specific",    "lessor_specific",
              "lessee_specific",   "franchise_specific",
              "sampled",           "investment_specific",
              "project_specific",  "physical_activity"};
  opt.optional("primary_methods", primary_,
               "methods whose results count as made from primary data of the value chain");
  opt.optional("compare_ids", sources_.compare_ids,
               "whether an id in two categories is a warning; false where every ledger counts "
               "from 1");
  opt.optional("engage_percent", thresholds_.engage_percent,
               "suppliers to engage: the largest that make up so much of emissions or spend");
  opt.optional("engage_single_percent", thresholds_.engage_single_percent,
               "and any one above this share");
  opt.optional("significant_percent", thresholds_.significant_percent,
               "share from which on a category is significant for ESRS E1-6");
  sources_.primary_methods = {primary_.begin(), primary_.end()};
}

void Inventory::bind(Columns& columns) {
  const auto name = [](const std::optional<ColumnName>& given, const char* usual) {
    return given ? given->value : std::string(usual);
  };
  organisation_ = columns.in_if_present<std::optional<std::string_view>>(
      name(names_.organisation, "organisation"), {}, "inventory.organisation");
  year_ = columns.in_if_present<std::optional<int32_t>>(name(names_.year, "year"), {},
                                                        "inventory.year");
  net_revenue_ = columns.in_if_present<std::optional<double>>(
      name(names_.net_revenue, "net_revenue"), {}, "inventory.net_revenue");
  currency_ = columns.in_if_present<std::optional<std::string_view>>(
      name(names_.currency, "currency"), {}, "inventory.currency");
  if (sources_.names.inventory)
    inventory_ = columns.in<std::optional<std::string_view>>(*sources_.names.inventory, {},
                                                             "columns.inventory");
  tables_ = Tables();
  tables_.declare(columns);
  evidence_->open(host(), sources_);
}

Header Inventory::header_of(const Batch& batch, int64_t row) const {
  Header header;
  header.organisation = cell(batch, organisation_, row).value_or("");
  header.year = cell(batch, year_, row);
  header.net_revenue = cell(batch, net_revenue_, row).value_or(NAN);
  header.currency = cell(batch, currency_, row).value_or("");
  return header;
}

void Inventory::process(const Batch& batch, Outputs& out, RowErrors&) const {
  for (int64_t row = 0; row < batch.row_count(); ++row) {
    const std::string inventory(cell(batch, inventory_, row).value_or(""));
    const Report report =
        make_report(header_of(batch, row), evidence_->evidence(inventory), thresholds_);
    const PageRow page{page_name(report.header), page_html(report, thresholds_)};
    tables_.write(report, thresholds_, page, row, out);
    host().add("emissions_kgco2e", report.totals.kg);
    host().add("emissions_tco2e", report.totals.kg / 1000);
  }
}

}  // namespace chunkmill::scope3
