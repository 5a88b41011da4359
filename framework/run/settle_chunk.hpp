// ChunkSettler: around a commit. The error threshold before it, the bookkeeping after it.
#pragma once

#include "framework/run/run_context.hpp"

namespace chunkmill::host {

// One a worker. Threads: one call at a time; settlers share the context, which must outlive them.
class ChunkSettler {
 public:
  explicit ChunkSettler(RunContext& context) : context_(&context) {}

  // Rows that an earlier attempt rejected in a chunk that some sinks have committed already.
  Status recall_rejects(Chunk& chunk);
  // A chunk that one sink has already must have the same rejects in the others: those that the sink
  // refused are in the state file alone.
  Status check_rejected_before(const Chunk& chunk) const;
  // Reserves the chunk's rejects before its commit, so that no two chunks pass a threshold
  // together. kThreshold where they are too many.
  Status check_threshold(Chunk& chunk, int64_t rejected);
  // Gives the chunk's reservation back, once it is counted or has failed.
  void release(Chunk& chunk);
  // The chunk is committed: records, counts and reports it.
  Status recorded(Chunk& chunk, const Streams& streams, const cm_counts& counts);

 private:
  // What others have committed of a shared run, by the sink's ledger.
  Status ask_ledger();
  void release_locked(Chunk& chunk) CHUNKMILL_REQUIRES(context_->mutex);

  RunContext* context_;
};

}  // namespace chunkmill::host
