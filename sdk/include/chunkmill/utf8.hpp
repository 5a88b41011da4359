// Characters of UTF-8, one at a time. Threads: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace chunkmill {

// Bytes of the character that begins at `at`; 0 where there is none: well-formed UTF-8 as in
// Unicode 15, table 3-7, has no overlong forms and no surrogates.
inline size_t utf8_size(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned head = byte(0);
  if (head < 0x80) return 1;
  if (head < 0xC2 || head > 0xF4) return 0;
  const size_t size = head < 0xE0 ? 2 : head < 0xF0 ? 3 : 4;
  if (text.size() - at < size) return 0;
  const unsigned low = head == 0xE0 ? 0xA0 : head == 0xF0 ? 0x90 : 0x80;
  const unsigned high = head == 0xED ? 0x9F : head == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < low || byte(1) > high) return 0;
  for (size_t i = 2; i < size; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  return size;
}

// Eight bytes of ASCII at a time: most text is that.
inline bool is_utf8(std::string_view text) {
  constexpr uint64_t kHighBits = 0x8080808080808080;
  for (size_t at = 0; at < text.size();) {
    if (text.size() - at >= 8) {
      uint64_t eight;
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & kHighBits) == 0) {
        at += 8;
        continue;
      }
    }
    const size_t size = utf8_size(text, at);
    if (size == 0) return false;
    at += size;
  }
  return true;
}

// `text` with each byte that is not UTF-8 as the four characters \xe9; as it is where all are.
inline std::string readable_utf8(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (size_t at = 0; at < text.size();) {
    if (const size_t size = utf8_size(text, at); size != 0) {
      out.append(text, at, size);
      at += size;
      continue;
    }
    const auto byte = static_cast<unsigned char>(text[at++]);
    out += "\\x";
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

}  // namespace chunkmill
