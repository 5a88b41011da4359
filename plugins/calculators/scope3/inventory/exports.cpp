#include "plugins/calculators/scope3/inventory/exports.hpp"

#include <set>

#include "chunkmill/format.hpp"

namespace chunkmill::scope3 {
namespace {

// Filed figures: tonnes to the kilogram.
double tonnes(double kg) { return std::round(kg) / 1000; }
double tenths(double value) { return std::round(value * 10) / 10; }

std::string_view cdp_status(Status status) {
  switch (status) {
    case Status::kCalculated:
      return "Relevant, calculated";
    case Status::kNotCalculated:
      return "Relevant, not yet calculated";
    case Status::kNotRelevant:
      return "Not relevant, explanation provided";
    case Status::kNoData:
      return "Not evaluated";
  }
  return "";
}

// CDP's word for one of our methods.
std::string_view cdp_method(std::string_view method, int category) {
  struct Words {
    std::string_view ours, theirs;
  };
  constexpr Words kWords[] = {
      {"supplier_specific", "Supplier-specific method"},
      {"hybrid", "Hybrid method"},
      {"hybrid_partial", "Hybrid method"},
      {"average_data", "Average data method"},
      {"spend_based", "Spend-based method"},
      {"fuel_based", "Fuel-based method"},
      {"distance_based", "Distance-based method"},
      {"waste_type_specific", "Waste-type-specific method"},
      {"asset_specific", "Asset-specific method"},
      {"lessor_specific", "Lessor-specific method"},
      {"lessee_specific", "Lessee-specific method"},
      {"site_specific", "Site-specific method"},
      {"franchise_specific", "Franchise-specific method"},
      {"investment_specific", "Investment-specific method"},
  };
  for (const auto& [ours, theirs] : kWords)
    if (ours == method) return theirs;
  if (category == 11)
    return method == "indirect" ? "Methodology for indirect use phase emissions"
                                : "Methodology for direct use phase emissions";
  return "Other, please specify";
}

std::string methodology(const Report& report, int category) {
  std::string out;
  std::set<std::string_view> said;
  for (const GroupRow& method : report.methods) {
    if (method.category != category) continue;
    const std::string_view words = cdp_method(method.name, category);
    if (said.insert(words).second) out.append(out.empty() ? "" : "; ").append(words);
  }
  return out;
}

std::string explanation(const CategoryRow& row) {
  std::string out = row.explanation;
  const auto say = [&](const std::string& text) {
    out.append(out.empty() ? "" : " ").append(text);
  };
  if (row.status == Status::kCalculated) {
    say("Methods by emissions: " + row.methods + ".");
    if (std::isfinite(row.interval.sdg95)) {
      std::string range = "95 % interval ";
      append_double(&range, tonnes(row.interval.low));
      range += " to ";
      append_double(&range, tonnes(row.interval.high));
      say(range + " t CO2e.");
    }
  }
  if (row.rejected_rows > 0)
    say(std::to_string(row.rejected_rows) + (row.rejected_rows == 1 ? " row" : " rows") +
        " could not be calculated.");
  if (row.excluded_rows > 0)
    say(std::to_string(row.excluded_rows) + (row.excluded_rows == 1 ? " row is" : " rows are") +
        " excluded with a reason.");
  return out;
}

}  // namespace

std::vector<CdpRow> cdp_rows(const Report& report) {
  std::vector<CdpRow> out;
  for (const CategoryRow& row : report.categories) {
    CdpRow line;
    line.category = kCategoryWords[static_cast<size_t>(row.number)].name;
    line.evaluation_status = cdp_status(row.status);
    if (row.status == Status::kCalculated) {
      line.tco2e = tonnes(row.kg);
      line.methodology = methodology(report, row.number);
      line.supplier_data_percent = tenths(row.primary_percent);
    }
    line.explanation = explanation(row);
    out.push_back(std::move(line));
  }
  for (const char* other : {"Other (upstream)", "Other (downstream)"})
    out.push_back({other, "Not evaluated", NAN, "", NAN, ""});
  return out;
}

std::vector<EsrsRow> esrs_rows(const Report& report, const Thresholds& thresholds) {
  constexpr const char* kTonnes = "tCO2eq";
  std::vector<EsrsRow> out;
  const Totals& totals = report.totals;
  for (const CategoryRow& row : report.categories) {
    const bool calculated = row.status == Status::kCalculated;
    out.push_back({std::to_string(row.number),
                   std::string(kCategoryWords[static_cast<size_t>(row.number)].name),
                   calculated && row.share_percent >= thresholds.significant_percent ? "yes" : "no",
                   kTonnes, calculated ? tonnes(row.kg) : NAN,
                   calculated ? tenths(row.primary_percent) : NAN});
  }
  out.insert(out.begin(), {"total", "Total gross indirect (Scope 3) GHG emissions", "", kTonnes,
                           tonnes(totals.kg), tenths(totals.primary_percent)});
  out.push_back({"per_net_revenue", "Gross Scope 3 GHG emissions per net revenue", "",
                 "tCO2eq per million " +
                     (report.header.currency.empty() ? "of revenue" : report.header.currency),
                 totals.per_million_revenue_t, NAN});
  out.push_back({"primary_data", "Share of Scope 3 calculated with primary data", "", "%",
                 tenths(totals.primary_percent), NAN});
  out.push_back({"biogenic_co2", "Biogenic emissions of CO2, not included in Scope 3", "", "tCO2",
                 tonnes(totals.biogenic_kg), NAN});
  return out;
}

}  // namespace chunkmill::scope3
