#include "utf8.hpp"

#include <cstdint>
#include <cstring>

namespace chunkmill::csv {
namespace {

// Bytes of the character that begins at `p`, with `left` bytes to go; 0 if it is none.
size_t character(const unsigned char* p, size_t left) {
  const auto tail = [&](size_t i) { return i < left && (p[i] & 0xC0) == 0x80; };
  if (p[0] < 0xC2) return 0;
  if (p[0] < 0xE0) return tail(1) ? 2 : 0;
  if (p[0] < 0xF0) {
    if (!tail(1) || !tail(2)) return 0;
    const bool overlong = p[0] == 0xE0 && p[1] < 0xA0;
    const bool surrogate = p[0] == 0xED && p[1] >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  if (p[0] > 0xF4 || !tail(1) || !tail(2) || !tail(3)) return 0;
  const bool overlong = p[0] == 0xF0 && p[1] < 0x90;
  const bool too_high = p[0] == 0xF4 && p[1] >= 0x90;
  return overlong || too_high ? 0 : 4;
}

}  // namespace

bool is_utf8(const char* data, size_t size) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(data);
  size_t at = 0;
  while (at < size) {
    while (size - at >= 8) {
      uint64_t word;
      std::memcpy(&word, bytes + at, sizeof word);
      word &= 0x8080808080808080U;
      if (word != 0) break;
      at += 8;
    }
    while (at < size && bytes[at] < 0x80) ++at;
    // Text that is not ASCII mostly goes on like that.
    while (at < size && bytes[at] >= 0x80) {
      const size_t length = character(bytes + at, size - at);
      if (length == 0) return false;
      at += length;
    }
  }
  return true;
}

}  // namespace chunkmill::csv
