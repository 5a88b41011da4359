// Why an inventory differs from the one before: row by row, joined by inventory, category, kind and
// id. Holds both sets, some 350 bytes for each row of either. Threads: one at a time.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

#include "plugins/calculators/scope3/inventory/tally.hpp"

namespace chunkmill::scope3 {

enum class Reason : uint8_t { kActivity, kPrice, kFactor, kMethod, kBoundary, kNew, kGone };
inline constexpr size_t kReasons = 7;
inline constexpr std::array<std::string_view, kReasons> kReasonWords{
    "activity", "price", "factor", "method", "boundary", "new", "gone"};

struct Change {
  ExactSum old_kg, new_kg, difference_kg;
  std::array<ExactSum, kReasons> by_reason;
  std::array<uint64_t, kReasons> rows{};
  uint64_t unchanged_rows = 0;
};
using Changes = std::map<int, Change>;  // by category

// Amounts of one dimension are compared in one unit, and those of money as such.
struct ComparableUnit {
  uint64_t kind = 0;
  double size = 1;
  bool money = false;
};

class Recalculation {
 public:
  void add_old(const ResultRow& row) { add(row, 0); }
  void add_new(const ResultRow& row) { add(row, 1); }
  // By inventory.
  std::map<std::string, Changes> changes() const;

 private:
  // The rows of one key in one set: mostly one. Whole numbers, so that their order does not matter.
  struct Side {
    Int128 kg = 0;      // in units of 2^-40, as all of these
    Int128 amount = 0;  // what the factor is multiplied with; of things in one unit for each kind
    Int128 given = 0;   // of money: what was spent, in its own currency
    Int128 converted = 0;  // the same in the factor's currency, not brought to its year
    // Sums of hashes, which are the same for every order.
    uint64_t factor = 0;
    uint64_t currency = 0;  // of what is given
    uint64_t base_year = 0;
    uint64_t boundary = 0;
    uint32_t method = 0;    // and kind of the amount: others cannot be compared
    uint32_t rows = 0;      // in the sum
    uint32_t all_rows = 0;  // beside it as well
    uint32_t unspent = 0;   // rows that do not say what was spent
  };
  struct Pair {
    std::array<Side, 2> sides;
    uint32_t inventory = 0;
    int32_t category = 0;
  };

  void add(const ResultRow& row, size_t side);
  static void split(const Pair& pair, Change* change);
  // The change of a pair by reason, of the same method.
  static void split_product(const Side& before, const Side& now, Change* change);

  std::unordered_map<uint64_t, Pair> pairs_;
  KeyIndex inventories_;
  std::map<std::string, ComparableUnit, std::less<>> units_;
};

}  // namespace chunkmill::scope3
