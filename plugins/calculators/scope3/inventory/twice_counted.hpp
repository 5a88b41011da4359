// Finds rows of the ledger that stand in two categories: by id, and by supplier, date and money.
//
// Two passes over the results: the first keeps 8 bytes a row for each of the two, the second looks
// at those rows alone that were seen twice, and compares their texts. Threads: one at a time.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "plugins/calculators/scope3/inventory/tally.hpp"

namespace chunkmill::scope3 {

enum class Sameness : uint8_t { kId, kPurchase };

// What two categories have in common.
struct Overlap {
  uint64_t keys = 0;
  ExactSum first_kg;  // of these rows in the first category, and in the second
  ExactSum second_kg;
  std::set<std::string> examples;  // the first few in the order of texts
};
// By sameness and the two categories, the lower one first.
using Overlaps = std::map<std::tuple<Sameness, int, int>, Overlap>;

class TwiceCounted {
 public:
  // What is compared.
  TwiceCounted(bool ids, bool purchases) : by_id_(ids), by_purchase_(purchases) {}

  // First pass.
  void note(const ResultRow& row);
  // Between the passes: whether a second one is needed.
  bool any();
  // Second pass, over the same rows.
  void look(const ResultRow& row);
  // By inventory.
  std::map<std::string, Overlaps> found() const;

 private:
  // Hashes with the category in the low bits; sorted and without repetition up to `clean`.
  struct Keys {
    std::vector<uint64_t> all;
    size_t clean = 0;
    void add(uint64_t hash, int category);
    void tidy();
    std::unordered_set<uint64_t> twice();
  };
  struct Suspect {
    std::array<ExactSum, kCategories + 1> kg;
    std::array<bool, kCategories + 1> in{};
  };

  void look(Sameness sameness, const std::string& key, const ResultRow& row);

  const bool by_id_;
  const bool by_purchase_;
  Keys ids_, purchases_;
  std::unordered_set<uint64_t> twice_ids_, twice_purchases_;
  std::map<std::tuple<Sameness, std::string, std::string>, Suspect> suspects_;
};

}  // namespace chunkmill::scope3
