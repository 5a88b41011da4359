#include "plugins/calculators/scope3/common/formula.hpp"

#include <cmath>

#include "plugins/calculators/scope3/common/hash.hpp"

namespace chunkmill::scope3 {
namespace {

// What a formula multiplies emissions with that somebody else calculated.
struct GivenFactor {
  GivenFactor() {
    texts.set = set;
    factor.value = 1;
    factor.per = *parse_unit(kUnit);
    factor.id = id;
    factor.unit = unit;
    factor.denominator = denominator;
    factor.texts = &texts;
    factor.quality.scores = {3, kPoor, 1, 1, 1};
    factor.hash = hash_of(factor);
  }
  static constexpr std::string_view kUnit = "kgCO2e";
  const PaddedText set{"reported"}, id{"reported"}, unit{"kgCO2e/kgCO2e"}, denominator{kUnit};
  FactorTexts texts{};
  Factor factor{};
};
const GivenFactor kGivenEmissions;

}  // namespace

void CommonInputs::declare(Inputs& in, bool has_spend) {
  activity = in.text("activity", "code of the activity class, or see mapping");
  date = in.date("date", "day of the activity");
  region = in.text("region", "where the activity is: US, GB-SCT, RFCW, ...");
  supplier = in.text("supplier", "the supplier's name or number");
  group = in.text("group", "rows of one value, one after the other, make one result");
  exclude = in.text("exclude", "why the row is not in scope: payroll, tax, within the group, ...");
  category = in.text("category_number", "must be this category's number, where it is named");
  own_factor = in.number("supplier_factor", "the supplier's own factor");
  own_unit = in.text("supplier_factor_unit", "its unit; default: kgCO2e for one of the quantity");
  own_boundary = in.text("supplier_factor_boundary", "what it covers");
  own_source = in.text("supplier_factor_source", "where it is published; the result's factor_id");
  own_year = in.number("supplier_factor_year", "year of its data");
  own_gwp_set = in.text("supplier_factor_gwp_set", "the warming potentials that it is counted by");
  own_verified = in.yes_no("supplier_factor_verified", "whether a third party verified it");
  activity_quality = in.text("activity_quality",
                             "scores of the row's data, 1 (very good) to 4: reliability, "
                             "completeness, time, geography, technology: '2,3,1,1,1'");
  activity_spread =
      in.number("sd_g95",
                "squared geometric deviation at 95 % of the row's amount, in place of what follows "
                "from activity_quality: 1.1");
  if (!has_spend) return;
  spend = in.money("spend", "money spent; negative for credit notes");
  currency = in.text("currency", "");
  tax_amount = in.number("tax_amount", "tax in the spend");
  tax_percent = in.number("tax_percent", "rate of the tax in the spend: 20");
  tax_included = in.yes_no("tax_included", "whether the spend holds tax");
  recharge = in.number("recharge", "what of the spend was charged on to others");
  in.is_of_spend(tax_amount);
  in.is_of_spend(recharge);
  price_basis = in.text("price_basis", "prices of the spend: purchaser, producer or basic");
}

void Formula::start_batch(const Batch& batch) {
  cells_.point_to(inputs_, batch);
  batch_ = &batch;
  if (common_.spend == Input()) return;
  has_price_basis_ = inputs_.present(common_.price_basis);
  has_tax_ = broker_.tax_included() || inputs_.present(common_.tax_included) ||
             inputs_.present(common_.recharge);
}

void Formula::start_block() {
  if (units_.size() > kMostUnits) forget_units();
  own_factors_.clear();
  own_shared_.clear();
  texts_.clear();
  parts_.clear();
  sums_.clear();
}

void Formula::start_block(int64_t begin, size_t count) {
  start_block();
  classes_.clear();
  first_known_class_ = begin;
  if (!inputs_.present(common_.activity) || broker_.names().given()) return;
  classes_.resize(count);
  for (size_t i = 0; i < count; ++i) {
    const int64_t row = begin + static_cast<int64_t>(i);
    const std::string_view code = cells_.text(common_.activity, row);
    if (code.empty()) continue;
    KnownClass& known = classes_[i];
    known.text = code.data();
    known.number = broker_.factors().find(code, &known.level);
    cache_.fetch(known.number, cells_.has(common_.date, row) ? year_of(row) : 0);
  }
}

Formula::KnownClass Formula::class_of(std::string_view code) const {
  const auto at = static_cast<size_t>(row_ - first_known_class_);
  if (at < classes_.size() && classes_[at].text == code.data()) return classes_[at];
  KnownClass out;
  out.number = broker_.factors().find(code, &out.level);
  return out;
}

void Formula::start_row(int64_t row) {
  row_ = row;
  circumstances_ = {broker_.region(), 0, 0, Circumstances::kNoDay};
  if (has(common_.date)) {
    circumstances_.day = cells_.day(common_.date, row);
    circumstances_.year = circumstances_.activity_year = year_of(row);
    activity_day_ = circumstances_.day;
  }
  if (broker_.factor_year() != 0) {
    circumstances_.year = broker_.factor_year();
    circumstances_.day = chunkmill::detail::days_from_civil(circumstances_.year, 7, 1);
  }
  region_is_known_ = true;
  if (has(common_.region)) read_region(cells_.text(common_.region, row));
  activity_quality_ = kUnscored;
  activity_variance_ = default_variance_;
  row_problem_.gap = Gap::kNone;
  read_activity_quality();
}

void Formula::read_activity_quality() {
  if (const std::string_view text = cells_.text(common_.activity_quality, row_); !text.empty()) {
    const auto quality = parse_quality(text, activity_quality_);
    if (quality) activity_quality_ = *quality;
    if (!quality) row_problem_ = {Gap::kUnknownWord, common_.activity_quality, text, {}, {}};
    activity_variance_ = broker_.pedigree().variance(activity_quality_);
  }
  if (!has(common_.activity_spread)) return;
  const double spread = cells_.number(common_.activity_spread, row_);
  if (spread >= 1 && std::isfinite(spread)) {
    activity_variance_ = std::log(spread) * std::log(spread);
  } else {
    row_problem_ = {Gap::kSpreadOutOfRange, common_.activity_spread, {}, {}, {}};
  }
}

void Formula::read_region(std::string_view text) {
  if (text.empty()) return;
  if (last_region_.text != text) {
    const Regions& regions = broker_.factors().regions();
    const uint64_t key = region_key(text);
    last_region_ = {std::string(text), key, !regions.any() || regions.known(key)};
  }
  circumstances_.region = last_region_.key;
  region_is_known_ = last_region_.known;
}

void Formula::start_method(Term* term) {
  first_ = term;
  problem_.gap = Gap::kNone;
  problem_.code = {};
  if (row_problem_.gap != Gap::kNone) [[unlikely]]
    problem_ = row_problem_;
  optional_ = false;
  has_data_ = false;
  unverified_ = false;
  flags_ = 0;
  kind_ = {};
  pcaf_score_ = 0;
  kg_ = 0;
  group_share_ = -1;
  parts_here_ = parts_needed_ = 0;
  term_count_ = 0;
  if (!more_.empty()) more_.clear();
}

void Formula::fail(Gap gap, Input input, std::string_view text) {
  if (failed()) return;
  problem_.gap = gap;
  problem_.input = input;
  problem_.text = text;
}

std::string_view Formula::activity() {
  const std::string_view text = cells_.text(common_.activity, row_);
  if (!broker_.names().given() || text.empty()) return text;
  const std::string_view code = broker_.names().code(text);
  if (code.empty()) fail(Gap::kUnknownFactor, common_.activity, text);
  if (code.starts_with(kOutOfScope)) fail(Gap::kOutOfScope, common_.activity, code);
  return code;
}

// The minimum boundary of what moves or heats is its use: the job may ask for that, and gets a life
// cycle only where a set has nothing else.
Found Formula::lookup(std::string_view code, Boundary boundary, const Amount& per,
                      uint64_t technology, bool note) {
  if (failed()) return {};
  if (boundary == Boundary::kLifeCycle && broker_.minimum_boundary()) [[unlikely]] {
    if (const Found found = resolve(code, Boundary::kCombustion, per, technology, false)) {
      flags_ |= kCombustionAlone;
      return found;
    }
    if (const Found found = resolve(code, Boundary::kLifeCycle, per, technology, false))
      return found;
    // From somewhere else, or the reason why there is none.
    const Problem before = problem_;
    if (const Found found = resolve(code, Boundary::kCombustion, per, technology, note)) {
      flags_ |= kCombustionAlone;
      return found;
    }
    const Problem of_combustion = problem_;
    problem_ = before;
    const Found found = resolve(code, Boundary::kLifeCycle, per, technology, note);
    if (!found && note && problem_.gap == Gap::kNoFactorForMethod) problem_ = of_combustion;
    return found;
  }
  return resolve(code, boundary, per, technology, note);
}

Found Formula::resolve(std::string_view code, Boundary boundary, const Amount& per,
                       uint64_t technology, bool note) {
  Need need{boundary, per.unit.dimension, PriceBasis::kUnknown, per.currency, technology};
  if (need.dimension == Dimension::kMoney) {
    need.price_basis = price_basis();
    if (failed()) return {};
  }
  Gap gap = Gap::kMissingActivity;
  if (!code.empty()) [[likely]] {
    const KnownClass activity_class = class_of(code);
    gap = Gap::kUnknownFactor;
    if (activity_class.number != FactorTable::kNoClass) [[likely]] {
      const Resolved& found = cache_.find(broker_.factors(), activity_class.number,
                                          activity_class.level, need, circumstances_);
      gap = found.gap;
      if (found.factor != nullptr && gap == Gap::kNone) [[likely]] {
        // What need not be there is not taken from somewhere else.
        if (!note && found.region == RegionMatch::kOther) return {};
        flags_ |= found.flags;
        return {found.factor, found.specificity, found.region,
                found.year,   found.quality,     found.variance};
      }
    }
  }
  if (note) {
    problem_.code = code;
    problem_.need = need;
    fail(gap, common_.activity);
  }
  return {};
}

Found Formula::gas(std::string_view name) {
  if (failed()) return {};
  const Factor* const factor = broker_.gas(name);
  if (factor == nullptr) {
    fail(Gap::kUnknownGas, {}, name);
    return {};
  }
  return {factor,
          Specificity::kExact,
          RegionMatch::kSame,
          YearMatch::kValid,
          factor->quality,
          broker_.pedigree().variance(factor->quality)};
}

Found Formula::factor_of_any(std::string_view code, Boundary boundary, const Amount& per,
                             std::initializer_list<std::string_view> technologies) {
  std::string_view first;
  for (const std::string_view technology : technologies) {
    if (technology.empty()) continue;
    if (first.empty()) first = technology;
    const uint64_t key = key_of(technology);
    const Found found = lookup(code, boundary, per, key, false);
    if (failed() || (found && found.factor->technology == key)) return found;
  }
  return lookup(code, boundary, per, key_of(first), true);
}

std::string_view Formula::code_within(std::string_view group, std::string_view text) {
  if (text.empty() || failed()) return group;
  Specificity level = Specificity::kExact;
  const auto is_code = [&](std::string_view code) {
    return broker_.factors().find(code, &level) != FactorTable::kNoClass &&
           level == Specificity::kExact;
  };
  if (is_code(text) || group.empty()) return text;
  std::string joined(group);
  joined += '/';
  joined += text;
  return is_code(joined) ? texts_.add(joined).view() : text;
}

std::string_view Formula::code_of_country(std::string_view group) const {
  Specificity level = Specificity::kExact;
  const FactorTable& factors = broker_.factors();
  if (factors.find(group, &level) != FactorTable::kNoClass && level == Specificity::kExact)
    return group;
  const std::string_view own = factors.child_of(group, circumstances_.region);
  return own.empty() ? group : own;
}

Resolution Formula::resolve_now(const KnownClass& activity_class, Boundary boundary, Dimension per,
                                std::string_view technology) const {
  if (activity_class.number == FactorTable::kNoClass) return {};
  const Need need{boundary, per, PriceBasis::kUnknown, 0, key_of(technology)};
  return broker_.factors().resolve(activity_class.number, activity_class.level, need,
                                   circumstances_);
}

bool Formula::has_factor(std::string_view code, Boundary boundary, Dimension per,
                         std::string_view technology) const {
  const KnownClass activity_class = class_of(code);
  const auto exists = [&](Boundary of) {
    const Resolution found = resolve_now(activity_class, of, per, technology);
    return found.factor != nullptr || found.rival != nullptr;
  };
  return exists(boundary) || (boundary == Boundary::kLifeCycle && broker_.minimum_boundary() &&
                              exists(Boundary::kCombustion));
}

bool Formula::has_technology(std::string_view code, Boundary boundary, Dimension per,
                             std::string_view technology) const {
  const KnownClass activity_class = class_of(code);
  const auto exists = [&](Boundary of) {
    const Resolution found = resolve_now(activity_class, of, per, technology);
    const Factor* const factor = found.factor != nullptr ? found.factor : found.rival;
    return factor != nullptr && factor->technology == key_of(technology);
  };
  return exists(boundary) || (boundary == Boundary::kLifeCycle && broker_.minimum_boundary() &&
                              exists(Boundary::kCombustion));
}

Text Formula::word(std::string_view word) {
  constexpr size_t kMostWords = 64;
  for (const Text& known : words_)
    if (known.view() == word) return known;
  if (words_.size() == kMostWords) return texts_.add(word);
  return words_.emplace_back(word_texts_.add(word));
}

void Formula::add(const Amount& amount, const Found& found, std::string_view label) {
  if (failed() || !found) return;
  const Factor& factor = *found.factor;
  if (amount.unit.dimension != factor.per.dimension)
    return fail(Gap::kUnitMismatch, {}, amount.steps.given_unit.view());
  Term& term = term_count_++ == 0 ? *first_ : more_.emplace_back();
  term.steps = amount.steps;
  if (factor.of_money()) {
    if (!bring_to(factor, amount, &term)) return;
  } else {
    term.amount = convert(amount.value, amount.unit, factor.per);
  }
  term.factor = &factor;
  term.kg_co2e = factor.emissions(term.amount);
  term.biogenic_kg =
      term.amount * factor.biogenic_co2 + 0.0;  // a credit note of nothing is 0, not -0
  term.specificity = found.specificity;
  term.region = found.region;
  term.year = found.year;
  term.label = label.empty() ? Text() : word(label);
  term.optional = optional_;
  term.quality = found.quality;
  term.factor_variance = found.variance;
  term.variance = found.variance + activity_variance_;
  kg_ += term.kg_co2e;
  if (term.amount < 0) flags_ |= kCreditNote;
  if (term.amount == 0) flags_ |= kZeroAmount;
}

void Formula::subtract(const Amount& amount, const Found& found, std::string_view label) {
  const Flags before = flags_;
  add(amount.times(-1), found, label);
  flags_ = before;
}

void Formula::add_given(const Amount& emissions, std::string_view label) {
  const Factor& one = kGivenEmissions.factor;
  add(emissions,
      {&one, Specificity::kGiven, RegionMatch::kSame, YearMatch::kValid, one.quality,
       broker_.pedigree().variance(one.quality)},
      label);
}

bool Formula::finish(bool in_group) {
  if (failed()) return false;
  if (!in_group && (parts_needed_ & ~parts_here_) != 0)
    fail((parts_here_ & 1) == 0 ? Gap::kNoData : Gap::kMissingInput);
  if (term_count_ == 0) {
    fail(Gap::kNoData);
  } else if (!std::isfinite(kg_)) {
    fail(Gap::kNotFinite);
  } else if (unverified_ && broker_.verify_above() > 0 && std::fabs(kg_) > broker_.verify_above()) {
    fail(Gap::kUnverifiedFactor, common_.own_verified);
  }
  return !failed();
}

void Formula::take(Line* line, bool keep_parts) {
  line->kind = kind_;
  line->flags = flags_;
  line->pcaf_score = pcaf_score_;
  line->activity_quality = activity_quality_;
  line->sum = nullptr;
  line->group_share = group_share_;
  line->first_part = parts_.size();
  line->part_count = 0;
  line->optional_kg = 0;
  if (line->term.optional) {
    line->flags |= kOptional;
    line->optional_kg = line->term.kg_co2e;
  }
  if (term_count_ == 1 && !keep_parts) [[likely]]
    return;
  line->part_count = term_count_;
  parts_.push_back({line->term, row_});
  for (const Term& term : more_) parts_.push_back({term, row_});
  if (term_count_ > 1) add_up(parts_, &sums_.emplace_back(), line);
}

}  // namespace chunkmill::scope3
