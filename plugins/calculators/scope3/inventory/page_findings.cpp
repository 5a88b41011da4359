// The sections of what is missing, what may be twice there, and what has changed.
#include <algorithm>

#include "plugins/calculators/scope3/inventory/charts.hpp"
#include "plugins/calculators/scope3/inventory/page_parts.hpp"
#include "plugins/calculators/scope3/inventory/page_sections.hpp"

namespace chunkmill::scope3 {
namespace {

std::string category_words(int category) {
  if (category == 0) return "no category";
  return std::to_string(category) + " " +
         std::string(kCategoryWords[static_cast<size_t>(category)].name);
}

std::string spaced(std::string words) {
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

}  // namespace

std::string gap_section(const Report& report) {
  std::string out = heading("gaps", "Gaps",
                            "Rows that are in no sum, and rows that are in it by a weaker match.");
  HtmlTable missing("Rows that are in no sum", {{"Category"},
                                                {"Status"},
                                                {"Reason"},
                                                {"Rows", true},
                                                {"of its rows", true},
                                                {"Spend", true},
                                                {"of its spend", true},
                                                {"For example"}});
  HtmlTable weaker("Rows with a factor of another class, region or year, and rows with a flag",
                   {{"Category"},
                    {"Status"},
                    {"What"},
                    {"Rows", true},
                    {"of its rows", true},
                    {"t CO\u2082e", true}});
  bool any_missing = false;
  bool any_weaker = false;
  for (const GapRow& row : report.gaps) {
    if (row.status == "rejected" || row.status == "excluded") {
      any_missing = true;
      missing.row()
          .name(category_words(row.category))
          .tag(row.status, row.status)
          .code(row.code)
          .number(count_text(row.rows))
          .number(percent_words(row.rows_percent))
          .number(std::isfinite(row.spend) ? grouped(row.spend, 0) + " " + row.currency : "\u2013")
          .number(percent_words(row.spend_percent))
          .text(shortened(row.example, 110));
    } else if (row.status != "calculated") {
      any_weaker = true;
      weaker.row()
          .name(category_words(row.category))
          .tag(row.status, row.status)
          .code(row.code)
          .number(count_text(row.rows))
          .number(percent_words(row.rows_percent))
          .number(tonnes_text(row.kg));
    }
  }
  for (const CategoryRow& row : report.categories)
    if (row.status == Status::kNoData)
      out += paragraph("Category " + category_words(row.number) +
                       " has neither results nor a statement of why it has none.");
  if (report.totals.unusable_rows > 0)
    out += paragraph(count_text(report.totals.unusable_rows) +
                     " results have no category or no number and were left out.");
  out += any_missing ? missing.finish() : paragraph("No row was rejected.");
  return any_weaker ? out + weaker.finish() : out;
}

std::string guard_section(const Report& report) {
  if (report.guards.empty()) return {};
  std::string out =
      heading("twice", "Counted twice?",
              "Pairs of categories that may hold the same emission, as far as results can show it. "
              "A warning asks for a look: rows with one id or one purchase in two categories.");
  HtmlTable table("Checks between categories", {{"Categories"},
                                                {"Check"},
                                                {"Status"},
                                                {"Found", true},
                                                {"t CO\u2082e in each", true},
                                                {"Rule, examples"}});
  std::string clear;
  bool any = false;
  for (const GuardRow& row : report.guards) {
    const std::string pair = row.first == 0 ? std::string("all")
                             : row.first == row.second
                                 ? std::to_string(row.first)
                                 : std::to_string(row.first) + " and " + std::to_string(row.second);
    if (row.status == "clear") {
      clear.append(clear.empty() ? "" : "; ").append(pair).append(" (" + spaced(row.check) + ")");
      continue;
    }
    any = true;
    std::string kg = "\u2013";
    if (std::isfinite(row.first_kg)) kg = tonnes_text(row.first_kg);
    if (std::isfinite(row.second_kg)) kg += ", " + tonnes_text(row.second_kg);
    table.row()
        .name(pair)
        .text(spaced(row.check))
        .tag(row.status, spaced(row.status))
        .number(row.found == 0 ? "\u2013" : count_text(row.found))
        .number(kg)
        .text(row.message + (row.examples.empty() ? "" : ": " + row.examples));
  }
  if (any) out += table.finish();
  if (!clear.empty()) out += paragraph("Compared, and nothing found: " + clear + ".");
  return out;
}

std::string change_section(const Report& report) {
  if (report.changes.empty()) return {};
  const ChangeRow& all = report.changes.front();
  std::string out = heading(
      "changes", "What has changed",
      "Row by row against the results of the last time, which came to " + tonnes_text(all.old_kg) +
          " t CO\u2082e. Where a method or a unit is another one the whole difference is the "
          "method's; else it is split into activity, prices, "
          "factors and boundary.");
  out += figure(change_chart(report));
  HtmlTable table("Differences by category and reason, t CO\u2082e", {{"Category"},
                                                                      {"Before", true},
                                                                      {"Now", true},
                                                                      {"Activity", true},
                                                                      {"Prices", true},
                                                                      {"Factors", true},
                                                                      {"Methods", true},
                                                                      {"Boundary", true},
                                                                      {"New rows", true},
                                                                      {"Rows gone", true},
                                                                      {"Rows unchanged", true}});
  for (size_t i = 1; i <= report.changes.size(); ++i) {
    const ChangeRow& row = report.changes[i % report.changes.size()];  // the sum comes last
    table.row(row.category == 0)
        .name(row.category == 0 ? "Total" : category_words(row.category))
        .number(tonnes_text(row.old_kg))
        .number(tonnes_text(row.new_kg));
    for (const double kg : row.kg) table.number(kg == 0 ? "\u2013" : tonnes_text(kg));
    table.number(count_text(row.unchanged_rows));
  }
  return out + table.finish();
}

std::string beside_section(const Report& report) {
  const Totals& totals = report.totals;
  HtmlTable table("Not in the sum, t CO\u2082e", {{"What"}, {"t CO\u2082e", true}, {"Categories"}});
  bool any = false;
  const auto say = [&](std::string_view words, double CategoryRow::*member) {
    if (totals.*member == 0) return;
    any = true;
    std::string categories;
    for (const CategoryRow& row : report.categories)
      if (row.*member != 0)
        categories += (categories.empty() ? "" : ", ") + std::to_string(row.number);
    table.row().name(words).number(tonnes_text(totals.*member)).text(categories);
  };
  say("Biogenic CO\u2082", &CategoryRow::biogenic_kg);
  say("Optional emissions, outside the minimum boundary", &CategoryRow::optional_kg);
  say("Lifetime emissions of projects that were financed", &CategoryRow::lifetime_kg);
  say("Scope 3 of investees", &CategoryRow::investee_scope3_kg);
  if (!any) return {};
  return heading("beside", "Beside the sum", "Reported apart, as the standard asks.") +
         table.finish();
}

std::string place_section(const Report& report) {
  constexpr size_t kMost = 25;
  if (report.countries.size() < 2) return {};
  HtmlTable table("Emissions by country",
                  {{"Country"}, {"t CO\u2082e", true}, {"Share", true}, {"Rows", true}});
  for (size_t i = 0; i < std::min(kMost, report.countries.size()); ++i) {
    const GroupRow& row = report.countries[i];
    table.row()
        .name(row.name.empty() ? "not known" : row.name)
        .number(tonnes_text(row.kg))
        .number(percent_words(row.share_percent))
        .number(count_text(row.rows));
  }
  std::string out = heading("countries", "Where", "Countries of the activities.") + table.finish();
  if (report.countries.size() > kMost)
    out += paragraph("And " + count_text(report.countries.size() - kMost) +
                     " more, see the table of countries.");
  return out;
}

}  // namespace chunkmill::scope3
