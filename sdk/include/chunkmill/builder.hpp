// Building Arrow batches: columns that grow by append, handed over without a copy.
//
// Ownership: a builder owns its memory until finish() moves it into an ArrowArray, whose release
// frees it. Failure: std::bad_alloc; Error(CM_TOO_LARGE) when the text of one column of one batch
// exceeds 2 GiB. Threads: one at a time.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "chunkmill/batch.hpp"
#include "chunkmill/error.hpp"

namespace chunkmill {

// Memory that grows without being initialised, and that can be handed to an ArrowArray.
template <typename T>
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&& other) noexcept
      : data_(other.data_), size_(other.size_), capacity_(other.capacity_) {
    other.forget();
  }
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { std::free(data_); }

  T* data() { return data_; }
  const T* data() const { return data_; }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  T& operator[](size_t i) { return data_[i]; }

  void reserve(size_t capacity) {
    if (capacity > capacity_) grow(capacity);
  }
  // Room for `count` more; the caller fills [data() + size(), ...) and then calls advance().
  T* extend(size_t count) {
    if (size_ + count > capacity_) grow(std::max(size_ + count, capacity_ * 2));
    return data_ + size_;
  }
  void advance(size_t count) { size_ += count; }
  void push_back(T value) {
    *extend(1) = value;
    ++size_;
  }
  void append(const T* values, size_t count) {
    if (count == 0) return;
    std::memcpy(extend(count), values, count * sizeof(T));
    size_ += count;
  }
  // New elements are not initialised.
  void resize(size_t size) {
    reserve(size);
    size_ = size;
  }
  void clear() { size_ = 0; }
  // Gives the memory away; free() it.
  T* release() {
    T* data = data_;
    forget();
    return data;
  }

 private:
  void grow(size_t capacity) {
    capacity = std::max<size_t>(capacity, 64);
    void* bigger = std::realloc(data_, capacity * sizeof(T));
    if (bigger == nullptr) throw std::bad_alloc();
    data_ = static_cast<T*>(bigger);
    capacity_ = capacity;
  }
  void forget() {
    data_ = nullptr;
    size_ = capacity_ = 0;
  }

  T* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

namespace detail {

// Where each text ends, after a 0 that takes no memory while there is no text.
class Offsets {
 public:
  size_t size() const { return ends_.size(); }
  size_t capacity() const { return ends_.capacity(); }
  const int32_t* data() const { return ends_.size() == 0 ? &kZero : ends_.data(); }
  int32_t back() const { return ends_.size() == 0 ? 0 : ends_.data()[ends_.size() - 1]; }
  int32_t operator[](size_t i) const { return ends_.data()[i]; }
  // For so many texts.
  void reserve(size_t texts) {
    ends_.reserve(texts + 1);
    if (ends_.size() == 0) ends_.push_back(0);
  }
  int32_t* extend(size_t texts) {
    if (ends_.size() == 0) [[unlikely]]
      reserve(texts);
    return ends_.extend(texts);
  }
  void advance(size_t texts) { ends_.advance(texts); }
  void push_back(int32_t end) {
    *extend(1) = end;
    ends_.advance(1);
  }
  void resize(size_t texts) { ends_.resize(texts + 1); }
  int32_t* release() { return ends_.release(); }

 private:
  static constexpr int32_t kZero = 0;

  Buffer<int32_t> ends_;
};

struct ArrayBody {
  void* owned[3] = {};
  const void* buffers[3] = {};
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> child_pointers;
};

inline void release_array(ArrowArray* array) {
  auto* body = static_cast<ArrayBody*>(array->private_data);
  for (ArrowArray& child : body->children)
    if (child.release != nullptr) child.release(&child);
  for (void* memory : body->owned) std::free(memory);
  delete body;
  array->release = nullptr;
}

// Values are never read where there are none, but their buffer must not be NULL.
inline constexpr int64_t kNoValues[2] = {};

}  // namespace detail

// Makes `*out` a struct array of `columns`, which it takes over.
inline void make_struct_array(std::vector<ArrowArray> columns, int64_t rows, ArrowArray* out) {
  auto body = std::make_unique<detail::ArrayBody>();
  body->children = std::move(columns);
  for (ArrowArray& child : body->children) body->child_pointers.push_back(&child);
  std::memset(out, 0, sizeof *out);
  out->length = rows;
  out->n_buffers = 1;
  out->n_children = static_cast<int64_t>(body->children.size());
  out->buffers = body->buffers;
  out->children = body->child_pointers.empty() ? nullptr : body->child_pointers.data();
  out->release = detail::release_array;
  out->private_data = body.release();
}

// One column. append() takes the C++ type of the column's type, see TypeOf.
class ColumnBuilder {
 public:
  explicit ColumnBuilder(Type type) : type_(type) {}

  Type type() const { return type_; }
  int64_t size() const { return size_; }
  int64_t null_count() const { return null_count_; }

  // Texts get room as those of the batch before needed it, and at least `text_bytes`.
  void reserve(int64_t rows, size_t text_bytes = 0) {
    const auto count = static_cast<size_t>(rows);
    if (has_offsets(type_)) {
      offsets_.reserve(count);
      bytes_.reserve(std::max(text_bytes, count * eighths_a_text_ / 8));
    } else {
      bytes_.reserve(type_ == Type::kBool ? (count + 7) / 8 : count * type_width(type_));
    }
  }

  template <ColumnType T>
  void append(const T& value) {
    if (TypeOf<T>::kType != type_) [[unlikely]]
      refuse(TypeOf<T>::kType);
    if constexpr (std::is_same_v<T, std::string_view>) {
      append_text(value);
    } else if constexpr (std::is_same_v<T, Binary>) {
      append_text(value.bytes);
    } else if constexpr (std::is_same_v<T, bool>) {
      append_bit(&bytes_, size_, value);
    } else {
      std::memcpy(bytes_.extend(sizeof(T)), &value, sizeof(T));
      bytes_.advance(sizeof(T));
    }
    if (validity_.size() != 0) append_bit(&validity_, size_, true);
    ++size_;
  }

  void append_null() {
    if (validity_.size() == 0) mark_all_valid();
    append_bit(&validity_, size_, false);
    ++null_count_;
    if (has_offsets(type_)) {
      offsets_.push_back(offsets_.back());
    } else if (type_ == Type::kBool) {
      append_bit(&bytes_, size_, false);
    } else {
      const size_t width = type_width(type_);
      std::memset(bytes_.extend(width), 0, width);
      bytes_.advance(width);
    }
    ++size_;
  }

  template <ColumnType T>
  void append(const std::optional<T>& value) {
    if (value) {
      append(*value);
    } else {
      append_null();
    }
  }

  // Appends all rows of a column of the same type: one copy of its bytes.
  void append_column(const ArrowArray& array, int64_t parent_offset, int64_t rows);

  // Many rows at once, without a call for each: fill room_for(), then append_room(). T is the C++
  // type of the column's values, of a fixed width, no truth.
  template <ColumnType T>
  T* room_for(int64_t rows) {
    static_assert(!std::is_same_v<T, bool> && sizeof(T) <= 16);
    if (TypeOf<T>::kType != type_) [[unlikely]]
      refuse(TypeOf<T>::kType);
    return reinterpret_cast<T*>(bytes_.extend(static_cast<size_t>(rows) * sizeof(T)));
  }
  // `valid`: bit i % 8 of byte i / 8 says that row i is no null; null: all of them are none.
  void append_room(int64_t rows, const uint8_t* valid = nullptr) {
    append_validity(valid, 0, rows);
    bytes_.advance(static_cast<size_t>(rows) * type_width(type_));
    size_ += rows;
  }
  // The same of texts: fill room_for_ends() with the end of each text, the first of which begins at
  // text_size(), and append them with their bytes, one after the other.
  int32_t* room_for_ends(int64_t rows) { return offsets_.extend(static_cast<size_t>(rows)); }
  size_t text_size() const { return bytes_.size(); }
  void append_texts(int64_t rows, const char* bytes, size_t size, const uint8_t* valid = nullptr) {
    if (bytes_.size() + size > kMostText)
      throw Error(CM_TOO_LARGE, "more than 2 GiB of text in one column of one batch");
    append_validity(valid, 0, rows);
    if (bytes_.capacity() == 0 && rows > 0) {
      // The first ones tell how much the others will need.
      const auto first = static_cast<size_t>(rows);
      bytes_.reserve(size * std::max(first, offsets_.capacity()) / first + size / 8);
    }
    bytes_.append(reinterpret_cast<const uint8_t*>(bytes), size);
    offsets_.advance(static_cast<size_t>(rows));
    size_ += rows;
  }

  // Nulls up to `row`, so that the next append is that row's.
  void fill_to(int64_t row) {
    if (row - size_ < 8 || type_ == Type::kBool) {
      while (size_ < row) append_null();
      return;
    }
    const auto rows = static_cast<size_t>(row - size_);
    const std::vector<uint8_t> none((rows + 7) / 8);
    append_validity(none.data(), 0, row - size_);
    if (has_offsets(type_)) {
      std::fill_n(offsets_.extend(rows), rows, static_cast<int32_t>(bytes_.size()));
      offsets_.advance(rows);
    } else {
      const size_t size = rows * type_width(type_);
      std::memset(bytes_.extend(size), 0, size);
      bytes_.advance(size);
    }
    size_ = row;
  }
  // Forgets the rows from `row` on.
  void truncate(int64_t row);

  // Of what was appended.
  size_t byte_size() const {
    return bytes_.size() + offsets_.size() * sizeof(int32_t) + validity_.size();
  }
  // The rows so far; valid until the next change.
  ColumnRef view() const {
    ColumnRef ref;
    ref.validity = validity_.size() == 0 ? nullptr : validity_.data();
    ref.values = has_offsets(type_) ? static_cast<const void*>(offsets_.data()) : bytes_.data();
    ref.data = reinterpret_cast<const char*>(bytes_.data());
    return ref;
  }
  // Moves the column out; the builder is empty afterwards.
  void finish(ArrowArray* out);

 private:
  static void append_bit(Buffer<uint8_t>* bits, int64_t index, bool bit) {
    if ((index & 7) == 0) {
      bits->push_back(bit ? 1 : 0);
    } else if (bit) {
      (*bits)[static_cast<size_t>(index >> 3)] |= static_cast<uint8_t>(1U << (index & 7));
    }
  }
  // A bug in the plugin, but one that would read and write beyond the column's memory.
  [[noreturn, gnu::noinline]] void refuse(Type given) const {
    throw Error(CM_INTERNAL, "a " + std::string(type_name(given)) +
                                 " was appended to a column of type " +
                                 std::string(type_name(type_)));
  }
  void append_text(std::string_view text) {
    bytes_.append(reinterpret_cast<const uint8_t*>(text.data()), text.size());
    if (bytes_.size() > kMostText)
      throw Error(CM_TOO_LARGE, "more than 2 GiB of text in one column of one batch");
    offsets_.push_back(static_cast<int32_t>(bytes_.size()));
  }
  // Whether each of `rows` more rows is valid, from bit `first` of `bits` on; null: all are.
  void append_validity(const uint8_t* bits, int64_t first, int64_t rows);
  void mark_all_valid() {
    const size_t bytes = static_cast<size_t>(size_ + 7) / 8;
    // One byte even for no rows, so that size() says that there is a bitmap; append_bit()
    // overwrites it.
    validity_.resize(std::max<size_t>(bytes, 1));
    std::memset(validity_.data(), 0xFF, validity_.size());
    if (size_ == 0) validity_.clear();
    if ((size_ & 7) != 0) validity_[bytes - 1] = static_cast<uint8_t>((1U << (size_ & 7)) - 1);
  }

  static constexpr size_t kMostText = 0x7FFFFFFF;

  Type type_;
  int64_t size_ = 0;
  int64_t null_count_ = 0;
  Buffer<uint8_t> validity_;   // empty while there is no null
  Buffer<uint8_t> bytes_;      // values, or the text of all rows
  detail::Offsets offsets_;    // of text
  size_t eighths_a_text_ = 0;  // of a byte, in the batch before; with some to spare
};

inline void ColumnBuilder::append_column(const ArrowArray& array, int64_t parent_offset,
                                         int64_t rows) {
  if (rows == 0) return;
  const int64_t offset = array.offset + parent_offset;
  const auto* validity =
      array.null_count == 0 ? nullptr : static_cast<const uint8_t*>(array.buffers[0]);
  if (type_ == Type::kBool) {
    const ColumnView<bool> view(array, parent_offset);
    for (int64_t row = 0; row < rows; ++row) append(view.get(row));
    return;
  }
  if (has_offsets(type_)) {
    const auto* offsets = static_cast<const int32_t*>(array.buffers[1]) + offset;
    const auto* data = static_cast<const uint8_t*>(array.buffers[2]);
    const int64_t shift = static_cast<int64_t>(bytes_.size()) - offsets[0];
    if (shift + offsets[rows] > static_cast<int64_t>(kMostText))
      throw Error(CM_TOO_LARGE, "more than 2 GiB of text in one column of one batch");
    bytes_.append(data + offsets[0], static_cast<size_t>(offsets[rows] - offsets[0]));
    int32_t* out = offsets_.extend(static_cast<size_t>(rows));
    for (int64_t i = 0; i < rows; ++i) out[i] = static_cast<int32_t>(offsets[i + 1] + shift);
    offsets_.advance(static_cast<size_t>(rows));
  } else {
    const size_t width = type_width(type_);
    bytes_.append(
        static_cast<const uint8_t*>(array.buffers[1]) + static_cast<size_t>(offset) * width,
        static_cast<size_t>(rows) * width);
  }
  append_validity(validity, offset, rows);
  size_ += rows;
}

inline void ColumnBuilder::append_validity(const uint8_t* bits, int64_t first, int64_t rows) {
  constexpr uint32_t kAll = 0xFF;
  // Up to 8 bits from bit `at` of `bits` on; none of another byte is read.
  const auto load = [bits](int64_t at, int64_t count) {
    const auto shift = static_cast<uint32_t>(at & 7);
    uint32_t word = static_cast<uint32_t>(bits[at >> 3]) >> shift;
    if (shift + count > 8) word |= static_cast<uint32_t>(bits[(at >> 3) + 1]) << (8 - shift);
    return word & (kAll >> (8 - count));
  };
  int64_t nulls = 0;
  if (bits != nullptr) {
    nulls = rows;
    for (int64_t i = 0; i < rows; i += 8)
      nulls -= std::popcount(load(first + i, std::min<int64_t>(8, rows - i)));
  }
  if (nulls == 0 && validity_.size() == 0) return;
  if (validity_.size() == 0) mark_all_valid();
  null_count_ += nulls;
  const size_t had = validity_.size();
  const size_t wanted = static_cast<size_t>(size_ + rows + 7) / 8;
  if (wanted > had) {
    std::memset(validity_.extend(wanted - had), 0, wanted - had);
    validity_.advance(wanted - had);
  }
  uint8_t* const out = validity_.data();
  for (int64_t i = 0; i < rows;) {
    const int64_t at = size_ + i;
    const int64_t count = std::min<int64_t>(8 - (at & 7), rows - i);
    const uint32_t word = nulls == 0 ? kAll >> (8 - count) : load(first + i, count);
    out[at >> 3] |= static_cast<uint8_t>(word << (at & 7));
    i += count;
  }
}

inline void ColumnBuilder::truncate(int64_t row) {
  if (row >= size_) return;
  const auto count = static_cast<size_t>(row);
  if (validity_.size() != 0) {
    for (int64_t i = row; i < size_; ++i) {
      if ((validity_[static_cast<size_t>(i >> 3)] >> (i & 7) & 1) == 0) --null_count_;
    }
    validity_.resize((count + 7) / 8);
    if ((row & 7) != 0) validity_[count / 8] &= static_cast<uint8_t>((1U << (row & 7)) - 1);
  }
  if (has_offsets(type_)) {
    offsets_.resize(count);
    bytes_.resize(static_cast<size_t>(offsets_[count]));
  } else if (type_ == Type::kBool) {
    bytes_.resize((count + 7) / 8);
    if ((row & 7) != 0) bytes_[count / 8] &= static_cast<uint8_t>((1U << (row & 7)) - 1);
  } else {
    bytes_.resize(count * type_width(type_));
  }
  size_ = row;
}

inline void ColumnBuilder::finish(ArrowArray* out) {
  auto body = std::make_unique<detail::ArrayBody>();
  std::memset(out, 0, sizeof *out);
  out->length = size_;
  out->null_count = null_count_;
  out->n_buffers = has_offsets(type_) ? 3 : 2;
  if (null_count_ > 0) body->owned[0] = validity_.release();
  validity_ = Buffer<uint8_t>();
  if (has_offsets(type_)) {
    if (size_ > 0) eighths_a_text_ = bytes_.size() * 9 / static_cast<size_t>(size_) + 1;
    body->owned[1] = offsets_.release();
    body->owned[2] = bytes_.release();
  } else {
    body->owned[1] = bytes_.release();
  }
  for (int i = 0; i < 3; ++i) body->buffers[i] = body->owned[i];
  for (int i = 1; i < 3; ++i)
    if (body->buffers[i] == nullptr) body->buffers[i] = detail::kNoValues;
  out->buffers = body->buffers;
  out->release = detail::release_array;
  out->private_data = body.release();
  size_ = 0;
  null_count_ = 0;
}

// Rows of a schema. Every column must have the same number of rows when finish() is called. Without
// columns fill_to() alone says how many rows there are.
class BatchBuilder {
 public:
  explicit BatchBuilder(const Schema& schema) {
    columns_.reserve(schema.size());
    for (const Field& field : schema.fields) columns_.emplace_back(field.type);
  }

  ColumnBuilder& operator[](size_t column) { return columns_[column]; }
  size_t column_count() const { return columns_.size(); }
  int64_t row_count() const { return columns_.empty() ? bare_rows_ : columns_[0].size(); }
  void reserve(int64_t rows) {
    for (ColumnBuilder& column : columns_) column.reserve(rows);
  }
  // Nulls in every column that is shorter than `rows`.
  void fill_to(int64_t rows) {
    bare_rows_ = std::max(bare_rows_, rows);
    for (ColumnBuilder& column : columns_) column.fill_to(rows);
  }
  void finish(ArrowArray* out) {
    const int64_t rows = row_count();
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].size() != rows)
        throw Error(CM_INTERNAL, "column " + std::to_string(i) + " has " +
                                     std::to_string(columns_[i].size()) + " rows, column 0 has " +
                                     std::to_string(rows));
    }
    std::vector<ArrowArray> arrays(columns_.size());
    for (size_t i = 0; i < columns_.size(); ++i) columns_[i].finish(&arrays[i]);
    make_struct_array(std::move(arrays), rows, out);
    bare_rows_ = 0;
  }

 private:
  std::vector<ColumnBuilder> columns_;
  int64_t bare_rows_ = 0;  // how many there are when there are no columns
};

}  // namespace chunkmill
