// The tables that disclosure standards ask for. Names of fields are those of the CDP questionnaire
// of 2024 (question 7.8) and of ESRS E1-6; compare with the current texts before filing.
#pragma once

#include <string>
#include <vector>

#include "plugins/calculators/scope3/inventory/report.hpp"

namespace chunkmill::scope3 {

struct CdpRow {
  std::string category, evaluation_status;
  double tco2e = NAN;
  std::string methodology;
  double supplier_data_percent = NAN;
  std::string explanation;
};
std::vector<CdpRow> cdp_rows(const Report& report);

struct EsrsRow {
  std::string line;  // 1 to 15, total, per_net_revenue, primary_data, biogenic_co2
  std::string disclosure;
  std::string significant;  // yes, no; empty where it is no category
  std::string unit;
  double value = NAN;
  double primary_data_percent = NAN;
};
std::vector<EsrsRow> esrs_rows(const Report& report, const Thresholds& thresholds);

}  // namespace chunkmill::scope3
