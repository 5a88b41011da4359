// Ahead: whether chunks are written before their turn, where they are committed in order.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "chunkmill/mutex.hpp"

namespace chunkmill::host {

// A chunk that holds locks may keep an earlier one waiting, which only its own end resolves: it is
// given up when its turn is long in coming. Then some chunks in a row wait for their turns first;
// the more, the more often that happens, so that jobs whose chunks share keys lose little time.
// Threads: any.
class Ahead {
 public:
  Ahead() = default;
  // `locks`: a chunk that is written keeps others waiting that touch the same rows.
  explicit Ahead(bool locks) : is_on_(true), locks_(locks) {}

  bool locks() const { return locks_; }
  // Whether the next chunk is to be written ahead.
  bool may_write() {
    if (!is_on_ || !locks_) return is_on_;
    const Lock lock(mutex_);
    if (pausing_ == 0) return true;
    --pausing_;
    return false;
  }
  void went_well() {
    const Lock lock(mutex_);
    if (++went_well_ % kWellFor != 0) return;
    pause_ = std::max(pause_ / 2, kLeast);
  }
  void given_up() {
    const Lock lock(mutex_);
    went_well_ = 0;
    pausing_ = pause_;
    pause_ = std::min(pause_ * 4, kMost);
  }
  // A chunk of so many rows was written ahead in so long.
  void wrote(int64_t rows, int64_t ns) {
    const Lock lock(mutex_);
    const double one = static_cast<double>(ns) / static_cast<double>(std::max<int64_t>(rows, 1));
    row_ns_ = row_ns_ < 0 ? one : std::min(one, row_ns_ * kForgets);
  }
  // How long such a chunk waits for its turn: several times as long as one takes to write, as the
  // chunks before it may take the same. What counts are chunks that had to wait for no lock.
  std::chrono::milliseconds patience(int64_t rows) {
    constexpr int64_t kLeastMs = 200;
    constexpr double kTimes = 4;
    const Lock lock(mutex_);
    const double ms = kTimes * row_ns_ * static_cast<double>(rows) / 1e6;
    return std::chrono::milliseconds(std::max(kLeastMs, static_cast<int64_t>(ms)));
  }

 private:
  static constexpr int kLeast = 4;
  static constexpr int kMost = 256;
  // So many that get their turns make the next pause shorter. Even of chunks that all touch the
  // same rows many do: whoever comes to the rows in the chunks' order.
  static constexpr int kWellFor = 16;
  static constexpr double kForgets = 1.1;  // rows may become slower while the run goes on

  const bool is_on_ = false;
  const bool locks_ = false;
  Mutex mutex_;
  // How many chunks the next pause is long, and how many are left of this one.
  int pause_ CHUNKMILL_GUARDED_BY(mutex_) = kLeast;
  int pausing_ CHUNKMILL_GUARDED_BY(mutex_) = 0;
  // Chunks since the last one that was given up.
  int went_well_ CHUNKMILL_GUARDED_BY(mutex_) = 0;
  // How long a row takes; below 0: not known.
  double row_ns_ CHUNKMILL_GUARDED_BY(mutex_) = -1;
};

}  // namespace chunkmill::host
