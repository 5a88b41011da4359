// The broker: emission factors of one or several sets, and which of them fits a row.
//
// Resolution: boundary, dimension of the unit and price basis must fit; then, one after the other,
// the activity class itself before its parents; the row's own region before a wider one, the world,
// one that is not said, and any other; the row's technology before the average; the year that
// covers the activity, else the nearest earlier, else the nearest later; the row's own currency;
// the user's order of sets. What is still alike is decided by the order of factor ids when the
// numbers are the same, and is tied when they are not. There is no factor of last resort: what does
// not resolve is a gap.
//
// Threads: read-only once loaded.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "chunkmill/host.hpp"
#include "plugins/calculators/scope3/common/factor.hpp"
#include "plugins/calculators/scope3/common/factor_assembly.hpp"
#include "plugins/calculators/scope3/common/factor_source.hpp"
#include "plugins/calculators/scope3/common/flags.hpp"
#include "plugins/calculators/scope3/common/gap.hpp"
#include "plugins/calculators/scope3/common/key_index.hpp"
#include "plugins/calculators/scope3/common/price_index.hpp"
#include "plugins/calculators/scope3/common/regions.hpp"

namespace chunkmill::scope3 {

enum class Specificity : uint8_t { kExact, kParent, kSupplier, kGiven };
enum class YearMatch : uint8_t { kValid, kEarlier, kLater, kUndated };

// What a factor must be for.
struct Need {
  Boundary boundary = Boundary::kLifeCycle;
  Dimension dimension = Dimension::kMoney;
  PriceBasis price_basis = PriceBasis::kUnknown;
  Currency currency = 0;    // of money
  uint64_t technology = 0;  // 0: none is asked for
  bool operator==(const Need&) const = default;
};

// What is known of a row beside its activity.
struct Circumstances {
  static constexpr int32_t kNoDay = INT32_MIN;
  uint64_t region = 0;        // 0: not known
  int32_t year = 0;           // for which a factor is wanted; 0: not known
  int32_t activity_year = 0;  // of the row; mostly the same
  int32_t day = kNoDay;       // since 1970-01-01
};

struct Resolved {
  const Factor* factor = nullptr;  // null: see gap
  double variance = 0;             // of the factor: ln SDg95 squared
  Flags flags = 0;
  Gap gap = Gap::kNone;
  Specificity specificity = Specificity::kExact;
  RegionMatch region = RegionMatch::kAny;
  YearMatch year = YearMatch::kUndated;
  Quality quality{};  // of the factor for this row
};

struct Resolution : Resolved {
  const Factor* rival = nullptr;  // of a tie
};

// What the user lets pass.
struct FactorGates {
  int32_t max_age = INT32_MAX;  // years between factor and activity
  bool other_regions = true;    // factors of another region, that is not the world
  bool ties_by_id = false;
  bool any_currency = false;  // there are exchange rates
};

struct FactorQuery {
  const FactorSource& source;
  Boundaries boundaries;  // those that a category needs; others are left out
  const GwpTable& gwp;
  std::string gwp_set;
  std::string radiative_forcing;  // "with" or "without"; empty: all
  PriceIndex* prices;             // may be null
};

class FactorTable {
 public:
  static constexpr uint32_t kNoClass = KeyIndex::kAbsent;

  // Reads the lookups. Records without a value ("NA", empty) are not available, and left out.
  // Throws Error for a record that contradicts itself, names no boundary or unit, or stands twice.
  void load(const Host& host, const FactorQuery& query);
  void set_gates(const FactorGates& gates) { gates_ = gates; }
  void set_pedigree(const Pedigree& pedigree) { pedigree_ = pedigree; }
  Regions& regions() { return regions_; }
  const Regions& regions() const { return regions_; }

  // The class of a code: itself, or the nearest parent that there is; kNoClass for none.
  uint32_t find(std::string_view code, Specificity* level) const {
    code = trim(code);
    *level = Specificity::kExact;
    const uint32_t found = index_.find(code);
    if (found != kNoClass) [[likely]]
      return found;
    return find_otherwise(code, level);
  }
  // Of the classes within `code` ("hotel stay/germany") that which is called like the region; empty
  // where there is none.
  std::string_view child_of(std::string_view code, uint64_t region) const;
  // Days between which all factors hold alike have one number.
  uint32_t period(int32_t day) const { return breaks_.empty() ? 0 : period_after_breaks(day); }
  // Bits of the region and of those around it: rows of two regions that have no bit in common with
  // those of the factors of a class and its parents are the same to it, elsewhere.
  uint64_t region_bits(uint64_t region) const;
  uint64_t region_bits_of(uint32_t activity_class) const { return region_bits_[activity_class]; }
  // Not cached: see FactorCache.
  Resolution resolve(uint32_t activity_class, Specificity level, const Need& need,
                     const Circumstances& row) const;

  // The one currency of all spend factors; 0 when there are none or several.
  Currency only_currency() const { return only_currency_; }
  size_t size() const { return factors_.size(); }

  // For messages.
  std::string explain_unknown(std::string_view code) const;
  std::string explain(Gap gap, std::string_view code, const Need& need,
                      const Circumstances& row) const;

 private:
  struct ActivityClass {
    uint32_t first = 0;  // of its factors, which follow each other
    uint32_t count = 0;
    uint32_t parent = kNoClass;
  };
  std::span<const Factor> factors_of(const ActivityClass& of) const {
    return std::span(factors_).subspan(of.first, of.count);
  }

  void add_classes(std::vector<FactorRecord>& records);
  void add_breaks();
  void add_region_bits();
  uint32_t period_after_breaks(int32_t day) const;
  uint64_t own_region_bit(uint64_t region) const;
  // In the other case, which does not matter where no two codes differ by it; else a parent.
  uint32_t find_otherwise(std::string_view code, Specificity* level) const;
  uint32_t find_parent(std::string_view code) const;
  Resolution best(const ActivityClass& of, const Need& need, const Circumstances& row) const;
  Gap why_none(const ActivityClass& of, const Need& need) const;

  FactorMemory memory_;
  Regions regions_;
  FactorGates gates_;
  Pedigree pedigree_;
  std::vector<Factor> factors_;          // by activity code
  std::vector<ActivityClass> classes_;   // in the order of codes_
  std::vector<std::string_view> codes_;  // ascending; texts of factors_
  std::vector<uint64_t> region_bits_;    // beside classes_
  std::vector<uint64_t> known_regions_;  // of factors; the last bit stands for all beyond the 63rd
  KeyIndex index_;                       // code -> class
  KeyIndex lower_index_;                 // of codes with capitals, in lower case -> class
  std::vector<int32_t> breaks_;          // days on which a factor begins or ends, ascending
  Currency only_currency_ = 0;
};

// Resolutions of a lane by all that they depend on, so that a row costs the same however many
// factors there are. Each has one of two places; what came first gives way.
class FactorCache {
 public:
  const Resolved& find(const FactorTable& table, uint32_t activity_class, Specificity level,
                       const Need& need, const Circumstances& row) {
    const uint64_t period = row.day == Circumstances::kNoDay ? 0 : table.period(row.day);
    const uint64_t what =
        kUsed | static_cast<uint64_t>(need.boundary) | static_cast<uint64_t>(need.dimension) << 4 |
        static_cast<uint64_t>(need.price_basis) << 9 | static_cast<uint64_t>(level) << 11 |
        period << 16 | static_cast<uint64_t>(need.currency) << 40;
    const uint64_t where = activity_class | static_cast<uint64_t>(row.year & 0xFFFF) << 32 |
                           static_cast<uint64_t>(row.activity_year & 0xFFFF) << 48;
    const uint64_t region = near(table, activity_class, row.region);
    const uint64_t hash = (where ^ region * 0xE7037ED1A0B428DBU) * 0xA0761D6478BD642FU ^
                          (what ^ need.technology) * 0x8EBC6AF09C88C6E3U;
    if (slots_.empty()) slots_.resize(kFirstSize);
    const Slot* const pair = &slots_[2 * (hash * 0x9E3779B97F4A7C15U >> shift_)];
    const auto differs = [&](const Slot& slot) {
      return ((slot.where ^ where) | (slot.what ^ what) | (slot.region ^ region) |
              (slot.technology ^ need.technology)) != 0;
    };
    // Without a branch: which of the two it is, nobody can predict.
    const Slot& slot = pair[differs(pair[0]) ? 1 : 0];
    if (!differs(slot)) [[likely]]
      return slot.resolved;
    return fill(
        recent_of(activity_class, row.activity_year), hash,
        {where, what, region, need.technology, table.resolve(activity_class, level, need, row)});
  }
  // Asks the memory for what rows of the class in that year mostly need, without waiting for it.
  void fetch(uint32_t activity_class, int32_t year) const {
    const size_t at = recent_of(activity_class, year);
    if (at >= recent_.size()) return;
    const Recent& recent = recent_[at];
    __builtin_prefetch(&slots_[recent.slot]);
    __builtin_prefetch(recent.factor);
    __builtin_prefetch(reinterpret_cast<const char*>(recent.factor) + 64);
  }

 private:
  // A line of the processor's cache.
  struct alignas(64) Slot {
    uint64_t where = 0;
    uint64_t what = 0;  // 0: empty
    uint64_t region = 0;
    uint64_t technology = 0;
    Resolved resolved{};
  };
  static_assert(sizeof(Slot) == 64);
  static constexpr uint64_t kUsed = 1 << 13;
  static constexpr size_t kFirstSize = 256;
  static constexpr size_t kMostSize = 8192;

  // The row's region, or kElsewhere where the class has no factor of it or of one around it.
  uint64_t near(const FactorTable& table, uint32_t activity_class, uint64_t region) {
    constexpr uint64_t kElsewhere = 1;
    if (region == 0) return region;
    Bits& known = bits_[region * 0x9E3779B97F4A7C15U >> (64 - kBitsOfPlaces)];
    if (known.region != region) known = {region, table.region_bits(region)};
    return (known.bits & table.region_bits_of(activity_class)) == 0 ? kElsewhere : region;
  }
  // Years that are four apart share a place.
  static size_t recent_of(uint32_t activity_class, int32_t year) {
    return size_t{activity_class} * 4 + static_cast<size_t>(year & 3);
  }
  [[gnu::noinline]] const Resolved& fill(size_t recent, uint64_t hash, const Slot& with) {
    Slot* pair = &slots_[2 * (hash * 0x9E3779B97F4A7C15U >> shift_)];
    if (pair[1].what != 0 && ++replaced_ > slots_.size() / 8 && slots_.size() < kMostSize) {
      slots_.assign(slots_.size() * 2, Slot());
      --shift_;
      replaced_ = 0;
      pair = &slots_[2 * (hash * 0x9E3779B97F4A7C15U >> shift_)];
    }
    pair[1] = pair[0];
    pair[0] = with;
    if (recent >= recent_.size()) recent_.resize(recent + 1);
    recent_[recent] = {static_cast<size_t>(pair - slots_.data()), with.resolved.factor};
    return pair[0].resolved;
  }

  static constexpr int kBitsOfPlaces = 6;
  struct Bits {
    uint64_t region = 0;
    uint64_t bits = 0;
  };
  std::array<Bits, size_t{1} << kBitsOfPlaces> bits_{};  // of regions of rows before
  std::vector<Slot> slots_;
  // The last one that was filled, by class and year.
  struct Recent {
    size_t slot = 0;
    const Factor* factor = nullptr;
  };
  std::vector<Recent> recent_;
  int shift_ = 64 - 7;   // of pairs
  size_t replaced_ = 0;  // since it grew
};

// How a mapping begins what it says of a name that is none of ours: "out_of_scope: payroll".
inline constexpr std::string_view kOutOfScope = "out_of_scope";

// From the rows' own words for activities to codes. Threads: read-only once loaded.
class ActivityNames {
 public:
  void load(const Host& host, const CodeMapping& mapping, const FactorTable& table);
  bool given() const { return given_; }
  // Empty for a name that the mapping does not have.
  std::string_view code(std::string_view name) const {
    const uint32_t found = index_.find(trim(name));
    return found == KeyIndex::kAbsent ? std::string_view() : std::string_view(codes_[found]);
  }
  std::string explain_unknown(std::string_view name) const;

 private:
  bool given_ = false;
  KeyIndex index_;
  std::vector<std::string> codes_;
};

}  // namespace chunkmill::scope3
