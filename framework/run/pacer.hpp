// Pacer: keeps rows below a rate.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "framework/core/clock.hpp"

namespace chunkmill::host {

// Hands out time slots of rows / rate, one after the other. Threads: any; the next free slot is one
// atomic number.
class Pacer {
 public:
  // 0: no limit.
  explicit Pacer(int64_t rows_per_second) : rate_(rows_per_second) {}

  // Waits until `rows` more may go. False when it was cancelled meanwhile.
  bool wait(int64_t rows, Clock& clock, const std::atomic<bool>& cancelled) {
    if (rate_ <= 0 || rows <= 0) return true;
    const int64_t share = rows * 1'000'000'000 / rate_;
    const int64_t now = clock.steady_ns();
    int64_t slot = next_ns_.load();
    int64_t mine = 0;
    do {
      mine = std::max(slot, now);
    } while (!next_ns_.compare_exchange_weak(slot, mine + share));
    return mine <= now || clock.sleep_ms((mine - now) / 1'000'000, cancelled);
  }

 private:
  const int64_t rate_;
  std::atomic<int64_t> next_ns_{0};
};

}  // namespace chunkmill::host
