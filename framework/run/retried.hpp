// What a run tries again: wait_to_retry() between two attempts, retried() around a step.
#pragma once

#include <string_view>
#include <utility>

#include "framework/run/retry.hpp"
#include "framework/run/run_context.hpp"

namespace chunkmill::host {

// Waits before another attempt after `status`, and tells the observers and the log; false when
// there is none left, or the run is cancelled. `split` and `chunk` say where: "" and -1 outside of
// them. Threads: any, but one at a time for one backoff; takes context.mutex.
bool wait_to_retry(RunContext& context, Backoff& backoff, const Status& status,
                   std::string_view split, int64_t chunk, std::string_view stage);

// Says in the log that another attempt follows.
void announce_retry(Log& log, const Status& status, int64_t delay_ms, const LogFields& fields);

inline Status status_of(const Status& status) { return status; }
template <typename T>
Status status_of(const Result<T>& result) {
  return result.status();
}

// `step` until it succeeds, fails for good, or the job's `retry` is used up: the last outcome. For
// steps that may be repeated whatever became of the attempt before, outside of chunks.
template <typename Step>
auto retried(RunContext& context, std::string_view stage, Step step) {
  Backoff backoff(context.pipeline->spec->retry, random_seed());
  while (true) {
    auto outcome = step();
    if (outcome.ok() || !is_transient(status_of(outcome)) ||
        !wait_to_retry(context, backoff, status_of(outcome), "", -1, stage))
      return outcome;
  }
}

}  // namespace chunkmill::host
