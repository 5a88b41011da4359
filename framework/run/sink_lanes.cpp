#include "framework/run/sink_lanes.hpp"

#include <algorithm>

namespace chunkmill::host {

SinkLanes::SinkLanes(BoundSink& sink, size_t workers)
    : sink_(&sink),
      pacer_(sink.spec->rate.rows_per_second),
      most_(sink.abilities.max_lanes == 0 ? workers
                                          : std::min<size_t>(workers, sink.abilities.max_lanes)) {}

Result<SinkLane> SinkLanes::take() {
  {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [&] { return lent_ < most_; });
    ++lent_;
    if (!free_.empty()) {
      SinkLane lane = std::move(free_.back());
      free_.pop_back();
      return lane;
    }
  }
  const std::lock_guard lock(control_);
  Result<SinkLane> lane = sink_->sink.open();
  if (!lane.ok()) drop();
  return lane;
}

void SinkLanes::put(SinkLane lane) {
  {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(lane));
    --lent_;
  }
  freed_.notify_one();
}

void SinkLanes::drop() {
  {
    const std::lock_guard lock(mutex_);
    --lent_;
  }
  freed_.notify_one();
}

Result<std::optional<SplitState>> SinkLanes::committed(std::string_view split) {
  const std::lock_guard lock(control_);
  return sink_->sink.committed(split);
}

}  // namespace chunkmill::host
