// Whether bytes are text. Threads: any.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace chunkmill::sql {

// Well-formed UTF-8 as in Unicode 15, table 3-7: no overlong forms, no surrogates.
inline bool is_utf8(std::string_view text) {
  constexpr uint64_t kHighBits = 0x8080808080808080;
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const end = at + text.size();
  while (at != end) {
    if (end - at >= 8) {
      uint64_t eight = 0;
      std::memcpy(&eight, at, sizeof eight);
      if ((eight & kHighBits) == 0) {
        at += 8;
        continue;
      }
    }
    const unsigned head = *at++;
    if (head < 0x80) continue;
    if (head < 0xC2 || head > 0xF4) return false;
    const int more = head < 0xE0 ? 1 : head < 0xF0 ? 2 : 3;
    if (end - at < more) return false;
    unsigned low = 0x80;
    unsigned high = 0xBF;
    if (head == 0xE0) low = 0xA0;
    if (head == 0xED) high = 0x9F;
    if (head == 0xF0) low = 0x90;
    if (head == 0xF4) high = 0x8F;
    if (*at < low || *at > high) return false;
    for (int i = 1; i < more; ++i)
      if ((at[i] & 0xC0) != 0x80) return false;
    at += more;
  }
  return true;
}

}  // namespace chunkmill::sql
