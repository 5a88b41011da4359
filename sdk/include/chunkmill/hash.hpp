// A stable 64-bit hash for identities, fingerprints and damaged text (FNV-1a): the same on every
// machine, and no protection from adversaries.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace chunkmill {

inline constexpr uint64_t kHashSeed = 0xcbf29ce484222325U;

// With the hash of what comes before as `seed` it is the hash of both.
inline uint64_t stable_hash(std::string_view text, uint64_t seed = kHashSeed) {
  for (const char c : text) seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return seed;
}

inline std::string hex64(uint64_t value) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text(16, '0');
  for (size_t i = 16; i-- > 0; value >>= 4) text[i] = kDigits[value & 15];
  return text;
}

}  // namespace chunkmill
