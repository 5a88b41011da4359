#include "framework/data/filter.hpp"

#include <algorithm>
#include <cassert>
#include <memory>

#include "framework/data/column_builder.hpp"

namespace chunkmill::host {
namespace {

// What `rows` rows of `column` are likely to need, with an eighth to spare.
size_t expected_text(const Column& column, int64_t rows) {
  if (column.row_count() == 0) return 0;
  const double share = static_cast<double>(rows) / static_cast<double>(column.row_count());
  return static_cast<size_t>(static_cast<double>(column.text_size()) *
                             std::min(1.0, share * 1.125));
}

// Columns without a value, of any type, all of the same zeros.
class Nulls {
 public:
  explicit Nulls(int64_t rows)
      : rows_(rows), zeros_((static_cast<size_t>(rows) + 1) * kWidest, 0) {}

  // `self`: owns this.
  Column column(Type type, std::shared_ptr<const Nulls> self) const {
    ArrowArray view{};
    view.length = view.null_count = rows_;
    view.n_buffers = has_offsets(type) ? 3 : 2;
    view.buffers = const_cast<const void**>(pointers_);
    return Column(type, view, std::move(self));
  }

 private:
  static constexpr size_t kWidest = 16;  // bytes of a value

  const int64_t rows_;
  const std::vector<uint8_t> zeros_;
  const void* const pointers_[3] = {zeros_.data(), zeros_.data(), zeros_.data()};
};

// No more than finish() would accept.
size_t text_size(std::span<const Batch> batches, size_t column) {
  size_t bytes = 0;
  for (const Batch& batch : batches) bytes += batch.column(column).text_size();
  return bytes > INT32_MAX ? 0 : bytes;
}

// Rows of one batch that follow each other.
struct Run {
  size_t batch = 0;
  int64_t first = 0;
  int64_t count = 0;
};

Result<Batch> gather(std::span<const Batch> batches, const std::vector<Run>& runs) {
  int64_t rows = 0;
  for (const Run& run : runs) rows += run.count;
  std::vector<Column> columns;
  columns.reserve(batches.front().column_count());
  for (size_t i = 0; i < batches.front().column_count(); ++i) {
    ColumnBuilder builder(batches.front().column(i).type(), rows);
    builder.reserve_text(text_size(batches, i));
    for (const Run& run : runs) {
      const Batch& batch = batches[run.batch];
      assert(batch.column_count() == batches.front().column_count());
      builder.append_run(batch.column(i), run.first, run.count);
    }
    Result<Column> column = builder.finish();
    if (!column.ok()) {
      return column.status().with_context("column \"" + batches.front().schema()[i].name + "\"");
    }
    columns.push_back(column.take());
  }
  return Batch::of(batches.front().shared_schema(), std::move(columns), rows);
}

}  // namespace

Batch filter(const Batch& batch, std::span<const int64_t> kept_rows) {
  return filter(batch, kept_rows, std::vector<bool>(batch.column_count(), true));
}

Batch filter(const Batch& batch, std::span<const int64_t> kept_rows,
             const std::vector<bool>& wanted) {
  const auto rows = static_cast<int64_t>(kept_rows.size());
  if (rows == batch.row_count()) return batch;
  assert(rows == 0 || (kept_rows.front() >= 0 && kept_rows.back() < batch.row_count()));
  std::shared_ptr<const Nulls> nulls;
  std::vector<Column> columns;
  columns.reserve(batch.column_count());
  for (size_t i = 0; i < batch.column_count(); ++i) {
    const Column& column = batch.column(i);
    if (!wanted[i]) {
      if (nulls == nullptr) nulls = std::make_shared<const Nulls>(rows);
      columns.push_back(nulls->column(column.type(), nulls));
      continue;
    }
    ColumnBuilder builder(column.type(), rows);
    builder.reserve_text(expected_text(column, rows));
    builder.append_rows(column, kept_rows);
    // A part of a column cannot outgrow what the whole one could address.
    columns.push_back(builder.finish().take());
  }
  return Batch::of(batch.shared_schema(), std::move(columns), rows);
}

Result<Batch> concat(std::span<const Batch> batches) {
  assert(!batches.empty());
  if (batches.size() == 1) return batches.front();
  std::vector<Run> runs;
  for (size_t i = 0; i < batches.size(); ++i) runs.push_back({i, 0, batches[i].row_count()});
  return gather(batches, runs);
}

Result<Batch> interleave(std::span<const Batch> batches, std::span<const RowOfBatch> order) {
  assert(!batches.empty());
  std::vector<Run> runs;
  for (const RowOfBatch& one : order) {
    if (!runs.empty() && runs.back().batch == one.batch &&
        runs.back().first + runs.back().count == one.row) {
      ++runs.back().count;
    } else {
      runs.push_back({one.batch, one.row, 1});
    }
  }
  return gather(batches, runs);
}

}  // namespace chunkmill::host
