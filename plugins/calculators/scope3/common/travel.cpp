#include "plugins/calculators/scope3/common/travel.hpp"

#include "plugins/calculators/scope3/common/factor_choice.hpp"
#include "plugins/calculators/scope3/common/operations.hpp"

namespace chunkmill::scope3 {

void Travel::travel_inputs(Inputs& in, std::string_view way, std::string_view what) {
  way_ = in.quantity(way, what);
  vehicle_ = in.text("vehicle", "activity code of the vehicle, or its name within `activity`");
  vehicle_class_ = in.text("travel_class", "cabin, size or fuel: the technology of the factor");
  technology_ = in.text("technology", "fuel or drive: the technology, where no travel_class is");
  occupancy_ = in.number("occupancy", "people in the vehicle, ours and others");
  fuel_ = in.quantity("fuel", "fuel or electricity used for the way", std::nullopt, "fuel_unit");
  per_100km_ = in.quantity("fuel_per_100km", "fuel used for 100 km, where `fuel` is not known",
                           std::nullopt, "fuel_unit");
  fuel_type_ = in.text("fuel_type", "its activity code; default: the row's activity");
  fuel_share_ = in.percent("fuel_share_percent", "our share of it, in a shared vehicle");
  refrigerant_ = in.text("refrigerant", "gas of the vehicle's air conditioning: R-134a");
  leak_ = in.quantity("refrigerant_leak", "what leaked of it", Dimension::kMass);
  company_vehicle_ = in.yes_no("company_vehicle", "whether the company owns or controls it");
}

// Employees' own and rented cars count here.
bool Travel::in_scope(Formula& f) const {
  if (f.yes(company_vehicle_, false))
    f.fail(Gap::kOutOfScope, company_vehicle_, "it is a company car: scope 1");
  return !f.failed();
}

double Travel::count_or(Formula& f, Input in, double otherwise) {
  const double count = f.number_or(in, otherwise);
  if (count < 0) f.fail(Gap::kNegativeAmount, in);
  return count;
}

void Travel::fuel_cost_inputs(Inputs& in) {
  fuel_spend_ = in.money("fuel_spend", "what the fuel cost, where `fuel` is not known");
  fuel_price_ =
      in.quantity("fuel_price", "price of one `fuel_unit` of it", std::nullopt, "fuel_unit");
}

void Travel::add_fuel(Formula& f, double times, const Amount& way) const {
  const Amount fuel = f.has(fuel_) ? f.amount(fuel_)
                      : by_cost(f) ? fuel_for_money(f, fuel_spend_, fuel_price_)
                                   : fuel_for_way(f, way, per_100km_);
  const double share = (f.has(fuel_share_) ? f.percent(fuel_share_) : 1) * times;
  const std::string_view code = f.has(fuel_type_) ? f.text(fuel_type_) : f.activity();
  f.add(fuel.share(share), f.factor(code, Boundary::kLifeCycle, fuel), "fuel");
  if (!f.has(leak_)) return;
  f.add(f.amount(leak_).share(share), f.gas(f.text(refrigerant_)), "refrigerant");
}

std::string_view Travel::technology_of(Formula& f, std::string_view code) const {
  const std::string_view first = f.text_or(vehicle_class_, {});
  const std::string_view second = f.text_or(technology_, {});
  if (first.empty() || second.empty()) return first.empty() ? second : first;
  const auto has = [&](std::string_view technology) {
    return f.has_technology(code, Boundary::kLifeCycle, Dimension::kPassenger, technology) ||
           f.has_technology(code, Boundary::kLifeCycle, Dimension::kDistance, technology);
  };
  const std::string_view both = f.keep(std::string(first) + ", " + std::string(second)).view();
  for (const std::string_view technology : {both, first, second})
    if (has(technology)) return technology;
  return first;
}

void Travel::add_trip(Formula& f, const Amount& way, double persons, std::string_view code,
                      Input own_factor_per) const {
  if (f.failed()) return;
  const bool of_all = way.unit.dimension == Dimension::kPassenger;
  if (!of_all && way.unit.dimension != Dimension::kDistance)
    return f.fail(Gap::kUnitMismatch, way_, way.steps.given_unit.view());
  const Found found = f.has_own_factor()
                          ? f.own_factor(Boundary::kLifeCycle, own_factor_per)
                          : factor_of_either(f, {code, Boundary::kLifeCycle, Dimension::kPassenger,
                                                 Dimension::kDistance, technology_of(f, code)});
  if (!found) return;
  const double passengers = of_all ? 1 : persons;
  Amount out = way.times(passengers);
  out.unit.dimension = found.factor->per.dimension;
  if (out.unit.dimension == Dimension::kPassenger) return f.add(out, found, "travel");
  if (out.unit.dimension != Dimension::kDistance)
    return f.fail(Gap::kUnitMismatch, way_, way.steps.given_unit.view());
  if (f.has(occupancy_)) {
    const double occupancy = f.number(occupancy_);
    if (!(occupancy > 0)) f.fail(Gap::kShareOutOfRange, occupancy_);
    out = out.times(1 / occupancy);
  } else if (of_all || f.has(persons_)) {
    // How many vehicles these people were in is nobody's guess.
    return f.fail(Gap::kMissingInput, occupancy_);
  }
  f.add(out, found, "travel");
}

}  // namespace chunkmill::scope3
