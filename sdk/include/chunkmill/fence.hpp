// The fence: may a worker write this chunk, is it committed already, or has the split gone to
// somebody else? Every ledger asks judge(), whatever it is kept in: tables (sql/ledger.hpp) or a
// file (files/committed_file.hpp).
//
// No I/O here. Threads: any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "chunkmill/sink.hpp"

namespace chunkmill {

// A chunk as a ledger sees it. A value: the host's own view of the chunk lives for one call.
struct ChunkPlace {
  ChunkPlace() = default;
  explicit ChunkPlace(const Chunk& chunk)
      : job(chunk.job()),
        run(chunk.run()),
        split(chunk.split()),
        begin(chunk.begin()),
        end(chunk.end()),
        sequence(chunk.sequence()),
        epoch(chunk.epoch()),
        last(chunk.last()) {}

  std::string job, run, split, begin, end;
  uint64_t sequence = 0;
  uint64_t epoch = 0;
  bool last = false;
};

// How far the ledger says that the chunk's split is. Views: what they look at outlives it.
struct SplitPlace {
  std::string_view run;
  uint64_t epoch = 0;
  uint64_t next_chunk = 0;
  std::string_view position;
};

enum class Verdict {
  kNext,        // the chunk may be written
  kCommitted,   // it is in the ledger, whoever wrote it: do not write it again
  kOtherRun,    // fenced: the ledger belongs to another run
  kOtherEpoch,  // fenced: another worker has the split
  kOtherPlace   // fenced: the ledger does not stand at the chunk's begin
};

// The epoch does not matter to a chunk that is committed: a worker whose split was taken over after
// its commit has written the chunk nevertheless.
inline Verdict judge(const SplitPlace& at, const ChunkPlace& chunk) {
  if (at.run != chunk.run) return Verdict::kOtherRun;
  if (at.next_chunk == chunk.sequence + 1 && at.position == chunk.end) return Verdict::kCommitted;
  if (at.epoch != chunk.epoch) return Verdict::kOtherEpoch;
  if (at.next_chunk != chunk.sequence || at.position != chunk.begin) return Verdict::kOtherPlace;
  return Verdict::kNext;
}

// Why a chunk is not written, for a message; empty where it may be.
inline std::string fenced_because(Verdict verdict, const SplitPlace& at, const ChunkPlace& chunk) {
  switch (verdict) {
    case Verdict::kOtherRun:
      return "run " + chunk.run + " is not the one attached";
    case Verdict::kOtherEpoch:
      return "it belongs to epoch " + std::to_string(at.epoch) + ", this is epoch " +
             std::to_string(chunk.epoch);
    case Verdict::kCommitted:
    case Verdict::kOtherPlace:
      return "the ledger stands before chunk " + std::to_string(at.next_chunk) +
             ", not at the begin of chunk " + std::to_string(chunk.sequence);
    case Verdict::kNext:
      break;
  }
  return {};
}

}  // namespace chunkmill
