#include "plugins/calculators/scope3/inventory/charts.hpp"

#include <algorithm>

#include "plugins/calculators/scope3/inventory/svg.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr double kWidth = 960;
constexpr double kValues = 110;  // room for the numbers at the right
constexpr std::array<std::string_view, kBases> kBasisStyles{"primary", "activity", "spend"};

// A step of 1, 2 or 5 times a power of ten that makes some five ticks.
double tick_step(double largest) {
  if (!(largest > 0)) return 1;
  const double power = std::pow(10, std::floor(std::log10(largest / 5)));
  for (const double step : {1.0, 2.0, 5.0})
    if (step * power * 5 >= largest) return step * power;
  return 10 * power;
}

void legend(Svg& svg, double x, double y, std::initializer_list<size_t> bases) {
  for (const size_t basis : bases) {
    svg.bar(x, y - 10, 12, 12, kBasisStyles[basis]);
    svg.text(x + 18, y, kBasisWords[basis]);
    x += 40 + 7.2 * static_cast<double>(kBasisWords[basis].size());
  }
}

std::string sentence_of(const CategoryRow& row) {
  return std::string(kCategoryWords[static_cast<size_t>(row.number)].name) + ": " +
         tonnes_text(row.kg) + " t CO2e, " + percent_words(row.share_percent) + " of the total";
}

void category_bar(Svg& svg, const CategoryRow& row, double left, double top, double scale,
                  double right) {
  const double middle = top + 11;
  svg.text(22, middle + 4.5, std::to_string(row.number), "end", "muted");
  svg.text(32, middle + 4.5, kCategoryWords[static_cast<size_t>(row.number)].name);
  if (row.status != Status::kCalculated) {
    constexpr std::string_view kWords[] = {"", "not calculated yet", "not relevant", "no data"};
    svg.text(left + 6, middle + 4.5, kWords[static_cast<size_t>(row.status)], "start", "muted");
    return;
  }
  double x = left;
  for (size_t basis = 0; basis < kBases; ++basis) {
    const double width = std::max(0.0, row.basis_kg[basis] * scale);
    if (width == 0) continue;
    svg.bar(x, top, width, 22, kBasisStyles[basis],
            std::string(kBasisWords[basis]) + ": " + tonnes_text(row.basis_kg[basis]) + " t CO2e");
    x += width;
  }
  if (std::isfinite(row.interval.low) && row.kg > 0) {
    const double low = left + row.interval.low * scale;
    const double high = std::min(left + row.interval.high * scale, right);
    svg.line(low, middle, high, middle, "whisker");
    svg.line(low, middle - 5, low, middle + 5, "whisker");
    if (left + row.interval.high * scale < right + 0.1)
      svg.line(high, middle - 5, high, middle + 5, "whisker");
  }
  svg.text(kWidth - 56, middle + 4.5, tonnes_text(row.kg), "end", "strong");
  svg.text(kWidth, middle + 4.5, percent_words(row.share_percent), "end", "muted");
}

}  // namespace

std::string category_chart(const Report& report) {
  constexpr double kLeft = 340;
  constexpr double kRow = 31;
  const double right = kWidth - kValues - 10;
  double most = 0;
  double highest = 0;
  for (const CategoryRow& row : report.categories) {
    double bar = 0;
    for (const double part : row.basis_kg) bar += std::max(0.0, part);
    most = std::max(most, bar);
    if (std::isfinite(row.interval.high)) highest = std::max(highest, row.interval.high);
  }
  const double domain = std::max({most, std::min(highest, 1.6 * most), 1e-9});
  const double scale = (right - kLeft) / domain;
  const double bottom = 44 + kRow * kCategories;
  std::string description;
  for (const CategoryRow& row : report.categories)
    if (row.status == Status::kCalculated) description += sentence_of(row) + ". ";
  Svg svg("by-category", kWidth, bottom + 46, "Emissions by category", description);
  const double step = tick_step(domain);
  for (double tick = 0; tick <= domain; tick += step) {
    const double x = kLeft + tick * scale;
    svg.line(x, 40, x, bottom, "grid");
    svg.text(x, bottom + 17, tonnes_text(tick), "middle", "muted");
  }
  svg.text(right, bottom + 36, "t CO\u2082e; the lines are 95\u202F% intervals", "end", "muted");
  legend(svg, kLeft, 16, {0, 1, 2});
  for (size_t i = 0; i < report.categories.size(); ++i)
    category_bar(svg, report.categories[i], kLeft, 46 + kRow * static_cast<double>(i), scale,
                 right);
  return svg.finish();
}

std::string quality_chart(const Report& report) {
  const std::array<double, kBases>& kg = report.totals.basis_kg;
  double whole = 0;
  for (const double part : kg) whole += std::max(0.0, part);
  std::string description;
  for (size_t i = 0; i < kBases; ++i)
    description += std::string(kBasisWords[i]) + ": " +
                   percent_words(percent(std::max(0.0, kg[i]), whole)) + ". ";
  Svg svg("quality", kWidth, 92, "What the results were made from", description);
  double x = 0;
  for (size_t i = 0; i < kBases; ++i) {
    const double width = whole > 0 ? std::max(0.0, kg[i]) / whole * kWidth : 0;
    if (width > 0) svg.bar(x, 0, width, 40, kBasisStyles[i], kBasisWords[i]);
    if (width > 60)
      svg.text(x + 10, 25, percent_words(100 * kg[i] / whole), "start",
               kBasisStyles[i] == "spend" ? "onspend" : "onbar");
    x += width;
  }
  double at = 0;
  for (size_t i = 0; i < kBases; ++i) {
    svg.bar(at, 62, 12, 12, kBasisStyles[i]);
    const std::string words = std::string(kBasisWords[i]) + ", " + tonnes_text(kg[i]) + " t";
    svg.text(at + 18, 72, words);
    at += 44 + 7.2 * static_cast<double>(words.size());
  }
  return svg.finish();
}

std::string supplier_chart(const Report& report, const Thresholds& thresholds) {
  constexpr size_t kMost = 20;
  constexpr double kLeft = 64;
  constexpr double kTop = 24;
  constexpr double kHeight = 240;
  const size_t shown = std::min(kMost, report.suppliers.size());
  const double right = kWidth - 56;
  const double bottom = kTop + kHeight;
  std::string description =
      "Bars: emissions of the " + std::to_string(shown) + " largest suppliers. Line: their sum. ";
  for (size_t i = 0; i < std::min<size_t>(shown, 5); ++i)
    description +=
        report.suppliers[i].name + ": " + percent_words(report.suppliers[i].share_percent) + ". ";
  Svg svg("suppliers", kWidth, bottom + 128, "The largest suppliers", description);
  const double most = shown > 0 ? std::max(report.suppliers[0].kg, 1e-9) : 1;
  const double step = tick_step(most);
  for (double tick = 0; tick <= most * 1.0001; tick += step) {
    const double y = bottom - tick / most * kHeight;
    svg.line(kLeft, y, right, y, "grid");
    svg.text(kLeft - 8, y + 4, tonnes_text(tick), "end", "muted");
  }
  svg.text(kLeft - 8, 12, "t CO\u2082e", "end", "muted");
  svg.text(kWidth, 12, "together", "end", "muted");
  for (const int share : {0, 50, 100})
    svg.text(right + 8, bottom - share / 100.0 * kHeight + 4, std::to_string(share) + "\u202F%",
             "start", "muted");
  const double goal = bottom - thresholds.engage_percent / 100 * kHeight;
  svg.line(kLeft, goal, right, goal, "goal");
  svg.text(right + 8, goal + 4, grouped(thresholds.engage_percent, 0) + "\u202F%", "start",
           "strong");
  const double slot = (right - kLeft) / static_cast<double>(std::max<size_t>(shown, 8));
  std::string points;
  for (size_t i = 0; i < shown; ++i) {
    const SupplierRow& supplier = report.suppliers[i];
    const double x = kLeft + slot * static_cast<double>(i);
    const double height = std::max(0.0, supplier.kg / most * kHeight);
    svg.bar(x + slot * 0.14, bottom - height, slot * 0.72, height,
            supplier.engage.empty() ? "rest" : "accent",
            supplier.name + ": " + tonnes_text(supplier.kg) + " t CO2e, " +
                percent_words(supplier.share_percent));
    const double y = bottom - std::clamp(supplier.cumulative_percent, 0.0, 100.0) / 100 * kHeight;
    points += coordinate(x + slot / 2) + "," + coordinate(y) + " ";
    svg.slanted(x + slot / 2 + 4, bottom + 16, shortened(supplier.name, 20));
  }
  svg.path(points, "cumulative");
  for (size_t i = 0; i < shown; ++i)
    svg.dot(kLeft + slot * (static_cast<double>(i) + 0.5),
            bottom - std::clamp(report.suppliers[i].cumulative_percent, 0.0, 100.0) / 100 * kHeight,
            3, "knot");
  return svg.finish();
}

std::string uncertainty_chart(const Report& report) {
  constexpr size_t kMost = 10;
  constexpr double kLeft = 380;
  constexpr double kRow = 28;
  struct Item {
    std::string name;
    double percent;
    std::string_view style;
  };
  std::vector<Item> items;
  double rest = 0;
  for (const FactorRow& factor : report.factors) {
    if (!(factor.variance_percent > 0)) continue;
    if (items.size() < kMost) {
      items.push_back({factor.set.empty() ? factor.id : factor.id + " \u00B7 " + factor.set,
                       factor.variance_percent, "accent"});
    } else {
      rest += factor.variance_percent;
    }
  }
  if (rest > 0) items.push_back({"all other factors", rest, "rest"});
  if (report.activity_variance_percent > 0)
    items.push_back({"activity data, line by line", report.activity_variance_percent, "activity"});
  double most = 1e-9;
  std::string description;
  for (const Item& item : items) {
    most = std::max(most, item.percent);
    description += item.name + ": " + percent_words(item.percent) + ". ";
  }
  const double height = kRow * static_cast<double>(items.size()) + 6;
  Svg svg("uncertainty", kWidth, height, "What the uncertainty comes from", description);
  const double scale = (kWidth - kLeft - kValues) / most;
  for (size_t i = 0; i < items.size(); ++i) {
    const double top = 3 + kRow * static_cast<double>(i);
    svg.text(kLeft - 12, top + 14.5, shortened(items[i].name, 50), "end");
    svg.bar(kLeft, top, std::max(1.0, items[i].percent * scale), 20, items[i].style);
    svg.text(kLeft + std::max(1.0, items[i].percent * scale) + 8, top + 14.5,
             percent_words(items[i].percent), "start", "strong");
  }
  return svg.finish();
}

}  // namespace chunkmill::scope3
