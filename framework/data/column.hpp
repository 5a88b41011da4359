// Column: one immutable Arrow array of a v1 type, as a view on memory that it shares.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "chunkmill/abi/arrow.h"
#include "chunkmill/arrow.hpp"
#include "framework/data/bits.hpp"

namespace chunkmill::host {

// The `release` of an array that only borrows its memory: set, as a plugin must find it alive, and
// without effect.
inline void release_nothing(ArrowArray* /*borrowed*/) {}

// A view on validated Arrow memory and a share in its ownership. Copying costs one reference count;
// the bytes stay alive as long as any Column on them does. Rows count from 0 whatever the Arrow
// offset is: the offset is added in this class only. Threads: immutable, any.
class Column {
 public:
  // `view` is taken as it stands, its release is not called: `owner` keeps the memory alive. The
  // memory must be valid already.
  Column(Type type, const ArrowArray& view, std::shared_ptr<const void> owner);

  Type type() const { return type_; }
  int64_t row_count() const { return view_.length; }
  // Counts the bitmap where the number is not known.
  int64_t null_count() const;
  bool may_have_nulls() const { return view_.null_count != 0 && view_.buffers[0] != nullptr; }
  bool is_null(int64_t row) const {
    return may_have_nulls() && !get_bit(validity(), view_.offset + row);
  }

  // The value of a row, whatever it is where the row is null. T: int32_t for int32 and date32,
  // int64_t for int64 and timestamp, double for float64.
  template <typename T>
  T value(int64_t row) const {
    T result;
    std::memcpy(&result, values(row, sizeof(T)), sizeof(T));
    return result;
  }
  bool boolean(int64_t row) const {
    return get_bit(static_cast<const uint8_t*>(view_.buffers[1]), view_.offset + row);
  }
  // utf8 and binary. Valid while any Column on the memory lives.
  std::string_view text(int64_t row) const {
    const int32_t* ends = offsets() + row;
    if (ends[0] == ends[1]) return {};
    return {static_cast<const char*>(view_.buffers[2]) + ends[0],
            static_cast<size_t>(ends[1] - ends[0])};
  }

  // Bitmap and where row 0's bit is; only where may_have_nulls().
  const uint8_t* validity() const { return static_cast<const uint8_t*>(view_.buffers[0]); }
  // The values of a fixed-width type from `row` on.
  const uint8_t* values(int64_t row, size_t width) const {
    return static_cast<const uint8_t*>(view_.buffers[1]) +
           static_cast<size_t>(view_.offset + row) * width;
  }
  // The ends of row 0 and on; row_count() + 1 entries when there are rows.
  const int32_t* offsets() const {
    return static_cast<const int32_t*>(view_.buffers[1]) + view_.offset;
  }

  // Rows [first, first + count), which must lie inside. No copy.
  Column slice(int64_t first, int64_t count) const;
  // The same bytes as another type of the same layout: utf8 as binary.
  Column as_type(Type type) const {
    Column other = *this;
    other.type_ = type;
    return other;
  }
  // Bytes of the text of all rows; 0 for types without.
  size_t text_size() const {
    if (!has_offsets(type_) || view_.length == 0) return 0;
    return static_cast<size_t>(offsets()[view_.length] - offsets()[0]);
  }
  // Bytes of the buffers that these rows refer to.
  size_t byte_size() const;

  // For the C side: borrowed, valid while this Column lives and stays where it is. Its release does
  // nothing.
  const ArrowArray& abi() const { return view_; }

 private:
  Type type_;
  ArrowArray view_;
  std::shared_ptr<const void>
      owner_;  // shared: every slice and copy refers to the same imported or built memory
};

}  // namespace chunkmill::host
