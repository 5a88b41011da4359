// ReadyChunk: a chunk that is calculated, perhaps written too, and waits for its turn to be
// committed.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "framework/run/calculate.hpp"
#include "framework/run/chunk.hpp"
#include "framework/run/sink_lanes.hpp"

namespace chunkmill::host {

// A sink's part in a chunk that is being delivered.
struct Delivery {
  SinkLanes* lanes = nullptr;
  std::optional<SinkLane> lane;
  bool written = false;    // ahead of the chunk's turn: it only has to be committed
  bool committed = false;  // in its ledger: by this delivery or an earlier one
  bool broken = false;     // the lane failed: it is not lent again
};

// True where the lane that gave `status` is not to be lent again.
bool about_the_lane(const Status& status);

// Move-only. Lanes that are open in it go back to their sinks before it is dropped, but at the end
// of a run.
struct ReadyChunk {
  Chunk chunk;
  Streams streams;
  std::vector<Delivery> deliveries;  // one a sink; empty before the first of them begins

  bool is_written() const {
    return std::any_of(deliveries.begin(), deliveries.end(),
                       [](const Delivery& delivery) { return delivery.written; });
  }
  // About what it holds in memory.
  int64_t bytes() const {
    int64_t sum = chunk.bytes;
    for (const std::vector<Piece>& pieces : streams.pieces)
      for (const Piece& piece : pieces) sum += static_cast<int64_t>(piece.batch.byte_size());
    return sum;
  }
};

}  // namespace chunkmill::host
