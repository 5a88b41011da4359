#include "framework/data/bits.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

using namespace chunkmill::host;

TEST_CASE("bits: copy, fill and count agree with one bit at a time, at every alignment", "[data]") {
  std::mt19937 random(7);
  for (int64_t from = 0; from < 9; ++from) {
    for (int64_t to = 0; to < 9; ++to) {
      for (const int64_t count : {0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 200}) {
        // Exactly as long as needed: a sanitizer sees a byte too many.
        std::vector<uint8_t> source(static_cast<size_t>(bytes_for_bits(from + count)));
        std::vector<uint8_t> target(static_cast<size_t>(bytes_for_bits(to + count)));
        for (uint8_t& byte : source) byte = static_cast<uint8_t>(random());
        for (uint8_t& byte : target) byte = static_cast<uint8_t>(random());
        std::vector<uint8_t> expected = target;
        std::vector<uint8_t> filled = target;
        std::vector<uint8_t> expected_filled = target;
        int64_t ones = 0;
        for (int64_t i = 0; i < count; ++i) {
          set_bit(expected.data(), to + i, get_bit(source.data(), from + i));
          set_bit(expected_filled.data(), to + i, true);
          ones += get_bit(source.data(), from + i);
        }

        copy_bits(source.data(), from, target.data(), to, count);
        fill_bits(filled.data(), to, count, true);

        REQUIRE(target == expected);
        REQUIRE(filled == expected_filled);
        REQUIRE(count_bits(source.data(), from, count) == ones);
      }
    }
  }
}
