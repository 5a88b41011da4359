#include "shown.hpp"

#include <algorithm>

#include "utf8.hpp"

namespace chunkmill::csv {

std::string shown(std::string_view value) {
  constexpr size_t kMost = 60;
  constexpr char kHex[] = "0123456789abcdef";
  std::string text = "\"";
  const bool sound = is_utf8(value.data(), value.size());
  size_t size = std::min(value.size(), kMost);
  while (sound && size < value.size() && size > 0 &&
         (static_cast<unsigned char>(value[size]) & 0xC0) == 0x80)
    --size;
  for (const char c : value.substr(0, size)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !sound)) {
      text += "\\x";
      text += kHex[byte >> 4];
      text += kHex[byte & 15];
    } else {
      text += c;
    }
  }
  return text + (size < value.size() ? "...\"" : "\"");
}

}  // namespace chunkmill::csv
