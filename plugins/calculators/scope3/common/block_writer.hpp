// Appends a value for each of a block of lines to a column, in one piece where it can.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>

#include "plugins/calculators/scope3/common/results.hpp"

namespace chunkmill::scope3 {

// Bit i % 8 of byte i / 8 says that line i has a value.
using Valid = std::array<uint8_t, kBlock / 8>;

template <typename IsValid>
Valid valid_where(size_t rows, IsValid is_valid) {
  Valid valid{};
  for (size_t i = 0; i < rows; ++i)
    valid[i / 8] = static_cast<uint8_t>(valid[i / 8] | (is_valid(i) ? 1U << (i % 8) : 0U));
  return valid;
}

inline void append_nulls(size_t count, ColumnBuilder& column) {
  column.fill_to(column.size() + static_cast<int64_t>(count));
}

inline void append_same(size_t count, double value, ColumnBuilder& column) {
  const auto rows = static_cast<int64_t>(count);
  std::fill_n(column.room_for<double>(rows), count, value);
  column.append_room(rows);
}

// Empty ones.
inline void append_no_texts(size_t count, ColumnBuilder& column) {
  const auto rows = static_cast<int64_t>(count);
  std::fill_n(column.room_for_ends(rows), count, static_cast<int32_t>(column.text_size()));
  column.append_texts(rows, "", 0);
}

// `items`: the lines, or what lies beside them.
template <typename Items, typename TextOf>
void write_texts(const Items& items, ResultScratch& scratch, ColumnBuilder& column, TextOf text_of,
                 const uint8_t* valid = nullptr) {
  // Room for as many texts as are short; what is longer asks for more.
  if (scratch.bytes.size() < (kBlock + 1) * kTextPad) scratch.bytes.resize((kBlock + 1) * kTextPad);
  const size_t rows = items.size();
  int32_t* const ends = column.room_for_ends(static_cast<int64_t>(rows));
  const size_t begin = column.text_size();
  char* bytes = scratch.bytes.data();
  size_t used = 0;
  for (size_t i = 0; i < rows; ++i) {
    const Text text = text_of(items[i]);
    if (text.size > kTextPad) [[unlikely]] {
      scratch.bytes.resize(
          std::max(scratch.bytes.size(), used + text.size + (kBlock - i + 1) * kTextPad));
      bytes = scratch.bytes.data();
      std::memcpy(bytes + used, text.data, text.size);
    } else {
      // One move of fixed size.
      std::memcpy(bytes + used, text.data, kTextPad);
    }
    used += text.size;
    ends[i] = static_cast<int32_t>(begin + used);
  }
  column.append_texts(static_cast<int64_t>(rows), bytes, used, valid);
}

// The same text for all lines.
inline void write_text(const std::vector<Line>& lines, ResultScratch& scratch,
                       ColumnBuilder& column, Text text) {
  write_texts(lines, scratch, column, [text](const Line&) { return text; });
}

// 16 hexadecimal digits a line.
template <typename NumberOf>
void write_hashes(const std::vector<Line>& lines, ResultScratch& scratch, ColumnBuilder& column,
                  NumberOf number_of) {
  if (scratch.bytes.size() < kBlock * kHexSize) scratch.bytes.resize(kBlock * kHexSize);
  const size_t rows = lines.size();
  int32_t* const ends = column.room_for_ends(static_cast<int64_t>(rows));
  const size_t begin = column.text_size();
  char* const bytes = scratch.bytes.data();
  for (size_t i = 0; i < rows; ++i) {
    write_hex(number_of(i), bytes + i * kHexSize);
    ends[i] = static_cast<int32_t>(begin + (i + 1) * kHexSize);
  }
  column.append_texts(static_cast<int64_t>(rows), bytes, rows * kHexSize);
}

// NaN is null.
template <typename NumberOf>
void write_doubles(const std::vector<Line>& lines, ColumnBuilder& column, NumberOf number_of) {
  const size_t rows = lines.size();
  auto* const values = column.room_for<double>(static_cast<int64_t>(rows));
  size_t nulls = 0;
  for (size_t i = 0; i < rows; ++i) {
    const double value = number_of(lines[i]);
    values[i] = value;
    nulls += value == value ? 0 : 1;
  }
  if (nulls == 0) [[likely]]
    return column.append_room(static_cast<int64_t>(rows));
  const Valid valid = valid_where(rows, [values](size_t i) { return values[i] == values[i]; });
  for (size_t i = 0; i < rows; ++i)
    if (values[i] != values[i]) values[i] = 0;
  column.append_room(static_cast<int64_t>(rows), valid.data());
}

template <typename Items, typename NumberOf>
void write_integers(const Items& items, ColumnBuilder& column, NumberOf number_of) {
  const size_t rows = items.size();
  auto* const values = column.room_for<int32_t>(static_cast<int64_t>(rows));
  for (size_t i = 0; i < rows; ++i) values[i] = number_of(items[i]);
  column.append_room(static_cast<int64_t>(rows));
}

}  // namespace chunkmill::scope3
