// HookObserver: hands events to hook plugins.
#pragma once

#include "framework/observe/event.hpp"
#include "framework/observe/log.hpp"
#include "framework/plan/pipeline.hpp"

namespace chunkmill::host {

// A hook that fails is logged and counted, and ends nothing. Threads: one call at a time, as for
// every Observer.
class HookObserver final : public Observer {
 public:
  // Both must outlive it.
  HookObserver(std::vector<Hook>& hooks, Log& log) : hooks_(hooks), log_(log) {}
  void on(const Event& event) override;
  int64_t failures() const { return failures_; }

 private:
  std::vector<Hook>& hooks_;
  Log& log_;
  int64_t failures_ = 0;
};

}  // namespace chunkmill::host
