// A 64-bit hash that is the same on every platform. For identity, not against an attacker.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "chunkmill/digit_words.hpp"

namespace chunkmill::scope3 {

namespace detail {
inline uint64_t fold(uint64_t a, uint64_t b) {
  __extension__ typedef unsigned __int128 Wide;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}
}  // namespace detail

static_assert(std::endian::native == std::endian::little, "bytes are read as little-endian words");

class Hasher {
 public:
  explicit Hasher(uint64_t seed = 0) : state_(seed ^ 0x9E3779B97F4A7C15U) {}

  Hasher& add(uint64_t word) {
    state_ = detail::fold(state_ ^ word, 0xA0761D6478BD642FU);
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
  uint64_t finish() const {
    return detail::fold(state_ ^ 0xE7037ED1A0B428DBU, 0x8EBC6AF09C88C6E3U);
  }

  // Up to 8 bytes as one word.
  static uint64_t tail(std::string_view text) {
    return text.empty() ? 0 : chunkmill::detail::load_bytes<false>(text.data(), text.size());
  }

 private:
  uint64_t state_;
};

// The hash of a row, which goes on from column to column: a multiplication a value, and one more
// for each 16 bytes of a text that is longer than that. The length of a text is in its last one.
class RowHasher {
 public:
  static constexpr uint64_t kSeed = 0x9E3779B97F4A7C15U;

  static uint64_t add(uint64_t state, uint64_t word) { return detail::fold(state ^ word, kWord); }
  static uint64_t add(uint64_t state, std::string_view text) {
    const char* p = text.data();
    size_t left = text.size();
    for (; left > 16; left -= 16, p += 16)
      state = detail::fold(state ^ chunkmill::detail::load_word(p),
                           chunkmill::detail::load_word(p + 8) ^ kWord);
    // The last 8 to 16 bytes as two words that may overlap.
    const bool is_long = left > 8;
    const uint64_t first = is_long ? chunkmill::detail::load_word(p) : Hasher::tail({p, left});
    const uint64_t last = is_long ? chunkmill::detail::load_word(p + left - 8) : 0;
    return detail::fold(state ^ first, last ^ (kText + 2 * text.size()));
  }
  static uint64_t add_null(uint64_t state) { return detail::fold(state, kNull); }

 private:
  static constexpr uint64_t kWord = 0xA0761D6478BD642FU;
  static constexpr uint64_t kText = 0xE7037ED1A0B428DBU;
  static constexpr uint64_t kNull = 0x8EBC6AF09C88C6E3U;
};

}  // namespace chunkmill::scope3
