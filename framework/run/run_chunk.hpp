// ChunkRunner: takes a chunk from its rows to its commit. The heart of the run.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/run/ready_chunk.hpp"
#include "framework/run/retry.hpp"
#include "framework/run/run_context.hpp"
#include "framework/run/settle_chunk.hpp"

namespace chunkmill::host {

// One a worker. Threads: one call at a time; runners share the context.
class ChunkRunner {
 public:
  static Result<ChunkRunner> make(RunContext& context, uint64_t seed);

  // Calculates, waits for the chunk's turn, writes, commits, reports; or leaves the chunk on the
  // board, for whoever comes when its turn has. Transient failures are tried again as the job says.
  // When it fails nothing of the chunk is committed (or, with several sinks, in some: the ledgers
  // know), and the run must stop.
  Status run(Chunk chunk);
  // The rest of the way of a chunk that was left on the board, once its turn has come.
  Status finish(ReadyChunk ready);

  Backoff& backoff() { return backoff_; }

 private:
  ChunkRunner(RunContext& context, CalculatorLanes lanes, uint64_t seed)
      : context_(&context),
        settler_(context),
        lanes_(std::move(lanes)),
        backoff_(context.pipeline->spec->retry, seed) {}

  cm_chunk facts(const Chunk& chunk) const;
  // A row that is refused touches no other sink and no other row.
  bool delivers_alone() const {
    return context_->sinks.size() == 1 && context_->pipeline->row_for_row;
  }
  Status calculate(Chunk& chunk, Streams* streams);
  // Of chunks whose output does not fit `memory:`, see slices.cpp. The first writes all of the
  // chunk into the open sinks, and leaves only the rejects and counts of it here.
  Status deliver_slices(Chunk& chunk, Streams* streams, std::vector<Delivery>* deliveries);
  Status write_slices(Chunk& chunk, Streams* streams, std::vector<Delivery>* deliveries);
  // Calculates rows [first, first + *count) of `chunk` as `part`; fewer where that is too much.
  // `known`: how many of its rejects the chunk has already.
  Status calculate_slice(Chunk& chunk, int64_t first, int64_t* count, Chunk* part, Streams* streams,
                         size_t* known);
  Status needs_memory(const Chunk& chunk, int64_t row) const;
  Status write_all(Chunk& chunk, Streams& streams, std::vector<Delivery>* deliveries);
  Status calculate(ReadyChunk* ready);
  // Writes the chunk before its turn, where that can be and no row of it is bad; else nothing of it
  // is open.
  void write_ahead(ReadyChunk* ready);
  Status try_ahead(ReadyChunk* ready);
  // False: its turn will not come; nothing of it is open then.
  bool await_turn(ReadyChunk* ready);
  Status deliver(Chunk& chunk, Streams& streams, std::vector<Delivery>* deliveries);
  Status begin(Chunk& chunk, std::vector<Delivery>* deliveries);
  Status write(Chunk& chunk, Streams& streams, std::vector<Delivery>* deliveries);
  Status commit(Chunk& chunk, const cm_counts& counts, Delivery& delivery);
  // What became of a commit whose answer was lost.
  Status find_out(const Chunk& chunk, Delivery& delivery, const Status& lost);
  void let_go(std::vector<Delivery>* deliveries);
  Status settle(ReadyChunk& ready);

  RunContext* context_;
  ChunkSettler settler_;
  CalculatorLanes lanes_;
  Backoff backoff_;
};

}  // namespace chunkmill::host
