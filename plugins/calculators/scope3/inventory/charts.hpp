// Pictures of a report, as SVG in a page. Each has a title and a description for those who do not
// see it. Colours are classes of the page's style.
#pragma once

#include <string>

#include "plugins/calculators/scope3/inventory/report.hpp"

namespace chunkmill::scope3 {

// A bar for each category, in parts by what its results were made from, with the 95 % interval.
std::string category_chart(const Report& report);
// One bar of all emissions by what they were made from.
std::string quality_chart(const Report& report);
// The largest suppliers and what they add up to.
std::string supplier_chart(const Report& report, const Thresholds& thresholds);
// What the uncertainty of the total comes from.
std::string uncertainty_chart(const Report& report);
// From the inventory before to this one, by reason.
std::string change_chart(const Report& report);

}  // namespace chunkmill::scope3
