#include "shown.hpp"

#include "chunkmill/files/text_start.hpp"
#include "utf8.hpp"

namespace chunkmill::csv {

std::string shown(std::string_view value) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string text = "\"";
  const bool sound = is_utf8(value.data(), value.size());
  const std::string_view start =
      sound ? files::text_start(value) : value.substr(0, files::kMostShown);
  for (const char c : start) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !sound)) {
      text += "\\x";
      text += kHex[byte >> 4];
      text += kHex[byte & 15];
    } else {
      text += c;
    }
  }
  return text + (start.size() < value.size() ? "...\"" : "\"");
}

}  // namespace chunkmill::csv
