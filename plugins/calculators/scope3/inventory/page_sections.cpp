#include "plugins/calculators/scope3/inventory/page_sections.hpp"

#include <algorithm>

#include "plugins/calculators/scope3/inventory/charts.hpp"
#include "plugins/calculators/scope3/inventory/page_parts.hpp"

namespace chunkmill::scope3 {
namespace {

std::string_view name_of(int category) {
  return kCategoryWords[static_cast<size_t>(category)].name;
}

std::string status_words(Status status) {
  std::string words(status_word(status));
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

void key_figure(std::string* out, std::string_view words, std::string_view value,
                std::string_view unit, std::string_view style = {}) {
  *out += style.empty() ? "<div>" : "<div class=\"" + std::string(style) + "\">";
  *out += "<dt>" + escaped(words) + "</dt><dd>" + escaped(value);
  if (!unit.empty()) *out += " <small>" + escaped(unit) + "</small>";
  *out += "</dd></div>\n";
}

std::string interval_words(const Interval& interval) {
  if (!std::isfinite(interval.sdg95)) return "\u2013";
  return tonnes_text(interval.low) + " to " + tonnes_text(interval.high);
}

}  // namespace

std::string key_figures(const Report& report) {
  const Totals& totals = report.totals;
  std::string out = "<dl class=\"figures\">\n";
  key_figure(&out, "Scope 3 emissions", tonnes_text(totals.kg), "t CO\u2082e", "main");
  key_figure(&out, "95\u202F% interval", interval_words(totals.interval), "t CO\u2082e");
  key_figure(&out, "Primary data", percent_words(totals.primary_percent), "of emissions");
  if (std::isfinite(totals.per_million_revenue_t))
    key_figure(&out,
               "Per million " + (report.header.currency.empty()
                                     ? "of net revenue"
                                     : report.header.currency + " of net revenue"),
               tonnes_text(totals.per_million_revenue_t * 1000), "t CO\u2082e");
  key_figure(&out, "Categories calculated", std::to_string(totals.calculated_categories),
             "of 15" + (totals.unexplained_categories > 0
                            ? ", " + std::to_string(totals.unexplained_categories) + " unexplained"
                            : std::string()));
  key_figure(&out, "Upstream, downstream",
             tonnes_text(totals.upstream_kg) + ", " + tonnes_text(totals.downstream_kg),
             "t CO\u2082e");
  key_figure(&out, "Results", count_text(totals.rows), "rows");
  key_figure(&out, "Rejected", count_text(totals.rejected_rows),
             totals.rejected_rows == 1 ? "row" : "rows");
  if (totals.excluded_rows > 0)
    key_figure(&out, "Excluded, with a reason", count_text(totals.excluded_rows),
               totals.excluded_rows == 1 ? "row" : "rows");
  return out + "</dl>\n";
}

std::string category_section(const Report& report) {
  std::string out =
      heading("categories", "Emissions by category",
              "All fifteen categories of the standard, with what their results were made from.");
  out += figure(category_chart(report));
  HtmlTable table("Emissions by category, t CO\u2082e", {{"Category"},
                                                         {"Status"},
                                                         {"t CO\u2082e", true},
                                                         {"Share", true},
                                                         {"95\u202F% interval", true},
                                                         {"Primary data", true},
                                                         {"Rows", true},
                                                         {"Methods, explanation"}});
  for (const CategoryRow& row : report.categories) {
    const bool calculated = row.status == Status::kCalculated;
    std::string words = row.methods;
    if (!row.explanation.empty()) words += (words.empty() ? "" : ". ") + row.explanation;
    std::replace(words.begin(), words.end(), '_', ' ');
    table.row()
        .name(std::to_string(row.number) + " " + std::string(name_of(row.number)))
        .tag(status_word(row.status), status_words(row.status))
        .number(calculated ? tonnes_text(row.kg) : "\u2013")
        .number(calculated ? percent_words(row.share_percent) : "\u2013")
        .number(interval_words(row.interval))
        .number(calculated ? percent_words(row.primary_percent) : "\u2013")
        .number(count_text(row.rows))
        .text(words);
  }
  const Totals& totals = report.totals;
  table.row(true)
      .name("Total")
      .text("")
      .number(tonnes_text(totals.kg))
      .number(percent_words(100))
      .number(interval_words(totals.interval))
      .number(percent_words(totals.primary_percent))
      .number(count_text(totals.rows))
      .text("");
  return out + table.finish();
}

std::string quality_section(const Report& report) {
  const Totals& totals = report.totals;
  std::string out =
      heading("quality", "Quality of the data",
              "Primary data come from suppliers and other partners of the value chain. Spend with "
              "an average factor is the roughest basis.");
  out += figure(quality_chart(report));
  if (std::isfinite(totals.activity_quality) || std::isfinite(totals.factor_quality)) {
    out +=
        paragraph("Scores from 1 (very good) to 4 (poor), weighted by emissions: activity data " +
                  grouped(totals.activity_quality, 2) + ", factors " +
                  grouped(totals.factor_quality, 2) + ".");
  }
  if (std::isfinite(totals.pcaf_score) || std::isfinite(totals.pcaf_scope3_score)) {
    const auto score = [](double of) { return std::isfinite(of) ? grouped(of, 2) : "not known"; };
    out += paragraph(
        "PCAF scores of the portfolio from 1 (verified) to 5, weighted by what is "
        "outstanding: scopes 1 and 2 of investees " +
        score(totals.pcaf_score) + ", their scope 3 " + score(totals.pcaf_scope3_score) + ".");
  }
  HtmlTable table(
      "How closely the factors match their rows",
      {{"Match: class / region / year"}, {"t CO\u2082e", true}, {"Share", true}, {"Rows", true}});
  for (const GroupRow& row : report.match_levels)
    table.row()
        .name(row.name.empty() ? "not known" : row.name)
        .number(tonnes_text(row.kg))
        .number(percent_words(row.share_percent))
        .number(count_text(row.rows));
  return report.match_levels.empty() ? out : out + table.finish();
}

std::string supplier_section(const Report& report, const Thresholds& thresholds) {
  if (report.suppliers.empty()) return {};
  constexpr size_t kMost = 40;
  const auto to_engage = static_cast<size_t>(
      std::count_if(report.suppliers.begin(), report.suppliers.end(),
                    [](const SupplierRow& row) { return !row.engage.empty(); }));
  std::string out = heading(
      "suppliers", "Suppliers to engage",
      count_text(to_engage) + " of " + count_text(report.suppliers.size()) +
          " suppliers: the largest that make up " + percent_words(thresholds.engage_percent) +
          " of emissions or of spend, and any one above " +
          percent_words(thresholds.engage_single_percent) +
          ". Shares are of the emissions of rows that name a supplier, " +
          percent_words(percent(report.supplier_kg, report.totals.kg)) + " of the total.");
  out += figure(supplier_chart(report, thresholds));
  HtmlTable table("Suppliers to engage, by emissions", {{"Supplier"},
                                                        {"t CO\u2082e", true},
                                                        {"Share", true},
                                                        {"Together", true},
                                                        {"Share of spend", true},
                                                        {"Primary data", true},
                                                        {"Why"}});
  size_t shown = 0;
  for (const SupplierRow& row : report.suppliers) {
    if (row.engage.empty() || shown == kMost) continue;
    ++shown;
    table.row()
        .name(row.name)
        .number(tonnes_text(row.kg))
        .number(percent_words(row.share_percent))
        .number(percent_words(row.cumulative_percent))
        .number(percent_words(row.spend_share_percent))
        .number(percent_words(row.primary_percent))
        .text(row.engage);
  }
  out += table.finish();
  if (to_engage > shown)
    out += paragraph("And " + count_text(to_engage - shown) + " more, see the table of suppliers.");
  return out;
}

std::string uncertainty_section(const Report& report) {
  const Totals& totals = report.totals;
  if (!std::isfinite(totals.interval.sdg95)) return {};
  std::string out = heading(
      "uncertainty", "Uncertainty",
      "With a probability of 95\u202F% the total lies between " + tonnes_text(totals.interval.low) +
          " and " + tonnes_text(totals.interval.high) + " t CO\u2082e: divided and multiplied by " +
          grouped(totals.interval.sdg95, 2) +
          ". Lines that share a factor share its error, so that many lines do not make it smaller; "
          "errors of activity data are independent.");
  out += figure(uncertainty_chart(report));
  if (totals.spread_known_percent < 99.95)
    out += paragraph("Only " + percent_words(totals.spread_known_percent) +
                     " of the emissions have a spread; the rest is taken as exact.");
  return out;
}

}  // namespace chunkmill::scope3
