// Chunk: consecutive rows of one split on their way from the source to the sinks. The unit of
// retry, threshold and commit.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "framework/data/batch.hpp"
#include "framework/observe/event.hpp"
#include "framework/observe/metrics.hpp"
#include "framework/plugin/module.hpp"
#include "framework/plugin/row_error.hpp"
#include "framework/state/records.hpp"

namespace chunkmill::host {

// A row that is not written, and who said so.
struct RowReject {
  int64_t row = -1;     // of Chunk::input; -1: the record could not be read
  int64_t ordinal = 0;  // of the record in the chunk, good and bad counted together
  RejectStage stage = RejectStage::kRead;
  const Module* module = nullptr;
  RowError error;
  uint32_t attempt = 1;
};

// Where the time of a chunk went, in nanoseconds.
struct ChunkTimes {
  int64_t started = 0;
  int64_t read = 0;
  int64_t calculate = 0;
  int64_t write = 0;
  int64_t commit = 0;
};

class SplitReader;

struct Chunk {
  SplitReader* reader = nullptr;  // of its split; on the board, which outlives the chunk
  size_t split = 0;               // index on the board
  uint64_t sequence = 0;          // in its split
  uint64_t claim = 0;             // the board's number for this hold of the split
  std::string begin, end;         // positions
  bool last = false;              // it ends its split
  uint32_t attempt = 1;
  Batch input;
  int64_t records = 0;  // read, good and bad
  std::vector<RowReject> rejects;
  // How many of its rows are rejects by the ledger of a sink that has it already; -1: none has.
  int64_t rejected_before = -1;
  ChunkTimes times;
  MetricSet read_metrics;  // what the source said while it was read
  MetricSet metrics;       // all, these included
  int64_t retries = 0;
  std::string fallback;    // the one that was needed; empty: none
  bool too_large = false;  // a sink said so, and got it in pieces
  int64_t bytes = 0;
  int64_t filtered = 0;
  int64_t slice_rows = 0;  // it is calculated and written in slices of so many rows; 0: whole
  RowCounts reserved;      // its part of RunContext::reserved
};

// The ordinal of an input row, given the ordinals of the records that could not be read, ascending.
inline int64_t ordinal_of_row(int64_t row, const std::vector<int64_t>& unreadable) {
  int64_t ordinal = row;
  for (const int64_t bad : unreadable) {
    if (bad > ordinal) break;
    ++ordinal;
  }
  return ordinal;
}

}  // namespace chunkmill::host
