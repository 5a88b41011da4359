// GHG Protocol Scope 3 category 7: employees between home and work, and work at home. Numbers in
// brackets are those of the Technical Guidance (2013).
#pragma once

#include "plugins/calculators/scope3/common/travel.hpp"

namespace chunkmill::scope3 {

class EmployeeCommuting : public Travel {
 public:
  static constexpr Info kInfo{"scope3.employee_commuting", "1.0.0",
                              "GHG Protocol Scope 3 category 7: employee commuting",
                              CM_CALCULATOR_PURE};
  EmployeeCommuting();

 private:
  void inputs(Inputs& in) override;
  std::vector<Method> methods() const override;

  // Appendix A: emissions of a sample x population / sample.
  void sampled(Formula& f) const;
  // [4.1], [4.3] fuel x EF + electricity x EF + leak x GWP.
  void fuel_based(Formula& f) const;
  // [7.1] one way x 2 x days x EF; and work at home.
  void distance_based(Formula& f) const;
  // [7.2] employees x share of the mode x one way x 2 x days x EF.
  void average_data(Formula& f) const;

  // What a sample is multiplied with to stand for all employees (appendix A).
  double scale(Formula& f) const;
  double days(Formula& f) const;
  bool has_way(const Formula& f) const { return f.has(way_) || f.has(year_way_); }
  // Of an employee: as the row says, or one way x 2 x days.
  Amount way_of_year(Formula& f) const;
  // Of all cars in which the row's employees come to work.
  Amount driven(Formula& f) const;
  // What `employees` travel in the year.
  void add_commute(Formula& f, double employees) const;
  // Optional: energy used at home beyond what is used there anyway.
  void add_telework(Formula& f, double employees) const;

  Input year_way_, sample_emissions_;
  Input days_, days_per_week_, weeks_, share_, sample_, population_;
  Input telework_, baseline_, telework_activity_;
};

}  // namespace chunkmill::scope3
