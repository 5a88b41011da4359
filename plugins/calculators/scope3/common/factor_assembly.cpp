#include "plugins/calculators/scope3/common/factor_assembly.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace chunkmill::scope3 {
namespace {

auto identity(const FactorRecord& record) {
  const Factor& f = record.factor;
  return std::tuple(f.activity_code.view(), f.id.view(), f.texts->set.view(),
                    f.texts->set_version.view(), f.boundary, f.region);
}

[[noreturn]] void fault(const Factor& factor, const std::string& what) {
  throw Error(CM_INVALID, "factor " + in_quotes(factor.id.view()) + what).at("factors");
}

// The unit's text for a value in kg CO2e.
Text kg_unit(const Factor& factor, FactorMemory* memory) {
  return memory->texts.intern("kg CO2e/" + std::string(factor.denominator.view()));
}

void set_gwp(std::string_view set, Factor* factor, FactorMemory* memory) {
  FactorTexts texts = *factor->texts;
  texts.gwp_set = memory->texts.intern(set);
  factor->texts = memory->keep(texts);
}

// The records of one factor.
class Gathered {
 public:
  Gathered(const FactorRecord* first, const FactorRecord* last, const GwpTable& gwp,
           const std::string& wanted, FactorMemory* memory)
      : first_(first), last_(last), gwp_(gwp), wanted_(wanted), memory_(memory) {}

  FactorRecord merge() {
    for (const FactorRecord* record = first_; record != last_; ++record) {
      if (record > first_ && record->gas.view() == (record - 1)->gas.view())
        fault(record->factor, " stands twice, with " + in_quotes((record - 1)->factor.unit.view()) +
                                  " and " + in_quotes(record->factor.unit.view()) +
                                  ": give each record a factor_id of its own");
      if (record->gas.empty()) total_ = record;
    }
    FactorRecord out = total_ != nullptr ? *total_ : *first_;
    out.gas = {};
    Factor& factor = out.factor;
    const std::string published(factor.texts->gwp_set.view());
    const std::string set = wanted_.empty() ? published : wanted_;
    const bool same_set = wanted_.empty() || same_gwp(published, wanted_);
    if (total_ != nullptr && last_ - first_ == 1) {
      factor.gwp_differs = !same_set && !published.empty();
      return out;
    }
    // The column may stand with any of the gases, or with each.
    for (const FactorRecord* record = first_; record != last_; ++record)
      factor.biogenic_co2 = std::max(factor.biogenic_co2, record->factor.biogenic_co2);
    double co2e = 0;
    bool counted = false;
    Gases gases;
    for (const FactorRecord* record = first_; record != last_; ++record) {
      if (record == total_) continue;
      if (record->factor.per.size != factor.per.size ||
          record->factor.per.dimension != factor.per.dimension)
        fault(factor, " has gases in different units: " + in_quotes(factor.unit.view()) + " and " +
                          in_quotes(record->factor.unit.view()));
      const double kg = record->factor.emissions(1);
      if (is_biogenic_co2(record->gas.view())) {
        factor.biogenic_co2 += kg;
        continue;
      }
      counted = true;
      co2e += add_gas(*record, kg, published, set, &gases, &factor);
    }
    if (counted) factor.gases = &memory_->gases.emplace_back(gases);
    if (total_ == nullptr || (!same_set && counted)) {
      factor.value = co2e;
      factor.kilograms = 1;
      factor.in_grams = false;
      factor.unit = kg_unit(factor, memory_);
      set_gwp(set, &factor, memory_);
    } else {
      factor.gwp_differs = !same_set && !published.empty();
    }
    return out;
  }

 private:
  bool same_gwp(const std::string& a, const std::string& b) const {
    return a == b || (gwp_.has_set(a) && gwp_.find("ch4", a) == gwp_.find("ch4", b) &&
                      gwp_.find("n2o", a) == gwp_.find("n2o", b));
  }
  // Notes the mass of a gas; returns what it counts in CO2e by `set`.
  double add_gas(const FactorRecord& record, double kg, const std::string& published,
                 const std::string& set, Gases* gases, Factor* factor) const {
    double mass = kg;
    if (record.gas_as_co2e) {
      const std::optional<double> was = gwp_.find(record.gas.view(), published);
      if (!was) {
        // A mixture that nobody can take apart: it stays as it was counted.
        factor->gwp_differs |= published != set;
        gases->other_co2e += kg;
        return kg;
      }
      mass = kg / *was;
    }
    const std::optional<double> potential = gwp_.find(record.gas.view(), set);
    if (!potential)
      fault(*factor, " has the gas " + in_quotes(record.gas.view()) +
                         (set.empty() ? ": give gwp_set, like AR5, to count it"
                                      : ", which has no GWP in " + set + "; give a `gwp` lookup"));
    const double co2e = mass * *potential;
    if (record.gas.view() == "co2") {
      gases->co2 += mass;
    } else if (record.gas.view() == "ch4") {
      gases->ch4 += mass;
    } else if (record.gas.view() == "n2o") {
      gases->n2o += mass;
    } else {
      gases->other_co2e += co2e;
    }
    return co2e;
  }

  const FactorRecord* const first_;
  const FactorRecord* const last_;
  const GwpTable& gwp_;
  const std::string& wanted_;
  FactorMemory* const memory_;
  const FactorRecord* total_ = nullptr;
};

// `a` + sign x `b`, in kg CO2e for one of the denominator of both.
FactorRecord combined(const FactorRecord& a, double sign, const FactorRecord& b, Boundary boundary,
                      FactorMemory* memory) {
  FactorRecord out = a;
  Factor& factor = out.factor;
  // What of `b` is in one unit of `a`.
  const double per = convert(1, a.factor.per, b.factor.per);
  sign *= per;
  factor.value = a.factor.emissions(1) + sign * b.factor.emissions(1);
  factor.kilograms = 1;
  factor.in_grams = false;
  factor.unit = kg_unit(factor, memory);
  factor.boundary = boundary;
  factor.biogenic_co2 = std::max(0.0, a.factor.biogenic_co2 + sign * b.factor.biogenic_co2);
  factor.gwp_differs = a.factor.gwp_differs || b.factor.gwp_differs;
  factor.gases = nullptr;
  if (a.factor.gases != nullptr && b.factor.gases != nullptr) {
    const Gases& x = *a.factor.gases;
    const Gases& y = *b.factor.gases;
    factor.gases = &memory->gases.emplace_back(Gases{x.co2 + sign * y.co2, x.ch4 + sign * y.ch4,
                                                     x.n2o + sign * y.n2o,
                                                     x.other_co2e + sign * y.other_co2e});
  }
  FactorTexts texts = *factor.texts;
  texts.boundary = memory->texts.intern(boundary_name(boundary));
  factor.texts = memory->keep(texts);
  factor.id = memory->texts.intern(std::string(a.factor.id.view()) + (sign < 0 ? " - " : " + ") +
                                   std::string(b.factor.id.view()));
  return out;
}

}  // namespace

std::vector<FactorRecord> merge_gases(std::vector<FactorRecord> records, const GwpTable& gwp,
                                      const std::string& gwp_set, FactorMemory* memory) {
  std::sort(records.begin(), records.end(), [](const FactorRecord& a, const FactorRecord& b) {
    return std::tuple(identity(a), a.gas.view(), a.number) <
           std::tuple(identity(b), b.gas.view(), b.number);
  });
  size_t merged = 0;  // in place: there are many records, in each of fifteen categories
  for (size_t begin = 0; begin < records.size();) {
    size_t end = begin + 1;
    while (end < records.size() && identity(records[end]) == identity(records[begin])) ++end;
    records[merged++] =
        Gathered(records.data() + begin, records.data() + end, gwp, gwp_set, memory).merge();
    begin = end;
  }
  records.resize(merged);
  return records;
}

void derive_boundaries(Boundaries wanted, std::vector<FactorRecord>* records,
                       FactorMemory* memory) {
  constexpr size_t kParts = 3;
  static_assert(static_cast<size_t>(Boundary::kLifeCycle) == kParts - 1);
  constexpr size_t kNone = SIZE_MAX;
  constexpr size_t kTwice = SIZE_MAX - 1;
  struct Parts {
    size_t of[kParts] = {kNone, kNone, kNone};  // by boundary
  };
  const auto key = [](const FactorRecord& record, bool any_unit) {
    const Factor& f = record.factor;
    return std::tuple(f.activity_code.view(), f.texts->set.view(), f.texts->set_version.view(),
                      f.region, f.technology, record.forcing.view(), f.year, f.valid_from,
                      f.per.dimension, any_unit ? 0 : f.per.size, f.currency);
  };
  using Key = decltype(key(std::declval<const FactorRecord&>(), true));
  std::map<Key, Parts> groups;
  for (size_t i = 0; i < records->size(); ++i) {
    const auto boundary = static_cast<size_t>((*records)[i].factor.boundary);
    if (boundary >= kParts) continue;
    // In one unit; and, where a set publishes its parts in several, in any of them.
    for (const bool any_unit : {false, true}) {
      size_t& place = groups[key((*records)[i], any_unit)].of[boundary];
      place = place == kNone ? i : kTwice;
    }
  }
  for (const auto& group : groups) {
    const Parts& parts = group.second;
    const auto record = [&](Boundary boundary) -> const FactorRecord* {
      const size_t i = parts.of[static_cast<size_t>(boundary)];
      return i >= kTwice ? nullptr : &(*records)[i];
    };
    const auto absent = [&](Boundary boundary) {
      return (wanted & bit(boundary)) != 0 && parts.of[static_cast<size_t>(boundary)] == kNone;
    };
    const FactorRecord* const combustion = record(Boundary::kCombustion);
    const FactorRecord* const upstream = record(Boundary::kUpstream);
    const FactorRecord* const whole = record(Boundary::kLifeCycle);
    // Of parts in one unit it is done by the group of that unit.
    const bool any_unit = std::get<9>(group.first) == 0;
    const FactorRecord* const other = upstream != nullptr ? upstream : whole;
    if (any_unit && (combustion == nullptr || other == nullptr ||
                     combustion->factor.per.size == other->factor.per.size))
      continue;
    if (absent(Boundary::kLifeCycle) && combustion != nullptr && upstream != nullptr) {
      records->push_back(combined(*combustion, 1, *upstream, Boundary::kLifeCycle, memory));
    } else if (absent(Boundary::kUpstream) && combustion != nullptr && whole != nullptr &&
               whole->factor.intensity() >= combustion->factor.intensity()) {
      records->push_back(combined(*whole, -1, *combustion, Boundary::kUpstream, memory));
    }
  }
}

}  // namespace chunkmill::scope3
