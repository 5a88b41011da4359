// Reading Arrow batches: typed, non-owning views. Threads: any, as long as the batch lives.
#pragma once

#include <optional>
#include <string_view>

#include "chunkmill/arrow.hpp"

namespace chunkmill {

// Days since 1970-01-01.
struct Date {
  int32_t days = 0;
  bool operator==(const Date&) const = default;
};
// Microseconds since 1970-01-01 UTC.
struct Timestamp {
  int64_t micros = 0;
  bool operator==(const Timestamp&) const = default;
};
// Bytes that are not text.
struct Binary {
  std::string_view bytes;
  bool operator==(const Binary&) const = default;
};

// Which column type a C++ type reads and writes.
template <typename T>
struct TypeOf;
template <>
struct TypeOf<bool> {
  static constexpr Type kType = Type::kBool;
};
template <>
struct TypeOf<int32_t> {
  static constexpr Type kType = Type::kInt32;
};
template <>
struct TypeOf<int64_t> {
  static constexpr Type kType = Type::kInt64;
};
template <>
struct TypeOf<double> {
  static constexpr Type kType = Type::kFloat64;
};
template <>
struct TypeOf<std::string_view> {
  static constexpr Type kType = Type::kUtf8;
};
template <>
struct TypeOf<Binary> {
  static constexpr Type kType = Type::kBinary;
};
template <>
struct TypeOf<Date> {
  static constexpr Type kType = Type::kDate32;
};
template <>
struct TypeOf<Timestamp> {
  static constexpr Type kType = Type::kTimestamp;
};
template <>
struct TypeOf<Int128> {
  static constexpr Type kType = Type::kDecimal128;
};

template <typename T>
concept ColumnType = requires {
  TypeOf<T>::kType;
};

// Where the values of one column lie. Every offset of the array and of its parent is added here and
// nowhere else.
struct ColumnRef {
  ColumnRef() = default;
  // `parent_offset` is the offset of the struct array that `array` is a child of.
  ColumnRef(const ArrowArray& array, int64_t parent_offset)
      : offset(array.offset + parent_offset),
        validity(array.null_count == 0 ? nullptr : static_cast<const uint8_t*>(array.buffers[0])),
        values(array.buffers[1]),
        data(array.n_buffers > 2 ? static_cast<const char*>(array.buffers[2]) : nullptr) {}

  bool is_null(int64_t row) const {
    if (validity == nullptr) return false;
    const int64_t i = row + offset;
    return (validity[i >> 3] >> (i & 7) & 1) == 0;
  }

  int64_t offset = 0;
  const uint8_t* validity = nullptr;  // null: no row is null
  const void* values = nullptr;       // of text: its offsets
  const char* data = nullptr;         // of text: its bytes
};

// The values of one column, typed.
template <ColumnType T>
class ColumnView {
 public:
  ColumnView() = default;
  explicit ColumnView(const ColumnRef& ref) : ref_(ref) {}
  ColumnView(const ArrowArray& array, int64_t parent_offset) : ref_(array, parent_offset) {}

  bool has_nulls() const { return ref_.validity != nullptr; }
  bool is_null(int64_t row) const { return ref_.is_null(row); }
  // Undefined, but safe to read, where the row is null.
  T operator[](int64_t row) const {
    const int64_t i = row + ref_.offset;
    if constexpr (std::is_same_v<T, bool>) {
      return (static_cast<const uint8_t*>(ref_.values)[i >> 3] >> (i & 7) & 1) != 0;
    } else if constexpr (std::is_same_v<T, std::string_view>) {
      return text(i);
    } else if constexpr (std::is_same_v<T, Binary>) {
      return Binary{text(i)};
    } else {
      T value;
      std::memcpy(&value,
                  static_cast<const char*>(ref_.values) + i * static_cast<int64_t>(sizeof value),
                  sizeof value);
      return value;
    }
  }
  std::optional<T> get(int64_t row) const {
    return is_null(row) ? std::nullopt : std::optional<T>((*this)[row]);
  }

 private:
  std::string_view text(int64_t i) const {
    const auto* offsets = static_cast<const int32_t*>(ref_.values);
    return {ref_.data + offsets[i], static_cast<size_t>(offsets[i + 1] - offsets[i])};
  }

  ColumnRef ref_;
};

// A batch that somebody else owns: rows of named columns.
class Batch {
 public:
  Batch(const ArrowArray* array, const Schema* schema) : array_(array), schema_(schema) {}

  int64_t row_count() const { return array_->length; }
  const Schema& schema() const { return *schema_; }
  const ArrowArray* abi() const { return array_; }
  // The column's type must be T's: check schema() once, not per batch.
  template <ColumnType T>
  ColumnView<T> column(size_t index) const {
    return ColumnView<T>(*array_->children[index], array_->offset);
  }

 private:
  const ArrowArray* array_;
  const Schema* schema_;
};

}  // namespace chunkmill
