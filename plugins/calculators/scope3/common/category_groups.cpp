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
bool Category::group_has_data(const Formula& f, size_t method, int64_t begin, int64_t end) const {
  for (const Input in : all_methods_[method].needs) {
    bool found = false;
    for (int64_t row = begin; row < end && !found; ++row) found = f.cells().has(in, row);
    if (!found) return false;
  }
  return true;
}

bool Category::calculate_group_by(Formula& f, size_t method, int64_t begin, int64_t end, Line* line,
                                  GroupFailure* failure) const {
  Problem* const problem = &failure->problem;
  const size_t first_part = f.parts().size();
  double shares = 0;
  bool has_shares = false;
  uint32_t here = 0;
  uint32_t needed = 0;
  Flags flags = 0;
  for (int64_t row = begin; row < end; ++row) {
    Line one;
    f.start_row(row);
    f.start_method(&one.term);
    all_methods_[method].apply(*this, f);
    if (!f.finish(true)) {
      *problem = f.problem();
      failure->row = row;
      f.parts().resize(first_part);
      return false;
    }
    f.take(&one, true);
    if (row == begin) *line = one;
    flags |= one.flags & ~static_cast<Flags>(kSeveralFactors);
    here |= f.parts_here();
    needed |= f.parts_needed();
    has_shares |= f.group_share() >= 0;
    if (f.group_share() >= 0) shares += f.group_share();
  }
  problem->gap = Gap::kNone;
  failure->row = begin;
  if ((needed & ~here) != 0) problem->gap = (here & 1) == 0 ? Gap::kNoData : Gap::kMissingInput;
  if (has_shares && std::fabs(shares - 1) > kShareTolerance) problem->gap = Gap::kSharesNotWhole;
  if (problem->gap != Gap::kNone) {
    f.parts().resize(first_part);
    return false;
  }
  line->first_part = first_part;
  line->part_count = f.parts().size() - first_part;
  line->flags = flags;
  line->method = static_cast<uint8_t>(method);
  line->runner_up_kg = NAN;
  add_up(f.parts(), f.new_sum(), line);
  return true;
}

// The first method by which all rows can be calculated; if there is none, each row by its own.
bool Category::calculate_group(Lane& lane, int64_t begin, int64_t end, Line* line,
                               std::vector<Problem>* problems) const {
  Formula& f = lane.formula;
  bool chosen = false;
  size_t failed = 0;
  GroupFailure failure;
  for (const size_t method : methods_) {
    if (!group_has_data(f, method, begin, end)) continue;
    Line other;
    GroupFailure its;
    if (!calculate_group_by(f, method, begin, end, chosen ? &other : line, &its)) {
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

  // Shares that are wrong together are wrong by any method.
  problems->assign(static_cast<size_t>(end - begin), Problem{});
  if (failure.problem.gap == Gap::kSharesNotWhole) {
    for (Problem& problem : *problems) problem.gap = failure.problem.gap;
    return false;
  }
  const size_t first_part = f.parts().size();
  bool good = true;
  Flags flags = kMixedMethods;
  uint8_t last_method = 0;
  for (int64_t row = begin; row < end; ++row) {
    f.start_row(row);
    Line one;
    if (!calculate(lane, &one, &(*problems)[static_cast<size_t>(row - begin)])) {
      good = false;
      continue;
    }
    (*problems)[static_cast<size_t>(row - begin)].gap = Gap::kGroupIncomplete;
    if (row == begin) *line = one;
    flags |= one.flags & ~static_cast<Flags>(kSeveralFactors);
    last_method = std::max(last_method, one.method);
  }
  if (!good) {
    f.parts().resize(first_part);
    // A row that says nothing by itself is not what is wrong, but that which failed beside it.
    const auto at = static_cast<size_t>(failure.row - begin);
    if (failure.problem.gap != Gap::kNone && (*problems)[at].gap == Gap::kNoData) {
      for (Problem& problem : *problems)
        if (problem.gap == Gap::kNoData) problem.gap = Gap::kGroupIncomplete;
      (*problems)[at] = failure.problem;
    }
    return false;
  }
  line->first_part = first_part;
  line->part_count = f.parts().size() - first_part;
  line->flags = flags;
  line->method = last_method;
  line->reason = reason_for(last_method, failed, failure.problem.gap);
  line->runner_up_kg = NAN;
  add_up(f.parts(), f.new_sum(), line);
  return true;
}

void Category::reject_group(Formula& f, int64_t begin, const std::vector<Problem>& problems,
                            RowErrors& errors) const {
  for (size_t i = 0; i < problems.size(); ++i) {
    const int64_t row = begin + static_cast<int64_t>(i);
    f.start_row(row);
    const bool no_id = problems[i].gap == Gap::kMissingId;
    const std::string column = no_id ? carried_.name(0) : inputs_.name(problems[i].input);
    errors.report(row, gap_code(problems[i].gap),
                  no_id ? "\"" + column + "\" is empty" : f.explain(problems[i]), column);
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
    std::vector<Problem> problems(static_cast<size_t>(end - begin));
    bool good = true;
    for (int64_t row = begin; row < end; ++row) {
      Problem& problem = problems[static_cast<size_t>(row - begin)];
      f.start_row(row);
      good &= check_row(f, batch, row, &problem);
    }
    Line line;
    carried_.hash(batch, begin, 1, &line.input_hash);
    const uint64_t hash = line.input_hash;
    const bool twice = duplicates_ == Duplicates::kReject && begin > 0 && hash == last_hash;
    last_hash = hash;
    if (good && twice) {
      problems.front().gap = Gap::kDuplicateId;
      good = false;
    }
    if (!good) {
      for (Problem& problem : problems)
        if (problem.gap == Gap::kNone) problem.gap = Gap::kGroupIncomplete;
    } else if (end - begin == 1) {
      f.start_row(begin);
      good = calculate(lane, &line, &problems.front());
    } else {
      good = calculate_group(lane, begin, end, &line, &problems);
    }
    if (!good) {
      reject_group(f, begin, problems, errors);
    } else {
      line.input_hash = hash;
      line.row = begin;
      carried_.write_row(batch, begin, out);
      out.parent(0, begin);
      sums->kg_co2e += line.term.kg_co2e;
      ++sums->rows[line.method];
      lane.lines.push_back(line);
    }
    begin = end;
    if (lane.lines.size() == kBlock) write_block();
  }
  if (!lane.lines.empty()) write_block();
}

}  // namespace chunkmill::scope3
