// Appends a value for each of a block of lines to a column, in one piece where it can.
#pragma once

#include <cmath>
#include <cstring>

#include "plugins/calculators/scope3/common/results.hpp"

namespace chunkmill::scope3 {

// Appends scratch.bytes, cut at scratch.offsets, to a column in one piece. The first block of a
// batch tells how much room its texts will need.
inline void append_texts(ResultScratch& scratch, size_t rows, ColumnBuilder& column) {
  if (column.size() == 0) {
    const auto used = static_cast<size_t>(scratch.offsets[rows]);
    const auto batch = static_cast<size_t>(scratch.batch_rows);
    column.reserve(scratch.batch_rows, used * batch / rows + used / 8);
  }
  const void* buffers[] = {nullptr, scratch.offsets.data(), scratch.bytes.data()};
  ArrowArray array{};
  array.length = static_cast<int64_t>(rows);
  array.n_buffers = 3;
  array.buffers = buffers;
  column.append_column(array, 0, array.length);
}

template <typename T, size_t N>
void append_numbers(const std::array<T, N>& values, size_t rows, ColumnBuilder& column) {
  const void* buffers[] = {nullptr, values.data()};
  ArrowArray array{};
  array.length = static_cast<int64_t>(rows);
  array.n_buffers = 2;
  array.buffers = buffers;
  column.append_column(array, 0, array.length);
}

template <typename TextOf>
void write_texts(const std::vector<Line>& lines, ResultScratch& scratch, ColumnBuilder& column,
                 TextOf text_of) {
  size_t used = 0;
  char* bytes = scratch.bytes.data();
  for (size_t i = 0; i < lines.size(); ++i) {
    const Text text = text_of(lines[i]);
    if (used + text.size + kTextPad > scratch.bytes.size()) {
      scratch.bytes.resize(2 * (used + text.size + kTextPad));
      bytes = scratch.bytes.data();
    }
    // One move of fixed size for nearly all texts.
    std::memcpy(bytes + used, text.data, kTextPad);
    if (text.size > kTextPad) [[unlikely]]
      std::memcpy(bytes + used, text.data, text.size);
    used += text.size;
    scratch.offsets[i + 1] = static_cast<int32_t>(used);
  }
  append_texts(scratch, lines.size(), column);
}

// 16 hexadecimal digits a line.
template <typename NumberOf>
void write_hashes(const std::vector<Line>& lines, ResultScratch& scratch, ColumnBuilder& column,
                  NumberOf number_of) {
  if (scratch.bytes.size() < kBlock * kHexSize) scratch.bytes.resize(kBlock * kHexSize);
  for (size_t i = 0; i < lines.size(); ++i) {
    write_hex(number_of(i), scratch.bytes.data() + i * kHexSize);
    scratch.offsets[i + 1] = static_cast<int32_t>((i + 1) * kHexSize);
  }
  append_texts(scratch, lines.size(), column);
}

inline void append_nulls(size_t count, ColumnBuilder& column) {
  column.fill_to(column.size() + static_cast<int64_t>(count));
}

// NaN is null.
template <typename NumberOf>
void write_doubles(const std::vector<Line>& lines, ResultScratch& scratch, ColumnBuilder& column,
                   NumberOf number_of) {
  size_t nulls = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    scratch.doubles[i] = number_of(lines[i]);
    nulls += scratch.doubles[i] == scratch.doubles[i] ? 0 : 1;
  }
  if (nulls == 0) [[likely]]
    return append_numbers(scratch.doubles, lines.size(), column);
  if (nulls == lines.size()) return append_nulls(lines.size(), column);
  for (size_t i = 0; i < lines.size(); ++i) {
    if (std::isnan(scratch.doubles[i])) {
      column.append_null();
    } else {
      column.append(scratch.doubles[i]);
    }
  }
}

template <typename NumberOf>
void write_integers(const std::vector<Line>& lines, ResultScratch& scratch, ColumnBuilder& column,
                    NumberOf number_of) {
  for (size_t i = 0; i < lines.size(); ++i) scratch.integers[i] = number_of(lines[i]);
  append_numbers(scratch.integers, lines.size(), column);
}

}  // namespace chunkmill::scope3
