#include "plugins/calculators/scope3/common/operations.hpp"

namespace chunkmill::scope3 {

void Operations::declare(Inputs& in) {
  fuel_ = in.quantity("fuel", "fuel burnt");
  fuel_type_ = in.text("fuel_type", "activity code of that fuel");
  electricity_ =
      in.quantity("electricity", "electricity, heat, steam or cooling used", Dimension::kEnergy);
  electricity_source_ = in.text("electricity_source", "activity code of that energy");
  leak_ = in.quantity("refrigerant_leak", "mass of a gas that leaks", Dimension::kMass);
  gas_ = in.text("refrigerant", "which gas: R-134a, CH4, ...");
  process_ = in.quantity("process_emissions", "emissions that are not of energy or of leaks",
                         Dimension::kEmissions);
}

void Operations::add_site(Formula& f, const Amount& sites, std::string_view code) const {
  static constexpr PaddedText kYear("year");
  static const Unit kUnit = *parse_unit("year");
  const Dimension dimension = sites.unit.dimension;
  const bool may_be_yearly = dimension == Dimension::kArea || dimension == Dimension::kCount;
  if (!f.failed() && may_be_yearly && !f.find(code, boundary_, sites)) {
    Amount year = Formula::constant(1, kUnit);
    year.steps.given = year.steps.net = 1;
    year.steps.given_unit = kYear;
    const Amount of_year = f.product(sites, year);
    if (const Found yearly = f.find(code, boundary_, of_year)) return f.add(of_year, yearly);
  }
  f.add(sites, f.factor(code, boundary_, sites));
}

void Operations::add_own(Formula& f, const Amount& sites, Input quantity) const {
  static constexpr PaddedText kYear("year");
  static const Unit kUnit = *parse_unit("year");
  const Found own = f.own_factor(boundary_, quantity);
  if (!own) return;
  const Dimension per = own.factor->per.dimension;
  const bool yearly = (per == Dimension::kAreaTime && sites.unit.dimension == Dimension::kArea) ||
                      (per == Dimension::kCountTime && sites.unit.dimension == Dimension::kCount);
  if (!yearly) return f.add(sites, own);
  Amount year = Formula::constant(1, kUnit);
  year.steps.given = year.steps.net = 1;
  year.steps.given_unit = kYear;
  f.add(f.product(sites, year), own);
}

void Operations::options(Options& opt) {
  opt.choice("energy_boundary", boundary_,
             {{"life_cycle", Boundary::kLifeCycle}, {"combustion", Boundary::kCombustion}},
             "whether fuel and energy count with their whole life cycle, or with combustion and "
             "generation alone: scope 1 and 2 of whoever uses them");
}

void Operations::add(Formula& f, double scale) const {
  if (f.has(fuel_)) {
    const Amount fuel = f.amount(fuel_).share(scale);
    f.add(fuel, f.factor(f.text(fuel_type_), boundary_, fuel), "fuel");
  }
  if (f.has(electricity_)) {
    const Amount energy = f.amount(electricity_).share(scale);
    f.add(energy, f.factor(f.text(electricity_source_), boundary_, energy), "electricity");
  }
  if (f.has(leak_)) {
    const Amount leak = f.amount(leak_).share(scale);
    f.add(leak, f.gas(f.text(gas_)), "refrigerant");
  }
  if (f.has(process_)) f.add_given(f.amount(process_).share(scale), "process");
}

void OwnShare::declare(Inputs& in, std::string_view basis) {
  percent_ = in.percent("share_percent", std::string("our share, ") + std::string(basis));
  own_ = in.quantity("own_part", "our part of the whole: area, volume, mass or number");
  whole_ = in.quantity("whole", "all of it, in a unit of the same dimension");
  occupancy_ = in.percent("occupancy_percent", "how much of the whole is used by anybody");
}

double OwnShare::of(Formula& f) const {
  if (f.has(percent_)) return f.percent(percent_);
  if (!of_area(f)) {
    f.fail(Gap::kMissingInput, percent_);
    return 0;
  }
  const Amount own = f.amount(own_);
  const Amount whole = f.amount(whole_);
  const double occupancy = f.has(occupancy_) ? f.percent(occupancy_) : 1;
  if (f.failed()) return 0;
  if (own.unit.dimension != whole.unit.dimension) {
    f.fail(Gap::kUnitMismatch, own_, own.steps.given_unit.view());
    return 0;
  }
  const double used = whole.value * occupancy;
  const double part = convert(own.value, own.unit, whole.unit);
  if (!(used > 0) || part > used) f.fail(Gap::kShareOutOfRange, own_);
  return part / used;
}

namespace {

// "l/100 km": of a consumption in litres.
Text per(Formula& f, Text unit, std::string_view what) {
  return f.keep(std::string(unit.view()) + std::string(what));
}

}  // namespace

Amount fuel_for_way(Formula& f, const Amount& way, Input per_100km) {
  static const Unit kHundredKm = {Dimension::kDistance, parse_unit("km")->size * 100};
  Amount fuel = way;
  const Amount consumption = f.amount(per_100km);
  if (!f.failed() && way.unit.dimension != Dimension::kDistance)
    f.fail(Gap::kUnitMismatch, {}, way.steps.given_unit.view());
  if (f.failed()) return fuel;
  fuel.value = convert(way.value, way.unit, kHundredKm) * consumption.value;
  fuel.unit = consumption.unit;
  fuel.convert_by(consumption.value, per(f, consumption.steps.given_unit, "/100 km"));
  return fuel;
}

Amount fuel_for_money(Formula& f, Input spend, Input price) {
  const Amount money = f.money(spend);
  Amount fuel = f.amount(price);
  if (!f.failed() && !(fuel.value > 0)) f.fail(Gap::kMissingInput, price);
  const double price_of_one = fuel.value;
  const Text unit = fuel.steps.given_unit;
  fuel.value = money.value / price_of_one;
  fuel.steps = money.steps;
  fuel.convert_by(price_of_one, f.keep(std::string(money.steps.given_unit.view()) + "/" +
                                       std::string(unit.view())));
  fuel.steps.conversion_divides = true;
  return fuel;
}

double pieces(Formula& f, Input quantity) {
  const Amount amount = f.in_dimension(f.amount(quantity), Dimension::kCount, Input());
  return f.failed() ? 0 : convert(amount.value, amount.unit, Unit{Dimension::kCount, 1});
}

double not_negative(Formula& f, Input number) {
  const double out = f.number(number);
  if (out < 0) f.fail(Gap::kNegativeAmount, number);
  return out;
}

}  // namespace chunkmill::scope3
