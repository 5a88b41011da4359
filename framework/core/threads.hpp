// Threads: how the threads of a run are started, and how they wait for each other. The machine's
// own; or, in tests, one at a time in an order that a seed gives (tests/framework/run/simulation).
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <optional>
#include <thread>
#include <utility>

#include "chunkmill/mutex.hpp"

namespace chunkmill::host {

// Threads: any, for every implementation.
class Threads {
 public:
  using Deadline = std::optional<std::chrono::steady_clock::time_point>;  // nothing: none

  virtual ~Threads() = default;

  virtual std::thread start(std::function<void()> body) { return std::thread(std::move(body)); }

  // Waits until `changed` is notified, or for no reason, or until `deadline`. False: that is over.
  virtual bool wait(std::condition_variable& changed, Lock& lock, Deadline deadline = {}) {
    if (deadline) return changed.wait_until(lock.native(), *deadline) == std::cv_status::no_timeout;
    changed.wait(lock.native());
    return true;
  }
  // Waits until `done()`, which is asked under the lock; no longer than `deadline`. Returns what
  // it said last.
  template <typename Done>
  bool wait_until(std::condition_variable& changed, Lock& lock, Done done, Deadline deadline = {}) {
    while (!done())
      if (!wait(changed, lock, deadline)) return done();
    return true;
  }
  static std::chrono::steady_clock::time_point in(std::chrono::milliseconds time) {
    return std::chrono::steady_clock::now() + time;
  }

  // Those of the machine.
  static Threads& machine() {
    static Threads threads;
    return threads;
  }
};

}  // namespace chunkmill::host
