// A 64-bit hash that is the same on every platform. For identity, not against an attacker.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace chunkmill::scope3 {

static_assert(std::endian::native == std::endian::little, "bytes are read as little-endian words");

class Hasher {
 public:
  explicit Hasher(uint64_t seed = 0) : state_(seed ^ 0x9E3779B97F4A7C15U) {}

  Hasher& add(uint64_t word) {
    state_ = fold(state_ ^ word, 0xA0761D6478BD642FU);
    return *this;
  }
  Hasher& add(int64_t value) { return add(static_cast<uint64_t>(value)); }
  // 0.0 and -0.0 are told apart, as their results are.
  Hasher& add(double value) { return add(std::bit_cast<uint64_t>(value)); }
  // With its length: ("a", "bc") and ("ab", "c") differ.
  Hasher& add(std::string_view text) {
    uint64_t length = text.size();
    while (text.size() > 8) {
      uint64_t word;
      std::memcpy(&word, text.data(), 8);
      add(word);
      text.remove_prefix(8);
    }
    add(tail(text));
    return add(length);
  }
  uint64_t finish() const { return fold(state_ ^ 0xE7037ED1A0B428DBU, 0x8EBC6AF09C88C6E3U); }

  // Up to 8 bytes as one word.
  static uint64_t tail(std::string_view text) {
    const size_t size = text.size();
    const char* const p = text.data();
    if (size >= 4) {
      uint32_t low;
      uint32_t high;
      std::memcpy(&low, p, 4);
      std::memcpy(&high, p + size - 4, 4);
      return low | uint64_t{high} << (8 * (size - 4));
    }
    uint64_t word = 0;
    for (size_t i = 0; i < size; ++i) word |= uint64_t{static_cast<unsigned char>(p[i])} << (8 * i);
    return word;
  }

 private:
  static uint64_t fold(uint64_t a, uint64_t b) {
    __extension__ typedef unsigned __int128 Wide;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  }
  uint64_t state_;
};

}  // namespace chunkmill::scope3
