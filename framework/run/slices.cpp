// A chunk whose output does not fit `memory:`: its rows go through the calculators and into the
// open sinks slice by slice, and are committed together as any other chunk's.
#include <algorithm>

#include "framework/data/row_json.hpp"
#include "framework/observe/text.hpp"
#include "framework/run/run_chunk.hpp"

namespace chunkmill::host {
namespace {

// A slice that makes less than this share of what may be held is followed by a larger one.
constexpr size_t kRoom = 4;

std::string value_at(const Batch& batch, size_t column, int64_t row) {
  const Column one = batch.column(column).slice(row, 1);
  const auto schema = std::make_shared<const Schema>(Schema{{batch.schema()[column]}});
  return row_as_json(Batch::of(schema, {one}, 1), 0);
}

// Rows from `first` on, about `wanted` of them, which end where a group of `keep_together` does.
int64_t whole_groups(const Batch& batch, const std::string& name, int64_t first, int64_t wanted) {
  const int64_t left = batch.row_count() - first;
  const int column = name.empty() ? -1 : batch.schema().find(name);
  int64_t count = std::min(wanted, left);
  if (column < 0 || count == left) return name.empty() || count == left ? count : left;
  const auto at = static_cast<size_t>(column);
  const auto is_cut = [&](int64_t rows) {
    return value_at(batch, at, first + rows - 1) == value_at(batch, at, first + rows);
  };
  while (count > 1 && is_cut(count)) --count;
  // The first group is larger than the slice.
  while (count < left && is_cut(count)) ++count;
  return count;
}

}  // namespace

Status ChunkRunner::needs_memory(const Chunk& chunk, int64_t row) const {
  const std::string& where = chunk.reader->split().where;
  const bool grouped = !context_->pipeline->spec->chunk.keep_together.empty();
  return Status(Code::kJob,
                std::string(grouped ? "the group that begins with record " : "record ") +
                    with_thousands(row + 1) + " of chunk " + std::to_string(chunk.sequence) +
                    " of " + where + " makes more rows than `memory:` holds (" +
                    with_thousands(static_cast<int64_t>(context_->chunk_size->output_bytes())) +
                    " bytes of them a worker): raise `memory:`, give fewer `workers:`, or make "
                    "fewer rows of one. It is " +
                    row_as_json(chunk.input, row));
}

Status ChunkRunner::calculate_slice(Chunk& chunk, int64_t first, int64_t* count, Chunk* part,
                                    Streams* streams, size_t* known) {
  const std::string& together = context_->pipeline->spec->chunk.keep_together;
  while (true) {
    *count = whole_groups(chunk.input, together, first, chunk.slice_rows);
    part->input = chunk.input.slice(first, *count);
    part->last = chunk.last && first + *count == chunk.input.row_count();
    part->attempt = chunk.attempt;
    part->rejects.clear();
    for (const RowReject& reject : chunk.rejects) {
      if (reject.row < first || reject.row >= first + *count) continue;
      part->rejects.push_back(reject);
      part->rejects.back().row -= first;
    }
    *known = part->rejects.size();
    const Status status = calculate(*part, streams);
    chunk.attempt = part->attempt;
    if (!makes_too_much(status)) return status;
    if (chunk.slice_rows == 1 || (*count > chunk.slice_rows && !together.empty()))
      return needs_memory(chunk, first);
    const double fitting = static_cast<double>(*count) * lanes_.share() / 2;
    chunk.slice_rows =
        std::clamp<int64_t>(static_cast<int64_t>(fitting), 1, std::max<int64_t>(*count / 2, 1));
    // A calculator whose rows depend on those before must see the chunk from its begin again.
    if (context_->pipeline->ordered) return status;
  }
}

Status ChunkRunner::write_slices(Chunk& chunk, Streams* streams,
                                 std::vector<Delivery>* deliveries) {
  Chunk part;
  part.reader = chunk.reader;
  part.split = chunk.split;
  part.sequence = chunk.sequence;
  part.begin = chunk.begin;
  part.end = chunk.end;
  MetricSet metrics;
  int64_t filtered = 0;
  int64_t count = 0;
  size_t made = 0;
  for (int64_t first = 0; first < chunk.input.row_count(); first += count) {
    const bool all_have_it = std::all_of(deliveries->begin(), deliveries->end(),
                                         [](const Delivery& d) { return d.committed; });
    size_t known = 0;
    RETURN_IF_ERROR(calculate_slice(chunk, first, &count, &part, streams, &known));
    part.records = count;
    part.fallback = chunk.fallback;
    const size_t bytes = lanes_.bytes();
    made += bytes;
    const Status written = all_have_it ? Status() : write(part, *streams, deliveries);
    chunk.fallback = part.fallback;
    RETURN_IF_ERROR(written);
    for (size_t i = known; i < part.rejects.size(); ++i) {
      part.rejects[i].row += first;
      chunk.rejects.push_back(std::move(part.rejects[i]));
    }
    metrics.merge(part.metrics);
    filtered += streams->filtered;
    if (bytes < context_->chunk_size->output_bytes() / kRoom) chunk.slice_rows *= 2;
  }
  streams->pieces.assign(context_->pipeline->streams.size(), {});
  streams->filtered = filtered;
  chunk.metrics = std::move(metrics);
  chunk.times.calculate += std::exchange(part.times.calculate, 0);
  chunk.times.write += std::exchange(part.times.write, 0);
  chunk.retries += part.retries;
  context_->slice_rows = chunk.slice_rows;
  context_->chunk_size->made(chunk.records, static_cast<int64_t>(made));
  return Status();
}

Status ChunkRunner::deliver_slices(Chunk& chunk, Streams* streams,
                                   std::vector<Delivery>* deliveries) {
  while (true) {
    RETURN_IF_ERROR(begin(chunk, deliveries));
    const bool some_have_it = std::any_of(deliveries->begin(), deliveries->end(),
                                          [](const Delivery& d) { return d.committed; });
    if (some_have_it && (chunk.attempt == 1 || delivers_alone()))
      RETURN_IF_ERROR(settler_.recall_rejects(chunk));
    const size_t known = chunk.rejects.size();
    const Status written = write_slices(chunk, streams, deliveries);
    if (makes_too_much(written)) {
      let_go(deliveries);
      chunk.rejects.resize(known);
      ++chunk.attempt;
      continue;
    }
    if (!written.ok()) {
      chunk.rejects.resize(known);
      return written;
    }
    const bool refused =
        std::any_of(chunk.rejects.begin() + static_cast<ptrdiff_t>(known), chunk.rejects.end(),
                    [](const RowReject& reject) { return reject.stage == RejectStage::kWrite; });
    if (!refused || (delivers_alone() && chunk.metrics.empty())) return Status();
    // Rows that one sink refuses must be in no other, and in no sum.
    let_go(deliveries);
    ++chunk.attempt;
  }
}

}  // namespace chunkmill::host
