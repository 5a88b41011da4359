// The encodings of text, by every name that iconv knows. Failure: Error(CM_INVALID). Threads: any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace chunkmill::csv {

struct Encoding {
  std::string name = "utf-8";  // as the option has it
  std::string charset;         // as iconv has it; empty: UTF-8
  // Set when 0x80 to 0x9F are control characters, which no text has: the encoding that a program of
  // Windows means by the same letters.
  std::string windows_name;

  bool is_utf8() const { return charset.empty(); }
};

// The encoding of that name, in any case, with "-", "_" or neither. Throws with the nearest name at
// the option `encoding`.
Encoding find_encoding(const std::string& name);

// What iconv is to read a text with that begins with `head`, its first 4 bytes: UTF-16 and UTF-32
// get the byte order of their mark, or the one that their zeros show. Throws, naming `path`, when
// the mark is one of another encoding.
std::string charset_of(const Encoding& encoding, std::string_view head, const std::string& path);

// A byte that an encoding does not define stands in the decoded text as a mark, which is not UTF-8:
// its record is rejected where it is read, and the reject can say which byte stood where.
struct Undefined {
  uint8_t byte = 0;
  uint64_t offset = 0;  // in the encoded text
};
inline constexpr size_t kMarkBytes = 11;
void append_mark(const Undefined& undefined, std::string* out);
// Where the first mark stands in `text`; npos if there is none.
size_t find_mark(std::string_view text, Undefined* out);
// What is wrong with text that has a mark: "holds byte 0x81 (offset 12), which is not
// defined in windows-1252".
std::string undefined_text(const Undefined& undefined, const Encoding& encoding);

}  // namespace chunkmill::csv
