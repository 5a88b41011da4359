// The state of a job without its plugins: for the verbs that only look at what runs left behind.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "framework/cli/command.hpp"
#include "framework/state/store.hpp"

namespace chunkmill::host::cli {

// A job file, read as far as finding its state needs: plugins may be missing and variables unset.
struct JobState {
  JobSpec spec;
  RealClock clock;
  std::unique_ptr<StateStore> store;
};

// On failure prints why and sets `*exit_code`.
std::unique_ptr<JobState> open_job_state(const std::string& path, const CommonOptions& common,
                                         int* exit_code, OpenMode mode = OpenMode::kReadOnly);

// Which rejects a person means: the options that the rejects verbs share.
struct RejectQuery {
  std::string run, code, stage, column;
  std::string status = "open";
  std::vector<int64_t> ids;
  int64_t limit = 0;  // 0: all

  void describe(options::options_description* described);
  // kUsage where a stage or status is none.
  Result<RejectFilter> filter() const;
  // `filter` for the runs to look at: `run`; or all of them.
  Status choose_run(StateStore& store, RejectFilter* filter) const;
};

// The newest run and the replays since it began, newest last.
Result<std::vector<std::string>> newest_runs(StateStore& store);

// "suppliers.csv:12"; only the file's name, as its folder is the job's. Empty where it is unknown.
std::string place_text(const Reject& reject);
// "2026-03-01 12:30:45", UTC; "-" for 0.
std::string time_text(int64_t wall_ms);

}  // namespace chunkmill::host::cli
