// Ahead: whether chunks are written before their turn, where they are committed in order.
#pragma once

#include <algorithm>
#include <mutex>

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
    const std::lock_guard lock(mutex_);
    if (pausing_ == 0) return true;
    --pausing_;
    return false;
  }
  void went_well() {
    const std::lock_guard lock(mutex_);
    pause_ = std::max(pause_ / 2, kLeast);
  }
  void given_up() {
    const std::lock_guard lock(mutex_);
    pausing_ = pause_;
    pause_ = std::min(pause_ * 2, kMost);
  }

 private:
  static constexpr int kLeast = 4;
  static constexpr int kMost = 256;

  const bool is_on_ = false;
  const bool locks_ = false;
  std::mutex mutex_;
  // All below guarded by mutex_.
  int pause_ = kLeast;  // how many chunks the next pause is long
  int pausing_ = 0;     // how many are left of this one
};

}  // namespace chunkmill::host
