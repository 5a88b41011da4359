#include "framework/data/bits.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace chunkmill::host {

int64_t count_bits(const uint8_t* bits, int64_t first, int64_t count) {
  int64_t ones = 0;
  for (; count > 0 && (first & 7) != 0; ++first, --count) ones += get_bit(bits, first);
  const uint8_t* byte = bits + first / 8;
  for (; count >= 64; count -= 64, byte += 8) {
    uint64_t word;
    std::memcpy(&word, byte, sizeof word);
    ones += std::popcount(word);
  }
  for (; count >= 8; count -= 8, ++byte) ones += std::popcount(*byte);
  for (int64_t i = 0; i < count; ++i) ones += get_bit(byte, i);
  return ones;
}

void copy_bits(const uint8_t* from, int64_t from_first, uint8_t* to, int64_t to_first,
               int64_t count) {
  for (; count > 0 && (to_first & 7) != 0; ++from_first, ++to_first, --count) {
    set_bit(to, to_first, get_bit(from, from_first));
  }
  const int64_t bytes = count / 8;
  if (bytes > 0) {
    const uint8_t* source = from + from_first / 8;
    uint8_t* target = to + to_first / 8;
    const auto shift = static_cast<unsigned>(from_first & 7);
    if (shift == 0) {
      std::memcpy(target, source, static_cast<size_t>(bytes));
    } else {
      for (int64_t i = 0; i < bytes; ++i) {
        target[i] = static_cast<uint8_t>((source[i] >> shift) | (source[i + 1] << (8 - shift)));
      }
    }
  }
  for (int64_t i = bytes * 8; i < count; ++i) {
    set_bit(to, to_first + i, get_bit(from, from_first + i));
  }
}

void fill_bits(uint8_t* bits, int64_t first, int64_t count, bool value) {
  for (; count > 0 && (first & 7) != 0; ++first, --count) set_bit(bits, first, value);
  const int64_t bytes = count / 8;
  if (bytes > 0) std::memset(bits + first / 8, value ? 0xFF : 0, static_cast<size_t>(bytes));
  for (int64_t i = bytes * 8; i < count; ++i) set_bit(bits, first + i, value);
}

}  // namespace chunkmill::host
