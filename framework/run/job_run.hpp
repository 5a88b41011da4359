// JobRun: a job from a C++ program, chunk by chunk. The one header of libchunkmill that a program
// needs.
//
//   chunkmill::host::JobRun run = ...;   // Result<std::unique_ptr<JobRun>>
//   JobRun::start("job.yaml") while (auto chunk = run->next_chunk()) use(chunk->batches,
//   chunk->report); chunkmill::host::RunOutcome outcome = run->finish();
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "chunkmill/mutex.hpp"
#include "framework/run/session.hpp"

namespace chunkmill::host {

struct JobRunOptions {
  SessionOptions session;
  bool restart = false;
  size_t queued_chunks = 4;  // committed chunks that may wait to be taken; then the run waits
};

// The job runs on threads of its own while chunks are taken. A caller that does not take them slows
// the run down to a halt: back-pressure, flat memory. Threads: one caller at a time.
class JobRun {
 public:
  // Loads, binds and starts. kJob with all faults as text when the job file is wrong.
  static Result<std::unique_ptr<JobRun>> start(const std::string& job_path,
                                               JobRunOptions options = {});
  // Cancels a run that is still going, and waits for it.
  ~JobRun();

  // The next committed chunk: its index and metrics, and the batches of every stream. Waits for it;
  // nothing when the run is over.
  std::optional<ChunkResult> next_chunk();
  // Takes what is left without looking at it, and says how the run ended. Once.
  RunOutcome finish();
  // The run stops, resumable, after the chunks in hand.
  void cancel() { session_->cancelled() = true; }

 private:
  JobRun(std::unique_ptr<JobSession> session, size_t queued_chunks)
      : session_(std::move(session)), most_(queued_chunks) {}
  void push(ChunkResult chunk);

  std::unique_ptr<JobSession> session_;
  const size_t most_;
  std::thread thread_;
  Mutex mutex_;
  std::condition_variable changed_;
  std::deque<ChunkResult> queue_ CHUNKMILL_GUARDED_BY(mutex_);
  bool over_ CHUNKMILL_GUARDED_BY(mutex_) = false;
  bool unheard_ CHUNKMILL_GUARDED_BY(mutex_) = false;  // nobody takes chunks any more
  RunOutcome outcome_ CHUNKMILL_GUARDED_BY(mutex_);
};

}  // namespace chunkmill::host
