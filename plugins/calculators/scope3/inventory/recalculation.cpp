#include "plugins/calculators/scope3/inventory/recalculation.hpp"

#include <algorithm>
#include <optional>

#include "plugins/calculators/scope3/common/hash.hpp"
#include "plugins/calculators/scope3/common/units.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr double kUnit = 0x1p40;
// No amount: of a sum of several factors, or none that fits.
constexpr double kLargest = 1e20;

Int128 whole(double value) {
  return std::fabs(value) < kLargest ? static_cast<Int128>(std::nearbyint(value * kUnit)) : 0;
}

double as_double(Int128 units) { return static_cast<double>(units) / kUnit; }

ComparableUnit comparable(std::string_view unit) {
  if (const std::optional<Unit> known = parse_unit(unit)) {
    static constexpr std::string_view kReferences[] = {
        "USD",    "kg",      "l",          "kWh",     "kWh (Net CV)", "km",     "m2",
        "day",    "piece",   "night",      "TEU",     "t km",         "TEU km", "pkm",
        "m3 day", "m2 year", "pallet day", "TEU day", "kgCO2e"};
    const auto dimension = static_cast<size_t>(known->dimension);
    const std::optional<Unit> reference = parse_unit(kReferences[dimension]);
    return {dimension + 1, reference ? known->size / reference->size : 1, false};
  }
  std::string why;
  if (const std::optional<FactorUnit> money =
          parse_factor_unit("kgCO2e/" + std::string(unit), &why))
    return {UINT64_MAX, money->per.size, true};
  return {Hasher().add(unit).finish(), 1, false};
}

void note(Change* change, Reason reason, double kg) {
  if (kg == 0) return;
  change->by_reason[static_cast<size_t>(reason)].add(kg);
  ++change->rows[static_cast<size_t>(reason)];
}

}  // namespace

void Recalculation::add(const ResultRow& row, size_t side) {
  if (row.category == 0 || !std::isfinite(row.kg)) return;
  const uint64_t key = Hasher(static_cast<uint64_t>(row.category))
                           .add(row.inventory)
                           .add(row.kind)
                           .add(row.id)
                           .finish();
  Pair& pair = pairs_[key];
  if (pair.category == 0) {
    const auto next = static_cast<uint32_t>(inventories_.size());
    inventories_.insert(row.inventory, next);
    pair.inventory = inventories_.find(row.inventory);
    pair.category = row.category;
  }
  Side& to = pair.sides[side];
  ++to.all_rows;
  if (place_of(row) != Place::kInSum) return;
  auto known = units_.find(row.unit);
  if (known == units_.end())
    known = units_.emplace(std::string(row.unit), comparable(row.unit)).first;
  const ComparableUnit& as = known->second;
  to.kg += whole(row.kg);
  to.amount += whole(row.amount * as.size);
  to.factor += Hasher().add(row.factor_set).add(row.factor_version).add(row.factor_id).finish();
  to.method += static_cast<uint32_t>(Hasher().add(row.method).add(as.kind).finish());
  to.boundary += Hasher().add(row.boundary).finish();
  to.base_year +=
      Hasher()
          .add(row.price_years.substr(std::min(row.price_years.find('>'), row.price_years.size())))
          .finish();
  ++to.rows;
  // A sum of several factors has no amount, but may have a spend.
  const bool of_money = as.money || row.method == "spend_based";
  const bool has_net = as.money && std::isfinite(row.net) && std::isfinite(row.share);
  const double given = has_net ? row.net * row.share : row.spend;
  if (!of_money || !std::isfinite(given)) {
    ++to.unspent;
    return;
  }
  to.given += whole(given);
  to.currency += Hasher().add(has_net ? row.unit_given : row.currency).finish();
  to.converted += whole(has_net && std::isfinite(row.fx_rate) ? given * row.fx_rate : 0);
}

// amount = what is given x rate x index, and kg = amount x factor. Each is changed in turn, those
// before it are new and those behind it old, so that the changes make up the difference; the last
// is what is left of it.
void Recalculation::split_product(const Side& before, const Side& now, Change* change) {
  const double old_kg = as_double(before.kg);
  const double difference = as_double(now.kg) - old_kg;
  const bool same_factor = before.factor == now.factor;
  const bool spent = before.unspent == 0 && now.unspent == 0 && before.given != 0 &&
                     now.given != 0 && before.currency == now.currency;
  const bool counted = before.amount != 0 && now.amount != 0;
  if (!spent && !counted)
    return note(change, same_factor ? Reason::kActivity : Reason::kFactor, difference);
  const auto ratio = [](Int128 a, Int128 b) { return as_double(a) / as_double(b); };
  double activity = 0;
  double price = 0;
  if (spent) {
    const double grown = ratio(now.given, before.given);
    activity = old_kg * (grown - 1);
    if (counted) {
      double prices = ratio(now.amount, now.given) / ratio(before.amount, before.given);
      // The index to another base year is the factor set's, not the activity's.
      const bool rebased = !same_factor && before.base_year != now.base_year;
      if (rebased && before.converted != 0 && now.converted != 0)
        prices = ratio(now.converted, now.given) / ratio(before.converted, before.given);
      price = old_kg * grown * (prices - 1);
    } else if (same_factor) {
      price = difference - activity;
    }
  } else {
    activity = old_kg * (ratio(now.amount, before.amount) - 1);
  }
  // What rounding leaves is no change.
  const double noise = 1e-9 * std::fabs(as_double(now.kg));
  if (std::fabs(price) <= noise) price = 0;
  if (std::fabs(activity) <= noise) activity = 0;
  const double rest = difference - activity - price;
  if (std::fabs(rest) <= noise) {
    if (activity == 0 && price == 0) return note(change, Reason::kFactor, difference);
    if (activity == 0) return note(change, Reason::kPrice, difference);
    note(change, Reason::kActivity, difference - price);
    return note(change, Reason::kPrice, price);
  }
  note(change, Reason::kActivity, activity);
  note(change, Reason::kPrice, price);
  note(change, before.boundary != now.boundary ? Reason::kBoundary : Reason::kFactor, rest);
}

void Recalculation::split(const Pair& pair, Change* change) {
  const auto& [before, now] = pair.sides;
  const double old_kg = as_double(before.kg);
  const double new_kg = as_double(now.kg);
  const double difference = new_kg - old_kg;
  change->old_kg.add(old_kg);
  change->new_kg.add(new_kg);
  change->difference_kg.add(new_kg);
  change->difference_kg.add(-old_kg);
  if (before.rows == 0 && now.rows == 0) return;
  if (before.all_rows == 0) return note(change, Reason::kNew, new_kg);
  if (now.all_rows == 0) return note(change, Reason::kGone, -old_kg);
  // What was reported beside the sum is in it now, or the other way round.
  if (before.rows == 0 || now.rows == 0) return note(change, Reason::kBoundary, difference);
  if (difference == 0) {
    ++change->unchanged_rows;
  } else if (before.method != now.method) {
    note(change, before.rows == now.rows ? Reason::kMethod : Reason::kActivity, difference);
  } else {
    split_product(before, now, change);
  }
}

std::map<std::string, Changes> Recalculation::changes() const {
  std::map<std::string, Changes> out;
  for (const auto& [key, pair] : pairs_)
    split(pair, &out[std::string(inventories_.key(pair.inventory))][pair.category]);
  return out;
}

}  // namespace chunkmill::scope3
