// Start here: StateStore is what survives a crash of the host, in one SQLite file a job.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/mutex.hpp"
#include "framework/core/clock.hpp"
#include "framework/core/status.hpp"
#include "framework/state/records.hpp"

namespace chunkmill::host {

// `<folder>/<job id>.state.db`; characters that do not belong in a file name become `_` followed by
// a short hash, so that two jobs never share a file.
std::filesystem::path state_path(const std::filesystem::path& folder, std::string_view job_id);

enum class OpenMode {
  kCreate,    // for a run: makes folder and file when they are missing, takes the lock
  kShared,    // as kCreate, beside other hosts on this machine that ask for the same
  kExisting,  // for a change to what is there: takes the lock; kNotFound when there is no file
  kReadOnly,  // for looking: no lock, works beside a running host; kNotFound when there is none
};

// A record whose text somebody may have edited, and the reject that it stands for.
struct EditedRecord {
  int64_t id = 0;
  std::string raw;
};
using NextEdit = std::function<Result<std::optional<EditedRecord>>()>;

// Rejects that no replay can read.
struct Unreadable {
  int64_t without_text = 0;
  int64_t cut = 0;            // the text is the beginning of the record
  int64_t not_committed = 0;  // a run that is not finished will read them again
};

struct StoreSettings {
  int64_t flush_every_ms = 200;
  int64_t history = 10'000;   // newest chunks of a run that are kept
  int64_t history_runs = 20;  // newest runs whose chunks are kept
};

// The truth about progress lies in the ledger of the sinks. This is a mirror of it for speed,
// history and rejects, and the truth only for sinks that keep no position (the engine then calls
// flush() after each commit).
//
// Everything but record_chunk survives a kill of the host once it has returned; rejects and
// cursors, and with them all that came before, also survive a power cut. Failures are Code::kState
// with the file and what to do; an unknown run is Code::kNotFound. A failed call changes nothing.
// Threads: any, for every function. record_chunk waits for the disk only when it is the one that
// flushes.
class StateStore {
 public:
  // `clock` must outlive the store. One host a file: a second one gets a message with the process
  // id of the first.
  static Result<std::unique_ptr<StateStore>> open(const std::filesystem::path& path, OpenMode mode,
                                                  const Clock& clock,
                                                  StoreSettings settings = {}) CHUNKMILL_ALONE;
  // Flushes; a failure to do so is lost, so call flush() before.
  ~StateStore();

  const std::filesystem::path& path() const;

  // The newest run of `command`, finished or not.
  Result<std::optional<RunRecord>> latest_run(std::string_view command = "run");
  Result<RunRecord> find_run(std::string_view run);
  // Newest first.
  Result<std::vector<RunRecord>> runs(int64_t limit);
  // Stores `run` as running, begun now.
  Status begin_run(const RunRecord& run);
  // Stores that `run` is resumed, under a new epoch.
  Status resume_run(std::string_view run, uint64_t epoch);
  // Puts the fingerprint of `run` and its parts in place of those that are stored.
  Status set_fingerprint(const RunRecord& run);
  // Flushes, and stores how it ended. `message`: why, when it failed or stopped.
  Status end_run(std::string_view run, RunStatus status, const RowCounts& totals,
                 std::string_view message = {});

  // Remembers a committed chunk: moves its split to `end`, adds up its counts and sums, and keeps
  // it in the history. In memory until the next flush; flushes by itself when the last one is
  // `flush_every_ms` ago. A failed flush keeps what it had and is tried again by the next call.
  Status record_chunk(ChunkRecord chunk);
  // Writes what record_chunk holds, in one transaction.
  Status flush();
  // Puts the sinks' own word in place of the mirror's, for resuming. Sums are marked incomplete
  // when the sinks are ahead.
  Status save_splits(std::string_view run, std::span<const SplitRecord> splits);
  // In the order in which they were first heard of.
  Result<std::vector<SplitRecord>> splits(std::string_view run);
  // Newest first; their sums are not kept one by one.
  Result<std::vector<ChunkRecord>> chunks(std::string_view run, int64_t limit);
  // The sum of all splits.
  Result<RowCounts> committed_counts(std::string_view run);

  // Puts `rejects` in place of what was stored for this chunk; an empty span clears it. To be
  // called before the sinks commit. `run`, `split`, `chunk`, `id`, `created_ms` and `state` of each
  // are set by the store.
  // Under an `epoch` older than the split's this is Code::kUnavailable with CM_FENCED: another
  // worker has the split.
  Status store_rejects(std::string_view run, std::string_view split, uint64_t chunk,
                       std::span<const Reject> rejects, uint64_t epoch = UINT64_MAX);
  // Forgets the rejects of chunks from `next_chunk` on: those never were committed and will be read
  // again.
  // Nothing happens under an `epoch` older than the split's.
  Status drop_rejects_from(std::string_view run, std::string_view split, uint64_t next_chunk,
                           uint64_t epoch = UINT64_MAX);
  // In the order of ids.
  Result<std::vector<Reject>> find_rejects(const RejectFilter& filter);
  // By cause, most frequent first. `limit` and `after_id` do not apply.
  Result<std::vector<RejectGroup>> reject_groups(const RejectFilter& filter);
  Result<RejectTally> count_rejects(std::string_view run);
  // The reject and those it is a replay of, oldest first.
  Result<std::vector<Reject>> reject_history(int64_t id);

  // `replay_run` takes up the open rejects that pass `filter` and can be read again: those whose
  // text is kept whole and whose chunk is committed. From then on they are its records, in the
  // order of their ids. How many it got.
  Result<int64_t> take_up(std::string_view replay_run, const RejectFilter& filter);
  // As above, but what `next` gives, until it gives nothing. One that is not open is passed over.
  Result<int64_t> take_up(std::string_view replay_run, const NextEdit& next);
  // Of the open rejects that pass `filter`: those that take_up() leaves.
  Result<Unreadable> count_unreadable(const RejectFilter& filter);
  // The newest replay that is not settled.
  Result<std::optional<RunRecord>> unsettled_replay();
  // Its records from `place` on, at most `rows`, and about `bytes` of text; at least one if there
  // is one. The text is that which the replay reads.
  Result<std::vector<Reject>> replay_records(std::string_view replay_run, int64_t place,
                                             int64_t rows, int64_t bytes);
  Result<int64_t> count_replay_records(std::string_view replay_run);
  // The runs whose rejects it has taken up, and how many of each.
  Result<std::vector<std::pair<std::string, int64_t>>> replayed_runs(std::string_view replay_run);
  // The sinks have the replay's first `written` records: those are resolved, unless a new reject
  // names one as its parent; the others are open again.
  Status settle_replay(std::string_view replay_run, int64_t written);
  // Open rejects that pass `filter` are not to be written. How many there were.
  Result<int64_t> dismiss_rejects(const RejectFilter& filter, std::string_view reason);
  // Why it was dismissed; empty where it was not.
  Result<std::string> dismissal(int64_t id);

  // Small texts that live on between runs, by name.
  Result<std::optional<std::string>> cursor(std::string_view name);
  Status set_cursor(std::string_view name, std::string_view value);

 private:
  struct Impl;
  explicit StateStore(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace chunkmill::host
