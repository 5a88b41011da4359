// Threads that run one at a time: whoever has the turn runs until it yields, and a seed chooses who
// is next. The same seed gives the same run, step for step.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <random>
#include <semaphore>
#include <vector>

#include "chunkmill/mutex.hpp"
#include "framework/core/clock.hpp"
#include "framework/core/threads.hpp"

namespace chunkmill::simulation {

// The thread that makes it has the turn. All others are started by start() and joined before it
// goes. A thread never yields while it holds a lock that another one may want.
class SimThreads final : public host::Threads {
 public:
  explicit SimThreads(uint64_t seed) : random_(seed) {
    seats_.push_back(std::make_unique<Seat>());
    mine() = seats_.back().get();
  }

  std::thread start(std::function<void()> body) override {
    seats_.push_back(std::make_unique<Seat>());
    Seat* const seat = seats_.back().get();
    return std::thread([this, seat, body = std::move(body)] {
      seat->turn.acquire();
      mine() = seat;
      body();
      seat->is_over = true;
      choose()->turn.release();
    });
  }
  // Waking up for no reason is allowed; so nobody has to know who was notified.
  bool wait(std::condition_variable&, Lock& lock, Deadline deadline) override {
    lock.unlock();
    yield();
    const bool is_late = deadline && random_() % 4 == 0;
    lock.lock();
    return !is_late;
  }
  // Lets the seed choose who runs next.
  void yield() {
    ++steps_;
    Seat* const me = mine();
    Seat* const next = choose();
    if (next == me) return;
    next->turn.release();
    me->turn.acquire();
  }
  uint64_t steps() const { return steps_; }

 private:
  struct Seat {
    std::binary_semaphore turn{0};
    bool is_over = false;
  };
  static Seat*& mine() {
    thread_local Seat* seat = nullptr;
    return seat;
  }
  Seat* choose() {
    while (true) {
      Seat* const seat = seats_[random_() % seats_.size()].get();
      if (!seat->is_over) return seat;
    }
  }

  // All below belong to whoever has the turn.
  std::minstd_rand random_;
  std::vector<std::unique_ptr<Seat>> seats_;
  uint64_t steps_ = 0;
};

// Time that passes only while somebody sleeps.
class SimClock final : public host::Clock {
 public:
  explicit SimClock(SimThreads& threads, int64_t now_ms) : threads_(threads), now_ms_(now_ms) {}

  int64_t now_ms() const override { return now_ms_; }
  int64_t steady_ns() const override { return now_ms_ * 1'000'000; }
  bool sleep_ms(int64_t duration_ms, const std::atomic<bool>& cancelled) override {
    threads_.yield();
    now_ms_ += duration_ms;
    return !cancelled.load();
  }

 private:
  SimThreads& threads_;
  std::atomic<int64_t> now_ms_;
};

}  // namespace chunkmill::simulation
