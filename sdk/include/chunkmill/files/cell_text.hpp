// The text of cells, written fast: into memory that has room, without checks. What format.hpp
// writes, byte for byte. Threads: one CellText each.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <string>
#include <string_view>

#include "chunkmill/batch.hpp"
#include "chunkmill/format.hpp"

namespace chunkmill::files {

// Room that a cell of a fixed-width type needs.
inline constexpr size_t kCellChars = 64;

namespace detail {

inline constexpr std::array<char, 200> kTwoDigits = [] {
  std::array<char, 200> text{};
  for (size_t i = 0; i < 100; ++i) {
    text[2 * i] = static_cast<char>('0' + i / 10);
    text[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return text;
}();

// Exactly six digits.
inline char* write_six_digits(char* out, uint32_t value) {
  const auto pair = [](char* to, uint32_t two) { std::memcpy(to, &kTwoDigits[2 * two], 2); };
  pair(out, value / 10000);
  pair(out + 2, value / 100 % 100);
  pair(out + 4, value % 100);
  return out + 6;
}

}  // namespace detail

inline char* write_integer(char* out, int64_t value) {
  return std::to_chars(out, out + kCellChars, value).ptr;
}

// As write_double(): the shortest text that reads back as the same value.
//
// Most numbers of the world have few decimals. For those the shortest text is found with integers:
// v = m / 10^6 with m < 10^15 is rounded correctly, both being exact, so m's digits read back as v;
// and among decimals of at most 15 digits no other does, so that they are the shortest text once
// the zeros at the end are gone.
inline char* write_short_double(char* out, double value) {
  const double scaled = std::fabs(value) * 1e6;
  if (!(scaled < 1e15) || !(scaled >= 10)) return write_double(out, value);
  const auto micros = static_cast<uint64_t>(scaled + 0.5);
  if (static_cast<double>(micros) / 1e6 != std::fabs(value)) return write_double(out, value);
  if (value < 0) *out++ = '-';
  const uint64_t whole = micros / 1'000'000;
  const auto fraction = static_cast<uint32_t>(micros % 1'000'000);
  out = std::to_chars(out, out + kCellChars, whole).ptr;
  if (fraction == 0) return out;
  *out++ = '.';
  out = detail::write_six_digits(out, fraction);
  while (out[-1] == '0') --out;
  return out;
}

// Writes cells that are not text.
class CellText {
 public:
  // The cell at `row` of a column of `field`'s type, which is not text, bytes or null.
  char* write(char* out, const Field& field, const ColumnRef& column, int64_t row) {
    switch (field.type) {
      case Type::kBool:
        return copy(out, ColumnView<bool>(column)[row] ? "true" : "false");
      case Type::kInt32:
        return write_integer(out, ColumnView<int32_t>(column)[row]);
      case Type::kInt64:
        return write_integer(out, ColumnView<int64_t>(column)[row]);
      case Type::kFloat64:
        return write_short_double(out, ColumnView<double>(column)[row]);
      case Type::kDate32:
        return date(out, ColumnView<Date>(column)[row].days);
      case Type::kTimestamp:
        scratch_.clear();
        append_timestamp(&scratch_, ColumnView<Timestamp>(column)[row].micros);
        return copy(out, scratch_);
      case Type::kDecimal128:
        scratch_.clear();
        append_decimal128(&scratch_, ColumnView<Int128>(column)[row], field.scale);
        return copy(out, scratch_);
      default:
        return out;
    }
  }

  // Cells are short: two copies of fixed size that overlap are faster than one of any size.
  static char* copy(char* out, std::string_view text) {
    const char* const from = text.data();
    const size_t size = text.size();
    const auto both_ends = [&](auto part) {
      std::memcpy(&part, from + size - sizeof part, sizeof part);
      auto first = part;
      std::memcpy(&first, from, sizeof first);
      std::memcpy(out, &first, sizeof first);
      std::memcpy(out + size - sizeof part, &part, sizeof part);
    };
    if (size >= 8 && size <= 16) {
      both_ends(uint64_t{0});
    } else if (size >= 4 && size < 8) {
      both_ends(uint32_t{0});
    } else if (size < 4) {
      for (size_t i = 0; i < size; ++i) out[i] = from[i];
    } else {
      std::memcpy(out, from, size);
    }
    return out + size;
  }

 private:
  char* date(char* out, int32_t days) {
    if (days != last_days_ || last_date_.empty()) {
      last_date_.clear();
      append_date32(&last_date_, days);
      last_days_ = days;
    }
    return copy(out, last_date_);
  }

  std::string scratch_;
  std::string last_date_;  // neighbouring rows often have the same
  int32_t last_days_ = 0;
};

// The text of a column in a batch: where it lies, and how much there is.
struct TextRange {
  TextRange(const ColumnRef& column, int64_t first, int64_t rows) {
    const auto* offsets = static_cast<const int32_t*>(column.values) + column.offset;
    begin = column.data + offsets[first];
    size = static_cast<size_t>(offsets[first + rows] - offsets[first]);
  }
  const char* begin;
  size_t size;
};

// True when one of the bytes is special. Blocks of fixed size, so that the compiler can use
// vectors.
template <typename IsSpecial>
bool any_special(const char* text, size_t size, IsSpecial is_special) {
  constexpr size_t kBlock = 64;
  while (size >= kBlock) {
    uint8_t found = 0;
    for (size_t i = 0; i < kBlock; ++i) found |= static_cast<uint8_t>(is_special(text[i]));
    if (found != 0) return true;
    text += kBlock;
    size -= kBlock;
  }
  uint8_t found = 0;
  for (size_t i = 0; i < size; ++i) found |= static_cast<uint8_t>(is_special(text[i]));
  return found != 0;
}

// Bytes as base64 with padding. Needs room for 4 / 3 of them, and 4.
inline char* write_base64(char* out, std::string_view bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (; !bytes.empty(); bytes.remove_prefix(std::min<size_t>(3, bytes.size()))) {
    const auto byte = [&](size_t i) {
      return i < bytes.size() ? uint32_t{static_cast<unsigned char>(bytes[i])} : 0U;
    };
    const uint32_t three = byte(0) << 16 | byte(1) << 8 | byte(2);
    *out++ = kDigits[three >> 18];
    *out++ = kDigits[three >> 12 & 63];
    *out++ = bytes.size() > 1 ? kDigits[three >> 6 & 63] : '=';
    *out++ = bytes.size() > 2 ? kDigits[three & 63] : '=';
  }
  return out;
}

}  // namespace chunkmill::files
