#include "framework/run/split_board.hpp"

#include <algorithm>
#include <chrono>

namespace chunkmill::host {
namespace {
// How soon a split that another process has is asked for again.
constexpr std::chrono::milliseconds kAskAgain(300);
// Each chunk that waits may keep a lane, whatever few bytes it holds.
constexpr size_t kMostWaiting = 64;
}  // namespace

SplitBoard::SplitBoard(std::vector<SplitReader> readers, const std::vector<SplitStart>& starts,
                       Rules rules, Threads& threads)
    : readers_(std::move(readers)), rules_(rules), threads_(threads), states_(readers_.size()) {
  for (size_t i = 0; i < states_.size(); ++i) {
    states_[i].next_commit = starts[i].next_chunk;
    states_[i].done = states_[i].read_out = starts[i].done;
    states_[i].is_ours = !rules.shared;
  }
  while (first_undone_ < states_.size() && states_[first_undone_].done) ++first_undone_;
}

std::optional<size_t> SplitBoard::find(std::optional<size_t> preferred) const {
  if (rules_.ordered) return find_in_order();
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

std::optional<size_t> SplitBoard::find_in_order() const {
  if (rules_.waiting_bytes == 0)
    return may_take(states_[first_unread_]) ? std::optional(first_unread_) : std::nullopt;
  const bool has_room = bytes_waiting_ < rules_.waiting_bytes && waiting_.size() < kMostWaiting;
  // Where the chunk whose turn it is takes long, others must not pile up behind it.
  const bool head_waits = !waiting_.empty() && waiting_.begin()->first.first == first_undone_;
  for (size_t i = first_unread_; i < states_.size(); ++i)
    if ((has_room || (i == first_undone_ && !head_waits)) && may_take(states_[i])) return i;
  return std::nullopt;
}

bool SplitBoard::is_turn(size_t split, uint64_t claim, uint64_t sequence) const {
  if (is_void(split, claim) || (rules_.ordered && first_undone_ < split)) return false;
  return states_[split].next_commit == sequence;
}

std::unique_ptr<ReadyChunk> SplitBoard::take_ready() {
  if (waiting_.empty()) return nullptr;
  const auto first = waiting_.begin();
  const Chunk& chunk = first->second->chunk;
  if (!is_turn(chunk.split, chunk.claim, chunk.sequence)) return nullptr;
  std::unique_ptr<ReadyChunk> ready = std::move(first->second);
  waiting_.erase(first);
  bytes_waiting_ -= ready->bytes();
  return ready;
}

// A chunk that waits is awaited by nobody once the chunk before it is neither here, nor in
// somebody's hands, nor will be read.
bool SplitBoard::is_over() const {
  if (!stopped_) return first_unread_ == states_.size() && waiting_.empty();
  if (waiting_.empty() || first_undone_ == states_.size()) return true;
  const State& head = states_[first_undone_];
  return !head.reading && head.in_hand == 0;
}

void SplitBoard::wait(Lock& lock) {
  const auto is_aside = [](const State& state) { return state.is_aside; };
  if (std::none_of(states_.begin(), states_.end(), is_aside)) {
    threads_.wait(changed_, lock);
    return;
  }
  if (!threads_.wait(changed_, lock, Threads::in(kAskAgain)))
    for (State& state : states_) state.is_aside = false;
}

std::optional<SplitBoard::Turn> SplitBoard::take(std::optional<size_t> preferred) {
  Lock lock(mutex_);
  while (true) {
    if (abandoned_) return std::nullopt;
    while (first_unread_ < states_.size() && states_[first_unread_].read_out) ++first_unread_;
    if (std::unique_ptr<ReadyChunk> ready = take_ready()) {
      const Chunk& chunk = ready->chunk;
      return Turn{chunk.split, chunk.claim, false, std::move(ready)};
    }
    if (is_over()) return std::nullopt;
    const bool may_read = !stopped_ && first_unread_ < states_.size();
    if (const std::optional<size_t> found = may_read ? find(preferred) : std::nullopt) {
      State& state = states_[*found];
      state.reading = true;
      state.opened = true;
      return Turn{*found, state.claim, !state.is_ours, nullptr};
    }
    wait(lock);
  }
}

void SplitBoard::give_back(const Turn& turn, bool more, bool got) {
  {
    const Lock lock(mutex_);
    State& state = states_[turn.split];
    state.reading = false;
    if (got) ++state.in_hand;
    if (!more && state.claim == turn.claim) state.read_out = true;
  }
  changed_.notify_all();
}

void SplitBoard::claimed(Turn* turn, uint64_t next_chunk) {
  const Lock lock(mutex_);
  State& state = states_[turn->split];
  state.is_ours = true;
  state.next_commit = next_chunk;
  turn->claim = ++state.claim;
  turn->must_claim = false;
}

void SplitBoard::put_aside(const Turn& turn) {
  {
    const Lock lock(mutex_);
    states_[turn.split].reading = false;
    states_[turn.split].opened = false;
    states_[turn.split].is_aside = true;
  }
  changed_.notify_all();
}

void SplitBoard::done(const Turn& turn) {
  {
    const Lock lock(mutex_);
    State& state = states_[turn.split];
    state.reading = false;
    state.read_out = state.done = true;
    while (first_undone_ < states_.size() && states_[first_undone_].done) ++first_undone_;
  }
  changed_.notify_all();
}

void SplitBoard::give_up(State* state) {
  ++state->claim;
  state->is_ours = false;
  state->opened = false;
  state->read_out = false;
  state->in_hand = 0;
}

void SplitBoard::lost(size_t split, uint64_t claim) {
  {
    const Lock lock(mutex_);
    State& state = states_[split];
    if (state.claim != claim) return;
    give_up(&state);
    state.is_aside = true;
    first_unread_ = std::min(first_unread_, split);
    // Their turn comes when whoever has it now is done with it.
    if (rules_.ordered)
      for (size_t i = split + 1; i < states_.size(); ++i)
        if (states_[i].is_ours && !states_[i].done) give_up(&states_[i]);
  }
  changed_.notify_all();
}

bool SplitBoard::holds(size_t split, uint64_t claim) const {
  const Lock lock(mutex_);
  return states_[split].claim == claim;
}

bool SplitBoard::leave(ReadyChunk* ready) {
  {
    const Lock lock(mutex_);
    const Chunk& chunk = ready->chunk;
    if (rules_.waiting_bytes == 0 || is_void(chunk.split, chunk.claim)) return false;
    if (is_turn(chunk.split, chunk.claim, chunk.sequence)) return false;
    bytes_waiting_ += ready->bytes();
    const Place place(chunk.split, chunk.sequence);
    waiting_.emplace(place, std::make_unique<ReadyChunk>(std::move(*ready)));
  }
  changed_.notify_all();
  return true;
}

bool SplitBoard::has_turn(size_t split, uint64_t claim, uint64_t sequence) const {
  const Lock lock(mutex_);
  return is_turn(split, claim, sequence);
}

bool SplitBoard::await_turn_for(size_t split, uint64_t claim, uint64_t sequence,
                                std::chrono::milliseconds most) {
  Lock lock(mutex_);
  return threads_.wait_until(
      changed_, lock,
      [&] {
        mutex_.assert_held();
        return is_void(split, claim) || is_turn(split, claim, sequence);
      },
      Threads::in(most));
}

bool SplitBoard::await_turn(size_t split, uint64_t claim, uint64_t sequence) {
  Lock lock(mutex_);
  threads_.wait_until(changed_, lock, [&] {
    mutex_.assert_held();
    return is_void(split, claim) || is_turn(split, claim, sequence);
  });
  return !is_void(split, claim);
}

void SplitBoard::committed(size_t split, bool last) {
  {
    const Lock lock(mutex_);
    ++states_[split].next_commit;
    --states_[split].in_hand;
    if (last) states_[split].done = true;
    while (first_undone_ < states_.size() && states_[first_undone_].done) ++first_undone_;
  }
  changed_.notify_all();
}

void SplitBoard::stop(bool abandon) {
  {
    const Lock lock(mutex_);
    stopped_ = true;
    abandoned_ |= abandon;
  }
  changed_.notify_all();
}

size_t SplitBoard::splits_done() const {
  const Lock lock(mutex_);
  return static_cast<size_t>(
      std::count_if(states_.begin(), states_.end(), [](const State& s) { return s.done; }));
}

}  // namespace chunkmill::host
