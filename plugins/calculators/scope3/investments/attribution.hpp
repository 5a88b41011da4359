// What part of an investee's emissions is financed: the attribution factors of PCAF's asset classes
// (Financed Emissions, 2nd edition, 2022, part A, sections 5.1 to 5.7), and the shares of the GHG
// Protocol's Technical Guidance for equity and projects.
//
// Outstanding amount and what it is divided by are in one currency and of one date. A row that
// lacks what its class needs fails: there is no usual percentage, and outstanding is never divided
// by revenue, nor that of a state by its debt.
//
// Threads: read-only once declared.
#pragma once

#include "plugins/calculators/scope3/common/formula.hpp"

namespace chunkmill::scope3 {

enum class AssetClass : uint8_t {
  kEquity,           // GHG Protocol
  kProject,          // GHG Protocol: project finance, debt with known use
  kProjectLifetime,  // the initial lender's or sponsor's line apart
  kListedEquity,
  kCorporateBond,
  kBusinessLoan,
  kUnlistedEquity,
  kProjectFinance,
  kCommercialRealEstate,
  kMortgage,
  kMotorVehicle,
  kSovereignDebt,
  kUnknown,
};
inline constexpr std::string_view kAssetClasses[] = {
    "equity",          "project",         "project_lifetime",
    "listed_equity",   "corporate_bond",  "business_loan",
    "unlisted_equity", "project_finance", "commercial_real_estate",
    "mortgage",        "motor_vehicle",   "sovereign_debt"};
inline bool is_pcaf(AssetClass of) { return of >= AssetClass::kListedEquity; }

class Attribution {
 public:
  void declare(Inputs& in);
  // Fails where it cannot be known, and above 1.
  double of(Formula& f, AssetClass asset) const;

 private:
  double total_equity_and_debt(Formula& f, Currency outstanding) const;
  double enterprise_value(Formula& f, Currency outstanding) const;
  // What the outstanding amount is divided by; `outstanding`: the currency of that.
  double whole(Formula& f, AssetClass asset, Currency outstanding) const;
  double outstanding(Formula& f, AssetClass asset, Currency* currency) const;
  double equity(Formula& f, Currency outstanding) const;
  // In the currency of the outstanding amount, else the problem is noted; at least 0.
  double money(Formula& f, Input in, Currency outstanding) const;
  double number(Formula& f, Input in, Currency outstanding) const;
  void check_dates(Formula& f) const;

  Input share_, outstanding_, outstanding_date_, value_date_, value_currency_, uncalled_;
  Input evic_, ordinary_, preferred_, minority_, equity_, debt_, balance_sheet_, project_cost_;
  Input origination_value_, ppp_gdp_;
};

}  // namespace chunkmill::scope3
