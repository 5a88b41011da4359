#include "plugins/calculators/scope3/common/factor_table.hpp"

#include <algorithm>
#include <map>

#include "plugins/calculators/scope3/common/factor_reader.hpp"
#include "plugins/calculators/scope3/common/hash.hpp"
#include "plugins/calculators/scope3/common/lookup_text.hpp"

namespace chunkmill::scope3 {
namespace {

// Which records a lookup had that are of no use here.
struct LeftOut {
  int64_t empty = 0;
  int64_t boundary = 0;
  int64_t forcing = 0;
};

// Combustion and upstream make a life cycle, and the other way round.
Boundaries sources_of(Boundaries wanted) {
  if ((wanted & (bit(Boundary::kLifeCycle) | bit(Boundary::kUpstream))) != 0)
    wanted |= bit(Boundary::kCombustion) | bit(Boundary::kUpstream) | bit(Boundary::kLifeCycle);
  return wanted;
}

std::string names_of(Boundaries boundaries) {
  std::string out;
  for (size_t i = 0; i < kBoundaries; ++i)
    if (const auto boundary = static_cast<Boundary>(i); (boundaries & bit(boundary)) != 0)
      out += (out.empty() ? "" : ", ") + std::string(boundary_name(boundary));
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

int64_t rows_of(const Table& table) {
  int64_t rows = 0;
  for (size_t b = 0; b < table.batch_count(); ++b) rows += table.batch(b).row_count();
  return rows;
}

bool is_number(std::string_view code) {
  return std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The code of the class above: a number without its last digit, a path without its last step.
std::string_view parent_code(std::string_view code) {
  if (is_number(code)) return code.size() > 2 ? code.substr(0, code.size() - 1) : "";
  const size_t step = code.find_last_of("/>");
  return step == std::string_view::npos ? "" : trim(code.substr(0, step));
}

}  // namespace

void FactorTable::load(const Host& host, const FactorQuery& query) {
  const Boundaries usable = sources_of(query.boundaries);
  std::vector<FactorRecord> records;
  for (size_t i = 0; i < query.source.lookups.size(); ++i) {
    const std::string& name = query.source.lookups[i].value;
    const Table table = host.lookup(name);
    // Once, since what a vector leaves behind as it grows is as much again.
    records.reserve(records.size() + static_cast<size_t>(rows_of(table)));
    FactorReader reader(name, query.source.shape_of(name), table.schema(), usable, &regions_,
                        &memory_);
    const size_t before = records.size();
    LeftOut left_out;
    int64_t number = 0;
    for (size_t b = 0; b < table.batch_count(); ++b) {
      const Batch batch = table.batch(b);
      for (int64_t row = 0; row < batch.row_count(); ++row) {
        FactorRecord record;
        const FactorRead read = reader.read(batch, row, ++number, &record);
        if (read == FactorRead::kNoValue) {
          ++left_out.empty;
        } else if (read == FactorRead::kOtherBoundary) {
          ++left_out.boundary;
        } else if (!query.radiative_forcing.empty() && !record.forcing.empty() &&
                   record.forcing.view() != query.radiative_forcing) {
          ++left_out.forcing;
        } else {
          record.factor.preference = static_cast<uint16_t>(i);
          records.push_back(record);
        }
      }
    }
    host.debug("lookup \"" + name + "\": " + std::to_string(records.size() - before) +
               " records of factors, left out: " + std::to_string(left_out.empty) +
               " without a value, " + std::to_string(left_out.boundary) +
               " of another boundary than " + names_of(query.boundaries) +
               (left_out.forcing == 0
                    ? ""
                    : ", " + std::to_string(left_out.forcing) + " of other radiative forcing"));
  }
  records = merge_gases(std::move(records), query.gwp, query.gwp_set, &memory_);
  derive_boundaries(query.boundaries, &records, &memory_);
  std::erase_if(records, [&](const FactorRecord& record) {
    return (query.boundaries & bit(record.factor.boundary)) == 0;
  });
  if (records.empty())
    throw Error(CM_INVALID, "lookup \"" + query.source.lookups.front().value +
                                "\" has no factor with a boundary that is needed here: " +
                                names_of(query.boundaries))
        .at("factors");
  const std::vector<std::string>& order = query.source.preference;
  for (FactorRecord& record : records) {
    Factor& factor = record.factor;
    if (!order.empty())
      factor.preference = static_cast<uint16_t>(
          std::find(order.begin(), order.end(), factor.texts->set.view()) - order.begin());
    if (factor.of_money() && query.prices != nullptr)
      factor.prices = query.prices->series(std::string(
          (record.price_code.empty() ? factor.activity_code : record.price_code).view()));
    factor.hash = hash_of(factor);
  }
  add_classes(records);
  add_breaks();
  add_region_bits();
  memory_.texts.forget_index();
}

void FactorTable::add_classes(std::vector<FactorRecord>& records) {
  std::sort(records.begin(), records.end(), [](const FactorRecord& a, const FactorRecord& b) {
    return std::tuple(a.factor.activity_code.view(), a.factor.id.view(), a.factor.hash) <
           std::tuple(b.factor.activity_code.view(), b.factor.id.view(), b.factor.hash);
  });
  factors_.reserve(records.size());
  std::vector<std::string_view> parents;
  std::map<std::string, std::vector<uint32_t>> by_lower;
  std::vector<std::pair<std::string, uint32_t>> by_system;
  for (const FactorRecord& record : records) {
    const Factor& factor = factors_.emplace_back(record.factor);
    if (codes_.empty() || codes_.back() != factor.activity_code.view()) {
      codes_.push_back(factor.activity_code.view());
      parents.emplace_back();
      classes_.push_back({static_cast<uint32_t>(factors_.size() - 1), 0, kNoClass});
    }
    ++classes_.back().count;
    if (parents.back().empty()) parents.back() = record.parent.view();
    if (!record.system.empty())
      by_system.emplace_back(std::string(record.system.view()) + ":" + std::string(codes_.back()),
                             static_cast<uint32_t>(codes_.size() - 1));
    if (factor.of_money()) {
      const bool first = only_currency_ == 0;
      only_currency_ = first || only_currency_ == factor.currency ? factor.currency : UINT32_MAX;
    }
  }
  if (only_currency_ == UINT32_MAX) only_currency_ = 0;
  for (uint32_t i = 0; i < classes_.size(); ++i) {
    index_.insert(codes_[i], i);
    const std::string folded = lower(codes_[i]);
    if (folded != codes_[i]) by_lower[folded].push_back(i);
  }
  for (const auto& [folded, classes] : by_lower)
    if (classes.size() == 1) lower_index_.insert(folded, classes.front());
  for (uint32_t i = 0; i < classes_.size(); ++i)
    classes_[i].parent = parents[i].empty() ? find_parent(codes_[i]) : index_.find(parents[i]);
  for (const auto& [code, found] : by_system) index_.insert(code, found);
}

void FactorTable::add_breaks() {
  for (const Factor& factor : factors_) {
    if (factor.valid_from != INT32_MIN) breaks_.push_back(factor.valid_from);
    if (factor.valid_to != INT32_MAX) breaks_.push_back(factor.valid_to + 1);
  }
  std::sort(breaks_.begin(), breaks_.end());
  breaks_.erase(std::unique(breaks_.begin(), breaks_.end()), breaks_.end());
}

uint32_t FactorTable::period_after_breaks(int32_t day) const {
  return static_cast<uint32_t>(std::upper_bound(breaks_.begin(), breaks_.end(), day) -
                               breaks_.begin());
}

void FactorTable::add_region_bits() {
  for (const Factor& factor : factors_)
    if (factor.region != 0) known_regions_.push_back(factor.region);
  std::sort(known_regions_.begin(), known_regions_.end());
  known_regions_.erase(std::unique(known_regions_.begin(), known_regions_.end()),
                       known_regions_.end());
  region_bits_.assign(classes_.size(), 0);
  for (size_t i = 0; i < classes_.size(); ++i)
    for (uint32_t at = static_cast<uint32_t>(i); at != kNoClass; at = classes_[at].parent)
      for (const Factor& factor : factors_of(classes_[at]))
        region_bits_[i] |= factor.region == 0 ? 0 : own_region_bit(factor.region);
}

uint64_t FactorTable::own_region_bit(uint64_t region) const {
  constexpr ptrdiff_t kLast = 63;
  const auto found = std::lower_bound(known_regions_.begin(), known_regions_.end(), region);
  if (found == known_regions_.end() || *found != region) return 0;
  return uint64_t{1} << std::min(found - known_regions_.begin(), kLast);
}

uint64_t FactorTable::region_bits(uint64_t region) const {
  uint64_t bits = 0;
  for (int level = 0; level <= Regions::kMostLevels && region != 0; ++level) {
    bits |= own_region_bit(region);
    region = regions_.parent(region);
  }
  return bits;
}

uint32_t FactorTable::find_otherwise(std::string_view code, Specificity* level) const {
  const std::string folded = lower(code);
  const uint32_t as_it_is = index_.find(folded);
  const uint32_t with_capitals = lower_index_.find(folded);
  if (as_it_is == kNoClass && with_capitals != kNoClass) return with_capitals;
  if (as_it_is != kNoClass && with_capitals == kNoClass) return as_it_is;
  *level = Specificity::kParent;
  return find_parent(code);
}

std::string_view FactorTable::child_of(std::string_view code, uint64_t region) const {
  if (code.empty() || region == 0) return {};
  std::string first = lower(trim(code));
  first += '/';
  for (const std::string_view one : codes_)
    if (one.size() > first.size() && lower(one.substr(0, first.size())) == first &&
        region_key(one.substr(first.size())) == region)
      return one;
  return {};
}

// Only a class that the table has itself: 541511 falls back to 5415 when there is such a record.
uint32_t FactorTable::find_parent(std::string_view code) const {
  for (code = parent_code(code); !code.empty(); code = parent_code(code))
    if (const uint32_t found = index_.find(code); found != kNoClass) return found;
  return kNoClass;
}

std::string FactorTable::explain_unknown(std::string_view code) const {
  code = trim(code);
  std::string out = "no factor for activity code " + in_quotes(code);
  // Its neighbours in order share the longest beginning with it.
  const auto common = [&](std::string_view other) {
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
    out += (n == 0 ? "" : ", ") + std::string(*first);
  return out;
}

}  // namespace chunkmill::scope3
