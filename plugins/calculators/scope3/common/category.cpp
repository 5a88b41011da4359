#include "plugins/calculators/scope3/common/category.hpp"

#include <algorithm>

#include "chunkmill/nearest.hpp"

namespace chunkmill::scope3 {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && edit_distance(a, b) == 0;
}

std::string joined(const std::vector<Method>& methods) {
  std::string out;
  for (const Method& method : methods) out += (out.empty() ? "" : ", ") + std::string(method.name);
  return out;
}

}  // namespace

void Category::configure(Options& opt) {
  broker_.configure(opt);
  inputs_.clear();
  common_.declare(inputs_, definition_.spend == kSpend);
  inputs(inputs_);
  all_methods_ = methods();
  const std::string names = joined(all_methods_);
  inputs_.configure(opt, &id_);
  opt.optional("carry", carry_, "columns of the input that the result repeats");
  opt.optional("method", method_,
               "one method for all rows (" + names + "); auto: the best that a row's data allow");
  opt.optional("methods_allowed", methods_allowed_, "methods that auto may choose; default: all");
  opt.choice("detail", detail_,
             {{"lean", Detail::kLean}, {"standard", Detail::kStandard}, {"full", Detail::kFull}},
             "how many columns the result has");
  opt.optional("explain", explain_, "whether a column says the formula with its numbers");
  opt.optional("parts", parts_wanted_,
               "whether a stream `parts` has a row for each term of each result");
  opt.choice("duplicate_ids", duplicates_,
             {{"allow", Duplicates::kAllow}, {"reject", Duplicates::kReject}},
             "whether a row with the id and the carried columns of the row before is rejected");
  options(opt);
  if (!opt.describing()) choose_methods();
}

size_t Category::method_named(const std::string& name, std::string_view option) const {
  std::vector<std::string> names;
  for (size_t i = 0; i < all_methods_.size(); ++i) {
    names.emplace_back(all_methods_[i].name);
    if (name == names.back()) return i;
  }
  const std::string near = nearest(name, names);
  throw Error(CM_INVALID, "\"" + name + "\" is none of " + joined(all_methods_) +
                              (near.empty() ? "" : "; did you mean \"" + near + "\"?"))
      .at(option);
}

void Category::choose_methods() {
  allowed_.clear();
  forced_ = method_ != "auto";
  if (forced_) {
    allowed_.push_back(method_named(method_, "method"));
  } else if (methods_allowed_.empty()) {
    for (size_t i = 0; i < all_methods_.size(); ++i) allowed_.push_back(i);
  } else {
    for (const std::string& name : methods_allowed_)
      allowed_.push_back(method_named(name, "methods_allowed"));
    std::sort(allowed_.begin(), allowed_.end());
    allowed_.erase(std::unique(allowed_.begin(), allowed_.end()), allowed_.end());
  }
}

void Category::bind(Columns& columns) {
  broker_.load(host(), definition_.boundaries, definition_.minimum_is_combustion);
  load(broker_);
  columns.main().only_outputs();
  inputs_.bind(columns, host());
  inputs_.check_any_amount();
  // With a column for it, a row without a currency is a reject.
  if (!currency_said_ && definition_.spend == kSpend && !broker_.currency_for_all() &&
      broker_.currency() != 0 && inputs_.present(common_.spend) &&
      inputs_.fixed_currency(common_.spend) == 0 && !inputs_.present(common_.currency)) {
    currency_said_ = true;
    host().info("spend has no column for its currency and is taken as " +
                currency_text(broker_.currency()) + ", that of the factors");
  }
  if (definition_.spend == kSpend) check_carried_currency();
  spend_column_ = definition_.spend == kSpend ? inputs_.bound(common_.spend) : -1;
  methods_.clear();
  for (const size_t method : allowed_) {
    const std::vector<Input>& needs = all_methods_[method].needs;
    if (std::all_of(needs.begin(), needs.end(), [this](Input in) { return inputs_.present(in); }))
      methods_.push_back(method);
  }
  declare_carried(columns);
  grouped_ = inputs_.named(common_.group);
  checks_scope_ = inputs_.present(common_.exclude) || inputs_.named(common_.category);
  if (grouped_) columns.main().any_rows();
  results_.declare(columns.main(), detail_, explain_);
  if (grouped_ || parts_wanted_) parts_.declare(columns);
  own_stream_ = declare_stream(columns);
  make_words();

  const std::vector<Field>& fields = columns.main().schema().fields;
  for (size_t i = 0; i < carried_.size(); ++i)
    for (size_t j = i + 1; j < fields.size(); ++j)
      if (same_name(fields[i].name, fields[j].name))
        throw Error(CM_INVALID, "column \"" + fields[i].name +
                                    "\" would stand twice in the result; give it another name")
            .at(has_id_ && i == 0 ? "columns.id" : "carry");
}

// The unit of a column wins over a column of currencies, but the job must not contradict it.
void Category::check_carried_currency() const {
  // Tax that is taken out of a spend is in the spend's own currency.
  for (const Input in : {common_.tax_amount, common_.recharge}) {
    if (!inputs_.present(in) || !inputs_.present(common_.spend)) continue;
    const std::string& its = inputs_.carried_unit(in);
    const std::string& spend = inputs_.carried_unit(common_.spend);
    if (its == spend) continue;
    throw Error(CM_INVALID, "column \"" + inputs_.name(in) + "\" carries " +
                                (its.empty() ? "no unit" : "the unit " + its) + ", and \"" +
                                inputs_.name(common_.spend) + "\" carries " +
                                (spend.empty() ? "none" : spend) + ": convert both to one currency")
        .at("columns." + std::string(in == common_.recharge ? "recharge" : "tax_amount"));
  }
  const Currency carried = inputs_.fixed_currency(common_.spend);
  if (carried == 0 || !broker_.currency_for_all() || carried == broker_.currency()) return;
  throw Error(CM_INVALID, "column \"" + inputs_.name(common_.spend) + "\" carries the unit " +
                              currency_text(carried) + ", and the job says " +
                              currency_text(broker_.currency()) + ": leave this option out")
      .at("currency");
}

void Category::declare_carried(Columns& columns) {
  carried_.clear();
  has_id_ = id_ || columns.has("id");
  if (has_id_) carried_.add(columns, id_ ? id_->value : "id", "columns.id");
  for (const ColumnName& name : carry_) carried_.add(columns, name.value, "carry");
}

void Category::make_words() {
  words_ = {};
  failed_texts_.clear();
  texts_.clear();
  words_.category = definition_.number;
  Hasher hasher(broker_.settings_hash());
  hasher.add(std::string_view(definition_.info.name));
  hasher.add(std::string_view(definition_.info.version));
  for (const size_t method : allowed_) hasher.add(uint64_t{method});
  hash_options(hasher);
  words_.settings_hash = hasher.finish();
  forced_text_ = texts_.add("forced_by_job");
  first_text_ = texts_.add("first_in_order");
  no_data_text_ = texts_.add("no_data_for_better");
  for (const Method& method : all_methods_) {
    words_.methods.push_back(texts_.add(method.name));
    std::array<Text, kGaps>& failed = failed_texts_.emplace_back();
    for (size_t gap = 0; gap < kGaps; ++gap)
      failed[gap] = texts_.add(std::string(method.name) + ":" + std::string(kGapCodes[gap]));
  }
}

// `failed`: the first method in order that had data and failed, with its gap; kNone if there is
// none.
const Text* Category::reason_for(size_t method, size_t failed, Gap gap) const {
  if (forced_) return &forced_text_;
  if (gap != Gap::kNone) return &failed_texts_[failed][static_cast<size_t>(gap)];
  return method == allowed_.front() ? &first_text_ : &no_data_text_;
}

bool Category::calculate(Lane& lane, Line* line, Problem* problem) const {
  Formula& f = lane.formula;
  bool chosen = false;
  size_t failed = 0;
  Gap failed_gap = Gap::kNone;
  for (const size_t method : methods_) {
    if (!has_data(f, method)) continue;
    f.start_method(chosen ? &lane.other : &line->term);
    all_methods_[method].apply(*this, f);
    if (!f.finish(false)) {
      if (chosen || f.problem().gap == Gap::kNoData) continue;
      *problem = f.problem();
      if (failed_gap == Gap::kNone) {
        failed = method;
        failed_gap = problem->gap;
      }
      continue;
    }
    if (chosen) {
      line->runner_up = static_cast<uint8_t>(method);
      line->runner_up_kg = f.kg_co2e();
      return true;
    }
    chosen = true;
    f.take(line, parts_wanted_ || grouped_);
    line->method = static_cast<uint8_t>(method);
    line->reason = reason_for(method, failed, failed_gap);
    line->runner_up_kg = NAN;
    // That a factor table has nothing for a method is common, and no fault of the row.
    if (failed_gap != Gap::kNone && failed_gap != Gap::kNoFactorForMethod)
      line->flags |= kBetterMethodFailed;
  }
  if (!chosen && failed_gap == Gap::kNone) *problem = {Gap::kNoData, {}, {}, {}, {}};
  return chosen;
}

bool Category::check_row(const Formula& f, const Batch& batch, int64_t row,
                         Problem* problem) const {
  if (has_id_ && carried_.is_null(batch, 0, row)) {
    *problem = {Gap::kMissingId, {}, {}, {}, {}};
    return false;
  }
  if (checks_scope_ && !check_category(f, row, problem)) return false;
  if (!f.region_is_known()) {
    *problem = {Gap::kUnknownRegion, common_.region, f.cells().text(common_.region, row), {}, {}};
    return false;
  }
  return true;
}

bool Category::check_category(const Formula& f, int64_t row, Problem* problem) const {
  if (const std::string_view why = f.cells().text(common_.exclude, row); !why.empty()) {
    *problem = {Gap::kOutOfScope, common_.exclude, why, {}, {}};
    return false;
  }
  if (!inputs_.named(common_.category)) return true;
  const std::string_view text = f.cells().text(common_.category, row);
  if (text == std::to_string(definition_.number)) return true;
  *problem = {Gap::kUnknownCategory, common_.category, text, {}, {}};
  if (text.empty()) problem->gap = Gap::kMissingCategory;
  for (int number = 1; number <= 15; ++number)
    if (text == std::to_string(number)) problem->gap = Gap::kOtherCategory;
  return false;
}

void Category::process(Lane& lane, const Batch& batch, Outputs& out, RowErrors& errors) const {
  lane.formula.start_batch(batch);
  out.stream(0).reserve(batch.row_count());
  Sums sums;
  if (grouped_) {
    process_groups(lane, batch, out, errors, &sums);
  } else {
    process_rows(lane, batch, out, errors, &sums);
  }
  publish(sums);
}

void Category::process_rows(Lane& lane, const Batch& batch, Outputs& out, RowErrors& errors,
                            Sums* sums) const {
  Formula& f = lane.formula;
  const int64_t rows = batch.row_count();
  carried_.write(batch, out);
  uint64_t last_hash = 0;
  for (int64_t begin = 0; begin < rows; begin += static_cast<int64_t>(kBlock)) {
    const auto count = static_cast<size_t>(std::min(static_cast<int64_t>(kBlock), rows - begin));
    lane.lines.resize(count);
    lane.hashes.resize(count);
    f.start_block(begin, count);
    carried_.hash(batch, begin, count, lane.hashes.data());
    for (size_t i = 0; i < count; ++i) {
      const int64_t row = begin + static_cast<int64_t>(i);
      Line& line = lane.lines[i];
      f.start_row(row);
      Problem& problem = lane.problem;
      bool good = check_row(f, batch, row, &problem);
      if (good && duplicates_ == Duplicates::kReject && row > 0 && lane.hashes[i] == last_hash) {
        problem = {Gap::kDuplicateId, {}, {}, {}, {}};
        good = false;
      }
      last_hash = lane.hashes[i];
      if (good && calculate(lane, &line, &problem)) {
        line.input_hash = lane.hashes[i];
        line.row = row;
        add_to(line, sums);
        continue;
      }
      line = Line();
      report(f, row, problem, errors);
    }
    flush(lane, out);
  }
}

void Category::flush(Lane& lane, Outputs& out) const {
  results_.write(words_, lane.lines, lane.formula.parts(), lane.scratch, out);
  if (grouped_ || parts_wanted_)
    for (const Line& line : lane.lines)
      parts_.write(line, result_id(words_.settings_hash, line), lane.formula.parts(),
                   {lane.formula.batch(), has_id_ ? &carried_ : nullptr}, lane.scratch, out);
  if (!own_stream_) return;
  for (const Line& line : lane.lines) {
    if (line.term.factor == &kNoFactor) continue;  // a rejected row
    lane.formula.start_row(line.row);
    char id[kHexSize];
    write_hex(result_id(words_.settings_hash, line), id);
    write_stream(lane.formula, line.term.kg_co2e, {id, kHexSize}, out);
  }
}

void Category::add_to(const Line& line, Sums* sums) {
  sums->kg_co2e += line.term.kg_co2e;
  sums->in_inventory_kg += line.term.kg_co2e - line.optional_kg;
  ++sums->rows[line.method];
}

void Category::report(Formula& f, int64_t row, const Problem& problem, RowErrors& errors) const {
  const bool no_id = problem.gap == Gap::kMissingId;
  const std::string column = no_id ? carried_.name(0) : inputs_.name(problem.input);
  errors.report(row, gap_code(problem.gap),
                no_id ? "\"" + column + "\" is empty" : f.explain(problem), column);
}

void Category::publish(const Sums& sums) const {
  host().add("emissions_kgco2e", sums.kg_co2e);
  host().add("inventory_kgco2e", sums.in_inventory_kg);
  host().add("emissions_tco2e", sums.kg_co2e / 1000);
  for (size_t i = 0; i < all_methods_.size(); ++i) {
    if (sums.rows[i] == 0) continue;
    host().add("method." + std::string(all_methods_[i].name), static_cast<double>(sums.rows[i]));
  }
}

}  // namespace chunkmill::scope3
