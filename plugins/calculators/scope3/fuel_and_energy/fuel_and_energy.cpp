#include "plugins/calculators/scope3/fuel_and_energy/fuel_and_energy.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr Boundaries kNeeded = bit(Boundary::kCombustion) | bit(Boundary::kUpstream) |
                               bit(Boundary::kLifeCycle) | bit(Boundary::kLosses) |
                               bit(Boundary::kLossesUpstream);
constexpr PaddedText kKinds[] = {PaddedText("A fuel"), PaddedText("B upstream"),
                                 PaddedText("C losses"), PaddedText("B, C upstream and losses"),
                                 PaddedText("D resold")};
constexpr std::string_view kParts[] = {"fuel", "upstream", "losses", "upstream_and_losses",
                                       "resold"};

}  // namespace

FuelAndEnergy::FuelAndEnergy() : Category({kInfo, 3, kNeeded, kNoSpend}) {}

void FuelAndEnergy::inputs(Inputs& in) {
  energy_ = in.quantity("quantity", "fuel or energy bought", std::nullopt, "unit");
  part_ =
      in.text("energy_activity",
              "fuel (A), upstream (B), losses (C), upstream_and_losses (B and C of electricity) "
              "or resold (D)");
  stated_ = in.quantity("stated_emissions",
                        "upstream emissions or losses as the supplier or the meter states them",
                        Dimension::kEmissions);
  loss_percent_ = in.percent("loss_percent", "of electricity: lost in transmission, distribution");
}

std::vector<Method> FuelAndEnergy::methods() const {
  return {method<&FuelAndEnergy::supplier_specific>("supplier_specific", {}),
          method<&FuelAndEnergy::average_data>("average_data", {energy_})};
}

void FuelAndEnergy::options(Options& opt) {
  opt.choice("energy_activity", default_part_,
             {{"", Part::kUnknown},
              {kParts[0], Part::kFuel},
              {kParts[1], Part::kUpstream},
              {kParts[2], Part::kLosses},
              {kParts[3], Part::kUpstreamAndLosses},
              {kParts[4], Part::kResold}},
             "of rows that do not say which activity they are");
  opt.choice(
      "losses", losses_,
      {{"auto", Losses::kAuto},
       {"published", Losses::kPublished},
       {"formula_3_3", Losses::kLifeCycle},
       {"example_3_1", Losses::kCombustion}},
      "how losses are counted: by published factors of losses and of their upstream; by loss "
      "rate x life cycle (the guidance's formula 3.3); by loss rate x combustion (its example "
      "3.1); auto: published ones where the row says no rate and there are some, else "
      "formula 3.3");
  opt.optional("loss_rates", rates_lookup_,
               "a lookup of loss rates: region, loss_percent; a row's own goes first");
  opt.choice("loss_rate_of", of_generated_, {{"consumed", false}, {"generated", true}},
             "whether a loss rate is a share of what is consumed or of what is generated: then l / "
             "(1 - l) is lost for each unit consumed");
  opt.optional("losses_in_factor", losses_inside_,
               "whether the life cycle of the factors holds T&D losses, to be taken out of B");
}

void FuelAndEnergy::load(const Broker& broker) {
  broker_ = &broker;
  if (!rates_lookup_.empty()) rates_.load(host(), rates_lookup_);
}

void FuelAndEnergy::hash_options(Hasher& hasher) const {
  hasher.add(static_cast<uint64_t>(losses_)).add(uint64_t{of_generated_});
  hasher.add(uint64_t{losses_inside_}).add(static_cast<uint64_t>(default_part_));
}

FuelAndEnergy::Part FuelAndEnergy::part_of(Formula& f) const {
  Part part = default_part_;
  if (const std::string_view text = f.text_or(part_, {}); !text.empty()) {
    part = Part::kUnknown;
    for (size_t i = 0; i < std::size(kParts); ++i)
      if (text == kParts[i]) part = static_cast<Part>(i);
    if (part == Part::kUnknown) f.fail(Gap::kUnknownWord, part_, text);
  } else if (part == Part::kUnknown) {
    f.fail(Gap::kMissingInput, part_);
  }
  if (part != Part::kUnknown) f.kind(kKinds[static_cast<size_t>(part)]);
  return part;
}

void FuelAndEnergy::average_data(Formula& f) const {
  const Amount energy = f.amount(energy_);
  switch (part_of(f)) {
    case Part::kFuel:
    case Part::kUpstream:
      return add_upstream(f, energy, {});
    case Part::kLosses:
      return add_losses(f, energy);
    case Part::kUpstreamAndLosses:
      add_upstream(f, energy, "upstream");
      return add_losses(f, energy);
    case Part::kResold:  // [3.4] energy x life cycle
      return f.add(energy, f.factor(f.activity(), Boundary::kLifeCycle, energy));
    case Part::kUnknown:
      return;
  }
}

// The broker takes combustion from life cycle where a set has no upstream factor of its own.
void FuelAndEnergy::add_upstream(Formula& f, const Amount& energy, std::string_view label) const {
  const std::string_view code = f.activity();
  f.add(energy, f.factor(code, Boundary::kUpstream, energy), label);
  if (!losses_inside_) return;
  if (const Found losses = f.find(code, Boundary::kLosses, energy))
    return f.subtract(energy, losses, "less losses inside");
  f.subtract(energy.share(loss_rate(f)), f.factor(code, Boundary::kLifeCycle, energy),
             "less losses inside");
}

void FuelAndEnergy::add_losses(Formula& f, const Amount& energy) const {
  const std::string_view code = f.activity();
  const bool may_be_published = losses_ == Losses::kAuto && !f.has(loss_percent_);
  if (losses_ == Losses::kPublished || may_be_published) {
    const Found losses = losses_ == Losses::kPublished ? f.factor(code, Boundary::kLosses, energy)
                                                       : f.find(code, Boundary::kLosses, energy);
    if (losses) {
      f.add(energy, losses, "losses");
      // Without it the factor of losses is for combustion alone, and something is missing.
      return f.add(energy, f.factor(code, Boundary::kLossesUpstream, energy), "losses, upstream");
    }
  }
  const Boundary boundary =
      losses_ == Losses::kCombustion ? Boundary::kCombustion : Boundary::kLifeCycle;
  f.add(energy.share(loss_rate(f)), f.factor(code, boundary, energy), "losses");
}

double FuelAndEnergy::loss_rate(Formula& f) const {
  double rate = 0;
  if (f.has(loss_percent_)) {
    rate = f.percent(loss_percent_);
  } else if (const std::optional<double> known =
                 rates_.find(broker_->factors().regions(), f.circumstances().region)) {
    rate = *known;
  } else {
    f.fail(Gap::kMissingInput, loss_percent_);
  }
  if (!of_generated_) return rate;
  if (rate >= 1) f.fail(Gap::kShareOutOfRange, loss_percent_);
  return rate / (1 - rate);
}

// The supplier's own factor says what it covers: upstream as it is, a life cycle less the average
// combustion.
void FuelAndEnergy::supplier_specific(Formula& f) const {
  if (f.has(stated_)) {
    part_of(f);
    return f.add_given(f.amount(stated_), "stated");
  }
  if (!f.has_own_factor() || !f.has(energy_)) return;
  const Amount energy = f.amount(energy_);
  const Part part = part_of(f);
  const std::optional<Boundary> covers = f.own_boundary();
  if (part == Part::kResold) return f.add(energy, f.own_factor(Boundary::kLifeCycle, energy_));
  if (part == Part::kLosses) {
    if (covers == Boundary::kLosses)
      return f.add(energy, f.own_factor(Boundary::kLosses, energy_), "losses");
    return f.add(energy.share(loss_rate(f)), f.own_factor(Boundary::kLifeCycle, energy_));
  }
  if (covers != Boundary::kLifeCycle) {
    f.add(energy, f.own_factor(Boundary::kUpstream, energy_), "upstream");
    if (part == Part::kUpstreamAndLosses) add_losses(f, energy);
    return;
  }
  const Found own = f.own_factor(Boundary::kLifeCycle, energy_);
  f.add(energy, own, "life cycle");
  f.subtract(energy, f.factor(f.activity(), Boundary::kCombustion, energy), "less combustion");
  if (part == Part::kUpstreamAndLosses) f.add(energy.share(loss_rate(f)), own, "losses");
}

}  // namespace chunkmill::scope3
