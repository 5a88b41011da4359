#include <algorithm>

#include "plugins/calculators/scope3/inventory/charts.hpp"
#include "plugins/calculators/scope3/inventory/svg.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr double kChartWidth = 960;
constexpr double kTop = 34;
constexpr double kHeight = 200;
constexpr double kColumn = kChartWidth / (kReasons + 2);
// The axis begins below the lowest sum where the changes are small beside it.
constexpr double kRoomBelow = 1.5;

std::string signed_tonnes(double kg) { return (kg > 0 ? "+" : "") + tonnes_text(kg); }

}  // namespace

std::string change_chart(const Report& report) {
  const ChangeRow& all = report.changes.front();
  std::array<double, kReasons + 1> sums{all.old_kg};
  std::string description = "Before: " + tonnes_text(all.old_kg) + " t CO2e. ";
  for (size_t i = 0; i < kReasons; ++i) {
    sums[i + 1] = sums[i] + all.kg[i];
    description += std::string(kReasonWords[i]) + ": " + signed_tonnes(all.kg[i]) + ". ";
  }
  description += "Now: " + tonnes_text(all.new_kg) + " t CO2e.";
  const double high = std::max({*std::max_element(sums.begin(), sums.end()), all.new_kg, 1e-9});
  const double low = std::min(*std::min_element(sums.begin(), sums.end()), all.new_kg);
  const double base = std::max(0.0, low - kRoomBelow * (high - low));
  const auto y = [&](double kg) { return kTop + (high - kg) / (high - base + 1e-12) * kHeight; };

  Svg svg("changes", kChartWidth, kTop + kHeight + 50, "From the last calculation to this one",
          description);
  const double bottom = kTop + kHeight;
  svg.line(0, bottom, kChartWidth, bottom, "axis");
  const auto column = [&](size_t i, double from, double to, std::string_view style,
                          const std::string& value, std::string_view words) {
    const double x = kColumn * static_cast<double>(i);
    const double top = std::min(y(from), y(to));
    svg.bar(x + kColumn * 0.18, top, kColumn * 0.64, std::max(1.5, std::fabs(y(from) - y(to))),
            style);
    svg.text(x + kColumn / 2, top - 8, value, "middle", "strong");
    svg.text(x + kColumn / 2, bottom + 20, words, "middle");
  };
  constexpr std::array<std::string_view, kReasons> kWords{
      "activity", "prices", "factors", "methods", "boundary", "new rows", "rows gone"};
  column(0, base, all.old_kg, "rest", tonnes_text(all.old_kg), "before");
  for (size_t i = 0; i < kReasons; ++i) {
    const double from = sums[i];
    const double to = sums[i + 1];
    column(i + 1, from, to, to > from ? "more" : "less", signed_tonnes(all.kg[i]), kWords[i]);
    svg.line(kColumn * (static_cast<double>(i) + 0.82), y(from),
             kColumn * (static_cast<double>(i) + 1.18), y(from), "whisker");
  }
  column(kReasons + 1, base, all.new_kg, "accent", tonnes_text(all.new_kg), "now");
  if (base > 0)
    svg.text(0, bottom + 42, "t CO\u2082e; the axis begins at " + tonnes_text(base), "start",
             "muted");
  return svg.finish();
}

}  // namespace chunkmill::scope3
