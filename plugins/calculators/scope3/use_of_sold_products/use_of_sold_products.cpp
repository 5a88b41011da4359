#include "plugins/calculators/scope3/use_of_sold_products/use_of_sold_products.hpp"

namespace chunkmill::scope3 {
namespace {
constexpr std::string_view kUses[] = {"energy", "fuel", "gas", "indirect", "intermediate"};
constexpr PaddedText kKinds[] = {
    PaddedText("direct, energy-using"), PaddedText("direct, fuels and feedstocks"),
    PaddedText("direct, containing GHG"), PaddedText("indirect (optional)"),
    PaddedText("intermediate product")};
}  // namespace

UseOfSoldProducts::UseOfSoldProducts() : Category({kInfo, 11, Operations::kNeeded, kNoSpend}) {}

void UseOfSoldProducts::inputs(Inputs& in) {
  quantity_ = in.quantity("quantity", "units sold; of fuels, amount sold", std::nullopt, "unit");
  use_ = in.text("use", "what the product is: energy, fuel, gas, indirect or intermediate");
  lifetime_uses_ = in.number("lifetime_uses",
                             "uses (hours, years, cycles) of one unit until its end; fuel, "
                             "electricity, leak and process emissions are those of one use");
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
  return {method<&UseOfSoldProducts::direct_energy>("direct_energy_using", {quantity_}),
          method<&UseOfSoldProducts::direct_fuel>("direct_fuels_and_feedstocks", {quantity_}),
          method<&UseOfSoldProducts::direct_gas>("direct_containing_ghg", {quantity_}),
          method<&UseOfSoldProducts::indirect>("indirect", {quantity_}),
          method<&UseOfSoldProducts::intermediate>("intermediate", {quantity_})};
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
}

void UseOfSoldProducts::hash_options(Hasher& hasher) const {
  operations_.hash(hasher);
  hasher.add(static_cast<uint64_t>(default_use_));
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

double UseOfSoldProducts::uses(Formula& f) const {
  return pieces(f, quantity_) * not_negative(f, lifetime_uses_);
}

void UseOfSoldProducts::add_uses(Formula& f, double share) const {
  const double count = uses(f);
  if (!operations_.any(f)) f.fail(Gap::kMissingInput);
  operations_.add(f, count * share);
}

void UseOfSoldProducts::direct_energy(Formula& f) const {
  if (!is(f, Use::kEnergy)) return;
  if (f.has_own_factor())  // of one use, by the maker's own measurement
    return f.add(f.amount(quantity_).times(not_negative(f, lifetime_uses_)),
                 f.own_factor(operations_.boundary(), quantity_));
  add_uses(f, 1);
}

void UseOfSoldProducts::direct_fuel(Formula& f) const {
  if (!is(f, Use::kFuel)) return;
  const Amount sold = f.amount(quantity_).share(f.has(burnt_) ? f.percent(burnt_) : 1);
  f.add(sold, f.factor(f.activity(), Boundary::kCombustion, sold));
}

void UseOfSoldProducts::direct_gas(Formula& f) const {
  if (!is(f, Use::kGas)) return;
  const double units = pieces(f, quantity_);
  const double released = f.has(released_) ? f.percent(released_) : 1;
  f.add(f.amount(gas_mass_).times(units).share(released), f.gas(f.text(gas_)));
}

void UseOfSoldProducts::indirect(Formula& f) const {
  if (!is(f, Use::kIndirect)) return;
  f.flag(kOptional);
  add_uses(f, f.has(scenario_) ? f.percent_of_group(scenario_) : 1);
}

void UseOfSoldProducts::intermediate(Formula& f) const {
  if (!is(f, Use::kIntermediate)) return;
  add_uses(f, share_.of(f));
}

}  // namespace chunkmill::scope3
