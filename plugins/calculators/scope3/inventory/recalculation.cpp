#include "plugins/calculators/scope3/inventory/recalculation.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr double kUnit = 0x1p40;
// No amount: of a sum of several factors, or none that fits.
constexpr double kLargest = 1e20;

Int128 whole(double value) {
  return std::fabs(value) < kLargest ? static_cast<Int128>(std::nearbyint(value * kUnit)) : 0;
}

double as_double(Int128 units) { return static_cast<double>(units) / kUnit; }

}  // namespace

void Recalculation::add(const ResultRow& row, size_t side) {
  if (row.category == 0 || !std::isfinite(row.kg) || place_of(row) != Place::kInSum) return;
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
  to.kg += whole(row.kg);
  to.amount += whole(row.amount);
  // Sums of hashes: the same for every order.
  to.factor += Hasher().add(row.factor_set).add(row.factor_version).add(row.factor_id).finish();
  to.method += static_cast<uint32_t>(Hasher().add(row.method).add(row.unit).finish());
  ++to.rows;
}

// With the same method, the amount's change is counted at the old factor and the factor's at the
// new amount, so that the two make up the difference.
void Recalculation::split(const Pair& pair, Change* change) {
  const auto& [before, now] = pair.sides;
  const double old_kg = as_double(before.kg);
  const double new_kg = as_double(now.kg);
  const auto say = [&](Reason reason, double kg) {
    if (kg == 0) return;
    change->by_reason[static_cast<size_t>(reason)].add(kg);
    ++change->rows[static_cast<size_t>(reason)];
  };
  change->old_kg.add(old_kg);
  change->new_kg.add(new_kg);
  change->difference_kg.add(new_kg);
  change->difference_kg.add(-old_kg);
  if (before.rows == 0) return say(Reason::kNew, new_kg);
  if (now.rows == 0) return say(Reason::kGone, -old_kg);
  const double difference = new_kg - old_kg;
  if (difference == 0) {
    ++change->unchanged_rows;
    return;
  }
  if (before.method != now.method || before.rows != now.rows)
    return say(before.method != now.method ? Reason::kMethod : Reason::kActivity, difference);
  if (before.amount == now.amount && before.amount != 0) return say(Reason::kFactor, difference);
  if (before.amount == 0 || now.amount == 0)
    return say(before.factor == now.factor ? Reason::kActivity : Reason::kFactor, difference);
  const double by_activity =
      (as_double(now.amount) - as_double(before.amount)) * (old_kg / as_double(before.amount));
  // What rounding leaves is not a change of the factor.
  if (before.factor == now.factor &&
      std::fabs(difference - by_activity) <= 1e-9 * std::fabs(new_kg))
    return say(Reason::kActivity, difference);
  say(Reason::kActivity, by_activity);
  say(Reason::kFactor, difference - by_activity);
}

std::map<std::string, Changes> Recalculation::changes() const {
  std::map<std::string, Changes> out;
  for (const auto& [key, pair] : pairs_)
    split(pair, &out[std::string(inventories_.key(pair.inventory))][pair.category]);
  return out;
}

}  // namespace chunkmill::scope3
