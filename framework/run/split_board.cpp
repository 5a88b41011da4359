#include "framework/run/split_board.hpp"

#include <algorithm>

namespace chunkmill::host {

SplitBoard::SplitBoard(std::vector<SplitReader> readers, const std::vector<SplitStart>& starts,
                       bool ordered)
    : readers_(std::move(readers)), ordered_(ordered), states_(readers_.size()) {
  for (size_t i = 0; i < states_.size(); ++i) {
    states_[i].next_commit = starts[i].next_chunk;
    states_[i].done = states_[i].read_out = starts[i].done;
  }
  while (first_undone_ < states_.size() && states_[first_undone_].done) ++first_undone_;
}

bool SplitBoard::may_take(size_t split) const {
  return !states_[split].reading && !states_[split].read_out;
}

std::optional<size_t> SplitBoard::take(std::optional<size_t> preferred) {
  std::unique_lock lock(mutex_);
  while (true) {
    if (stopped_) return std::nullopt;
    while (first_unread_ < states_.size() && states_[first_unread_].read_out) ++first_unread_;
    if (first_unread_ == states_.size()) return std::nullopt;
    std::optional<size_t> found;
    if (ordered_) {
      if (may_take(first_unread_)) found = first_unread_;
    } else if (preferred && may_take(*preferred)) {
      found = preferred;
    } else {
      // A split that nobody reads yet, before a second reader's place on one that is being read.
      for (size_t i = first_unread_; i < states_.size(); ++i) {
        if (!may_take(i)) continue;
        if (!states_[i].opened) {
          found = i;
          break;
        }
        if (!found) found = i;
      }
    }
    if (found) {
      states_[*found].reading = true;
      states_[*found].opened = true;
      return found;
    }
    changed_.wait(lock);
  }
}

void SplitBoard::give_back(size_t split, bool more) {
  {
    const std::lock_guard lock(mutex_);
    states_[split].reading = false;
    if (!more) states_[split].read_out = true;
  }
  changed_.notify_all();
}

bool SplitBoard::await_turn(size_t split, uint64_t sequence) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    if (abandoned_) return true;
    if (ordered_ && first_undone_ < split) return false;
    return states_[split].next_commit == sequence;
  });
  return !abandoned_;
}

void SplitBoard::committed(size_t split, bool last) {
  {
    const std::lock_guard lock(mutex_);
    ++states_[split].next_commit;
    if (last) states_[split].done = true;
    while (first_undone_ < states_.size() && states_[first_undone_].done) ++first_undone_;
  }
  changed_.notify_all();
}

void SplitBoard::stop(bool abandon) {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    abandoned_ |= abandon;
  }
  changed_.notify_all();
}

size_t SplitBoard::splits_done() const {
  const std::lock_guard lock(mutex_);
  return static_cast<size_t>(
      std::count_if(states_.begin(), states_.end(), [](const State& s) { return s.done; }));
}

}  // namespace chunkmill::host
