#include "shown.hpp"

#include "chunkmill/files/text_start.hpp"
#include "chunkmill/utf8.hpp"

namespace chunkmill::csv {

namespace {

// The value with the bytes that its marks stand for.
std::string without_marks(std::string_view value) {
  std::string text;
  Undefined undefined;
  for (size_t at = find_mark(value, &undefined); at != value.npos;
       at = find_mark(value, &undefined)) {
    text += value.substr(0, at);
    text += static_cast<char>(undefined.byte);
    value.remove_prefix(at + kMarkBytes);
  }
  return text += value;
}

}  // namespace

std::string undecoded_text(std::string_view value, const Encoding& encoding) {
  Undefined undefined;
  if (encoding.is_utf8() || find_mark(value, &undefined) == value.npos)
    return "is not UTF-8; set encoding if the file has another one";
  return undefined_text(undefined, encoding);
}

std::string shown(std::string_view given) {
  const std::string value = without_marks(given);
  constexpr char kHex[] = "0123456789abcdef";
  std::string text = "\"";
  const bool sound = is_utf8(value);
  const std::string_view start =
      sound ? files::text_start(value) : std::string_view(value).substr(0, files::kMostShown);
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
