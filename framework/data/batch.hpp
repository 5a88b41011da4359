// Batch: the rows of one stream in a chunk. Start here: everything in this room is about batches.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "chunkmill/arrow.hpp"
#include "framework/core/status.hpp"
#include "framework/data/column.hpp"

namespace chunkmill::host {

struct ImportOptions {
  // How many rows the plugin was asked for: more is garbage, found before any buffer is read. -1:
  // no such number.
  int64_t max_rows = -1;
  // Refuse nulls in columns that are declared without. Off for output whose bad rows hold anything:
  // call check_nulls() once they are filtered out.
  bool check_nulls = true;
};

// An immutable record batch: a schema and columns of one length. Copying costs one reference count,
// slicing and appending one small allocation; values are never copied. Threads: immutable, any.
class Batch {
 public:
  // No columns, no rows.
  Batch();

  // Takes `moved` over, sets its release to NULL, and releases it once no column of it is in use
  // any more (at once on failure). kPlugin if it does not fit the schema or cannot be read without
  // harm; see validate.hpp for what is found.
  static Result<Batch> import(ArrowArray* moved, std::shared_ptr<const Schema> schema,
                              const ImportOptions& options = {});

  // `columns` have the schema's types, in order, and `rows` rows each.
  static Batch of(std::shared_ptr<const Schema> schema, std::vector<Column> columns, int64_t rows);

  int64_t row_count() const { return body_->array.length; }
  const Schema& schema() const { return *body_->schema; }
  const std::shared_ptr<const Schema>& shared_schema() const { return body_->schema; }
  size_t column_count() const { return body_->columns.size(); }
  const Column& column(size_t i) const { return body_->columns[i]; }
  const std::vector<Column>& columns() const { return body_->columns; }

  // The batch as a struct array, offset 0, whose children are the columns. Borrowed: valid while a
  // copy of this Batch lives. Its release is set, as Arrow asks of a live array, and does nothing.
  // Made once, with the batch.
  const ArrowArray* abi() const { return &body_->array; }

  // Rows [offset, offset + length), which must lie inside. No value is copied.
  Batch slice(int64_t offset, int64_t length) const;

  // Bytes of the buffers that these rows refer to: a slice counts its part only.
  size_t byte_size() const;

 private:
  struct Body {
    std::shared_ptr<const Schema> schema;  // shared: all batches of a stream have the same
    std::vector<Column> columns;
    std::vector<ArrowArray*> children;
    const void* buffers[1] = {nullptr};
    ArrowArray array{};
  };

  explicit Batch(std::shared_ptr<const Body> body) : body_(std::move(body)) {}

  std::shared_ptr<const Body>
      body_;  // shared: a chunk's batch is read by retries, observers and several sinks
};

// kPlugin if a column that is declared without nulls has some.
Status check_nulls(const Batch& batch);

// The schema of append_columns(): left's columns, each replaced by a right one of the same name,
// then right's others.
Schema appended_schema(const Schema& left, const Schema& right);

// Left's columns and right's, see appended_schema(). Both have the same number of rows. The second
// form takes the result of appended_schema(), made once for all batches of a stream.
Batch append_columns(const Batch& left, const Batch& right);
Batch append_columns(const Batch& left, const Batch& right, std::shared_ptr<const Schema> schema);

}  // namespace chunkmill::host
