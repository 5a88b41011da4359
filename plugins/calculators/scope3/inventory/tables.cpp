#include "plugins/calculators/scope3/inventory/tables.hpp"

#include <charconv>

namespace chunkmill::scope3 {
namespace {

constexpr std::string_view kKg = "kgCO2e";
constexpr std::string_view kTonne = "tCO2e";

template <typename Row>
OutputColumn<Row> tonnes() {
  return number<Row>(
      "emissions_tco2e", [](const Row& row) { return row.kg / 1000; }, kTonne);
}

// What a category and the total have in common.
template <typename Row>
void add_category_numbers(std::vector<OutputColumn<Row>>* out) {
  const std::initializer_list<OutputColumn<Row>> columns = {
      number<Row>("emissions_kgco2e", &Row::kg, kKg),
      tonnes<Row>(),
      estimate<Row>(
          "low_kgco2e", [](const Row& row) { return row.interval.low; }, kKg),
      estimate<Row>(
          "high_kgco2e", [](const Row& row) { return row.interval.high; }, kKg),
      estimate<Row>("sdg95", [](const Row& row) { return row.interval.sdg95; }),
      number<Row>("spread_known_percent", &Row::spread_known_percent),
      number<Row>("optional_kgco2e", &Row::optional_kg, kKg),
      number<Row>("project_lifetime_kgco2e", &Row::lifetime_kg, kKg),
      number<Row>("investee_scope3_kgco2e", &Row::investee_scope3_kg, kKg),
      number<Row>("biogenic_co2_kg", &Row::biogenic_kg, "kg"),
      number<Row>("primary_data_percent", &Row::primary_percent),
      number<Row>("activity_quality", &Row::activity_quality),
      number<Row>("factor_quality", &Row::factor_quality),
      count<Row>("rows", &Row::rows),
      count<Row>("rejected_rows", &Row::rejected_rows),
      count<Row>("excluded_rows", &Row::excluded_rows),
      text<Row>("methods", &Row::methods)};
  out->insert(out->end(), columns.begin(), columns.end());
}

std::vector<OutputColumn<Totals>> total_columns() {
  std::vector<OutputColumn<Totals>> out;
  add_category_numbers(&out);
  const std::initializer_list<OutputColumn<Totals>> more = {
      number<Totals>("upstream_kgco2e", &Totals::upstream_kg, kKg),
      number<Totals>("downstream_kgco2e", &Totals::downstream_kg, kKg),
      number<Totals>("tco2e_per_million_revenue", &Totals::per_million_revenue_t),
      number<Totals>("pcaf_score", &Totals::pcaf_score),
      number<Totals>("pcaf_scope3_score", &Totals::pcaf_scope3_score),
      count<Totals>("calculated_categories", &Totals::calculated_categories),
      count<Totals>("unexplained_categories", &Totals::unexplained_categories),
      count<Totals>("unusable_rows", &Totals::unusable_rows),
      count<Totals>("warnings", &Totals::warnings),
      text<Totals>("gwp_sets", &Totals::gwp_sets)};
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

std::vector<OutputColumn<CategoryRow>> category_columns() {
  using Row = CategoryRow;
  std::vector<OutputColumn<Row>> out = {
      category<Row>("category", &Row::number),
      text<Row>(
          "name",
          [](const Row& row) { return kCategoryWords[static_cast<size_t>(row.number)].name; }),
      text<Row>("direction",
                [](const Row& row) {
                  return std::string_view(kCategoryWords[static_cast<size_t>(row.number)].upstream
                                              ? "upstream"
                                              : "downstream");
                }),
      text<Row>("status", [](const Row& row) { return status_word(row.status); }),
      text<Row>("explanation", &Row::explanation),
      number<Row>("share_percent", &Row::share_percent)};
  add_category_numbers(&out);
  return out;
}

std::vector<OutputColumn<GroupRow>> group_columns(std::string_view name, bool by_category) {
  using Row = GroupRow;
  std::vector<OutputColumn<Row>> out = {
      text<Row>(name, &Row::name), number<Row>("emissions_kgco2e", &Row::kg, kKg),
      number<Row>("share_percent", &Row::share_percent),
      number<Row>("primary_data_percent", &Row::primary_percent), count<Row>("rows", &Row::rows)};
  if (by_category) out.insert(out.begin(), category<Row>("category", &Row::category));
  return out;
}

std::vector<OutputColumn<SupplierRow>> supplier_columns() {
  using Row = SupplierRow;
  return {count<Row>("rank", &Row::rank),
          text<Row>("supplier", &Row::name),
          number<Row>("emissions_kgco2e", &Row::kg, kKg),
          number<Row>("share_percent", &Row::share_percent),
          number<Row>("cumulative_percent", &Row::cumulative_percent),
          number<Row>("spend", &Row::spend),
          number<Row>("spend_share_percent", &Row::spend_share_percent),
          number<Row>("primary_data_percent", &Row::primary_percent),
          count<Row>("rows", &Row::rows),
          text<Row>("engage", &Row::engage)};
}

std::vector<OutputColumn<FactorRow>> factor_columns() {
  using Row = FactorRow;
  return {text<Row>("factor_set", &Row::set),
          text<Row>("factor_set_version", &Row::version),
          text<Row>("factor_id", &Row::id),
          text<Row>("factor_unit", &Row::unit),
          number<Row>("emissions_kgco2e", &Row::kg, kKg),
          number<Row>("share_percent", &Row::share_percent),
          estimate<Row>("sdg95", &Row::sdg95),
          estimate<Row>("variance_percent", &Row::variance_percent),
          count<Row>("rows", &Row::rows)};
}

std::vector<OutputColumn<GapRow>> gap_columns() {
  using Row = GapRow;
  return {category<Row>("category", &Row::category),
          text<Row>("status", &Row::status),
          text<Row>("code", &Row::code),
          count<Row>("rows", &Row::rows),
          number<Row>("rows_percent", &Row::rows_percent),
          number<Row>("emissions_kgco2e", &Row::kg, kKg),
          number<Row>("spend", &Row::spend),
          text<Row>("currency", &Row::currency),
          number<Row>("spend_percent", &Row::spend_percent),
          text<Row>("example", &Row::example)};
}

std::vector<OutputColumn<GuardRow>> guard_columns() {
  using Row = GuardRow;
  return {category<Row>("first_category", &Row::first),
          category<Row>("second_category", &Row::second),
          text<Row>("check", &Row::check),
          text<Row>("status", &Row::status),
          count<Row>("found", &Row::found),
          number<Row>("first_kgco2e", &Row::first_kg, kKg),
          number<Row>("second_kgco2e", &Row::second_kg, kKg),
          text<Row>("examples", &Row::examples),
          text<Row>("rule", &Row::message)};
}

// Without a category: of all.
std::vector<OutputColumn<ChangeRow>> change_columns() {
  using Row = ChangeRow;
  const auto by = [](Reason reason) {
    return [reason](const Row& row) { return row.kg[static_cast<size_t>(reason)]; };
  };
  const auto rows = [](Reason reason) {
    return [reason](const Row& row) { return row.rows[static_cast<size_t>(reason)]; };
  };
  return {category<Row>("category", &Row::category),
          number<Row>("old_kgco2e", &Row::old_kg, kKg),
          number<Row>("new_kgco2e", &Row::new_kg, kKg),
          number<Row>("difference_kgco2e", &Row::difference_kg, kKg),
          number<Row>("by_activity_kgco2e", by(Reason::kActivity), kKg),
          number<Row>("by_price_kgco2e", by(Reason::kPrice), kKg),
          number<Row>("by_factor_kgco2e", by(Reason::kFactor), kKg),
          number<Row>("by_method_kgco2e", by(Reason::kMethod), kKg),
          number<Row>("by_boundary_kgco2e", by(Reason::kBoundary), kKg),
          number<Row>("by_new_rows_kgco2e", by(Reason::kNew), kKg),
          number<Row>("by_gone_rows_kgco2e", by(Reason::kGone), kKg),
          count<Row>("activity_rows", rows(Reason::kActivity)),
          count<Row>("price_rows", rows(Reason::kPrice)),
          count<Row>("factor_rows", rows(Reason::kFactor)),
          count<Row>("method_rows", rows(Reason::kMethod)),
          count<Row>("boundary_rows", rows(Reason::kBoundary)),
          count<Row>("new_rows", rows(Reason::kNew)),
          count<Row>("gone_rows", rows(Reason::kGone)),
          count<Row>("unchanged_rows", &Row::unchanged_rows)};
}

std::vector<OutputColumn<CdpRow>> cdp_columns() {
  using Row = CdpRow;
  return {
      text<Row>("scope_3_category", &Row::category),
      text<Row>("evaluation_status", &Row::evaluation_status),
      number<Row>("emissions_in_reporting_year_tco2e", &Row::tco2e, kTonne),
      text<Row>("emissions_calculation_methodology", &Row::methodology),
      number<Row>("percent_from_suppliers_or_value_chain_partners", &Row::supplier_data_percent),
      text<Row>("please_explain", &Row::explanation)};
}

std::vector<OutputColumn<EsrsRow>> esrs_columns() {
  using Row = EsrsRow;
  return {text<Row>("line", &Row::line),
          text<Row>("disclosure", &Row::disclosure),
          text<Row>("significant", &Row::significant),
          text<Row>("unit", &Row::unit),
          number<Row>("value", &Row::value),
          number<Row>("primary_data_percent", &Row::primary_data_percent)};
}

}  // namespace

double shown(double value, int digits) {
  if (!std::isfinite(value)) return value;
  if (value == 0) return 0;  // a sum of nothing may be -0
  char text[40];
  const auto end =
      std::to_chars(text, text + sizeof text, value, std::chars_format::scientific, digits - 1).ptr;
  double out = value;
  std::from_chars(text, end, out);
  return out;
}

Tables::Tables()
    : totals_(total_columns()),
      categories_("categories", category_columns()),
      suppliers_("suppliers", supplier_columns()),
      countries_("countries", group_columns("country", false)),
      methods_("methods", group_columns("method", true)),
      match_levels_("match_levels", group_columns("match_level", false)),
      factors_("factors", factor_columns()),
      gaps_("gaps", gap_columns()),
      guards_("guards", guard_columns()),
      changes_("recalculation", change_columns()),
      cdp_("cdp", cdp_columns()),
      esrs_("esrs_e1_6", esrs_columns()),
      page_("page",
            {text<PageRow>("name", &PageRow::name), text<PageRow>("html", &PageRow::html)}) {}

void Tables::declare(Columns& columns) {
  totals_.declare(columns.main());
  categories_.declare(columns);
  suppliers_.declare(columns);
  countries_.declare(columns);
  methods_.declare(columns);
  match_levels_.declare(columns);
  factors_.declare(columns);
  gaps_.declare(columns);
  guards_.declare(columns);
  changes_.declare(columns);
  cdp_.declare(columns);
  esrs_.declare(columns);
  page_.declare(columns);
}

void Tables::write(const Report& report, const Thresholds& thresholds, const PageRow& page,
                   int64_t row, Outputs& out) const {
  const Header& header = report.header;
  totals_.write(report.totals, out);
  categories_.write(header, row, report.categories, out);
  suppliers_.write(header, row, report.suppliers, out);
  countries_.write(header, row, report.countries, out);
  methods_.write(header, row, report.methods, out);
  match_levels_.write(header, row, report.match_levels, out);
  factors_.write(header, row, report.factors, out);
  gaps_.write(header, row, report.gaps, out);
  guards_.write(header, row, report.guards, out);
  changes_.write(header, row, report.changes, out);
  cdp_.write(header, row, cdp_rows(report), out);
  esrs_.write(header, row, esrs_rows(report, thresholds), out);
  page_.write(header, row, {page}, out);
}

}  // namespace chunkmill::scope3
