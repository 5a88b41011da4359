// How a run ends, and why its rows were rejected.
#pragma once

#include <string>
#include <vector>

#include "framework/core/status.hpp"
#include "framework/observe/event.hpp"
#include "framework/state/store.hpp"

namespace chunkmill::host {

enum class RunEnd {
  kSuccess,
  kPartialSuccess,  // finished with rejects
  kUpToDate,
  kFailed,   // cannot be resumed as it is
  kStopped,  // resumable
};

// True where the same command may succeed later.
bool is_resumable(const Status& status);

// What has come of a run when its workers are done.
struct RunFacts {
  Status failure;           // ok: there is none
  bool up_to_date = false;  // nothing was to be done
  bool all_read = false;    // every split is committed to its end
  bool has_rejects = false;
};

RunEnd end_of(const RunFacts& facts);
// As the state files it.
RunStatus run_status_of(const RunFacts& facts);

// Why rows of the run were rejected, grouped, with the place of the first of each: of the whole
// run, earlier attempts included. Empty where the state cannot be read.
std::vector<ErrorGroup> causes_of(StateStore& state, const std::string& run);

}  // namespace chunkmill::host
