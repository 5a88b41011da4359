// What the state file remembers, as plain values.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chunkmill/types.hpp"

namespace chunkmill::host {

enum class RunStatus { kRunning, kSuccess, kPartialSuccess, kFailed, kStopped };

// "running", "success", "partial_success", "failed", "stopped".
std::string_view run_status_name(RunStatus status);

// Rows by what became of them. `pending` were read but neither written nor given up: 0 unless the
// run stopped.
struct RowCounts {
  int64_t read = 0;
  int64_t written = 0;
  int64_t rejected = 0;
  int64_t filtered = 0;
  int64_t pending = 0;

  bool adds_up() const { return read == written + rejected + filtered + pending; }
  bool operator==(const RowCounts&) const = default;
  RowCounts& operator+=(const RowCounts& more) {
    read += more.read;
    written += more.written;
    rejected += more.rejected;
    filtered += more.filtered;
    pending += more.pending;
    return *this;
  }
};

// Of what sinks count.
inline RowCounts row_counts(const Counts& counts) {
  return {static_cast<int64_t>(counts.rows_in), static_cast<int64_t>(counts.rows_out),
          static_cast<int64_t>(counts.rows_rejected), static_cast<int64_t>(counts.rows_filtered),
          0};
}

// One run of a job, from its first start through all its resumptions.
struct RunRecord {
  std::string run;       // id
  std::string job;       // the job's name
  std::string job_path;  // as the person wrote it
  std::string command;   // "run", "replay"
  std::string fingerprint;
  // What the fingerprint was made of, name and hash or text, so that a mismatch can say what
  // changed.
  std::vector<std::pair<std::string, std::string>> fingerprint_parts;
  RunStatus status = RunStatus::kRunning;
  uint64_t epoch = 1;
  int64_t started_ms = 0;  // wall clock
  int64_t ended_ms = 0;    // 0 while it is running, or when it died
  RowCounts totals;
  std::string message;  // why it failed or stopped; empty otherwise
  // Filled by the store from recorded chunks, sorted by name. After a crash up to 200 ms of sums
  // may be missing; then `sums_complete` is false.
  std::vector<std::pair<std::string, double>> sums;
  bool sums_complete = true;
};

// How far one split of a run has been committed.
struct SplitRecord {
  std::string split;
  std::string position;  // where the next chunk begins; opaque
  uint64_t next_chunk = 0;
  bool done = false;
  RowCounts counts;
  uint64_t epoch = 0;  // under which this host's sinks hold it; only ever raised
};

// One committed chunk.
struct ChunkRecord {
  std::string run;
  std::string split;
  uint64_t sequence = 0;  // in its split
  std::string begin;
  std::string end;
  bool last = false;  // it ends its split
  RowCounts counts;
  int64_t bytes = 0;
  int32_t attempts = 1;
  double time_seconds = 0;
  double read_seconds = 0;
  double calculate_seconds = 0;
  double write_seconds = 0;
  double commit_seconds = 0;
  std::vector<std::pair<std::string, double>> sums;  // what calculators published
};

enum class RejectStage { kRead, kCalculate, kWrite };
enum class RejectState {
  kOpen,      // waits for somebody
  kReplayed,  // a replay run has taken it up
  kResolved,  // a replay run wrote it
  kDismissed  // somebody said that it is not to be written
};

// "read", "calculate", "write"; "open", "replayed", "resolved", "dismissed".
std::string_view reject_stage_name(RejectStage stage);
std::string_view reject_state_name(RejectState state);

// A row that was not written, and why.
struct Reject {
  int64_t id = 0;  // given by the store; never used twice
  std::string run;
  std::string split;
  uint64_t chunk = 0;
  int64_t ordinal = 0;  // of the row in its chunk, from 0
  std::string where;    // file or table it came from
  int64_t line = 0;     // in `where`, from 1; 0 if unknown
  RejectStage stage = RejectStage::kRead;
  std::string plugin;
  std::string plugin_version;
  std::string code;    // stable: "bad_number"
  std::string column;  // empty: the whole row
  std::string message;
  int32_t attempt = 1;
  std::string raw;          // the record as it stood in the input, when it could not be parsed
  std::string fields_json;  // the original fields as a JSON object; empty when there is `raw`
  int64_t parent = 0;       // the reject that this one is a replay of; 0: none
  RejectState state = RejectState::kOpen;
  std::string replay_run;  // the run that took it up last; empty: none
  int64_t created_ms = 0;  // wall clock, given by the store
};

// Which rejects; empty or zero fields do not restrict.
struct RejectFilter {
  std::string run;
  std::vector<std::string> runs;  // any of these
  std::string code;
  std::string column;
  std::vector<RejectStage> stages;
  std::vector<RejectState> states;
  std::vector<int64_t> ids;
  // True: of chunks that are committed; false: of chunks that are not, which a run reads again.
  std::optional<bool> committed;
  int64_t after_id = 0;  // for paging: results are in the order of ids
  int64_t limit = std::numeric_limits<int64_t>::max();
};

// Rejects of one cause.
struct RejectGroup {
  std::string code;
  RejectStage stage = RejectStage::kRead;
  int64_t count = 0;
  Reject first;
};

struct RejectTally {
  int64_t open = 0;
  int64_t replayed = 0;
  int64_t resolved = 0;
  int64_t dismissed = 0;
};

}  // namespace chunkmill::host
