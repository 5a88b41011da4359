// SplitReader: one split of the source, chunk by chunk.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chunkmill/mutex.hpp"
#include "framework/plan/pipeline.hpp"
#include "framework/run/chunk.hpp"
#include "framework/state/store.hpp"

namespace chunkmill::host {

// Where a split begins in this run.
struct SplitStart {
  Split split;
  std::string position;  // empty: at its start
  uint64_t next_chunk = 0;
  bool done = false;
  int64_t align_records = 0;   // the first chunk must have exactly so many records; 0: any number
  int64_t align_rejected = 0;  // and so many of them were rejected, by the sink that has it
  uint64_t committed_by_some = 0;  // chunks that the sink which is furthest has
  uint64_t epoch = 0;              // under which its chunks are committed
};

// The records of a replay, as the state holds them: so many of this run, from 0. They are read as
// they are needed, so that memory stays flat.
struct ReplayFeed {
  StateStore* state = nullptr;
  std::string run;
  int64_t records = 0;
};

// Reads chunks and knows where each begins and ends. A chunk that comes short is followed by a look
// ahead, so that the last one of a split is marked; where that was not to be seen, an empty last
// chunk follows. Threads: one call at a time, but for committed(), which any may call.
class SplitReader {
 public:
  // `pipeline` must outlive it.
  SplitReader(Pipeline& pipeline, size_t index, SplitStart start)
      : pipeline_(&pipeline),
        index_(index),
        split_(std::move(start.split)),
        position_(std::move(start.position)),
        sequence_(start.next_chunk),
        align_records_(start.align_records),
        align_rejected_(start.align_rejected),
        epoch_(start.epoch),
        ended_(start.done) {}
  // Begins again at `start`, whatever has been read. Nobody reads meanwhile.
  void begin_at(const SplitStart& start);
  // Reads records `feed` instead of opening the split: for replays.
  void read_from(const ReplayFeed& feed) { feed_ = feed; }

  const Split& split() const { return split_; }
  uint64_t epoch() const { return epoch_; }

  // The next chunk; nothing when the last one has been given. After a failure the next call begins
  // again where the chunk would have begun.
  Result<std::optional<Chunk>> next(const ReadLimits& limits);

  // All before `position` is committed: told to the source before the next read, or by close().
  void committed(std::string position) {
    const Lock lock(told_->mutex);
    told_->position = std::move(position);
  }
  // The split's last chunk is committed: tells the source, and closes its lane. Nobody reads then.
  Status close();

 private:
  // What one call of the source gave.
  struct Part {
    ReadChunk rows;
    std::string end;  // where the next one begins
    int64_t records() const {
      return rows.batch.row_count() + static_cast<int64_t>(rows.errors.size());
    }
  };

  // What is committed and not yet told to the source. Made apart, as a reader moves and a mutex
  // does not.
  struct Told {
    Mutex mutex;
    std::string position CHUNKMILL_GUARDED_BY(mutex);  // empty: nothing new
  };

  Status ready_lane();
  // As read(), of a replay.
  Result<std::optional<Part>> read_replayed(const ReadLimits& limits);
  Status tell_committed();
  Result<std::optional<Part>> read(const ReadLimits& limits);
  Result<std::optional<Chunk>> read_chunk(ReadLimits limits);
  // Reads on, row by row, while the value of `keep_together` stays the same.
  Status finish_group(std::vector<Part>* parts, const ReadLimits& limits);
  Result<Chunk> join(std::vector<Part> parts);
  Status cast(Chunk* chunk);

  Pipeline* pipeline_;
  size_t index_;
  Split split_;
  std::string position_;  // where the next chunk begins
  uint64_t sequence_;
  int64_t align_records_;
  int64_t align_rejected_;
  uint64_t epoch_;
  bool ended_;  // the last chunk has been given
  std::optional<ReplayFeed> feed_;
  int64_t fed_ = 0;     // records of the feed that were read
  int64_t loaded_ = 0;  // of those, and behind them, that lane_ has been given
  std::optional<SourceLane> lane_;
  std::optional<Part> ahead_;  // read, but not in a chunk yet
  bool at_end_ = false;        // the source said so
  std::unique_ptr<Told> told_ = std::make_unique<Told>();
};

}  // namespace chunkmill::host
