// A sink plugin's object and its lanes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chunkmill/abi/ahead.h"
#include "chunkmill/abi/sharing.h"
#include "chunkmill/abi/tally.h"
#include "chunkmill/arrow.hpp"
#include "chunkmill/types.hpp"
#include "framework/core/status.hpp"
#include "framework/data/batch.hpp"
#include "framework/plugin/call.hpp"
#include "framework/plugin/row_error.hpp"

namespace chunkmill::host {

// A stream that is wired to a sink; its index in bind() is the `stream` of write().
struct SinkStream {
  std::string name;
  std::shared_ptr<const Schema> schema;  // shared with the stream's batches
};

// What a sink can do.
struct Abilities {
  uint32_t flags = 0;            // CM_SINK_*
  uint32_t max_lanes = 0;        // 0: any number
  uint64_t max_batch_bytes = 0;  // 0: no limit

  bool transactional() const { return (flags & CM_SINK_TRANSACTIONAL) != 0; }
  bool keeps_position() const { return (flags & CM_SINK_KEEPS_POSITION) != 0; }
  bool upsert() const { return (flags & CM_SINK_UPSERT) != 0; }
  bool atomic_write() const { return (flags & CM_SINK_ATOMIC_WRITE) != 0; }
  bool per_row_result() const { return (flags & CM_SINK_PER_ROW_RESULT) != 0; }
  bool forgets() const { return (flags & CM_SINK_FORGETS) != 0; }
  bool shows_order() const { return (flags & CM_SINK_SHOWS_ORDER) != 0; }
  bool appends() const { return (flags & CM_SINK_APPENDS) != 0; }
  bool repeatable() const { return (flags & (CM_SINK_REPEATABLE | CM_SINK_FORGETS)) != 0; }
};

using SinkObject = Owned<cm_sink_api, cm_sink>;
using SinkLaneObject = Owned<cm_sink_api, cm_sink_lane>;

// SinkLane writes chunks, one at a time. Move-only; gives an open chunk up and closes itself. Its
// Sink must outlive it. Threads: one call at a time; any thread.
class SinkLane {
 public:
  SinkLane(SinkLane&& other) noexcept
      : object_(std::move(other.object_)),
        stream_count_(other.stream_count_),
        abilities_(other.abilities_),
        ahead_(other.ahead_),
        in_chunk_(std::exchange(other.in_chunk_, false)) {}
  SinkLane& operator=(SinkLane&& other) noexcept;
  ~SinkLane();

  // True: the chunk is open, now write, then commit or abort. False: the ledger has it already, do
  // nothing.
  Result<bool> begin(const cm_chunk& chunk);
  // The same while chunks before this one are not committed yet; commit() looks at the ledger then.
  // Only lanes of sinks with writes_ahead().
  Status begin_ahead(const cm_chunk& chunk);
  // Bad rows that the sink knows are appended to `errors`, also when the status is not ok
  // (facts().code == CM_DATA). kPlugin where it reports a row that the batch does not have, or bad
  // rows and success together, which only a sink with PER_ROW_RESULT may.
  Status write(uint32_t stream, const Batch& batch, std::vector<RowError>& errors);
  bool has_write_row() const { return CHUNKMILL_OFFERS(object_->api, cm_sink_api, write_row); }
  Status write_row(uint32_t stream, const Batch& batch, int64_t row);
  // Ok: the chunk is closed. Otherwise it is still open: abort() it, also after CM_COMMIT_UNKNOWN
  // (ask committed() then).
  Status commit(const cm_counts& counts);
  // Gives an open chunk up; nothing happens where none is open.
  void abort();

 private:
  friend class Sink;
  SinkLane(std::unique_ptr<SinkLaneObject> object, uint32_t streams, const Abilities& abilities,
           const cm_sink_ahead* ahead)
      : object_(std::move(object)), stream_count_(streams), abilities_(abilities), ahead_(ahead) {}

  std::unique_ptr<SinkLaneObject> object_;
  uint32_t stream_count_;
  Abilities abilities_;
  const cm_sink_ahead* ahead_;  // the plugin's; null where it has none
  bool in_chunk_ = false;
};

// Sink is one configured sink. Move-only; destroys itself. host outlives Sink outlives SinkLane.
// Threads: one call at a time, but for interrupt(), which any thread may call at any time.
class Sink {
 public:
  static Result<Sink> create(const Module& module, const cm_host* host, const cm_options& options);

  const Module& module() const { return *object_->module; }

  // kPlugin where the abilities contradict each other (KEEPS_POSITION without a ledger to ask).
  Result<Abilities> bind(std::span<const SinkStream> streams);
  // Ok where the sink has nothing to check.
  Status check();
  // Nothing where the ledger knows no such job, or the sink keeps none.
  Result<std::optional<LedgerRun>> ledger(std::string_view job);
  Status attach(const Run& run);
  // Nothing where no chunk of the split is committed, or the sink keeps no position. Takes the
  // split over.
  Result<std::optional<SplitState>> committed(std::string_view split);
  // Whether several workers can share the splits of a run through this sink's ledger, with join()
  // in place of attach() and claim() in place of committed().
  bool shares() const { return sharing_ != nullptr; }
  // Chunks that are committed in order can be written side by side before that, with
  // SinkLane::begin_ahead().
  bool writes_ahead() const { return ahead_ != nullptr; }
  // One that is written so keeps others waiting that touch the same rows.
  bool locks_ahead() const { return writes_ahead() && (ahead_->flags & CM_AHEAD_LOCKS) != 0; }
  // False, with nothing changed: workers that live are at another run of the job. `supersede` ends
  // that one instead.
  Result<bool> join(const Run& run, bool supersede);
  // The split is ours from there on, or it is done; nothing where a worker that lives has it.
  Result<std::optional<SplitState>> claim(std::string_view split);
  Result<SinkLane> open();
  // What the ledger holds of the attached run or, before attach(), of one that ledger() has named;
  // nothing where the sink does not say.
  Result<std::optional<Tally>> tally(const Run& run);
  Status finish(const Run& run);
  void interrupt();

 private:
  explicit Sink(std::unique_ptr<SinkObject> object);

  std::unique_ptr<SinkObject> object_;
  const cm_sink_sharing* sharing_ = nullptr;  // the plugin's; null where it has none
  const cm_sink_tally* tally_ = nullptr;      // the same
  const cm_sink_ahead* ahead_ = nullptr;      // the same
  Abilities abilities_;
  uint32_t stream_count_ = 0;
  bool is_bound_ = false;
  bool is_attached_ = false;
};

}  // namespace chunkmill::host
