// Arrow bitmaps: bit i is bit (i % 8) of byte (i / 8), 1 is valid or true. No function reads or
// writes a byte that holds none of the bits it was asked for.
#pragma once

#include <cstdint>

namespace chunkmill::host {

inline bool get_bit(const uint8_t* bits, int64_t i) { return (bits[i >> 3] >> (i & 7)) & 1; }

inline void set_bit(uint8_t* bits, int64_t i, bool value) {
  const auto mask = static_cast<uint8_t>(1U << (i & 7));
  bits[i >> 3] = static_cast<uint8_t>(value ? bits[i >> 3] | mask : bits[i >> 3] & ~mask);
}

inline int64_t bytes_for_bits(int64_t count) { return (count + 7) / 8; }

// How many of the `count` bits from bit `first` are 1.
int64_t count_bits(const uint8_t* bits, int64_t first, int64_t count);

// Copies `count` bits; the ranges may not overlap. Other bits of `to` stay as they are.
void copy_bits(const uint8_t* from, int64_t from_first, uint8_t* to, int64_t to_first,
               int64_t count);

// Sets `count` bits from bit `first` to `value`.
void fill_bits(uint8_t* bits, int64_t first, int64_t count, bool value);

}  // namespace chunkmill::host
