// CalculatorLanes: one worker's way through the stages, from a chunk's input to its streams.
#pragma once

#include <span>
#include <vector>

#include "framework/plan/pipeline.hpp"
#include "framework/run/chunk.hpp"
#include "framework/run/route_index.hpp"

namespace chunkmill::host {

// Rows of one stream. `parents[i]` is the input row that row i came from, -1 if there is no single
// one; empty: row i is input row i.
struct Piece {
  Batch batch;
  std::vector<int64_t> parents;

  int64_t parent(int64_t row) const {
    return parents.empty() ? row : parents[static_cast<size_t>(row)];
  }
};

// What the calculators made of a chunk.
struct Streams {
  std::vector<std::vector<Piece>> pieces;  // by Pipeline::streams
  // Input rows that neither came out anywhere nor were rejected.
  int64_t filtered = 0;
};

// Threads: one call at a time.
class CalculatorLanes {
 public:
  // `pipeline` must outlive it.
  static Result<CalculatorLanes> open(Pipeline& pipeline);

  // From now on calculate() fails, see makes_too_much(), where calculators put out more than so
  // many bytes in one pass.
  void hold_at_most(size_t bytes) { most_bytes_ = bytes; }
  // Of the last pass: what was put out, and from which share of the rows where that was too much.
  size_t bytes() const { return bytes_; }
  double share() const { return share_; }

  // Runs `chunk.input` through all stages, but for the rows that `chunk.rejects` names already.
  // Rows that are found bad are added to chunk.rejects. Where a row's absence can change other
  // output (streams that are not row for row), the chunk is calculated again without the rejected
  // rows, until none is left that fails.
  // `stages`, when not null, receives the main stream as each stage left it, for previews.
  Status calculate(const cm_chunk& facts, Chunk& chunk, Streams* out,
                   std::vector<Piece>* stages = nullptr);

 private:
  explicit CalculatorLanes(Pipeline& pipeline) : pipeline_(&pipeline) {}

  Status pass(const cm_chunk& facts, Chunk& chunk, Streams* out, std::vector<Piece>* stages);
  Status run_calculator(const cm_chunk& facts, const BoundCalculator& bound, CalculatorLane& lane,
                        Chunk& chunk, Piece* main, Streams* out);
  // What the cases put out, one after the other, is `main`; or, with `apart`, pieces of the main
  // stream, which nothing has to copy.
  Status run_route(const cm_chunk& facts, size_t stage, bool apart, Chunk& chunk, Piece* main,
                   Streams* out);

  Pipeline* pipeline_;
  size_t most_bytes_ = SIZE_MAX;
  size_t bytes_ = 0;
  double share_ = 1;
  std::vector<std::vector<CalculatorLane>> lanes_;  // by stage, by case
  std::vector<RouteIndex> routes_;                  // by stage; empty ones where there is no route
};

}  // namespace chunkmill::host
