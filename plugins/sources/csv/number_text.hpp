// Numbers as people write them, brought into the one spelling that the strict parsers take.
#pragma once

#include <cstddef>
#include <string_view>

namespace chunkmill::csv {

struct NumberStyle {
  char thousands = '\0';  // none
  char decimal = '.';

  bool is_plain() const { return thousands == '\0' && decimal == '.'; }
};

inline constexpr size_t kMaxNumberText = 128;

// `text` without its thousands separators and with a '.' for the decimal sign, in `scratch`
// (kMaxNumberText bytes) where it had to be changed. Groups must be of three digits, "1,23" is not
// a number. Text that does not fit the style comes back empty.
std::string_view plain_number(std::string_view text, const NumberStyle& style, char* scratch);

}  // namespace chunkmill::csv
