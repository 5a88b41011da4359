// Pending: committed chunks that wait in memory for the next flush, boiled down to what will be
// written. For this room only.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "framework/state/records.hpp"

namespace chunkmill::host {

// What the chunks of one split since the last flush come to.
struct SplitDelta {
  size_t order = 0;  // splits are written in the order in which they were heard of
  std::string position;
  uint64_t next_chunk = 0;
  bool done = false;
  RowCounts counts;
};

// The newest chunks, at most as many as the history keeps: older ones would be written only to be
// trimmed.
class ChunkRing {
 public:
  explicit ChunkRing(size_t capacity) : capacity_(capacity) {}
  void push(ChunkRecord&& chunk);
  size_t size() const { return chunks_.size(); }
  // From the oldest, 0, on.
  ChunkRecord& at(size_t index) { return chunks_[(oldest_ + index) % chunks_.size()]; }
  const ChunkRecord& at(size_t index) const { return chunks_[(oldest_ + index) % chunks_.size()]; }

 private:
  size_t capacity_;
  size_t oldest_ = 0;
  std::vector<ChunkRecord> chunks_;
};

// All of one run.
struct PendingRun {
  PendingRun(std::string_view run_id, size_t history) : run(run_id), chunks(history) {}

  void add(ChunkRecord&& chunk);
  // Takes in what came later.
  void add(PendingRun&& later);

  std::string run;
  std::unordered_map<std::string, SplitDelta> splits;
  std::vector<std::pair<std::string, double>> sums;
  ChunkRing chunks;

 private:
  void add_sum(const std::string& name, double value);
};

}  // namespace chunkmill::host
