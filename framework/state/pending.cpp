#include "framework/state/pending.hpp"

#include <algorithm>

namespace chunkmill::host {

void ChunkRing::push(ChunkRecord&& chunk) {
  if (capacity_ == 0) return;
  if (chunks_.size() < capacity_) {
    chunks_.push_back(std::move(chunk));
    return;
  }
  chunks_[oldest_] = std::move(chunk);
  oldest_ = (oldest_ + 1) % capacity_;
}

void PendingRun::add(ChunkRecord&& chunk) {
  SplitDelta& split = splits[chunk.split];
  if (split.order == 0) split.order = splits.size();
  split.position = chunk.end;
  split.next_chunk = chunk.sequence + 1;
  split.done = chunk.last;
  split.counts += chunk.counts;
  for (const auto& [name, value] : chunk.sums) add_sum(name, value);
  chunk.sums.clear();
  chunks.push(std::move(chunk));
}

void PendingRun::add(PendingRun&& later) {
  std::vector<std::pair<std::string, SplitDelta>> ordered(later.splits.begin(), later.splits.end());
  std::sort(ordered.begin(), ordered.end(),
            [](const auto& a, const auto& b) { return a.second.order < b.second.order; });
  for (auto& [name, delta] : ordered) {
    SplitDelta& split = splits[name];
    if (split.order == 0) split.order = splits.size();
    split.position = std::move(delta.position);
    split.next_chunk = delta.next_chunk;
    split.done = delta.done;
    split.counts += delta.counts;
  }
  for (const auto& [name, value] : later.sums) add_sum(name, value);
  for (size_t index = 0; index < later.chunks.size(); ++index) {
    chunks.push(std::move(later.chunks.at(index)));
  }
}

void PendingRun::add_sum(const std::string& name, double value) {
  const auto found =
      std::find_if(sums.begin(), sums.end(), [&](const auto& sum) { return sum.first == name; });
  if (found == sums.end()) {
    sums.emplace_back(name, value);
  } else {
    found->second += value;
  }
}

}  // namespace chunkmill::host
