#include "plugins/calculators/scope3/common/factor_table.hpp"

#include <algorithm>
#include <tuple>

#include "chunkmill/nearest.hpp"
#include "plugins/calculators/scope3/common/factor_reader.hpp"
#include "plugins/calculators/scope3/common/lookup_text.hpp"

namespace chunkmill::scope3 {
namespace {

// Less is better.
auto rank(const Factor& factor, const Circumstances& row) {
  int geography = 0;
  if (row.region != 0 && factor.region != row.region)
    geography = is_world(factor.region) ? 1 : factor.region == 0 ? 2 : 3;
  int64_t years = 0;
  if (row.year == 0 || factor.year == 0) {
    years = -factor.year;
  } else {
    constexpr int64_t kLater = 10'000;
    years = factor.year <= row.year ? row.year - factor.year : kLater + factor.year - row.year;
  }
  return std::tuple(geography, years, factor.id.view());
}

template <typename Fits>
const Factor* best(const std::vector<const Factor*>& factors, const Circumstances& row, Fits fits) {
  const Factor* found = nullptr;
  for (const Factor* factor : factors) {
    if (!fits(*factor)) continue;
    if (found == nullptr || rank(*factor, row) < rank(*found, row)) found = factor;
  }
  return found;
}

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

FactorTable FactorTable::load(const Host& host, const FactorSource& source, Boundary boundary) {
  const Table table = host.lookup(source.lookup.value);
  FactorReader reader(source, table.schema());
  FactorTable out;
  int64_t number = 0;
  int64_t empty = 0;
  int64_t other_boundary = 0;
  for (size_t i = 0; i < table.batch_count(); ++i) {
    const Batch batch = table.batch(i);
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      Factor factor;
      if (!reader.read(batch, row, ++number, &out.texts_, &factor)) {
        ++empty;
      } else if (factor.boundary != boundary) {
        ++other_boundary;
      } else {
        out.factors_.push_back(factor);
      }
    }
  }
  if (out.factors_.empty())
    throw Error(CM_INVALID, "lookup \"" + source.lookup.value + "\" has no factor with boundary " +
                                std::string(boundary_name(boundary)) + " among its " +
                                std::to_string(number) + " records")
        .at("factors");
  host.info("lookup \"" + source.lookup.value + "\": " + std::to_string(out.factors_.size()) +
            " factors, left out: " + std::to_string(empty) + " without a value, " +
            std::to_string(other_boundary) + " of another boundary than " +
            std::string(boundary_name(boundary)));
  out.add_classes();
  return out;
}

void FactorTable::add_classes() {
  const auto key = [](const Factor& f) { return std::tuple(f.activity_code.view(), f.id.view()); };
  std::sort(factors_.begin(), factors_.end(), [&](const Factor& a, const Factor& b) {
    return std::tuple(key(a), a.hash) < std::tuple(key(b), b.hash);
  });
  for (size_t i = 0; i < factors_.size(); ++i) {
    const Factor& factor = factors_[i];
    if (i > 0 && key(factors_[i - 1]) == key(factor))
      throw Error(CM_INVALID, "factor " + quoted(factor.id.view()) + " stands twice, with " +
                                  quoted(factors_[i - 1].unit.view()) + " and " +
                                  quoted(factor.unit.view()) +
                                  ": give each record a factor_id of its own")
          .at("factors");
    if (codes_.empty() || codes_.back() != factor.activity_code.view()) {
      codes_.emplace_back(factor.activity_code.view());
      classes_.emplace_back();
    }
    (factor.of_money() ? classes_.back().per_money : classes_.back().per_unit).push_back(&factor);
    if (factor.of_money()) {
      const bool first = only_currency_ == 0;
      only_currency_ = first || only_currency_ == factor.currency ? factor.currency : UINT32_MAX;
    }
  }
  if (only_currency_ == UINT32_MAX) only_currency_ = 0;
  for (uint32_t i = 0; i < classes_.size(); ++i) {
    if (classes_[i].per_money.size() == 1) classes_[i].only_per_money = classes_[i].per_money[0];
    class_of_code_.insert(codes_[i], i);
    activities_.push_back({&classes_[i], MatchLevel::kExact});
  }
  index_ = class_of_code_;
}

void FactorTable::map_codes(const Host& host, const CodeMapping& mapping) {
  const std::string& name = mapping.lookup.value;
  const Table table = host.lookup(name);
  const size_t key_column = find_column(table.schema(), name, mapping.key, "mapping.key");
  const size_t code_column = find_column(table.schema(), name, mapping.code, "mapping.code");
  std::vector<Activity> activities;
  KeyIndex index;
  int64_t unknown = 0;
  for (size_t i = 0; i < table.batch_count(); ++i) {
    const Batch batch = table.batch(i);
    for (int64_t row = 0; row < batch.row_count(); ++row) {
      const std::string key = cell_text(batch, key_column, row);
      const std::string code = cell_text(batch, code_column, row);
      if (key.empty() || code.empty()) continue;
      const Activity activity = find(code);
      if (activity.factors == nullptr) {
        ++unknown;
        host.warn("lookup \"" + name + "\": " + quoted(key) + ": " + explain_unknown(code));
      }
      const uint32_t before = index.find(key);
      if (before != KeyIndex::kAbsent && activities[before].factors != activity.factors)
        throw Error(CM_INVALID, "lookup \"" + name + "\" maps " + quoted(key) + " to two codes")
            .at("mapping");
      if (index.insert(key, static_cast<uint32_t>(activities.size())))
        activities.push_back(activity);
    }
  }
  index_ = std::move(index);
  activities_ = std::move(activities);
  mapped_ = true;
}

// Only a class that the table has itself: 541511 falls back to 5415 when there is such a record.
Activity FactorTable::find_parent(std::string_view code) const {
  if (mapped_) return {};
  for (const char c : code)
    if (c < '0' || c > '9') return {};
  while (code.size() > 2) {
    code.remove_suffix(1);
    const uint32_t found = class_of_code_.find(code);
    if (found != KeyIndex::kAbsent) return {&classes_[found], MatchLevel::kParent};
  }
  return {};
}

const Factor* FactorTable::best_per_currency(const ActivityClass& of, Currency currency,
                                             const Circumstances& row) const {
  return best(of.per_money, row, [&](const Factor& f) { return f.currency == currency; });
}

const Factor* FactorTable::per_unit(const ActivityClass& of, Dimension dimension,
                                    const Circumstances& row) const {
  return best(of.per_unit, row, [&](const Factor& f) { return f.per.dimension == dimension; });
}

std::string FactorTable::explain_unknown(std::string_view code) const {
  code = trim(code);
  if (mapped_) {
    if (const uint32_t found = index_.find(code); found != KeyIndex::kAbsent)
      return "the code that the mapping gives for " + quoted(code) + " has no factor";
    const std::string near = nearest(code, index_.keys());
    return "the mapping has no " + quoted(code) +
           (near.empty() ? "" : "; near to it: " + quoted(near));
  }
  std::string out = "no factor for activity code " + quoted(code);
  // Its neighbours in order share the longest beginning with it.
  const auto common = [&](const std::string& other) {
    size_t n = 0;
    while (n < code.size() && n < other.size() && code[n] == other[n]) ++n;
    return n;
  };
  const auto after = std::lower_bound(codes_.begin(), codes_.end(), code);
  size_t longest = 0;
  if (after != codes_.end()) longest = common(*after);
  if (after != codes_.begin()) longest = std::max(longest, common(*(after - 1)));
  if (longest < 2) return out;
  auto first = after;
  while (first != codes_.begin() && after - first < 2 && common(*(first - 1)) == longest) --first;
  out += "; near to it: ";
  for (int n = 0; n < 4 && first != codes_.end() && common(*first) == longest; ++n, ++first)
    out += (n == 0 ? "" : ", ") + *first;
  return out;
}

}  // namespace chunkmill::scope3
