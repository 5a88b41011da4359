// The report as one HTML page that needs nothing beside it: no script, no font, no network.
#pragma once

#include <string>

#include "plugins/calculators/scope3/inventory/report.hpp"

namespace chunkmill::scope3 {

// "inventory-acme-ltd-2024.html": letters, digits and hyphens only.
std::string page_name(const Header& header);
std::string page_html(const Report& report, const Thresholds& thresholds);

}  // namespace chunkmill::scope3
