// The sections of a page, each whole with its heading; empty where there is nothing to say.
#pragma once

#include <string>

#include "plugins/calculators/scope3/inventory/report.hpp"

namespace chunkmill::scope3 {

std::string key_figures(const Report& report);
std::string category_section(const Report& report);
std::string quality_section(const Report& report);
std::string supplier_section(const Report& report, const Thresholds& thresholds);
std::string uncertainty_section(const Report& report);
std::string beside_section(const Report& report);
std::string place_section(const Report& report);
std::string gap_section(const Report& report);
std::string guard_section(const Report& report);
std::string change_section(const Report& report);

}  // namespace chunkmill::scope3
