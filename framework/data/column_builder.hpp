// ColumnBuilder: makes a compact Column out of single values or of rows of other columns.
#pragma once

#include <span>
#include <string_view>

#include "framework/core/status.hpp"
#include "framework/data/buffer.hpp"
#include "framework/data/column.hpp"

namespace chunkmill::host {

// Appends to buffers of its own, offset 0. The bitmap is made with the first null, so that a column
// without nulls has none. Threads: one at a time.
class ColumnBuilder {
 public:
  ColumnBuilder(Type type, int64_t expected_rows);

  int64_t row_count() const { return rows_; }

  // Makes room for that many bytes of text in all; without it the room doubles as it fills.
  void reserve_text(size_t bytes) {
    if (has_offsets(type_)) data_.reserve(bytes);
  }

  // Rows of a column of the same type.
  void append_run(const Column& from, int64_t first, int64_t count);
  void append_rows(const Column& from, std::span<const int64_t> ascending);

  void append_null();
  // T as in Column::value; for decimal128 a 16-byte type.
  template <typename T>
  void append_value(T value) {
    std::memcpy(values_.grow(sizeof(T)), &value, sizeof(T));
    end_rows(1);
  }
  void append_bool(bool value);
  void append_text(std::string_view text);

  // The column; the builder is used up. Fails when utf8 or binary data grew over the 2 GiB that
  // 32-bit offsets can address.
  Result<Column> finish();

 private:
  void end_rows(int64_t count);
  void append_ends(const Column& from, int64_t first, int64_t count);
  void gather(const Column& from, std::span<const int64_t> rows);
  void gather_text(const Column& from, std::span<const int64_t> rows);

  Type type_;
  size_t width_;
  int64_t rows_ = 0;
  int64_t nulls_ = 0;
  bool too_large_ = false;
  Buffer validity_;  // empty until the first null
  Buffer values_;    // values, bits of bools, or offsets
  Buffer data_;      // of utf8 and binary
};

}  // namespace chunkmill::host
