#include "plugins/calculators/scope3/employee_commuting/employee_commuting.hpp"

namespace chunkmill::scope3 {
namespace {
// Work at home is published by its energy in use, too.
constexpr Boundaries kNeeded = bit(Boundary::kLifeCycle) | bit(Boundary::kCombustion);
constexpr PaddedText kCommuting("commuting");
constexpr PaddedText kTelework("telework");
constexpr PaddedText kBoth("commuting and telework");
constexpr double kThereAndBack = 2;
}  // namespace

EmployeeCommuting::EmployeeCommuting()
    : Travel({kInfo, 7, kNeeded, kNoSpend, kMinimumIsCombustion}) {}

void EmployeeCommuting::inputs(Inputs& in) {
  travel_inputs(in, "one_way_distance", "from home to work, counted twice for each day");
  year_way_ = in.quantity(
      "annual_distance", "what one employee travels in the year, all ways; or passenger-km of all");
  sample_emissions_ = in.quantity("sample_emissions", "emissions of those who answered a survey",
                                  Dimension::kEmissions);
  persons_ = in.number("employees", "for whom the row stands; without: one");
  days_ = in.number("days", "of commuting, in the year");
  days_per_week_ = in.number("days_per_week", "of commuting; together with weeks");
  weeks_ = in.number("weeks", "of work, in the year");
  share_ = in.percent("share_percent", "share of the employees who travel so");
  sample_ = in.number("sample_size", "employees who answered; together with population");
  population_ = in.number("population", "employees for whom they stand");
  telework_ = in.quantity("telework", "energy used at home for work, or hours worked there");
  baseline_ = in.quantity("telework_baseline", "energy that is used at home without work");
  telework_activity_ = in.text("telework_activity", "its activity code; default: the row's");
}

std::vector<Method> EmployeeCommuting::methods() const {
  return {method<&EmployeeCommuting::sampled>("sampled", {sample_emissions_}),
          method<&EmployeeCommuting::fuel_based>("fuel_based", {}),
          method<&EmployeeCommuting::distance_based>("distance_based", {}),
          method<&EmployeeCommuting::average_data>("average_data", {share_, persons_})};
}

double EmployeeCommuting::scale(Formula& f) const {
  if (!f.has(sample_) && !f.has(population_)) return 1;
  const double sample = f.number(sample_);
  const double population = f.number(population_);
  if (!f.failed() && !(sample > 0 && population >= sample)) f.fail(Gap::kShareOutOfRange, sample_);
  f.flag(kScaled);
  return population / sample;
}

void EmployeeCommuting::sampled(Formula& f) const {
  if (!in_scope(f)) return;
  f.kind(kCommuting);
  f.add_given(f.amount(sample_emissions_).times(scale(f)));
}

Amount EmployeeCommuting::way_of_year(Formula& f) const {
  if (f.has(year_way_)) return f.amount(year_way_);
  const Amount way = f.amount(way_);
  return way.times(kThereAndBack * days(f));
}

double EmployeeCommuting::days(Formula& f) const {
  if (f.has(days_)) return count_or(f, days_, 0);
  if (!f.has(days_per_week_) && !f.has(weeks_)) f.fail(Gap::kMissingInput, days_);
  if (!f.has(weeks_)) f.fail(Gap::kMissingInput, weeks_);
  if (!f.has(days_per_week_)) f.fail(Gap::kMissingInput, days_per_week_);
  return count_or(f, days_per_week_, 0) * count_or(f, weeks_, 0);
}

void EmployeeCommuting::fuel_based(Formula& f) const {
  if (!has_fuel(f) || !in_scope(f)) return;
  f.kind(f.has(telework_) ? kBoth : kCommuting);
  const double times = scale(f);
  add_fuel(f, times, fuel_by_way(f) ? driven(f) : Amount());
  if (f.has(telework_)) add_telework(f, count_or(f, persons_, 1) * times);
}

Amount EmployeeCommuting::driven(Formula& f) const {
  const double employees = count_or(f, persons_, 1) * (f.has(share_) ? f.percent(share_) : 1);
  const double people = f.number_or(occupancy_, 1);
  if (!(people > 0)) f.fail(Gap::kShareOutOfRange, occupancy_);
  // How many cars these people came in is nobody's guess.
  if (f.has(persons_) && !f.has(occupancy_)) f.fail(Gap::kMissingInput, occupancy_);
  if (!has_way(f)) f.fail(Gap::kMissingInput, way_);
  return way_of_year(f).times(employees / people);
}

void EmployeeCommuting::add_commute(Formula& f, double employees) const {
  add_trip(f, way_of_year(f), employees, vehicle_code(f), f.has(year_way_) ? year_way_ : way_);
}

void EmployeeCommuting::distance_based(Formula& f) const {
  if (!in_scope(f)) return;
  if (f.has(share_)) return f.fail(Gap::kNoData, share_);  // not all of them travel so
  if (!has_way(f) && !f.has(telework_)) return;
  const double employees = count_or(f, persons_, 1) * scale(f);
  f.kind(!f.has(telework_) ? kCommuting : has_way(f) ? kBoth : kTelework);
  if (has_way(f)) add_commute(f, employees);
  if (f.has(telework_)) add_telework(f, employees);
}

void EmployeeCommuting::average_data(Formula& f) const {
  if (!in_scope(f)) return;
  if (!has_way(f)) return f.fail(Gap::kNoData, way_);
  f.kind(f.has(telework_) ? kBoth : kCommuting);
  const double share = f.percent_of_group(share_);
  const double employees = count_or(f, persons_, 1) * share * scale(f);
  add_commute(f, employees);
  if (f.has(telework_)) add_telework(f, employees);
}

void EmployeeCommuting::add_telework(Formula& f, double employees) const {
  Amount more = f.amount(telework_);
  if (f.failed()) return;
  if (more.unit.dimension == Dimension::kTime) {
    more.unit.dimension = Dimension::kCountTime;
  } else if (more.unit.dimension != Dimension::kCountTime) {
    // Energy counts only beyond the baseline; factors per hour of work are made so.
    if (!f.has(baseline_)) return f.fail(Gap::kMissingInput, baseline_);
    const Amount baseline = f.amount(baseline_);
    if (f.failed()) return;
    if (baseline.unit.dimension != more.unit.dimension)
      return f.fail(Gap::kUnitMismatch, baseline_, baseline.steps.given_unit.view());
    more.value -= convert(baseline.value, baseline.unit, more.unit);
    more.steps.net = more.value;
    if (more.value < 0) return f.fail(Gap::kNegativeAmount, telework_);
  }
  const Amount of_all = more.times(employees);
  const std::string_view code =
      f.has(telework_activity_) ? f.text(telework_activity_) : f.activity();
  f.optional();
  const bool whole = f.has_factor(code, Boundary::kLifeCycle, of_all.unit.dimension);
  const bool in_use = !whole && f.has_factor(code, Boundary::kCombustion, of_all.unit.dimension);
  if (in_use) f.flag(kCombustionAlone);
  f.add(of_all, f.factor(code, in_use ? Boundary::kCombustion : Boundary::kLifeCycle, of_all),
        "telework");
}

}  // namespace chunkmill::scope3
