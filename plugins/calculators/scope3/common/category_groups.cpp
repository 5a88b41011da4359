// Groups: several rows, one after the other, that make one result.
#include <algorithm>
#include <cmath>

#include "plugins/calculators/scope3/common/category.hpp"

namespace chunkmill::scope3 {
namespace {
// Shares are written with few digits: 33.33 three times is meant as a whole.
constexpr double kShareTolerance = 1e-3;
}  // namespace

// Whether each thing that a method cannot do without is in one of the rows.
bool Category::group_has_data(const Formula& f, size_t method,
                              const std::vector<int64_t>& rows) const {
  for (const Input in : all_methods_[method].needs) {
    const auto has = [&](int64_t row) { return f.cells().has(in, row); };
    if (std::none_of(rows.begin(), rows.end(), has)) return false;
  }
  return true;
}

void Category::add_kind(Formula& f, Text kind, Text* kinds) {
  if (kind.empty()) return;
  std::string_view known = kinds->view();
  while (!known.empty()) {
    const size_t comma = std::min(known.find("; "), known.size());
    if (known.substr(0, comma) == kind.view()) return;
    known.remove_prefix(std::min(comma + 2, known.size()));
  }
  *kinds =
      kinds->empty() ? kind : f.keep(std::string(kinds->view()) + "; " + std::string(kind.view()));
}

bool Category::calculate_group_by(Formula& f, size_t method, const std::vector<int64_t>& rows,
                                  Line* line, GroupFailure* failure) const {
  Problem* const problem = &failure->problem;
  const size_t first_part = f.parts().size();
  double shares = 0;
  bool has_shares = false;
  uint32_t here = 0;
  uint32_t needed = 0;
  Flags flags = 0;
  Text kinds;
  uint8_t score = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    Line one;
    f.start_row(rows[i]);
    f.start_method(&one.term);
    all_methods_[method].apply(*this, f);
    if (!f.finish(true)) {
      *problem = f.problem();
      failure->at = i;
      f.parts().resize(first_part);
      return false;
    }
    f.take(&one, true);
    if (i == 0) *line = one;
    flags |= one.flags & ~static_cast<Flags>(kSeveralFactors);
    add_kind(f, one.kind, &kinds);
    score = std::max(score, one.pcaf_score);
    here |= f.parts_here();
    needed |= f.parts_needed();
    has_shares |= f.group_share() >= 0;
    if (f.group_share() >= 0) shares += f.group_share();
  }
  problem->gap = Gap::kNone;
  failure->at = 0;
  if ((needed & ~here) != 0) problem->gap = (here & 1) == 0 ? Gap::kNoData : Gap::kMissingInput;
  if (has_shares && std::fabs(shares - 1) > kShareTolerance) problem->gap = Gap::kSharesNotWhole;
  if (definition_.kinds_apart && kinds.view() != line->kind.view()) {
    problem->gap = Gap::kMixedKinds;
    problem->text = kinds.view();
  }
  if (problem->gap != Gap::kNone) {
    f.parts().resize(first_part);
    return false;
  }
  line->first_part = first_part;
  line->part_count = f.parts().size() - first_part;
  line->flags = flags;
  line->kind = kinds;
  line->pcaf_score = score;
  line->method = static_cast<uint8_t>(method);
  line->runner_up_kg = NAN;
  add_up(f.parts(), f.new_sum(), line);
  return true;
}

// The first method by which all rows can be calculated; if there is none, each row by its own.
bool Category::calculate_group(Lane& lane, Line* line) const {
  Formula& f = lane.formula;
  const std::vector<int64_t>& rows = lane.group;
  bool chosen = false;
  size_t failed = 0;
  GroupFailure failure;
  for (const size_t method : methods_) {
    if (!group_has_data(f, method, rows)) continue;
    Line other;
    GroupFailure its;
    if (!calculate_group_by(f, method, rows, chosen ? &other : line, &its)) {
      if (!chosen && its.problem.gap != Gap::kNoData && failure.problem.gap == Gap::kNone) {
        failed = method;
        failure = its;
      }
      continue;
    }
    if (chosen) {
      line->runner_up = static_cast<uint8_t>(method);
      line->runner_up_kg = other.term.kg_co2e;
      f.parts().resize(other.first_part);
      return true;
    }
    chosen = true;
    line->reason = reason_for(method, failed, failure.problem.gap);
    if (failure.problem.gap != Gap::kNone) line->flags |= kBetterMethodFailed;
  }
  if (chosen) return true;
  return calculate_group_apart(lane, failed, failure, line);
}

bool Category::calculate_group_apart(Lane& lane, size_t failed, const GroupFailure& failure,
                                     Line* line) const {
  Formula& f = lane.formula;
  const std::vector<int64_t>& rows = lane.group;
  std::vector<Problem>& problems = lane.problems;
  problems.assign(rows.size(), Problem{});
  // What is wrong of the rows together is wrong by any method.
  const auto all_have = [&](const Problem& why) {
    for (Problem& problem : problems) problem = why;
    return false;
  };
  if (failure.problem.gap == Gap::kSharesNotWhole || failure.problem.gap == Gap::kMixedKinds)
    return all_have(failure.problem);
  const size_t first_part = f.parts().size();
  bool good = true;
  bool has_shares = false;
  double shares = 0;
  Flags flags = kMixedMethods;
  Text kinds;
  uint8_t score = 0;
  uint8_t last_method = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    f.start_row(rows[i]);
    Line one;
    if (!calculate(lane, &one, &problems[i])) {
      good = false;
      continue;
    }
    problems[i].gap = Gap::kGroupIncomplete;
    if (i == 0) *line = one;
    flags |= one.flags & ~static_cast<Flags>(kSeveralFactors);
    add_kind(f, one.kind, &kinds);
    score = std::max(score, one.pcaf_score);
    has_shares |= one.group_share >= 0;
    if (one.group_share >= 0) shares += one.group_share;
    last_method = std::max(last_method, one.method);
  }
  if (!good) {
    f.parts().resize(first_part);
    // A row that says nothing by itself is not what is wrong, but that which failed beside it.
    if (failure.problem.gap != Gap::kNone && problems[failure.at].gap == Gap::kNoData) {
      for (Problem& problem : problems)
        if (problem.gap == Gap::kNoData) problem.gap = Gap::kGroupIncomplete;
      problems[failure.at] = failure.problem;
    }
    return false;
  }
  Problem together;
  if (has_shares && std::fabs(shares - 1) > kShareTolerance) together.gap = Gap::kSharesNotWhole;
  if (definition_.kinds_apart && kinds.view() != line->kind.view())
    together = {Gap::kMixedKinds, {}, kinds.view(), {}, {}};
  if (together.gap != Gap::kNone) {
    f.parts().resize(first_part);
    return all_have(together);
  }
  line->first_part = first_part;
  line->part_count = f.parts().size() - first_part;
  line->flags = flags;
  line->kind = kinds;
  line->pcaf_score = score;
  line->method = last_method;
  line->reason = reason_for(last_method, failed, failure.problem.gap);
  line->runner_up_kg = NAN;
  add_up(f.parts(), f.new_sum(), line);
  return true;
}

bool Category::calculate_single(Lane& lane, Line* line) const {
  Formula& f = lane.formula;
  Problem& problem = lane.problems.front();
  f.start_row(lane.group.front());
  if (!calculate(lane, line, &problem)) return false;
  if (line->group_share < 0 || std::fabs(line->group_share - 1) <= kShareTolerance) return true;
  problem = {Gap::kSharesNotWhole, {}, {}, {}, {}};
  return false;
}

// A row of another scope or category is no failure: the others make the result.
bool Category::settle_group(Lane& lane, Line* line, RowErrors& errors) const {
  Formula& f = lane.formula;
  std::vector<int64_t>& rows = lane.group;
  while (!rows.empty()) {
    lane.problems.assign(rows.size(), Problem{});
    if (rows.size() == 1 ? calculate_single(lane, line) : calculate_group(lane, line)) {
      line->input_rows = static_cast<int32_t>(rows.size());
      return true;
    }
    size_t kept = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (lane.problems[i].gap != Gap::kOutOfScope) {
        rows[kept++] = rows[i];
        continue;
      }
      f.start_row(rows[i]);
      report(f, rows[i], lane.problems[i], errors);
    }
    if (kept == rows.size()) return false;
    rows.resize(kept);
  }
  return false;
}

double Category::spend_of_group(const Lane& lane) const {
  if (spend_column_ < 0) return NAN;
  const Cells& cells = lane.formula.cells();
  double sum = NAN;
  std::string_view currency;
  for (const int64_t row : lane.group) {
    if (!cells.has(common_.spend, row)) continue;
    const std::string_view its = cells.text(common_.currency, row);
    const bool first = sum != sum;
    if (!first && its != currency) return NAN;
    currency = its;
    sum = (first ? 0 : sum) + cells.number(common_.spend, row);
  }
  return sum;
}

void Category::reject_group(Lane& lane, RowErrors& errors) const {
  for (size_t i = 0; i < lane.group.size(); ++i) {
    lane.formula.start_row(lane.group[i]);
    report(lane.formula, lane.group[i], lane.problems[i], errors);
  }
}

void Category::process_groups(Lane& lane, const Batch& batch, Outputs& out, RowErrors& errors,
                              Sums* sums) const {
  Formula& f = lane.formula;
  const int64_t rows = batch.row_count();
  const auto key = [&](int64_t row) { return f.cells().text(common_.group, row); };
  lane.lines.clear();
  f.start_block();
  const auto write_block = [&] {
    flush(lane, out);
    lane.lines.clear();
    f.start_block();
  };
  uint64_t last_hash = 0;
  for (int64_t begin = 0; begin < rows;) {
    int64_t end = begin + 1;
    // Rows without a group are results of their own.
    while (end < rows && !key(begin).empty() && key(end) == key(begin)) ++end;
    Line line;
    carried_.hash(batch, begin, 1, &line.input_hash);
    const bool twice =
        duplicates_ == Duplicates::kReject && begin > 0 && line.input_hash == last_hash;
    last_hash = line.input_hash;
    bool good = begin_group(lane, batch, begin, end, errors);
    if (good && twice) {
      lane.problems.assign(lane.group.size(), Problem{Gap::kGroupIncomplete, {}, {}, {}, {}});
      lane.problems.front().gap = Gap::kDuplicateId;
      good = false;
    }
    if (good && settle_group(lane, &line, errors)) {
      const int64_t first = lane.group.front();
      carried_.hash(batch, first, 1, &line.input_hash);
      line.row = first;
      carried_.write_row(batch, first, out, spend_column_, spend_of_group(lane));
      out.parent(0, first);
      add_to(line, sums);
      lane.lines.push_back(line);
    } else {
      reject_group(lane, errors);
    }
    begin = end;
    if (lane.lines.size() == kBlock) write_block();
  }
  if (!lane.lines.empty()) write_block();
}

// Fills lane.group with the rows that are in scope; false when one of them is not to be calculated.
bool Category::begin_group(Lane& lane, const Batch& batch, int64_t begin, int64_t end,
                           RowErrors& errors) const {
  Formula& f = lane.formula;
  lane.group.clear();
  lane.problems.clear();
  bool good = true;
  for (int64_t row = begin; row < end; ++row) {
    Problem problem;
    f.start_row(row);
    if (!check_row(f, batch, row, &problem) && problem.gap == Gap::kOutOfScope) {
      report(f, row, problem, errors);
      continue;
    }
    lane.group.push_back(row);
    lane.problems.push_back(problem);
    good &= problem.gap == Gap::kNone;
  }
  for (Problem& problem : lane.problems)
    if (!good && problem.gap == Gap::kNone) problem.gap = Gap::kGroupIncomplete;
  return good && !lane.group.empty();
}

}  // namespace chunkmill::scope3
