#include "plugins/calculators/scope3/use_of_sold_products/use_of_sold_products.hpp"

namespace chunkmill::scope3 {
namespace {
constexpr std::string_view kUses[] = {"energy", "fuel", "gas", "indirect", "intermediate"};
constexpr PaddedText kKinds[] = {
    PaddedText("direct, energy-using"), PaddedText("direct, fuels and feedstocks"),
    PaddedText("direct, containing GHG"), PaddedText("indirect (optional)"),
    PaddedText("intermediate product")};
}  // namespace

UseOfSoldProducts::UseOfSoldProducts()
    : Category({kInfo, 11, Operations::kNeeded, kNoSpend, kMinimumIsCombustion}) {}

void UseOfSoldProducts::inputs(Inputs& in) {
  quantity_ = in.quantity("quantity", "units sold; of fuels, amount sold", std::nullopt, "unit");
  use_ = in.text("use", "what the product is: energy, fuel, gas, indirect or intermediate");
  lifetime_uses_ = in.number("lifetime_uses",
                             "uses (hours, years, cycles) of one unit until its end; fuel, "
                             "electricity, leak and process emissions are those of one use");
  energy_of_ =
      in.text("energy_of",
              "what fuel, electricity, leak, process and stated emissions are of: use (one "
              "use), unit (the whole life of one unit) or total (the life of all units)");
  stated_ = in.quantity("stated_emissions", "of the use phase, as a study of the product states",
                        Dimension::kEmissions);
  low_uses_ = in.number("lifetime_uses_low", "of a short life, for the stream use_phase");
  high_uses_ = in.number("lifetime_uses_high", "of a long life, for the stream use_phase");
  functional_unit_ = in.text("functional_unit",
                             "what the product is for, for the stream use_phase: a litre boiled");
  functional_units_ =
      in.number("functional_units", "how many of these one unit gives until its end");
  scenario_ = in.percent("scenario_percent", "of indirect use: share of the uses in this row");
  burnt_ =
      in.percent("burnt_percent", "of fuels and feedstocks: what of it is burnt; default: all");
  gas_mass_ = in.quantity("gas_content", "mass of gas in one unit", Dimension::kMass);
  gas_ = in.text("gas", "which gas it is: R-134a, SF6, ...");
  released_ = in.percent("released_percent",
                         "what of the gas gets out while the product is in use; default: all");
  operations_.declare(in);
  share_.declare(in, "of an intermediate product in the final one");
}

std::vector<Method> UseOfSoldProducts::methods() const {
  return {method<&UseOfSoldProducts::direct_energy>("direct_energy_using", {}),
          method<&UseOfSoldProducts::direct_fuel>("direct_fuels_and_feedstocks", {}),
          method<&UseOfSoldProducts::direct_gas>("direct_containing_ghg", {}),
          method<&UseOfSoldProducts::indirect>("indirect", {}),
          method<&UseOfSoldProducts::intermediate>("intermediate", {})};
}

void UseOfSoldProducts::options(Options& opt) {
  operations_.options(opt);
  opt.choice("use", default_use_,
             {{"", Use::kUnknown},
              {kUses[0], Use::kEnergy},
              {kUses[1], Use::kFuel},
              {kUses[2], Use::kGas},
              {kUses[3], Use::kIndirect},
              {kUses[4], Use::kIntermediate}},
             "of rows that do not say what the product is");
  opt.optional("use_phase", use_phase_,
               "whether a stream `use_phase` has the emissions per unit sold and per functional "
               "unit, and those of a short and a long life");
}

void UseOfSoldProducts::hash_options(Hasher& hasher) const {
  operations_.hash(hasher);
  hasher.add(static_cast<uint64_t>(default_use_));
}

bool UseOfSoldProducts::declare_stream(Columns& columns) {
  if (!use_phase_) return false;
  stream_ = columns.streams().size();
  Stream& stream = columns.stream("use_phase");
  id_ = stream.out<std::string_view>("result_id");
  units_sold_ = stream.out<double>("units_sold");
  per_unit_ = stream.out<double>("kgco2e_per_unit_sold", "kgCO2e");
  unit_name_ = stream.out<std::string_view>("functional_unit");
  units_of_each_ = stream.out<double>("functional_units");
  per_functional_unit_ = stream.out<double>("kgco2e_per_functional_unit", "kgCO2e");
  low_ = stream.out<double>("low_kgco2e", "kgCO2e");
  high_ = stream.out<double>("high_kgco2e", "kgCO2e");
  return true;
}

// What a row does not say is null here, and no fault of it: the result stands without.
void UseOfSoldProducts::write_stream(Formula& f, double kg_co2e, std::string_view result_id,
                                     Outputs& out) const {
  const auto given = [&](Input in) {
    const double number = f.has(in) ? f.cells().number(in, f.row()) : 0;
    return number > 0 ? std::optional(number) : std::nullopt;
  };
  const auto ratio = [](std::optional<double> of, std::optional<double> by) {
    return of && by ? std::optional(*of / *by) : std::nullopt;
  };
  Term unused;
  f.start_method(&unused);
  const Amount sold = f.amount(quantity_);
  const bool counted = !f.failed() && sold.unit.dimension == Dimension::kCount && sold.value > 0;
  const std::optional<double> units =
      counted ? std::optional(sold.value * sold.unit.size) : std::nullopt;
  const std::optional<double> uses = given(lifetime_uses_);
  const auto at = [&](Input life) {
    const std::optional<double> part = ratio(given(life), uses);
    return part ? std::optional(kg_co2e * *part) : std::nullopt;
  };
  const std::optional<double> per_unit = ratio(kg_co2e, units);
  const auto write = [&out](Out<double> to, std::optional<double> value) {
    value ? out[to].append(*value) : out[to].append_null();
  };
  out.parent(stream_, f.row());
  out[id_].append(result_id);
  write(units_sold_, units);
  write(per_unit_, per_unit);
  out[unit_name_].append(f.text_or(functional_unit_, {}));
  write(units_of_each_, given(functional_units_));
  write(per_functional_unit_, ratio(per_unit, given(functional_units_)));
  write(low_, at(low_uses_));
  write(high_, at(high_uses_));
}

bool UseOfSoldProducts::is(Formula& f, Use use) const {
  Use row = default_use_;
  if (const std::string_view text = f.text_or(use_, {}); !text.empty()) {
    row = Use::kUnknown;
    for (size_t i = 0; i < std::size(kUses); ++i)
      if (text == kUses[i]) row = static_cast<Use>(i);
    if (row == Use::kUnknown) f.fail(Gap::kUnknownWord, use_, text);
  } else if (row == Use::kUnknown) {
    f.fail(Gap::kMissingInput, use_);
  }
  if (row != use) f.fail(Gap::kNoData);
  if (!f.failed()) f.kind(kKinds[static_cast<size_t>(use)]);
  return !f.failed();
}

// Stated emissions are of all units unless the row says of what they are; energy is of one use.
double UseOfSoldProducts::uses(Formula& f) const {
  const std::string_view of = f.text_or(energy_of_, f.has(stated_) ? "total" : "use");
  if (of == "total") return 1;
  if (of == "unit") return pieces(f, quantity_);
  if (of != "use") f.fail(Gap::kUnknownWord, energy_of_, of);
  return pieces(f, quantity_) * not_negative(f, lifetime_uses_);
}

void UseOfSoldProducts::add_uses(Formula& f, double share) const {
  if (!f.has(quantity_) && !f.has(stated_) && !operations_.any(f)) return f.fail(Gap::kNoData);
  const double count = uses(f);
  if (f.has(stated_))
    return f.add_given(f.amount(stated_).times(count).share(share), "stated use phase");
  if (!operations_.any(f)) f.fail(Gap::kMissingInput);
  operations_.add(f, count * share);
}

void UseOfSoldProducts::direct_energy(Formula& f) const {
  if (!is(f, Use::kEnergy)) return;
  if (!f.has(stated_) && f.has_own_factor() &&
      f.has(quantity_))  // of one use, by the maker's own measurement
    return f.add(f.amount(quantity_).times(not_negative(f, lifetime_uses_)),
                 f.own_factor(operations_.boundary(), quantity_));
  add_uses(f, 1);
}

void UseOfSoldProducts::direct_fuel(Formula& f) const {
  if (!is(f, Use::kFuel)) return;
  if (f.has(stated_)) return add_uses(f, 1);
  const Amount sold = f.amount(quantity_).share(f.has(burnt_) ? f.percent(burnt_) : 1);
  f.add(sold, f.factor(f.activity(), Boundary::kCombustion, sold));
}

void UseOfSoldProducts::direct_gas(Formula& f) const {
  if (!is(f, Use::kGas)) return;
  if (f.has(stated_)) return add_uses(f, 1);
  const double units = pieces(f, quantity_);
  const double released = f.has(released_) ? f.percent(released_) : 1;
  f.add(f.amount(gas_mass_).times(units).share(released), f.gas(f.text(gas_)));
}

void UseOfSoldProducts::indirect(Formula& f) const {
  if (!is(f, Use::kIndirect)) return;
  f.optional();
  add_uses(f, f.has(scenario_) ? f.percent_of_group(scenario_) : 1);
}

void UseOfSoldProducts::intermediate(Formula& f) const {
  if (!is(f, Use::kIntermediate)) return;
  add_uses(f, share_.of(f));
}

}  // namespace chunkmill::scope3
