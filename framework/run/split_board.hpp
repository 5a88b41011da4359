// SplitBoard: which split is read next, and whose turn it is to commit.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "framework/run/split_reader.hpp"

namespace chunkmill::host {

// Hands splits to workers: one worker reads a split at a time, several may have chunks of it in
// hand, and chunks of a split commit in order. `ordered`: splits are read one after the other, and
// commit in that order too. Threads: any.
class SplitBoard {
 public:
  SplitBoard(std::vector<SplitReader> readers, const std::vector<SplitStart>& starts, bool ordered);

  // A split to read a chunk from, which is the caller's until give_back(); the one in `preferred`
  // if it is free. Waits while others read all that is left. Nothing when all is read, or after
  // stop().
  std::optional<size_t> take(std::optional<size_t> preferred);
  SplitReader& reader(size_t split) { return readers_[split]; }
  // The caller has read a chunk of `split`. `more`: there may be another.
  void give_back(size_t split, bool more);

  // Waits until every chunk before this one is committed. False when that will not come to pass: a
  // chunk before it failed.
  bool await_turn(size_t split, uint64_t sequence);
  // The chunk whose turn it was is committed.
  void committed(size_t split, bool last);
  // No further split is handed out. `abandon`: nobody waits for a turn any more.
  void stop(bool abandon);

  size_t split_count() const { return readers_.size(); }
  size_t splits_done() const;

 private:
  struct State {
    bool reading = false;
    bool opened = false;
    bool read_out = false;
    bool done = false;
    uint64_t next_commit = 0;
  };

  bool may_take(size_t split) const;

  std::vector<SplitReader> readers_;
  const bool ordered_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // All below guarded by mutex_.
  std::vector<State> states_;
  size_t first_unread_ = 0;  // all before it are read out
  size_t first_undone_ = 0;  // all before it are committed to their ends
  bool stopped_ = false;
  bool abandoned_ = false;
};

}  // namespace chunkmill::host
