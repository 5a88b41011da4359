// Sources of time. All that waits, or asks how late it is, takes a Clock, so that tests need
// neither sleep nor luck.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

namespace chunkmill::host {

// Threads: any, for every implementation.
class Clock {
 public:
  virtual ~Clock() = default;

  // Wall clock, milliseconds since 1970-01-01T00:00:00Z; for people and files, may jump.
  virtual int64_t now_ms() const = 0;

  // Monotonic nanoseconds since some moment; for durations.
  virtual int64_t steady_ns() const = 0;

  // Waits for `duration_ms`, or until `cancelled` becomes true; a signal handler may set it. False
  // when it was cancelled.
  virtual bool sleep_ms(int64_t duration_ms, const std::atomic<bool>& cancelled) = 0;
};

// The machine's clock. Notices a cancellation within 10 ms: a signal handler may store to an atomic
// but not wake a condition variable, hence the short naps.
class RealClock final : public Clock {
 public:
  int64_t now_ms() const override {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }

  int64_t steady_ns() const override {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }

  bool sleep_ms(int64_t duration_ms, const std::atomic<bool>& cancelled) override {
    const int64_t until = steady_ns() + duration_ms * 1'000'000;
    for (int64_t left = duration_ms * 1'000'000; left > 0; left = until - steady_ns()) {
      if (cancelled.load(std::memory_order_relaxed)) return false;
      std::this_thread::sleep_for(std::chrono::nanoseconds(left < kNapNs ? left : kNapNs));
    }
    return !cancelled.load(std::memory_order_relaxed);
  }

 private:
  static constexpr int64_t kNapNs = 10'000'000;
};

// A clock that only moves when it is told to; sleeping moves it at once. For tests.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(int64_t now_ms = 1'700'000'000'000) : start_ms_(now_ms) {}

  int64_t now_ms() const override { return start_ms_ + passed_ns_.load() / 1'000'000; }
  int64_t steady_ns() const override { return passed_ns_.load(); }

  bool sleep_ms(int64_t duration_ms, const std::atomic<bool>& cancelled) override {
    if (cancelled.load()) return false;
    slept_ms_ += duration_ms;
    advance_ms(duration_ms);
    return !cancelled.load();
  }

  void advance_ms(int64_t duration_ms) { passed_ns_ += duration_ms * 1'000'000; }

  // The sum of all sleeps so far.
  int64_t slept_ms() const { return slept_ms_.load(); }

 private:
  const int64_t start_ms_;
  // Threads: tests advance the clock from one thread while others read it.
  std::atomic<int64_t> passed_ns_{0};
  std::atomic<int64_t> slept_ms_{0};
};

}  // namespace chunkmill::host
