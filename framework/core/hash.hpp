// A stable 64-bit hash for identities and fingerprints (FNV-1a): the same on every machine, not for
// adversaries.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace chunkmill::host {

inline uint64_t stable_hash(std::string_view text, uint64_t seed = 0xcbf29ce484222325ULL) {
  for (const char c : text) {
    seed ^= static_cast<unsigned char>(c);
    seed *= 0x100000001b3ULL;
  }
  return seed;
}

inline std::string hex64(uint64_t value) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text(16, '0');
  for (size_t i = 16; i-- > 0; value >>= 4) text[i] = kDigits[value & 15];
  return text;
}

}  // namespace chunkmill::host
