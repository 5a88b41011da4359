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
// hand, and chunks of a split commit in order.
//
// Of a run that several processes share, each split must be claimed before it is read, and may be
// lost to another process: each hold of it has a number, and what belongs to an earlier one is
// void. Threads: any.
class SplitBoard {
 public:
  struct Rules {
    bool ordered = false;  // splits are read one after the other, and commit in that order too
    bool shared = false;   // splits must be claimed
  };

  // A split that is the caller's to read a chunk from, until give_back().
  struct Turn {
    size_t split = 0;
    uint64_t claim = 0;       // the number of this hold
    bool must_claim = false;  // it is nobody's here yet: claimed(), put_aside() or done() follows
  };

  SplitBoard(std::vector<SplitReader> readers, const std::vector<SplitStart>& starts, Rules rules);

  // The split in `preferred` if it is free. Waits while others read all that is left. Nothing when
  // all is read, or after stop().
  std::optional<Turn> take(std::optional<size_t> preferred);
  SplitReader& reader(size_t split) { return readers_[split]; }
  // The caller has read a chunk. `more`: there may be another.
  void give_back(const Turn& turn, bool more);

  // What came of a claim. The turn goes on after claimed(), and ends with the others.
  void claimed(Turn* turn, uint64_t next_chunk);
  // Another process has the split; it is handed out again after a while.
  void put_aside(const Turn& turn);
  // Another process has brought it to its end.
  void done(const Turn& turn);
  // The split has been taken over by another process. Nothing happens where that hold is past.
  void lost(size_t split, uint64_t claim);
  bool holds(size_t split, uint64_t claim) const;

  // Waits until every chunk before this one is committed. False when that will not come to pass: a
  // chunk before it failed, or the split was lost.
  bool await_turn(size_t split, uint64_t claim, uint64_t sequence);
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
    bool is_ours = true;    // false: must be claimed
    bool is_aside = false;  // another process has it
    uint64_t claim = 0;
    uint64_t next_commit = 0;
  };

  bool may_take(const State& state) const {
    return !state.reading && !state.read_out && !state.is_aside;
  }
  std::optional<size_t> find(std::optional<size_t> preferred) const;
  // Waits for a change; splits that are aside may be asked for again after it.
  void wait(std::unique_lock<std::mutex>& lock);

  std::vector<SplitReader> readers_;
  const Rules rules_;
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
