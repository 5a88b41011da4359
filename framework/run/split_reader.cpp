#include "framework/run/split_reader.hpp"

#include <algorithm>

#include "chunkmill/parse.hpp"
#include "framework/data/cast.hpp"
#include "framework/data/filter.hpp"
#include "framework/data/row_json.hpp"

namespace chunkmill::host {
namespace {

// The value of one column of one row as text that is equal when the values are.
std::string key_of(const Batch& batch, int64_t row, size_t column) {
  const Column one = batch.column(column).slice(row, 1);
  const auto schema = std::make_shared<const Schema>(Schema{{batch.schema()[column]}});
  return row_as_json(Batch::of(schema, {one}, 1), 0);
}

}  // namespace

void SplitReader::begin_at(const SplitStart& start) {
  lane_.reset();
  ahead_.reset();
  at_end_ = false;
  position_ = start.position;
  sequence_ = start.next_chunk;
  align_records_ = start.align_records;
  align_rejected_ = start.align_rejected;
  epoch_ = start.epoch;
  ended_ = start.done;
  const Lock lock(told_->mutex);
  told_->position.clear();
}

Status SplitReader::ready_lane() {
  if (lane_) return Status();
  if (feed_) {
    fed_ = 0;
    if (!position_.empty() && parse_int64(position_, &fed_) != ParseFault::kNone)
      return Status(Code::kInternal, "\"" + position_ + "\" is not a position of a replay");
    loaded_ = fed_;
    return Status();
  }
  const Lock lock(*pipeline_->source_control);
  ASSIGN_OR_RETURN(SourceLane lane, pipeline_->source->open(split_.id, position_));
  lane_ = std::move(lane);
  at_end_ = false;
  return Status();
}

// The source gets the records in pieces of a size that does not matter beside the chunk.
Result<std::optional<SplitReader::Part>> SplitReader::read_replayed(const ReadLimits& limits) {
  constexpr int64_t kRows = 1000;
  constexpr int64_t kBytes = int64_t{1} << 20;
  if (fed_ == feed_->records) {
    at_end_ = true;
    return std::optional<Part>();
  }
  if (fed_ == loaded_) {
    const int64_t rows = std::min(kRows, feed_->records - fed_);
    ASSIGN_OR_RETURN(std::vector<Reject> rejects,
                     feed_->state->replay_records(feed_->run, fed_, rows, kBytes));
    if (rejects.empty())
      return Status(Code::kState,
                    "the records of replay " + feed_->run + " are gone from the state");
    std::vector<Record> records;
    records.reserve(rejects.size());
    for (Reject& reject : rejects)
      records.push_back(
          {records.size(), reject.line, std::move(reject.where), std::move(reject.raw)});
    const Lock lock(*pipeline_->source_control);
    ASSIGN_OR_RETURN(SourceLane lane, pipeline_->source->replay(records));
    lane_ = std::move(lane);
    loaded_ = fed_ + static_cast<int64_t>(records.size());
  }
  ReadLimits some = limits;
  some.max_rows = std::min(limits.max_rows, static_cast<uint64_t>(loaded_ - fed_));
  Part part;
  ASSIGN_OR_RETURN(std::optional<ReadChunk> rows, lane_->next(some, pipeline_->read_schema));
  if (!rows)
    return Status(Code::kPlugin, pipeline_->source->module().label() +
                                     " gave fewer records than it was asked to replay");
  part.rows = std::move(*rows);
  fed_ += part.records();
  part.end = std::to_string(fed_);
  return std::optional<Part>(std::move(part));
}

Status SplitReader::tell_committed() {
  if (feed_) return Status();  // it is the input's position that a source wants to know
  std::string position;
  {
    const Lock lock(told_->mutex);
    position.swap(told_->position);
  }
  return position.empty() ? Status() : lane_->committed(position);
}

Status SplitReader::close() {
  const Status told = lane_ ? tell_committed() : Status();
  lane_.reset();
  return told;
}

Result<std::optional<SplitReader::Part>> SplitReader::read(const ReadLimits& limits) {
  if (at_end_) return std::optional<Part>();
  if (feed_) return read_replayed(limits);
  ASSIGN_OR_RETURN(std::optional<ReadChunk> rows, lane_->next(limits, pipeline_->read_schema));
  if (!rows) {
    at_end_ = true;
    return std::optional<Part>();
  }
  Part part;
  part.rows = std::move(*rows);
  ASSIGN_OR_RETURN(part.end, lane_->position());
  return std::optional<Part>(std::move(part));
}

Status SplitReader::finish_group(std::vector<Part>* parts, const ReadLimits& limits) {
  const int found = pipeline_->read_schema->find(pipeline_->spec->chunk.keep_together);
  const auto column = static_cast<size_t>(found);
  const ReadLimits one_row{1, 0, limits.max_wait_ms};
  std::optional<std::string> key;
  size_t bytes = 0;
  for (const Part& part : *parts) {
    const Batch& batch = part.rows.batch;
    bytes += batch.byte_size();
    if (batch.row_count() > 0) key = key_of(batch, batch.row_count() - 1, column);
  }
  while (true) {
    ASSIGN_OR_RETURN(std::optional<Part> next, read(one_row));
    if (!next) return Status();
    const Batch& batch = next->rows.batch;
    if (batch.row_count() > 0) {
      const std::string here = key_of(batch, 0, column);
      if (key && here != *key) {
        ahead_ = std::move(next);
        return Status();
      }
      key = here;
      bytes += batch.byte_size();
    }
    parts->push_back(std::move(*next));
    if (static_cast<int64_t>(bytes) > pipeline_->spec->memory / 2)
      return Status(
          Code::kJob,
          "the group " + key.value_or("") + " of `keep_together: " +
              pipeline_->spec->chunk.keep_together + "` in " + split_.where +
              " is larger than half of `memory:`; raise `memory:` or choose another column");
  }
}

Result<std::optional<Chunk>> SplitReader::read_chunk(ReadLimits limits) {
  RETURN_IF_ERROR(ready_lane());
  RETURN_IF_ERROR(tell_committed());
  const bool grouped = !pipeline_->spec->chunk.keep_together.empty();
  if (align_records_ > 0) limits = {static_cast<uint64_t>(align_records_), 0, limits.max_wait_ms};
  const auto wanted = static_cast<int64_t>(limits.max_rows);
  std::vector<Part> parts;
  int64_t records = 0;
  if (ahead_) {
    records = ahead_->records();
    parts.push_back(std::move(*ahead_));
    ahead_.reset();
  }
  // Only a group that began in the row ahead is read on; a chunk that was read ahead is a chunk.
  if (parts.empty() || (grouped && records < wanted)) {
    limits.max_rows = static_cast<uint64_t>(wanted - records);
    ASSIGN_OR_RETURN(std::optional<Part> part, read(limits));
    if (part) {
      records += part->records();
      parts.push_back(std::move(*part));
    }
  }
  if (align_records_ > 0) {
    // What one sink has committed ends exactly there, whatever the source gives at a time.
    while (records < wanted) {
      limits.max_rows = static_cast<uint64_t>(wanted - records);
      ASSIGN_OR_RETURN(std::optional<Part> part, read(limits));
      if (!part) break;
      records += part->records();
      parts.push_back(std::move(*part));
    }
  } else if (grouped) {
    RETURN_IF_ERROR(finish_group(&parts, limits));
  } else if (records < wanted && !parts.empty() && pipeline_->spec->chunk.linger_ms == 0) {
    limits.max_rows = static_cast<uint64_t>(wanted);
    ASSIGN_OR_RETURN(ahead_, read(limits));
  }
  if (parts.empty() && ended_) return std::optional<Chunk>();

  ASSIGN_OR_RETURN(Chunk chunk, join(std::move(parts)));
  chunk.last = at_end_ && !ahead_;
  if (align_records_ > 0) chunk.rejected_before = align_rejected_;
  return std::optional<Chunk>(std::move(chunk));
}

Result<Chunk> SplitReader::join(std::vector<Part> parts) {
  Chunk chunk;
  chunk.reader = this;
  chunk.split = index_;
  chunk.sequence = sequence_;
  chunk.begin = position_;
  chunk.end = parts.empty() ? position_ : parts.back().end;
  std::vector<Batch> batches;
  for (Part& part : parts) {
    for (RowError& error : part.rows.errors)
      chunk.rejects.push_back({-1, chunk.records + error.row, RejectStage::kRead,
                               &pipeline_->source->module(), std::move(error), 1});
    chunk.records += part.records();
    batches.push_back(std::move(part.rows.batch));
  }
  if (batches.size() == 1) {
    chunk.input = std::move(batches.front());
  } else if (!batches.empty()) {
    ASSIGN_OR_RETURN(chunk.input, concat(batches));
  }
  if (!batches.empty() && !pipeline_->pushed_down) RETURN_IF_ERROR(cast(&chunk));
  chunk.bytes = static_cast<int64_t>(chunk.input.byte_size());
  return chunk;
}

Status SplitReader::cast(Chunk* chunk) {
  std::vector<CastFailure> failures;
  ASSIGN_OR_RETURN(chunk->input, project_and_cast(chunk->input, pipeline_->input, &failures));
  for (CastFailure& failure : failures) {
    RowError error;
    error.row = failure.row;
    error.code = failure.code;
    error.column = (*pipeline_->input)[failure.column].name;
    error.message = std::move(failure.message);
    chunk->rejects.push_back(
        {failure.row, 0, RejectStage::kRead, &pipeline_->source->module(), std::move(error), 1});
  }
  return Status();
}

Result<std::optional<Chunk>> SplitReader::next(const ReadLimits& limits) {
  if (ended_) return std::optional<Chunk>();
  Result<std::optional<Chunk>> chunk = read_chunk(limits);
  if (!chunk.ok()) {
    lane_.reset();
    ahead_.reset();
    at_end_ = false;
    loaded_ = fed_ = 0;
    return chunk;
  }
  align_records_ = 0;
  position_ = (*chunk)->end;
  ++sequence_;
  ended_ = (*chunk)->last;
  return chunk;
}

}  // namespace chunkmill::host
