// Backoff: how long to wait before a transient failure is tried again.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <random>

#include "framework/core/status.hpp"
#include "framework/job/spec.hpp"

namespace chunkmill::host {

// Is it worth trying again? The plugin said so.
inline bool is_transient(const Status& status) {
  return !status.ok() && status.facts().retryable && status.facts().code != CM_DATA;
}

// Differs in each process and call, so that workers that fail together do not come again together.
inline uint64_t random_seed() {
  static const uint64_t kOfProcess = [] {
    std::random_device device;
    return uint64_t{device()} << 32 | device();
  }();
  static std::atomic<uint64_t> calls{0};
  return kOfProcess + ++calls * 0x9e3779b97f4a7c15ULL;
}

// Exponential, with jitter between half and one and a half of each step: with the defaults at least
// 1.5 s pass before the last attempt, 3 s on average. What the other side asked for (`retry_after`)
// is honoured. Threads: one at a time.
class Backoff {
 public:
  Backoff(const RetrySpec& spec, uint64_t seed) : spec_(spec), random_(seed) {}

  // True while another attempt is allowed; counts it.
  bool again() { return ++failures_ < spec_.attempts; }
  int attempts() const { return failures_; }
  void reset() { failures_ = 0; }

  int64_t delay_ms(const Status& status) {
    double ceiling = static_cast<double>(spec_.initial_delay_ms);
    for (int i = 1; i < failures_ && ceiling < static_cast<double>(spec_.max_delay_ms); ++i)
      ceiling *= 2;
    const auto limit =
        static_cast<int64_t>(std::min(ceiling, static_cast<double>(spec_.max_delay_ms)));
    const int64_t jittered =
        std::uniform_int_distribution<int64_t>(limit / 2, limit + limit / 2)(random_);
    return std::max(std::min(jittered, spec_.max_delay_ms), status.facts().retry_after_ms);
  }

 private:
  RetrySpec spec_;
  std::mt19937_64 random_;
  int failures_ = 0;
};

}  // namespace chunkmill::host
