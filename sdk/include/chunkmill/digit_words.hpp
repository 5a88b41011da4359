// Short numbers and dates read eight bytes at a time, without a branch per digit: what most fields
// of a file are. Anything else is left to the general readers of parse.hpp.
// Threads: any. Nothing throws or allocates.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "chunkmill/civil_date.hpp"

namespace chunkmill::detail {

static_assert(std::endian::native == std::endian::little, "the first digit is the lowest byte");

inline constexpr uint64_t every_byte(uint8_t value) { return value * 0x0101010101010101U; }

inline uint64_t load_word(const char* from) {
  uint64_t word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// `size` bytes from 1 to 8, the first one lowest; zeros above them. `kPadded`: eight bytes can be
// read, so that nothing branches on the size.
template <bool kPadded>
uint64_t load_bytes(const char* p, size_t size) {
  if constexpr (kPadded) return load_word(p) & (~uint64_t{0} >> (8 * (8 - size)));
  if (size == 8) return load_word(p);
  if (size >= 4) {
    uint32_t low;
    uint32_t high;
    std::memcpy(&low, p, 4);
    std::memcpy(&high, p + size - 4, 4);
    return low | uint64_t{high} << (8 * (size - 4));
  }
  const auto byte = [p](size_t i) { return uint64_t{static_cast<unsigned char>(p[i])} << (8 * i); };
  return byte(0) | byte(size / 2) | byte(size - 1);
}

// Whether each byte of `values` is at most 9.
inline bool all_digits(uint64_t values) {
  return ((values | (values + every_byte(0x76))) & every_byte(0x80)) == 0;
}

// Bit 7 of each byte of `values` that is 0.
inline uint64_t zero_bytes(uint64_t values) {
  return ~(((values & every_byte(0x7F)) + every_byte(0x7F)) | values | every_byte(0x7F));
}

// The number that eight digits make, each of them a byte from 0 to 9.
inline uint64_t eight_digits(uint64_t values) {
  values = (values * (1 + (10U << 8))) >> 8;
  values = ((values & 0x00FF00FF00FF00FFU) * (1 + (100U << 16))) >> 16;
  return ((values & 0x0000FFFF0000FFFFU) * (1 + (uint64_t{10'000} << 32))) >> 32;
}

// "123.45" without a sign: all digits as one number, and how many of them are decimals.
struct ShortDecimal {
  uint64_t digits = 0;
  size_t decimals = 0;
};

// False when the text is anything but 1 to 8 bytes of digits with at most one point among them.
template <bool kPadded>
bool read_short_decimal(std::string_view text, ShortDecimal* out) {
  const size_t size = text.size();
  if (size - 1 >= 8) return false;  // none at all, or too many
  uint64_t values = load_bytes<kPadded>(text.data(), size) ^ (every_byte('0') >> (8 * (8 - size)));
  size_t count = size;
  size_t decimals = 0;
  if (const uint64_t point = zero_bytes(values ^ every_byte('.' ^ '0')); point != 0) {
    // The first point goes; a second one is no digit and is found below.
    const uint64_t before = (point & (~point + 1)) - 1;  // also the lower bits of the point itself
    const uint64_t front = before >> 7;
    decimals = size - 1 - static_cast<size_t>(std::countr_zero(point)) / 8;
    values = (values & front) | ((values >> 8) & ~front);
    if (--count == 0) return false;
  }
  values <<= 8 * (8 - count);
  if (!all_digits(values)) return false;
  *out = {eight_digits(values), decimals};
  return true;
}

// "2024-02-29"; month and day may be out of range.
inline bool read_iso_date(std::string_view text, CivilDate* out) {
  if (text.size() != 10) return false;
  constexpr uint64_t kDashes = 0xFF0000FF00000000U;
  constexpr uint64_t kShape = (every_byte('0') & ~kDashes) | (every_byte('-') & kDashes);
  const uint64_t front = load_word(text.data()) ^ kShape;  // "YYYY-MM-"
  uint16_t tail;
  std::memcpy(&tail, text.data() + 8, sizeof tail);
  const uint64_t back = tail ^ (every_byte('0') & 0xFFFF);
  if ((front & kDashes) != 0 || !all_digits(front) || !all_digits(back)) return false;
  const auto digit = [](uint64_t of, int at) { return static_cast<int>(of >> (8 * at) & 0xFF); };
  out->year =
      digit(front, 0) * 1000 + digit(front, 1) * 100 + digit(front, 2) * 10 + digit(front, 3);
  out->month = digit(front, 5) * 10 + digit(front, 6);
  out->day = digit(back, 0) * 10 + digit(back, 1);
  return true;
}

}  // namespace chunkmill::detail
