// Text of a page: escaped words, and numbers as people read them. Threads: any.
#pragma once

#include <string>
#include <string_view>

namespace chunkmill::scope3 {

// With the characters escaped that mean something in HTML and in SVG; others that neither carries,
// like NUL, become U+FFFD.
std::string escaped(std::string_view text);

// "1,234,567.8": with `decimals` at most, without zeros behind.
std::string grouped(double value, int decimals);
// Tonnes of a number of kilograms with three figures or more: "12,346", "12.3", "0.0123". A dash
// where it is not known.
std::string tonnes_text(double kg);
// "12.3 %"; "< 0.1 %" for what would read as nothing; a dash where it is not known.
std::string percent_words(double percent);
// As grouped() without decimals.
std::string count_text(uint64_t count);
// A coordinate of a picture, to the tenth.
std::string coordinate(double value);
// Cut to `length` characters, the last of them an ellipsis.
std::string shortened(std::string_view text, size_t length);

}  // namespace chunkmill::scope3
