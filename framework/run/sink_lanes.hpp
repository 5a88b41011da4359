// SinkLanes: the lanes of one sink, lent to workers.
#pragma once

#include <condition_variable>
#include <optional>
#include <vector>

#include "chunkmill/mutex.hpp"
#include "framework/core/threads.hpp"
#include "framework/plan/pipeline.hpp"
#include "framework/run/pacer.hpp"

namespace chunkmill::host {

// Opens lanes as they are asked for, up to what the sink allows, and guards its control calls.
// Threads: any.
class SinkLanes {
 public:
  // `sink` and `threads` must outlive it. `shared`: other processes work on the same run through
  // its ledger.
  SinkLanes(BoundSink& sink, size_t workers, bool shared, Threads& threads = Threads::machine());

  BoundSink& bound() { return *sink_; }
  Pacer& pacer() { return pacer_; }

  // A lane of one's own; waits for one to come free. Give it back with put(), or drop it when it is
  // broken.
  Result<SinkLane> take();
  void put(SinkLane lane);
  void drop();

  // How far a split is that we hold. CM_FENCED where another worker has it now.
  Result<std::optional<SplitState>> committed(std::string_view split);
  // Asks for a split of a shared run; nothing where another worker has it.
  Result<std::optional<SplitState>> claim(std::string_view split);
  // What its ledger holds of `run`; nothing where the sink does not say.
  Result<std::optional<Tally>> tally(const Run& run);

 private:
  BoundSink* sink_;
  const bool shared_;
  Threads& threads_;
  Pacer pacer_;  // the sink's own `rate:`
  const size_t most_;
  Mutex control_;  // held during calls of the sink itself
  Mutex mutex_;
  std::condition_variable freed_;
  std::vector<SinkLane> free_ CHUNKMILL_GUARDED_BY(mutex_);
  size_t lent_ CHUNKMILL_GUARDED_BY(mutex_) = 0;
};

}  // namespace chunkmill::host
