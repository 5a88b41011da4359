// A source plugin's object and its lanes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/abi/rerun.h"
#include "chunkmill/arrow.hpp"
#include "chunkmill/types.hpp"
#include "framework/core/status.hpp"
#include "framework/data/batch.hpp"
#include "framework/plugin/call.hpp"
#include "framework/plugin/row_error.hpp"

namespace chunkmill::host {

// What one next() read. `errors` are records that could not be read, by ordinal in this chunk (good
// and bad counted together), so batch.row_count() + errors.size() records were consumed; the batch
// may be empty.
struct ReadChunk {
  Batch batch;
  std::vector<RowError> errors;
};

using SourceObject = Owned<cm_source_api, cm_source>;
using SourceLaneObject = Owned<cm_source_api, cm_source_lane>;

// SourceLane reads one split from a position on. Move-only; closes itself. Its Source must outlive
// it. Threads: one call at a time; any thread.
class SourceLane {
 public:
  // The next rows, as batches of `schema` (what the source was told to select(), else its own
  // schema()); nothing at the split's end. The errors ascend. kPlugin where the array is not one of
  // that schema, more was read than allowed, or a record was reported twice.
  Result<std::optional<ReadChunk>> next(const ReadLimits& limits,
                                        std::shared_ptr<const Schema> schema);
  // Where the next rows begin: to be asked after next() has given some. kPlugin where it is where it
  // was, though records were read since: a resume from there would read them twice.
  Result<std::string> position();
  // `position` and all before it is committed in every sink. Ok where the source does not care to
  // know.
  Status committed(std::string_view position);

 private:
  friend class Source;
  SourceLane(std::unique_ptr<SourceLaneObject> object, std::string_view position)
      : object_(std::move(object)), position_(position) {}

  std::unique_ptr<SourceLaneObject> object_;
  std::string position_;  // as last asked for, or as it was opened
  int64_t records_ = 0;   // read since then
  int empty_ = 0;         // calls of next() since then that gave nothing at all
};

// Source is one configured source. Move-only; destroys itself. The Module, the cm_host and the
// lanes' lifetimes enclose as in the ABI: host outlives Source outlives SourceLane. Threads: one
// call at a time, but for records() and interrupt(), which any thread may call at any time.
class Source {
 public:
  static Result<Source> create(const Module& module, const cm_host* host,
                               const cm_options& options);

  const Module& module() const { return *object_->module; }

  Result<Schema> schema();
  // Asks for these columns and types from now on. False: the source cannot, the host projects and
  // casts.
  Result<bool> select(const Schema& wanted);
  // At least one split unless the source is empty; ids are unique and not empty (else kPlugin).
  Result<std::vector<Split>> plan(uint32_t parallel);
  // Text that changes when the input changes; empty where the source does not say.
  Result<std::string> identity();
  // What a job that has finished does when it is started again over the same input: CM_RERUN_*;
  // asked for at create().
  int32_t rerun() const { return rerun_; }
  // `position` is empty for the split's start.
  Result<SourceLane> open(std::string_view split, std::string_view position);
  void interrupt();

  bool has_records() const { return CHUNKMILL_OFFERS(object_->api, cm_source_api, records); }
  // Some records of the chunk that begins at `begin`, read again as text; `ordinals` ascend, and so
  // do the records. kPlugin where one was not asked for, or comes twice.
  Result<std::vector<Record>> records(std::string_view split, std::string_view begin,
                                      std::span<const uint64_t> ordinals);
  bool has_replay() const { return CHUNKMILL_OFFERS(object_->api, cm_source_api, replay); }
  // A lane over these records instead of the input. `records` may go when it returns.
  Result<SourceLane> replay(std::span<const Record> records);

 private:
  explicit Source(std::unique_ptr<SourceObject> object) : object_(std::move(object)) {}
  Status ask_rerun();

  std::unique_ptr<SourceObject> object_;
  int32_t rerun_ = CM_RERUN_NEVER;
  bool has_schema_ = false;
  bool is_planned_ = false;
};

}  // namespace chunkmill::host
