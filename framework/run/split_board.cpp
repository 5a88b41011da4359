#include "framework/run/split_board.hpp"

#include <algorithm>
#include <chrono>

namespace chunkmill::host {
namespace {
// How soon a split that another process has is asked for again.
constexpr std::chrono::milliseconds kAskAgain(300);
}  // namespace

SplitBoard::SplitBoard(std::vector<SplitReader> readers, const std::vector<SplitStart>& starts,
                       Rules rules)
    : readers_(std::move(readers)), rules_(rules), states_(readers_.size()) {
  for (size_t i = 0; i < states_.size(); ++i) {
    states_[i].next_commit = starts[i].next_chunk;
    states_[i].done = states_[i].read_out = starts[i].done;
    states_[i].is_ours = !rules.shared;
  }
  while (first_undone_ < states_.size() && states_[first_undone_].done) ++first_undone_;
}

std::optional<size_t> SplitBoard::find(std::optional<size_t> preferred) const {
  if (rules_.ordered)
    return may_take(states_[first_unread_]) ? std::optional(first_unread_) : std::nullopt;
  if (preferred && may_take(states_[*preferred])) return preferred;
  // A split that nobody reads yet, before a second reader's place on one that is being read.
  std::optional<size_t> found;
  for (size_t i = first_unread_; i < states_.size(); ++i) {
    if (!may_take(states_[i])) continue;
    if (!states_[i].opened) return i;
    if (!found) found = i;
  }
  return found;
}

void SplitBoard::wait(std::unique_lock<std::mutex>& lock) {
  const auto is_aside = [](const State& state) { return state.is_aside; };
  if (std::none_of(states_.begin(), states_.end(), is_aside)) return changed_.wait(lock);
  if (changed_.wait_for(lock, kAskAgain) == std::cv_status::timeout)
    for (State& state : states_) state.is_aside = false;
}

std::optional<SplitBoard::Turn> SplitBoard::take(std::optional<size_t> preferred) {
  std::unique_lock lock(mutex_);
  while (true) {
    if (stopped_) return std::nullopt;
    while (first_unread_ < states_.size() && states_[first_unread_].read_out) ++first_unread_;
    if (first_unread_ == states_.size()) return std::nullopt;
    if (const std::optional<size_t> found = find(preferred)) {
      State& state = states_[*found];
      state.reading = true;
      state.opened = true;
      return Turn{*found, state.claim, !state.is_ours};
    }
    wait(lock);
  }
}

void SplitBoard::give_back(const Turn& turn, bool more) {
  {
    const std::lock_guard lock(mutex_);
    State& state = states_[turn.split];
    state.reading = false;
    if (!more && state.claim == turn.claim) state.read_out = true;
  }
  changed_.notify_all();
}

void SplitBoard::claimed(Turn* turn, uint64_t next_chunk) {
  const std::lock_guard lock(mutex_);
  State& state = states_[turn->split];
  state.is_ours = true;
  state.next_commit = next_chunk;
  turn->claim = ++state.claim;
  turn->must_claim = false;
}

void SplitBoard::put_aside(const Turn& turn) {
  {
    const std::lock_guard lock(mutex_);
    states_[turn.split].reading = false;
    states_[turn.split].opened = false;
    states_[turn.split].is_aside = true;
  }
  changed_.notify_all();
}

void SplitBoard::done(const Turn& turn) {
  {
    const std::lock_guard lock(mutex_);
    State& state = states_[turn.split];
    state.reading = false;
    state.read_out = state.done = true;
    while (first_undone_ < states_.size() && states_[first_undone_].done) ++first_undone_;
  }
  changed_.notify_all();
}

void SplitBoard::lost(size_t split, uint64_t claim) {
  {
    const std::lock_guard lock(mutex_);
    State& state = states_[split];
    if (state.claim != claim) return;
    ++state.claim;
    state.is_ours = false;
    state.is_aside = true;
    state.opened = false;
    state.read_out = false;
    first_unread_ = std::min(first_unread_, split);
  }
  changed_.notify_all();
}

bool SplitBoard::holds(size_t split, uint64_t claim) const {
  const std::lock_guard lock(mutex_);
  return states_[split].claim == claim;
}

bool SplitBoard::await_turn(size_t split, uint64_t claim, uint64_t sequence) {
  std::unique_lock lock(mutex_);
  const State& state = states_[split];
  changed_.wait(lock, [&] {
    if (abandoned_ || state.claim != claim) return true;
    if (rules_.ordered && first_undone_ < split) return false;
    return state.next_commit == sequence;
  });
  return !abandoned_ && state.claim == claim;
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
