// RunContext: what the workers of a run share.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "chunkmill/mutex.hpp"
#include "framework/core/clock.hpp"
#include "framework/observe/event.hpp"
#include "framework/observe/log.hpp"
#include "framework/observe/metrics.hpp"
#include "framework/plan/pipeline.hpp"
#include "framework/run/ahead.hpp"
#include "framework/run/calculate.hpp"
#include "framework/run/chunk.hpp"
#include "framework/run/chunk_size.hpp"
#include "framework/run/sink_lanes.hpp"
#include "framework/run/split_board.hpp"
#include "framework/state/store.hpp"

namespace chunkmill::host {

// A committed chunk for a C++ caller: what was written, and how it went.
struct ChunkResult {
  ChunkReport report;
  std::vector<PipelineStream> streams;
  std::vector<std::vector<Batch>> batches;  // beside `streams`
};

// Who wants to know. Called from worker threads, one call at a time.
struct Listeners {
  std::vector<Observer*> observers;
  // Given the batches too; it may block, and so slow the run down.
  std::function<void(ChunkResult)> on_chunk;
};

// Threads: every member is read-only, guards itself, or says what guards it.
struct RunContext {
  Pipeline* pipeline = nullptr;
  StateStore* state = nullptr;
  Log* log = nullptr;
  Metrics* metrics = nullptr;
  Clock* clock = nullptr;
  const std::atomic<bool>* cancelled = nullptr;
  Run run;
  std::unique_ptr<SplitBoard> board;
  std::deque<SinkLanes> sinks;
  std::unique_ptr<ChunkSize> chunk_size;
  // How many input rows the calculators get at a time, as their output would not fit `memory:`
  // else; 0: whole chunks. A hint, learned from chunk to chunk.
  std::atomic<int64_t> slice_rows{0};
  std::unique_ptr<Ahead> ahead = std::make_unique<Ahead>();
  bool shared = false;            // other processes may work on the same run
  bool flush_each_chunk = false;  // a sink keeps no position: the state file is the truth
  Listeners listeners;
  bool replays = false;  // the records are those of a replay, which the state holds

  Mutex mutex;
  RunTotals totals CHUNKMILL_GUARDED_BY(mutex);  // of this attempt
  Status failure CHUNKMILL_GUARDED_BY(mutex);    // the first one
  // Read, but in chunks that were not committed.
  int64_t rows_given_up CHUNKMILL_GUARDED_BY(mutex) = 0;
  // Committed by earlier attempts of this run and by other processes, as far as is known here.
  RowCounts elsewhere CHUNKMILL_GUARDED_BY(mutex);
  // Of chunks whose commit is under way: they count for thresholds.
  RowCounts reserved CHUNKMILL_GUARDED_BY(mutex);
  // Of a shared run: how far each split is by the ledger, beside the board's splits.
  std::vector<RowCounts> split_counts CHUNKMILL_GUARDED_BY(mutex);
};

// Sends an event to every observer, one at a time.
void tell(RunContext& context, const Event& event) CHUNKMILL_REQUIRES(context.mutex);
// The same, without the mutex held.
void announce(RunContext& context, const Event& event);

}  // namespace chunkmill::host
