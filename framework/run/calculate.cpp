#include "framework/run/calculate.hpp"

#include <algorithm>
#include <iterator>

#include "chunkmill/builder.hpp"
#include "framework/data/cast.hpp"
#include "framework/data/filter.hpp"

namespace chunkmill::host {
namespace {

Result<Batch> empty_batch(const std::shared_ptr<const Schema>& schema) {
  UniqueArray array;
  BatchBuilder(*schema).finish(array.get());
  return Batch::import(array.get(), schema);
}

// Rows 0 to `rows` without those of `out`, which may hold any numbers in any order.
std::vector<int64_t> without(int64_t rows, std::vector<int64_t> out) {
  std::sort(out.begin(), out.end());
  std::vector<int64_t> kept;
  kept.reserve(static_cast<size_t>(rows));
  auto next = out.begin();
  for (int64_t row = 0; row < rows; ++row) {
    while (next != out.end() && *next < row) ++next;
    if (next == out.end() || *next != row) kept.push_back(row);
  }
  return kept;
}

std::vector<int64_t> mapped(const Piece& piece, const std::vector<int64_t>& rows) {
  if (piece.parents.empty()) return rows;
  std::vector<int64_t> out;
  out.reserve(rows.size());
  for (const int64_t row : rows) out.push_back(row < 0 ? -1 : piece.parent(row));
  return out;
}

// The rows of `piece` in `kept`.
Piece cut(const Piece& piece, const std::vector<int64_t>& kept) {
  return Piece{filter(piece.batch, kept), mapped(piece, kept)};
}

// Notes the bad rows of `from` and returns their numbers there.
std::vector<int64_t> reject_rows(std::vector<RowError> errors, const Piece& from,
                                 const Module& module, Chunk& chunk) {
  std::vector<int64_t> rows;
  for (RowError& error : errors) {
    rows.push_back(error.row);
    chunk.rejects.push_back({from.parent(error.row), 0, RejectStage::kCalculate, &module,
                             std::move(error), chunk.attempt});
  }
  return rows;
}

// All batches of one stream of `emitted`, with parents in the chunk's input.
Result<Piece> gather(std::vector<EmittedBatch>& emitted, uint32_t stream, const Piece& from,
                     const std::shared_ptr<const Schema>& schema, bool row_for_row) {
  std::vector<Batch> batches;
  Piece out;
  for (EmittedBatch& one : emitted) {
    if (one.stream != stream) continue;
    if (!row_for_row) {
      const std::vector<int64_t> parents = mapped(from, one.parents);
      out.parents.insert(out.parents.end(), parents.begin(), parents.end());
    }
    batches.push_back(std::move(one.batch));
  }
  if (row_for_row) out.parents = from.parents;
  if (batches.size() == 1) {
    out.batch = std::move(batches.front());
  } else if (batches.empty()) {
    ASSIGN_OR_RETURN(out.batch, empty_batch(schema));
  } else {
    ASSIGN_OR_RETURN(out.batch, concat(batches));
  }
  return out;
}

// Which columns of a batch a calculator reads, by name: what it gets may have more of them.
std::vector<bool> reads_of(const BoundCalculator& bound, const Schema& schema) {
  std::vector<bool> reads;
  for (size_t i = 0; i < schema.size(); ++i) {
    const std::string& name = schema[i].name;
    const bool same_place = i < bound.input->size() && (*bound.input)[i].name == name;
    const int at = same_place ? static_cast<int>(i) : bound.input->find(name);
    reads.push_back(at >= 0 && bound.reads[static_cast<size_t>(at)]);
  }
  return reads;
}

// Rows that no case of a route takes.
void reject_others(const Stage& stage, const Piece& main, const std::vector<int64_t>& others,
                   Chunk& chunk) {
  const std::string& name = main.batch.schema()[stage.route_column].name;
  const Column& column = main.batch.column(stage.route_column);
  for (const int64_t row : others) {
    RowError error;
    error.row = row;
    const bool empty = column.is_null(row) || column.text(row).empty();
    error.code = empty ? "no_route_value" : "no_route";
    error.column = name;
    error.message = empty ? "\"" + name + "\" is empty, and no case of the route takes that"
                          : "no case of the route takes \"" + std::string(column.text(row)) + "\"";
    chunk.rejects.push_back({main.parent(row), 0, RejectStage::kCalculate,
                             &stage.calculators[0].calculator.module(), std::move(error),
                             chunk.attempt});
  }
}

// All rows of `pieces`, one piece after the other.
Status join(std::vector<Piece> pieces, const std::shared_ptr<const Schema>& schema, Piece* out) {
  std::vector<Batch> batches;
  out->parents.clear();
  for (Piece& piece : pieces) {
    for (int64_t row = 0; row < piece.batch.row_count(); ++row)
      out->parents.push_back(piece.parent(row));
    batches.push_back(std::move(piece.batch));
  }
  if (batches.empty()) {
    ASSIGN_OR_RETURN(out->batch, empty_batch(schema));
  } else {
    ASSIGN_OR_RETURN(out->batch, concat(batches));
  }
  return Status();
}

// Makes one piece of several, whose rows are in the order of the input rows that they came from. A
// row without a single one stays behind the row before it.
Status put_in_order(std::vector<Piece>* pieces) {
  if (pieces->size() < 2) return Status();
  struct Place {
    int64_t parent;
    RowOfBatch row;
  };
  std::vector<Place> places;
  std::vector<Batch> batches;
  for (size_t i = 0; i < pieces->size(); ++i) {
    const Piece& piece = (*pieces)[i];
    int64_t parent = -1;
    for (int64_t row = 0; row < piece.batch.row_count(); ++row) {
      if (piece.parent(row) >= 0) parent = piece.parent(row);
      places.push_back({parent, {i, row}});
    }
    batches.push_back(piece.batch);
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const Place& a, const Place& b) { return a.parent < b.parent; });
  Piece out;
  std::vector<RowOfBatch> order;
  for (const Place& place : places) {
    order.push_back(place.row);
    out.parents.push_back((*pieces)[place.row.batch].parent(place.row.row));
  }
  ASSIGN_OR_RETURN(out.batch, interleave(batches, order));
  pieces->clear();
  pieces->push_back(std::move(out));
  return Status();
}

}  // namespace

Result<CalculatorLanes> CalculatorLanes::open(Pipeline& pipeline) {
  CalculatorLanes lanes(pipeline);
  for (Stage& stage : pipeline.stages) {
    std::vector<CalculatorLane>& opened = lanes.lanes_.emplace_back();
    for (BoundCalculator& bound : stage.calculators) {
      ASSIGN_OR_RETURN(CalculatorLane lane, bound.calculator.open());
      opened.push_back(std::move(lane));
    }
    lanes.routes_.emplace_back(stage.route_values);
  }
  return lanes;
}

Status CalculatorLanes::calculate(const cm_chunk& facts, Chunk& chunk, Streams* out,
                                  std::vector<Piece>* stages) {
  // Each pass rejects at least one more row, so this ends.
  while (true) {
    const size_t before = chunk.rejects.size();
    chunk.metrics = chunk.read_metrics;
    const MetricScope scope(&chunk.metrics);
    RETURN_IF_ERROR(pass(facts, chunk, out, stages));
    if (chunk.rejects.size() == before || pipeline_->row_for_row) return Status();
  }
}

Status CalculatorLanes::pass(const cm_chunk& facts, Chunk& chunk, Streams* out,
                             std::vector<Piece>* stages) {
  if (stages != nullptr) stages->clear();
  out->pieces.assign(pipeline_->streams.size(), {});
  out->filtered = 0;
  bytes_ = 0;
  share_ = 1;
  Piece main{chunk.input, {}};
  std::vector<int64_t> rejected;
  for (const RowReject& reject : chunk.rejects)
    if (reject.row >= 0) rejected.push_back(reject.row);
  if (!rejected.empty()) main = cut(main, without(chunk.input.row_count(), rejected));
  const size_t count = pipeline_->stages.size();
  bool apart = false;
  for (size_t i = 0; i < count; ++i) {
    const Stage& stage = pipeline_->stages[i];
    if (stage.is_route) {
      apart =
          i + 1 == count && stages == nullptr && !pipeline_->joins_routes && !pipeline_->ordered;
      RETURN_IF_ERROR(run_route(facts, i, apart, chunk, &main, out));
    } else {
      RETURN_IF_ERROR(run_calculator(facts, stage.calculators[0], lanes_[i][0], chunk, &main, out));
    }
    if (stages != nullptr) stages->push_back(main);
  }
  if (!apart) out->pieces[0].push_back(std::move(main));
  if (pipeline_->row_for_row) return Status();
  if (pipeline_->ordered)
    for (std::vector<Piece>& pieces : out->pieces) RETURN_IF_ERROR(put_in_order(&pieces));

  std::vector<bool> seen(static_cast<size_t>(chunk.input.row_count()), false);
  for (const RowReject& reject : chunk.rejects)
    if (reject.row >= 0) seen[static_cast<size_t>(reject.row)] = true;
  bool aggregated = false;
  for (const std::vector<Piece>& pieces : out->pieces) {
    for (const Piece& piece : pieces) {
      for (int64_t row = 0; row < piece.batch.row_count(); ++row) {
        const int64_t parent = piece.parent(row);
        aggregated |= parent < 0;
        if (parent >= 0) seen[static_cast<size_t>(parent)] = true;
      }
    }
  }
  // A row that went into a sum has no output of its own, but is not lost.
  if (!aggregated) out->filtered = std::count(seen.begin(), seen.end(), false);
  return Status();
}

Status CalculatorLanes::run_calculator(const cm_chunk& facts, const BoundCalculator& bound,
                                       CalculatorLane& lane, Chunk& chunk, Piece* main,
                                       Streams* out) {
  const Module& module = bound.calculator.module();
  if (!(main->batch.schema() == *bound.input)) {
    std::vector<CastFailure> failures;
    ASSIGN_OR_RETURN(main->batch, project_and_cast(main->batch, bound.input, &failures));
    if (!failures.empty()) {
      std::vector<RowError> errors;
      for (CastFailure& failure : failures) {
        RowError error;
        error.row = failure.row;
        error.code = failure.code;
        error.column = (*bound.input)[failure.column].name;
        error.message = std::move(failure.message);
        errors.push_back(std::move(error));
      }
      const std::vector<int64_t> bad = reject_rows(std::move(errors), *main, module, chunk);
      *main = cut(*main, without(main->batch.row_count(), bad));
    }
  }

  Emitted emitted;
  emitted.most_bytes = most_bytes_ - std::min(bytes_, most_bytes_);
  Status made = lane.process(facts, main->batch, emitted);
  if (made.ok()) made = lane.flush(facts, emitted);
  bytes_ += emitted.bytes;
  if (makes_too_much(made) && main->batch.row_count() > 0)
    share_ = static_cast<double>(made.facts().row) / static_cast<double>(main->batch.row_count());
  RETURN_IF_ERROR(made);
  const std::vector<int64_t> bad = reject_rows(std::move(emitted.errors), *main, module, chunk);
  const std::vector<int64_t> kept =
      bad.empty() ? std::vector<int64_t>() : without(main->batch.row_count(), bad);

  for (uint32_t i = 0; i < bound.streams.size(); ++i) {
    const StreamDecl& stream = bound.streams[i];
    ASSIGN_OR_RETURN(Piece piece,
                     gather(emitted.batches, i, *main, stream.schema, stream.row_for_row()));
    if (stream.append()) {
      if (!stream.row_for_row()) {
        std::vector<int64_t> rows;
        for (const EmittedBatch& one : emitted.batches)
          if (one.stream == i) rows.insert(rows.end(), one.parents.begin(), one.parents.end());
        piece.batch = append_columns(filter(main->batch, rows), piece.batch, bound.output);
      } else {
        piece.batch = append_columns(main->batch, piece.batch, bound.output);
      }
    }
    if (!bad.empty() && stream.row_for_row()) piece = cut(piece, kept);
    if (!bad.empty()) RETURN_IF_ERROR(check_nulls(piece.batch));
    if (i > 0) {
      out->pieces[bound.stream_index[i]].push_back(std::move(piece));
    } else if (bound.streams.size() == 1) {
      *main = std::move(piece);
    } else {
      out->pieces[0].push_back(std::move(piece));  // until the other streams have read *main
    }
  }
  if (bound.streams.size() > 1) {
    *main = std::move(out->pieces[0].back());
    out->pieces[0].pop_back();
  }
  return Status();
}

Status CalculatorLanes::run_route(const cm_chunk& facts, size_t stage_index, bool apart,
                                  Chunk& chunk, Piece* main, Streams* out) {
  const Stage& stage = pipeline_->stages[stage_index];
  const RouteIndex& cases = routes_[stage_index];
  const Column& column = main->batch.column(stage.route_column);
  std::vector<std::vector<int64_t>> rows(stage.route_values.size());
  std::vector<int64_t> others;
  for (int64_t row = 0; row < main->batch.row_count(); ++row) {
    const size_t found = cases.find(column.is_null(row) ? std::string_view() : column.text(row));
    (found == RouteIndex::kNone ? others : rows[found]).push_back(row);
  }
  std::vector<Piece> pieces;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].empty()) continue;
    const BoundCalculator& bound = stage.calculators[i];
    Piece part{filter(main->batch, rows[i], reads_of(bound, main->batch.schema())),
               mapped(*main, rows[i])};
    RETURN_IF_ERROR(run_calculator(facts, bound, lanes_[stage_index][i], chunk, &part, out));
    pieces.push_back(std::move(part));
  }
  if (stage.otherwise == Otherwise::kReject) {
    reject_others(stage, *main, others, chunk);
  } else if (!others.empty()) {
    // The columns that the cases add are null here.
    Piece part = cut(*main, others);
    const std::shared_ptr<const Schema>& wanted = stage.calculators[0].output;
    BatchBuilder builder(*stage.calculators[0].streams[0].schema);
    builder.fill_to(part.batch.row_count());
    UniqueArray array;
    builder.finish(array.get());
    ASSIGN_OR_RETURN(Batch nulls,
                     Batch::import(array.get(), stage.calculators[0].streams[0].schema));
    part.batch = append_columns(part.batch, nulls, wanted);
    pieces.push_back(std::move(part));
  }
  std::erase_if(pieces, [](const Piece& piece) { return piece.batch.row_count() == 0; });
  if (apart) {
    std::vector<Piece>& to = out->pieces[0];
    std::move(pieces.begin(), pieces.end(), std::back_inserter(to));
    return Status();
  }
  if (pipeline_->ordered) RETURN_IF_ERROR(put_in_order(&pieces));
  return join(std::move(pieces), stage.calculators[0].output, main);
}

}  // namespace chunkmill::host
