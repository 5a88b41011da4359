#include "plugins/calculators/scope3/common/results.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "plugins/calculators/scope3/common/block_writer.hpp"
#include "plugins/calculators/scope3/common/hash.hpp"

namespace chunkmill::scope3 {
namespace {

constexpr std::string_view kSpecificityNames[] = {"exact", "parent", "supplier", "given"};
constexpr std::string_view kRegionNames[] = {"same",        "wider", "world",
                                             "unspecified", "other", "any"};
constexpr std::string_view kYearNames[] = {"valid", "earlier", "later", "undated"};

// The text of every combination.
class MatchTexts {
 public:
  MatchTexts() {
    for (size_t i = 0; i < std::size(texts_); ++i)
      texts_[i] =
          arena_.add(std::string(kSpecificityNames[i / 24]) + "/" +
                     std::string(kRegionNames[i / 4 % 6]) + "/" + std::string(kYearNames[i % 4]));
  }
  Text operator()(const Term& term) const {
    return texts_[static_cast<size_t>(term.specificity) * 24 +
                  static_cast<size_t>(term.region) * 4 + static_cast<size_t>(term.year)];
  }

 private:
  TextArena arena_;
  Text texts_[96];
};

const MatchTexts& match_texts() {
  static const MatchTexts kTexts;
  return kTexts;
}

}  // namespace

Text match_text(const Term& term) { return match_texts()(term); }

double sdg95(double variance) { return std::exp(std::sqrt(variance)); }

uint64_t result_id(uint64_t settings_hash, const Line& line) {
  return Hasher(settings_hash)
      .add(line.input_hash)
      .add(line.sum == nullptr ? line.term.amount : line.term.kg_co2e)
      .add(line.sum == nullptr ? line.term.factor->hash : line.sum->hash)
      .add(uint64_t{line.flags} << 8 | line.method)
      .finish();
}

Text NumberTexts::keep(uint64_t key, const std::string& text) {
  return texts_.emplace(key, arena_.add(text)).first->second;
}

Text NumberTexts::period(int32_t period) {
  if (period == 0) return {};
  const auto key = static_cast<uint64_t>(period);
  if (const auto known = texts_.find(key); known != texts_.end()) return known->second;
  std::string text = std::to_string(period);
  if (text.size() == 8) text.insert(6, "-");
  if (text.size() >= 6) text.insert(4, "-");
  return keep(key, text);
}

Text NumberTexts::years(int32_t from, int32_t to) {
  if (from == 0) return {};
  const uint64_t key = static_cast<uint64_t>(from) << 32 | static_cast<uint32_t>(to);
  if (const auto known = texts_.find(key); known != texts_.end()) return known->second;
  return keep(key, std::to_string(from) + ">" + std::to_string(to));
}

void ResultColumns::declare(Stream& stream, Detail detail, bool explain) {
  *this = ResultColumns();
  const auto add = [&]<typename T>(std::optional<Out<T>>& out, std::string_view name, Detail from,
                                   std::string_view unit = {}) {
    if (detail >= from) out = stream.out<T>(name, unit);
  };
  using enum Detail;
  add(category_, "category", kLean);
  add(kind_, "kind", kLean);
  add(method_, "method", kLean);
  add(method_reason_, "method_reason", kStandard);
  add(amount_given_, "amount_given", kFull);
  add(unit_given_, "unit_given", kFull);
  add(amount_net_, "amount_net", kFull);
  add(conversion_, "conversion", kFull);
  add(conversion_unit_, "conversion_unit", kFull);
  add(fx_rate_, "fx_rate", kFull);
  add(fx_period_, "fx_period", kFull);
  add(price_ratio_, "price_ratio", kFull);
  add(price_years_, "price_years", kFull);
  add(share_, "share", kFull);
  add(activity_amount_, "activity_amount", kLean);
  add(activity_unit_, "activity_unit", kLean);
  add(factor_id_, "factor_id", kLean);
  add(factor_set_, "factor_set", kStandard);
  add(factor_set_version_, "factor_set_version", kStandard);
  add(factor_value_, "factor_value", kLean);
  add(factor_unit_, "factor_unit", kStandard);
  add(match_level_, "match_level", kStandard);
  add(factor_year_, "factor_year", kFull);
  add(factor_region_, "factor_region", kFull);
  add(technology_, "factor_technology", kFull);
  add(price_basis_, "price_basis", kFull);
  add(boundary_, "boundary", kStandard);
  add(gwp_set_, "gwp_set", kStandard);
  add(factor_hash_, "factor_hash", kFull);
  add(parts_, "parts", kStandard);
  add(input_rows_, "input_rows", kStandard);
  add(emissions_, "emissions_kgco2e", kLean, "kgCO2e");
  add(optional_, "optional_kgco2e", kStandard, "kgCO2e");
  add(co2_, "co2_kg", kFull, "kg");
  add(ch4_, "ch4_kg", kFull, "kg");
  add(n2o_, "n2o_kg", kFull, "kg");
  add(other_, "other_gases_kgco2e", kFull, "kgCO2e");
  add(biogenic_, "biogenic_co2_kg", kStandard, "kg");
  add(activity_quality_, "activity_quality", kFull);
  add(factor_quality_, "factor_quality", kFull);
  add(time_score_, "time_score", kFull);
  add(geography_score_, "geography_score", kFull);
  add(pcaf_score_, "pcaf_score", kFull);
  add(sdg95_, "sdg95", kStandard);
  add(factor_sdg95_, "factor_sdg95", kFull);
  add(runner_up_method_, "runner_up_method", kStandard);
  add(runner_up_kg_, "runner_up_kgco2e", kStandard, "kgCO2e");
  add(attribution_, "attribution", kFull);
  add(flags_, "flags", kLean);
  add(result_id_, "result_id", kLean);
  if (explain) explain_ = stream.out<std::string_view>("explain");
}

void ResultColumns::write(const ResultWords& words, const std::vector<Line>& lines,
                          const std::vector<Part>& parts, ResultScratch& scratch,
                          Outputs& out) const {
  const auto text = [&](const TextOut& to, auto of) {
    if (to) write_texts(lines, scratch, out[*to], of);
  };
  const auto number = [&](const DoubleOut& to, auto of) {
    if (to) write_doubles(lines, out[*to], of);
  };
  const auto integer = [&](const IntegerOut& to, auto of) {
    if (to) write_integers(lines, out[*to], of);
  };
  // Lines are large: what many columns ask of each is gathered once.
  const size_t rows = lines.size();
  std::array<const Factor*, kBlock> all_factors;
  std::array<const FactorTexts*, kBlock> all_texts;
  for (size_t i = 0; i < rows; ++i) {
    all_factors[i] = lines[i].term.factor;
    all_texts[i] = all_factors[i]->texts;
  }
  const std::span factors(all_factors.data(), rows);
  const std::span texts(all_texts.data(), rows);
  const auto factor_text = [&](const TextOut& to, Text Factor::*of) {
    if (to) write_texts(factors, scratch, out[*to], [of](const Factor* f) { return f->*of; });
  };
  const auto shared_text = [&](const TextOut& to, Text FactorTexts::*of) {
    if (to) write_texts(texts, scratch, out[*to], [of](const FactorTexts* t) { return t->*of; });
  };
  integer(category_, [&](const Line&) { return words.category; });
  text(kind_, [](const Line& l) { return l.kind; });
  text(method_, [&](const Line& l) { return words.methods[l.method]; });
  text(method_reason_, [](const Line& l) { return l.reason == nullptr ? Text() : *l.reason; });
  number(amount_given_, [](const Line& l) { return l.sum ? NAN : l.term.steps.given; });
  text(unit_given_, [](const Line& l) { return l.sum ? Text() : l.term.steps.given_unit; });
  number(amount_net_, [](const Line& l) { return l.sum ? NAN : l.term.steps.net; });
  if (conversion_) write_conversions(lines, scratch, out);
  if (fx_rate_) write_money_steps(lines, scratch, out);
  number(share_, [](const Line& l) { return l.term.steps.share; });
  number(activity_amount_, [](const Line& l) { return l.amount(); });
  text(activity_unit_, [](const Line& l) { return l.sum ? Text() : l.term.factor->denominator; });
  factor_text(factor_id_, &Factor::id);
  shared_text(factor_set_, &FactorTexts::set);
  shared_text(factor_set_version_, &FactorTexts::set_version);
  number(factor_value_, [](const Line& l) { return l.sum ? NAN : l.term.factor->value; });
  factor_text(factor_unit_, &Factor::unit);
  const MatchTexts& matches = match_texts();
  text(match_level_, [&](const Line& l) { return matches(l.term); });
  if (factor_year_)
    write_integers(factors, out[*factor_year_], [](const Factor* f) { return f->year; });
  shared_text(factor_region_, &FactorTexts::region);
  factor_text(technology_, &Factor::technology_text);
  shared_text(price_basis_, &FactorTexts::price_basis);
  shared_text(boundary_, &FactorTexts::boundary);
  shared_text(gwp_set_, &FactorTexts::gwp_set);
  if (factor_hash_)
    write_hashes(lines, scratch, out[*factor_hash_], [&](size_t i) {
      return lines[i].sum ? lines[i].sum->factors_hash : lines[i].term.factor->hash;
    });
  integer(parts_,
          [](const Line& l) { return static_cast<int32_t>(std::max<size_t>(l.part_count, 1)); });
  number(emissions_, [](const Line& l) { return l.term.kg_co2e; });
  integer(input_rows_, [](const Line& l) { return l.input_rows; });
  if (optional_) write_optional(lines, out);
  if (co2_) write_gases(lines, out);
  number(biogenic_, [](const Line& l) { return l.term.biogenic_kg; });
  number(activity_quality_, [](const Line& l) { return l.activity_quality.mean(); });
  number(factor_quality_, [](const Line& l) { return l.term.quality.mean(); });
  integer(time_score_, [](const Line& l) { return l.term.quality[Indicator::kTime]; });
  integer(geography_score_, [](const Line& l) { return l.term.quality[Indicator::kGeography]; });
  if (pcaf_score_) write_pcaf_scores(lines, out);
  number(sdg95_, [&](const Line& l) { return scratch.spreads[l.term.variance]; });
  number(factor_sdg95_, [&](const Line& l) { return scratch.spreads[l.term.factor_variance]; });
  write_runner_up(words, lines, scratch, out);
  text(attribution_, [](const Line& l) {
    return l.sum ? l.sum->attribution() : l.term.factor->texts->attribution;
  });
  text(flags_, [&](const Line& l) { return scratch.flags[l.flags]; });
  write_ids(words, lines, scratch, out);
  if (!explain_) return;
  for (const Line& line : lines) {
    scratch.explained.clear();
    explain(words, line, parts, scratch.numbers, &scratch.explained);
    out[*explain_].append(std::string_view(scratch.explained));
  }
}

// Most lines are not of money, or of money that is the factor's already.
void ResultColumns::write_money_steps(const std::vector<Line>& lines, ResultScratch& scratch,
                                      Outputs& out) const {
  const auto changed = [](const Line& line) {
    const Steps& steps = line.term.steps;
    return steps.exchange_period != 0 || steps.price_from != 0 || steps.exchange != 1 ||
           steps.price_ratio != 1;
  };
  if (std::none_of(lines.begin(), lines.end(), changed)) {
    append_same(lines.size(), 1.0, out[*fx_rate_]);
    append_no_texts(lines.size(), out[*fx_period_]);
    append_same(lines.size(), 1.0, out[*price_ratio_]);
    append_no_texts(lines.size(), out[*price_years_]);
    return;
  }
  NumberTexts& numbers = scratch.numbers;
  write_doubles(lines, out[*fx_rate_], [](const Line& l) { return l.term.steps.exchange; });
  write_texts(lines, scratch, out[*fx_period_],
              [&](const Line& l) { return numbers.period(l.term.steps.exchange_period); });
  write_doubles(lines, out[*price_ratio_], [](const Line& l) { return l.term.steps.price_ratio; });
  write_texts(lines, scratch, out[*price_years_], [&](const Line& l) {
    return numbers.years(l.term.steps.price_from, l.term.steps.price_to);
  });
}

// Few lines have a part that is optional.
void ResultColumns::write_optional(const std::vector<Line>& lines, Outputs& out) const {
  const auto has_none = [](const Line& line) { return line.optional_kg == 0; };
  if (std::all_of(lines.begin(), lines.end(), has_none))
    return append_same(lines.size(), 0.0, out[*optional_]);
  write_doubles(lines, out[*optional_], [](const Line& l) { return l.optional_kg; });
}

// As many are of one kind of amount alone.
void ResultColumns::write_conversions(const std::vector<Line>& lines, ResultScratch& scratch,
                                      Outputs& out) const {
  const auto has_none = [](const Line& line) { return line.term.steps.conversion_unit.empty(); };
  if (std::all_of(lines.begin(), lines.end(), has_none)) {
    append_nulls(lines.size(), out[*conversion_]);
    return append_no_texts(lines.size(), out[*conversion_unit_]);
  }
  write_doubles(lines, out[*conversion_], [](const Line& l) { return l.term.steps.conversion; });
  write_texts(lines, scratch, out[*conversion_unit_],
              [](const Line& l) { return l.term.steps.conversion_unit; });
}

// A score is of investments alone.
void ResultColumns::write_pcaf_scores(const std::vector<Line>& lines, Outputs& out) const {
  ColumnBuilder& column = out[*pcaf_score_];
  if (std::all_of(lines.begin(), lines.end(),
                  [](const Line& line) { return line.pcaf_score == 0; }))
    return append_nulls(lines.size(), column);
  const auto rows = static_cast<int64_t>(lines.size());
  auto* const scores = column.room_for<int32_t>(rows);
  for (size_t i = 0; i < lines.size(); ++i) scores[i] = lines[i].pcaf_score;
  const Valid valid = valid_where(lines.size(), [&](size_t i) { return lines[i].pcaf_score != 0; });
  column.append_room(rows, valid.data());
}

void ResultColumns::write_gases(const std::vector<Line>& lines, Outputs& out) const {
  if (std::none_of(lines.begin(), lines.end(), [](const Line& line) {
        return line.sum != nullptr || line.term.factor->gases != nullptr;
      })) {
    for (const DoubleOut& column : {co2_, ch4_, n2o_, other_})
      append_nulls(lines.size(), out[*column]);
    return;
  }
  const auto gas = [&](const DoubleOut& column, double Gases::*of) {
    write_doubles(lines, out[*column], [of](const Line& l) {
      if (l.sum != nullptr) return l.sum->gases_known ? l.sum->gases.*of : NAN;
      const Gases* const each = l.term.factor->gases;
      return each != nullptr ? l.term.amount * each->*of : NAN;
    });
  };
  gas(co2_, &Gases::co2);
  gas(ch4_, &Gases::ch4);
  gas(n2o_, &Gases::n2o);
  gas(other_, &Gases::other_co2e);
}

// Mostly null: only rows with more than one kind of data have a second method.
void ResultColumns::write_runner_up(const ResultWords& words, const std::vector<Line>& lines,
                                    ResultScratch& scratch, Outputs& out) const {
  if (!runner_up_kg_) return;
  ColumnBuilder& method = out[*runner_up_method_];
  ColumnBuilder& kg = out[*runner_up_kg_];
  const auto has_one = [](const Line& line) { return line.runner_up_kg == line.runner_up_kg; };
  if (std::none_of(lines.begin(), lines.end(), has_one)) {
    append_nulls(lines.size(), method);
    append_nulls(lines.size(), kg);
    return;
  }
  const Valid valid = valid_where(lines.size(), [&](size_t i) { return has_one(lines[i]); });
  write_texts(
      lines, scratch, method,
      [&](const Line& l) { return has_one(l) ? words.methods[l.runner_up] : Text(); },
      valid.data());
  write_doubles(lines, kg, [](const Line& l) { return l.runner_up_kg; });
}

void ResultColumns::write_ids(const ResultWords& words, const std::vector<Line>& lines,
                              ResultScratch& scratch, Outputs& out) const {
  write_hashes(lines, scratch, out[*result_id_],
               [&](size_t i) { return result_id(words.settings_hash, lines[i]); });
}

}  // namespace chunkmill::scope3
