// The bytes of PostgreSQL's binary protocol: big-endian integers, and days and microseconds that
// count from 2000. Threads: any.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace chunkmill::postgres {

static_assert(std::endian::native == std::endian::little);

inline constexpr int32_t kEpochDays = 10'957;  // from 1970-01-01 to 2000-01-01
inline constexpr int64_t kEpochMicros = int64_t{kEpochDays} * 86'400'000'000;
// A date or a timestamp that is infinite.
inline constexpr int32_t kDateInfinity = INT32_MAX;
inline constexpr int64_t kTimestampInfinity = INT64_MAX;

// "PGCOPY\n\377\r\n\0", flags, length of the extension.
inline constexpr std::string_view kCopyHeader("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
inline constexpr std::string_view kCopyTrailer("\377\377", 2);

inline uint16_t swapped(uint16_t value) { return __builtin_bswap16(value); }
inline uint32_t swapped(uint32_t value) { return __builtin_bswap32(value); }
inline uint64_t swapped(uint64_t value) { return __builtin_bswap64(value); }

template <typename Unsigned>
char* write_big(char* out, Unsigned value) {
  const Unsigned big = swapped(value);
  std::memcpy(out, &big, sizeof big);
  return out + sizeof big;
}

template <typename Unsigned>
Unsigned read_big(const char* in) {
  Unsigned big;
  std::memcpy(&big, in, sizeof big);
  return swapped(big);
}

}  // namespace chunkmill::postgres
