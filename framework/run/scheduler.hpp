// Scheduler: drives a bound pipeline from start to end with several workers. Start here to see how
// a run goes.
#pragma once

#include <atomic>
#include <condition_variable>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "chunkmill/mutex.hpp"
#include "framework/core/threads.hpp"
#include "framework/observe/progress.hpp"
#include "framework/observe/summary.hpp"
#include "framework/run/pacer.hpp"
#include "framework/run/resume.hpp"
#include "framework/run/run_chunk.hpp"
#include "framework/run/run_context.hpp"
#include "framework/run/run_end.hpp"

namespace chunkmill::host {

struct RunOptions {
  StartOptions start;
  std::optional<int64_t> limit;  // stop, resumable, after so many rows
  Listeners listeners;
  Progress* progress = nullptr;  // may be null
};

// What all else of the process gives to a run; must outlive it.
struct RunServices {
  StateStore* state = nullptr;
  Log* log = nullptr;
  Metrics* metrics = nullptr;
  Clock* clock = nullptr;
  Threads* threads = nullptr;
  std::atomic<bool>* cancelled = nullptr;    // set from outside (a signal) or by the run itself
  const std::atomic<int>* signal = nullptr;  // the signal that set it; 0: none
};

struct RunOutcome {
  RunEnd end = RunEnd::kFailed;
  RunTotals totals;  // of the whole run, earlier attempts included
  std::string run;
  // kUpToDate: those that cannot tell whether their data has changed; empty: all can.
  std::string cannot_tell;
  Status failure;  // why it failed or stopped; ok where it did neither, or its budget was used up
  bool budget_used = false;
  bool resumed = false;
  bool sums_complete = true;
  std::vector<SinkTally> sinks;  // what they say of the run; empty where none was asked
};

// One run of a job. Threads: run() is called once; it starts and joins the workers itself.
class Scheduler {
 public:
  Scheduler(Pipeline& pipeline, RunServices services, RunOptions options);
  ~Scheduler();

  RunOutcome run() CHUNKMILL_ALONE;
  // Instead of the source's splits, reads `feed`, in the run that `start` says. `only_begun`: no
  // further than the sink that is furthest has it already, so that all are level. Before run().
  void replay(Start start, ReplayFeed feed, bool only_begun);
  // After run(): how many records of the replay every sink has. Nothing where that is not known.
  std::optional<int64_t> replayed() const { return replayed_; }

 private:
  Status start();
  Status decide(const FingerprintParts& parts);
  // The run as `sink` is told of it: only those that can append are asked to.
  Run run_for(const BoundSink& sink) const;
  Status join(const FingerprintParts& parts);
  Status make_board() CHUNKMILL_ALONE;
  bool keep_order();
  void work(ChunkRunner& runner);
  // claim_split() with retries.
  Result<bool> claim(SplitBoard::Turn* turn, ChunkRunner& runner);
  // Reads one chunk of `split` with retries.
  Result<std::optional<Chunk>> read(size_t split, ChunkRunner& runner);
  // kPlugin where a plugin says that it was interrupted, and was not.
  Status checked(Status status) const;
  void fail(const Status& reason, int64_t rows);
  void watch();
  void keep_pace(int64_t rows);
  bool budget_is_used() const {
    const std::optional<int64_t>& time = pipeline_->spec->budget.time_ms;
    return time && services_.clock->steady_ns() - started_ns_ > *time * 1'000'000;
  }
  // The totals of the whole run, earlier attempts and other processes included.
  const RunTotals& add_up() CHUNKMILL_ALONE;
  Status finish_sinks();
  RunOutcome finish() CHUNKMILL_ALONE;
  void count_others() CHUNKMILL_ALONE;
  // Compares what is counted here with what the sinks hold.
  Status compare_with_sinks(std::vector<SinkTally>* sinks) CHUNKMILL_ALONE;
  ProgressCounts progress_counts();

  Pipeline* pipeline_;
  RunServices services_;
  RunOptions options_;
  RunContext context_;
  Start start_;
  RowCounts committed_before_;
  std::vector<std::thread> workers_;
  size_t worker_count_ = 1;
  int64_t started_ns_ = 0;
  int64_t rows_expected_ = 0;
  int64_t bytes_expected_ = 0;
  struct Replay {
    Start start;
    ReplayFeed feed;
    bool only_begun;
  };
  std::optional<Replay> replay_;
  std::optional<int64_t> replayed_;
  std::optional<Pacer> pacer_;  // of the whole run
  // Threads: counted by workers, read by the watching thread.
  Mutex watching_;
  std::condition_variable worker_left_;
  size_t working_ CHUNKMILL_GUARDED_BY(watching_) = 0;
  std::atomic<int64_t> rows_taken_{0};
  std::atomic<bool> budget_used_{false};
};

}  // namespace chunkmill::host
