// Why an inventory differs from the one before: row by row, joined by inventory, category, kind and
// id. Holds both sets, some 130 bytes for each row of either. Threads: one at a time.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

#include "plugins/calculators/scope3/inventory/tally.hpp"

namespace chunkmill::scope3 {

enum class Reason : uint8_t { kActivity, kFactor, kMethod, kNew, kGone };
inline constexpr size_t kReasons = 5;
inline constexpr std::array<std::string_view, kReasons> kReasonWords{"activity", "factor", "method",
                                                                     "new", "gone"};

struct Change {
  ExactSum old_kg, new_kg, difference_kg;
  std::array<ExactSum, kReasons> by_reason;
  std::array<uint64_t, kReasons> rows{};
  uint64_t unchanged_rows = 0;
};
using Changes = std::map<int, Change>;  // by category

class Recalculation {
 public:
  void add_old(const ResultRow& row) { add(row, 0); }
  void add_new(const ResultRow& row) { add(row, 1); }
  // By inventory.
  std::map<std::string, Changes> changes() const;

 private:
  // The rows of one key in one set: mostly one. Whole numbers, so that their order does not matter.
  struct Side {
    Int128 kg = 0;      // in units of 2^-40
    Int128 amount = 0;  // likewise
    uint64_t factor = 0;
    uint32_t method = 0;  // and unit of the amount: amounts of other units cannot be compared
    uint32_t rows = 0;
  };
  struct Pair {
    std::array<Side, 2> sides;
    uint32_t inventory = 0;
    int32_t category = 0;
  };

  void add(const ResultRow& row, size_t side);
  static void split(const Pair& pair, Change* change);

  std::unordered_map<uint64_t, Pair> pairs_;
  KeyIndex inventories_;
};

}  // namespace chunkmill::scope3
