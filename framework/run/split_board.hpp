// SplitBoard: which split is read next, and whose turn it is to commit.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "chunkmill/mutex.hpp"
#include "framework/core/threads.hpp"
#include "framework/run/ready_chunk.hpp"
#include "framework/run/split_reader.hpp"

namespace chunkmill::host {

// Hands splits to workers: one worker reads a split at a time, several may have chunks of it in
// hand, and chunks of a split commit in order.
//
// In order, splits are handed out from the first on, and chunks of a later split wait for the end
// of those before it. So that nobody has to wait with them, chunks can be left here, up to a number
// of bytes and of chunks; whoever comes next when a turn has come takes the chunk. Past that only
// the split whose turn it is is read, as long as none of its own chunks waits here.
//
// Of a run that several processes share, each split must be claimed before it is read, and may be
// lost to another process: each hold of it has a number, and what belongs to an earlier one is
// void. Threads: any.
class SplitBoard {
 public:
  struct Rules {
    bool ordered = false;  // splits commit one after the other
    bool shared = false;   // splits must be claimed
    // Ordered ones alone: how many bytes may wait for their turns while more is read. 0: nothing
    // can be left here, and splits are read one after the other.
    int64_t waiting_bytes = 0;
  };

  // A split that is the caller's to read a chunk from, until give_back(); or a chunk that was left
  // here and whose turn has come.
  struct Turn {
    size_t split = 0;
    uint64_t claim = 0;       // the number of this hold
    bool must_claim = false;  // it is nobody's here yet: claimed(), put_aside() or done() follows
    std::unique_ptr<ReadyChunk> ready = nullptr;  // null: there is a chunk to be read
  };

  // `threads` outlive it.
  SplitBoard(std::vector<SplitReader> readers, const std::vector<SplitStart>& starts, Rules rules,
             Threads& threads = Threads::machine());

  // The split in `preferred` if it is free. Waits while others read all that is left. Nothing when
  // all is read, or after stop(); but what was left here comes to its turn before that, where it
  // can.
  std::optional<Turn> take(std::optional<size_t> preferred);
  SplitReader& reader(size_t split) { return readers_[split]; }
  // The caller has read, or found that there is nothing. `more`: there may be another chunk. `got`:
  // it has one in hand, for which committed() follows.
  void give_back(const Turn& turn, bool more, bool got = true);

  // What came of a claim. The turn goes on after claimed(), and ends with the others.
  void claimed(Turn* turn, uint64_t next_chunk);
  // Another process has the split; it is handed out again after a while.
  void put_aside(const Turn& turn);
  // Another process has brought it to its end.
  void done(const Turn& turn);
  // The split has been taken over by another process. Nothing happens where that hold is past.
  void lost(size_t split, uint64_t claim);
  bool holds(size_t split, uint64_t claim) const;

  // Leaves a chunk here until its turn. False: that cannot be, or its turn is now, or never: the
  // caller goes on with it.
  bool leave(ReadyChunk* ready);
  // True where every chunk before this one is committed.
  bool has_turn(size_t split, uint64_t claim, uint64_t sequence) const;
  // Waits for that, but no longer than `most`. True: it has come to pass, or never will.
  bool await_turn_for(size_t split, uint64_t claim, uint64_t sequence,
                      std::chrono::milliseconds most);
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
    int64_t in_hand = 0;  // chunks that are read and not committed
  };
  using Place = std::pair<size_t, uint64_t>;  // split and sequence

  bool may_take(const State& state) const {
    return !state.reading && !state.read_out && !state.is_aside;
  }
  std::optional<size_t> find(std::optional<size_t> preferred) const CHUNKMILL_REQUIRES(mutex_);
  std::optional<size_t> find_in_order() const CHUNKMILL_REQUIRES(mutex_);
  bool is_turn(size_t split, uint64_t claim, uint64_t sequence) const CHUNKMILL_REQUIRES(mutex_);
  // It will not come, as a chunk before it failed or the split was lost.
  bool is_void(size_t split, uint64_t claim) const CHUNKMILL_REQUIRES(mutex_) {
    return abandoned_ || states_[split].claim != claim;
  }
  // The chunk that was left here and whose turn it is; null: it is not here.
  std::unique_ptr<ReadyChunk> take_ready() CHUNKMILL_REQUIRES(mutex_);
  // Nothing that waits here can come to its turn any more.
  bool is_over() const CHUNKMILL_REQUIRES(mutex_);
  void give_up(State* state);
  // Waits for a change; splits that are aside may be asked for again after it.
  void wait(Lock& lock) CHUNKMILL_REQUIRES(mutex_);

  std::vector<SplitReader> readers_;
  const Rules rules_;
  Threads& threads_;
  mutable Mutex mutex_;
  std::condition_variable changed_;
  std::vector<State> states_ CHUNKMILL_GUARDED_BY(mutex_);
  std::map<Place, std::unique_ptr<ReadyChunk>> waiting_ CHUNKMILL_GUARDED_BY(mutex_);
  int64_t bytes_waiting_ CHUNKMILL_GUARDED_BY(mutex_) = 0;
  size_t first_unread_ CHUNKMILL_GUARDED_BY(mutex_) = 0;  // all before it are read out
  // All before it are committed to their ends.
  size_t first_undone_ CHUNKMILL_GUARDED_BY(mutex_) = 0;
  bool stopped_ CHUNKMILL_GUARDED_BY(mutex_) = false;
  bool abandoned_ CHUNKMILL_GUARDED_BY(mutex_) = false;
};

}  // namespace chunkmill::host
