// The broker: a table of emission factors, and which of them fits a row.
//
// Resolution: unit and boundary must fit; then the activity class itself before its parents; then
// the row's own region before the world before any other; then the latest year up to the row's own;
// then the order of factor ids. There is no factor of last resort: what does not resolve is a gap.
//
// Threads: read-only once loaded.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "chunkmill/host.hpp"
#include "plugins/calculators/scope3/common/factor.hpp"
#include "plugins/calculators/scope3/common/factor_source.hpp"
#include "plugins/calculators/scope3/common/key_index.hpp"

namespace chunkmill::scope3 {

enum class MatchLevel : uint8_t { kExact, kParent, kSupplier };

// The factors of one activity code.
struct ActivityClass {
  const Factor* only_per_money = nullptr;  // set when there is exactly one: the common case
  std::vector<const Factor*> per_money;
  std::vector<const Factor*> per_unit;
};

struct Activity {
  const ActivityClass* factors = nullptr;  // null: not known
  MatchLevel level = MatchLevel::kExact;
};

// What is known of a row beside its activity. 0: nothing.
struct Circumstances {
  int32_t year = 0;
  uint64_t region = 0;
};

class FactorTable {
 public:
  FactorTable() = default;
  // Reads the lookup and keeps the factors of one boundary. Records without a value ("NA", empty)
  // are not available, and left out. Throws Error for a record that contradicts itself, names no
  // boundary or unit, or stands there twice.
  static FactorTable load(const Host& host, const FactorSource& source, Boundary boundary);
  // From now on find() takes the mapping's keys in place of codes.
  void map_codes(const Host& host, const CodeMapping& mapping);

  Activity find(std::string_view code) const {
    code = trim(code);
    const uint32_t found = index_.find(code);
    return found == KeyIndex::kAbsent ? find_parent(code) : activities_[found];
  }

  // The best factor for one unit of the currency or of the dimension, null if there is none.
  const Factor* per_currency(const ActivityClass& of, Currency currency,
                             const Circumstances& row) const {
    if (of.only_per_money != nullptr) [[likely]]
      return of.only_per_money->currency == currency ? of.only_per_money : nullptr;
    return best_per_currency(of, currency, row);
  }
  const Factor* per_unit(const ActivityClass& of, Dimension dimension,
                         const Circumstances& row) const;

  // The one currency of all spend factors; 0 when there are none or several.
  Currency only_currency() const { return only_currency_; }
  size_t size() const { return factors_.size(); }

  // For a message: why find() does not know `code`, with what is near to it.
  std::string explain_unknown(std::string_view code) const;

 private:
  const Factor* best_per_currency(const ActivityClass& of, Currency currency,
                                  const Circumstances& row) const;
  Activity find_parent(std::string_view code) const;
  void add_classes();

  TextArena texts_;
  std::vector<Factor> factors_;         // by activity code
  std::vector<ActivityClass> classes_;  // by activity code
  std::vector<std::string> codes_;      // of classes_, ascending
  KeyIndex class_of_code_;
  std::vector<Activity> activities_;  // what index_ points to
  KeyIndex index_;
  bool mapped_ = false;
  Currency only_currency_ = 0;
};

}  // namespace chunkmill::scope3
