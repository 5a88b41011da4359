// A hash of what a file holds: it tells two versions apart, and keeps nobody out. Small files are
// hashed whole, large ones by samples, so that a look at a file costs some milliseconds whatever
// its size. Failure: Error with the path. Threads: any.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "chunkmill/files/file.hpp"

namespace chunkmill::files {

// XXH64, as its specification has it (https://github.com/Cyan4973/xxHash, doc/xxhash_spec.md).
class Xxh64 {
 public:
  static uint64_t of(std::string_view text, uint64_t seed) {
    const char* at = text.data();
    const char* const end = at + text.size();
    uint64_t hash = seed + kPrime5;
    if (text.size() >= 32) {
      uint64_t lanes[4] = {seed + kPrime1 + kPrime2, seed + kPrime2, seed, seed - kPrime1};
      for (; end - at >= 32; at += 32)
        for (int i = 0; i < 4; ++i) lanes[i] = round(lanes[i], word<uint64_t>(at + 8 * i));
      hash = std::rotl(lanes[0], 1) + std::rotl(lanes[1], 7) + std::rotl(lanes[2], 12) +
             std::rotl(lanes[3], 18);
      for (const uint64_t lane : lanes) hash = (hash ^ round(0, lane)) * kPrime1 + kPrime4;
    }
    hash += text.size();
    for (; end - at >= 8; at += 8)
      hash = std::rotl(hash ^ round(0, word<uint64_t>(at)), 27) * kPrime1 + kPrime4;
    if (end - at >= 4) {
      hash = std::rotl(hash ^ word<uint32_t>(at) * kPrime1, 23) * kPrime2 + kPrime3;
      at += 4;
    }
    for (; at < end; ++at)
      hash = std::rotl(hash ^ static_cast<unsigned char>(*at) * kPrime5, 11) * kPrime1;
    hash = (hash ^ hash >> 33) * kPrime2;
    hash = (hash ^ hash >> 29) * kPrime3;
    return hash ^ hash >> 32;
  }

 private:
  static constexpr uint64_t kPrime1 = 0x9E3779B185EBCA87, kPrime2 = 0xC2B2AE3D27D4EB4F,
                            kPrime3 = 0x165667B19E3779F9, kPrime4 = 0x85EBCA77C2B2AE63,
                            kPrime5 = 0x27D4EB2F165667C5;

  template <typename T>
  static T word(const char* at) {
    static_assert(std::endian::native == std::endian::little);
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
  }
  static uint64_t round(uint64_t lane, uint64_t input) {
    return std::rotl(lane + input * kPrime2, 31) * kPrime1;
  }
};

// Files up to this size are hashed whole.
inline constexpr uint64_t kWholeBytes = uint64_t{16} << 20;

// A hash of the open file's first `size` bytes; of larger files the head, the tail and 62 places
// between them, 64 KiB each.
inline uint64_t content_of(const OpenFile& file, const std::string& path, uint64_t size) {
  constexpr uint64_t kSampleBytes = uint64_t{64} << 10;
  constexpr uint64_t kSamples = 64;
  const bool whole = size <= kWholeBytes;
  const uint64_t block_bytes = whole ? std::min(size, uint64_t{1} << 20) : kSampleBytes;
  const uint64_t blocks = !whole      ? kSamples
                          : size == 0 ? 0
                                      : (size + block_bytes - 1) / block_bytes;
  std::string block(static_cast<size_t>(block_bytes), '\0');
  uint64_t hash = size;
  for (uint64_t i = 0; i < blocks; ++i) {
    const uint64_t at = whole ? i * block_bytes : (size - kSampleBytes) / (kSamples - 1) * i;
    const bool last = !whole && i + 1 == blocks;
    const uint64_t from = last ? size - kSampleBytes : at;
    const size_t wanted = static_cast<size_t>(std::min(block_bytes, size - from));
    const size_t got = read_at(file, path, from, block.data(), wanted);
    hash = Xxh64::of({block.data(), got}, hash);
  }
  return hash;
}

// 16 hex digits.
inline std::string hex_text(uint64_t value) {
  std::string text(16, '0');
  for (size_t i = 16; i-- > 0; value >>= 4) text[i] = "0123456789abcdef"[value & 15];
  return text;
}

}  // namespace chunkmill::files
