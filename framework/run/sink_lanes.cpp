#include "framework/run/sink_lanes.hpp"

#include <algorithm>

namespace chunkmill::host {

SinkLanes::SinkLanes(BoundSink& sink, size_t workers, bool shared, Threads& threads)
    : sink_(&sink),
      shared_(shared),
      threads_(threads),
      pacer_(sink.spec->rate.rows_per_second),
      most_(sink.abilities.max_lanes == 0 ? workers
                                          : std::min<size_t>(workers, sink.abilities.max_lanes)) {}

Result<SinkLane> SinkLanes::take() {
  {
    Lock lock(mutex_);
    threads_.wait_until(freed_, lock, [&] {
      mutex_.assert_held();
      return lent_ < most_;
    });
    ++lent_;
    if (!free_.empty()) {
      SinkLane lane = std::move(free_.back());
      free_.pop_back();
      return lane;
    }
  }
  const Lock lock(control_);
  Result<SinkLane> lane = sink_->sink.open();
  if (!lane.ok()) drop();
  return lane;
}

void SinkLanes::put(SinkLane lane) {
  {
    const Lock lock(mutex_);
    free_.push_back(std::move(lane));
    --lent_;
  }
  freed_.notify_one();
}

void SinkLanes::drop() {
  {
    const Lock lock(mutex_);
    --lent_;
  }
  freed_.notify_one();
}

Result<std::optional<SplitState>> SinkLanes::committed(std::string_view split) {
  if (!shared_) {
    const Lock lock(control_);
    return sink_->sink.committed(split);
  }
  Result<std::optional<SplitState>> state = claim(split);
  if (!state.ok() || *state) return state;
  PluginFacts facts;
  facts.code = CM_FENCED;
  return Status(Code::kUnavailable, "another worker has taken the split over", facts);
}

Result<std::optional<SplitState>> SinkLanes::claim(std::string_view split) {
  const Lock lock(control_);
  return sink_->sink.claim(split);
}

Result<std::optional<Tally>> SinkLanes::tally(const Run& run) {
  const Lock lock(control_);
  return sink_->sink.tally(run);
}

}  // namespace chunkmill::host
