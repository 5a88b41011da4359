// Values that host and plugins both speak of: parts of a source, runs, and what a ledger holds.
#pragma once

#include <cstdint>
#include <string>

namespace chunkmill {

// A part of a source that can be read on its own.
struct Split {
  std::string id;     // stable for the same input
  std::string where;  // for people
  int64_t estimated_rows = -1;
  int64_t estimated_bytes = -1;
};

// A record as it stands in the input.
struct Record {
  uint64_t ordinal = 0;  // in its chunk
  int64_t line = 0;
  std::string where;
  std::string raw;
};

// How much one next() may read.
struct ReadLimits {
  uint64_t max_rows = 0;
  uint64_t max_bytes = 0;    // roughly; 0: no limit
  uint32_t max_wait_ms = 0;  // for unbounded sources; 0: no limit
};

// The run that a sink is made ready for.
struct Run {
  std::string job;
  std::string run;
  std::string fingerprint;
  std::string owner;
  uint64_t epoch = 0;
  bool appends = false;  // CM_RUN_APPENDS
};

// A run, as a ledger holds it.
struct LedgerRun {
  std::string run;
  std::string fingerprint;
  bool finished = false;
};

// Rows of one or more chunks, by what became of them.
struct Counts {
  uint64_t rows_in = 0;
  uint64_t rows_out = 0;
  uint64_t rows_rejected = 0;
  uint64_t rows_filtered = 0;

  Counts& operator+=(const Counts& more) {
    rows_in += more.rows_in;
    rows_out += more.rows_out;
    rows_rejected += more.rows_rejected;
    rows_filtered += more.rows_filtered;
    return *this;
  }
  bool operator==(const Counts&) const = default;
};

// What is committed of a run, over all its splits.
struct Tally {
  uint64_t splits = 0;
  Counts counts;
};

// How far a split is committed.
struct SplitState {
  std::string position;
  uint64_t epoch = 0;
  uint64_t next_chunk = 0;
  bool done = false;
  Counts counts;
};

}  // namespace chunkmill
