// JobSession: a loaded and bound job with everything around it that a run needs. What the verbs of
// the command line and JobRun begin with.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/job/load.hpp"
#include "framework/observe/log.hpp"
#include "framework/observe/metrics.hpp"
#include "framework/plan/pipeline.hpp"
#include "framework/run/preview.hpp"
#include "framework/run/scheduler.hpp"
#include "framework/state/store.hpp"

namespace chunkmill::host {

struct SessionOptions {
  std::vector<std::filesystem::path> plugin_folders;  // searched first
  std::vector<std::string> overrides;                 // --set
  std::filesystem::path state_folder;                 // empty: .chunkmill/ beside the job file
  std::optional<Shard> shard;                         // --shard
  bool locked = false;  // --locked: only what plugins.lock beside the job file pins
  LogSettings log;
  std::vector<const cm_module*> modules;  // plugins that this program is linked with; before files
  Clock* clock = nullptr;                 // null: the machine's; must outlive the session
  Threads* threads = nullptr;             // likewise
};

// Which rejects are replayed.
struct ReplayRequest {
  std::string what;     // tells one request from another: the filter, or what identifies the file
  RejectFilter filter;  // open ones that pass it
  NextEdit edits;       // instead of the filter: edited records; may be empty
  bool confirmed =
      false;  // --yes: also where rows may be overwritten, or the target is another one
};

// What becomes of a source, lookup or sink that does not answer when the job is bound.
enum class Patience {
  kNone,      // it is told at once: `validate` and other looks
  kAsTheJob,  // it is tried again as the job's `retry:` says: runs
};

// Threads: one, but for what its parts say of themselves.
class JobSession {
 public:
  // The surroundings alone, no job yet.
  static Result<std::unique_ptr<JobSession>> make(SessionOptions options);
  ~JobSession();

  // Loads the job file without touching plugins' objects. On failure faults() says what is wrong.
  Status load(const std::string& job_path);
  // Binds all its plugins. After load().
  Status bind(Patience patience);
  Status open_state(OpenMode mode);

  const JobSpec& spec() const { return pipeline_ ? *pipeline_->spec : *spec_; }
  Pipeline& pipeline() { return *pipeline_; }
  Registry& registry() { return *registry_; }
  StateStore& state() { return *state_; }
  Log& log() { return *log_; }
  Terminal& terminal() { return terminal_; }
  Clock& clock() { return *clock_; }
  std::filesystem::path state_folder_of(const JobSpec& spec) const;
  std::filesystem::path state_path() const;

  const Faults& faults() const { return faults_; }
  const std::string& job_path() const { return job_path_; }  // as the person wrote it
  const std::string& job_text() const { return job_text_; }

  // Set by whoever wants the run to stop; a signal handler may.
  std::atomic<bool>& cancelled() { return cancelled_; }

  // Runs the job. After bind() and open_state(); once.
  RunOutcome run(RunOptions options);
  // The first `rows` records through every stage; after bind(), instead of run(). Writes nothing.
  Result<Preview> preview(int64_t rows);
  // Feeds rejects in again whose original text is kept whole, or as somebody has edited it; once,
  // instead of run(). A replay is a run of its own, with a set of rejects that is stored before the
  // first write: the same request resumes one that was stopped or killed. Another request, or
  // a job that has changed, first settles what that one has written. RunEnd::kUpToDate: there was
  // nothing to replay. Code::kUsage: it is not to be done, and nothing was touched.
  RunOutcome replay(const ReplayRequest& request, RunOptions options);

 private:
  explicit JobSession(SessionOptions options);
  // Code::kUsage where a sink has `mode: replace`; `why` says what that would do.
  Status stop_if_replaced(const std::string& why) const;
  // Code::kUsage unless the source can read single records and every sink can add rows.
  Status check_can_replay(const ReplayRequest& request);
  // Makes the sinks level and settles what `known` has written.
  Status close_replay(const RunRecord& known);
  Result<std::optional<Start>> begin_replay(const ReplayRequest& request,
                                            const FingerprintParts& parts);
  // Code::kUsage where rows that have been written since the rejects could be overwritten.
  Status check_not_newer(const std::string& replay, const ReplayRequest& request);
  RunServices services();

  const SessionOptions options_;
  RealClock machine_clock_;
  Clock* const clock_;
  Terminal terminal_;
  std::atomic<bool> cancelled_{false};
  std::unique_ptr<Log> log_;
  Metrics metrics_;
  std::unique_ptr<Registry> registry_;
  Faults faults_;
  std::string job_path_;
  std::string job_text_;
  std::unique_ptr<const JobSpec> spec_;  // until it is bound
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<StateStore> state_;
};

}  // namespace chunkmill::host
