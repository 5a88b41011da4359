#include "plugins/calculators/scope3/common/factor_table.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "chunkmill/nearest.hpp"
#include "chunkmill/parse.hpp"
#include "plugins/calculators/scope3/common/lookup_text.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr int kNotThere = -1;

// Reads factor records from a lookup whose columns have been found.
class FactorReader {
 public:
  FactorReader(const FactorSource& source, const Schema& schema) : source_(source) {
    for (size_t i = 0; i < kFactorFields; ++i) {
      const std::string option = "factor_columns." + std::string(kFactorFieldNames[i]);
      columns_[i] = source.columns[i] ? static_cast<int>(find_column(schema, source.lookup.value,
                                                                     *source.columns[i], option))
                                      : schema.find(kFactorFieldNames[i]);
    }
    for (const FactorField field : {FactorField::kActivityCode, FactorField::kValue}) {
      const auto i = static_cast<size_t>(field);
      if (columns_[i] == kNotThere)
        find_column(schema, source.lookup.value, kFactorFieldNames[i],
                    "factor_columns." + std::string(kFactorFieldNames[i]));
    }
  }

  // False for a record that holds no value.
  bool read(const Batch& batch, int64_t row, int64_t number, TextArena* texts, Factor* out) {
    number_ = number;
    for (size_t i = 0; i < kFactorFields; ++i) {
      cells_[i] = columns_[i] == kNotThere
                      ? std::string()
                      : cell_text(batch, static_cast<size_t>(columns_[i]), row);
      if (cells_[i].empty()) cells_[i] = source_.defaults[i];
    }
    const std::string& value = cell(FactorField::kValue);
    if (value.empty() || value == "NA" || value == "N/A" || value == "na") return false;
    if (cell(FactorField::kActivityCode).empty()) fault("it has no activity_code");
    if (parse_double(value, &out->value) != ParseFault::kNone)
      fault("value \"" + value + "\" is not a number");
    if (out->value < 0)
      fault("value " + value + " is negative: avoided emissions do not belong into this sum");
    read_unit(out, texts);
    read_boundary(out);
    out->set = texts->intern(cell(FactorField::kSet));
    out->set_version = texts->intern(cell(FactorField::kSetVersion));
    out->activity_code = texts->intern(cell(FactorField::kActivityCode));
    out->activity = texts->intern(cell(FactorField::kActivity));
    out->region_text = texts->intern(cell(FactorField::kRegion));
    out->region = region_key(cell(FactorField::kRegion));
    out->boundary_text = texts->intern(boundary_name(out->boundary));
    out->gwp_set = texts->intern(cell(FactorField::kGwpSet));
    out->source = texts->intern(cell(FactorField::kSource));
    out->id = texts->intern(identity(*out));
    out->hash = hash_of(*out);
    char digits[16];
    write_hex(out->hash, digits);
    out->hash_text = texts->add({digits, sizeof digits});
    return true;
  }

  [[noreturn]] void fault(const std::string& what) const {
    throw Error(CM_INVALID, "lookup \"" + source_.lookup.value + "\", record " +
                                std::to_string(number_) + ": " + what)
        .at("factors");
  }

 private:
  const std::string& cell(FactorField field) const { return cells_[static_cast<size_t>(field)]; }

  // The unit's text may hold currency, year and price basis as well: whoever says it twice must say
  // the same.
  void read_unit(Factor* out, TextArena* texts) {
    const std::string& text = cell(FactorField::kUnit);
    if (text.empty())
      fault("it has no unit; give factor_columns.unit, or factor_defaults.unit: kgCO2e/USD");
    std::string why;
    const std::optional<FactorUnit> unit = parse_factor_unit(text, &why);
    if (!unit) fault(why);
    out->per = unit->per;
    out->kilograms = unit->kilograms;
    out->in_grams = unit->in_grams;
    out->currency = unit->currency;
    out->year = unit->year;
    if (const std::string& year = cell(FactorField::kYear); !year.empty()) {
      int64_t number = 0;
      if (parse_int64(year, &number) != ParseFault::kNone || number < 1900 || number > 2200)
        fault("year \"" + year + "\" is not a year");
      if (unit->year != 0 && unit->year != number)
        fault("its unit says " + std::to_string(unit->year) + ", its year " + year);
      out->year = static_cast<int32_t>(number);
    }
    const std::string& currency = cell(FactorField::kCurrency);
    if (out->of_money() && !currency.empty() && parse_currency(currency) != out->currency)
      fault("its unit says " + unit->denominator + ", its currency " + currency);
    const std::string& basis = cell(FactorField::kPriceBasis);
    if (!unit->price_basis.empty() && !basis.empty() && unit->price_basis != basis)
      fault("its unit says " + unit->price_basis + " price, its price_basis " + basis);
    if (out->of_money())
      out->price_basis = texts->intern(basis.empty() ? unit->price_basis : basis);
    out->unit = texts->intern(text);
    out->denominator = texts->intern(unit->denominator);
  }

  void read_boundary(Factor* out) {
    const std::string& text = cell(FactorField::kBoundary);
    if (text.empty())
      fault("it has no boundary; give factor_defaults.boundary, for example cradle_to_gate");
    const std::optional<Boundary> boundary = parse_boundary(text);
    if (!boundary)
      fault("boundary \"" + text + "\" is none of combustion, upstream, life_cycle, " +
            "cradle_to_gate, gate_to_gate, end_of_life");
    out->boundary = *boundary;
  }

  // Published files without ids get one that names set, version and code.
  std::string identity(const Factor& factor) const {
    if (const std::string& id = cell(FactorField::kFactorId); !id.empty()) return id;
    std::string id;
    for (const Text part : {factor.set, factor.set_version, factor.activity_code}) {
      if (part.empty()) continue;
      if (!id.empty()) id += ':';
      id += part.view();
    }
    return id;
  }

  const FactorSource& source_;
  std::array<int, kFactorFields> columns_{};
  std::array<std::string, kFactorFields> cells_;
  int64_t number_ = 0;
};

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
