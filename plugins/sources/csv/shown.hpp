// Values in messages.
#pragma once

#include <string>
#include <string_view>

#include "encoding.hpp"

namespace chunkmill::csv {

// A value in quotes, cut when it is long, with what is not printable as \xNN.
std::string shown(std::string_view value);

// What is wrong with a value that is not UTF-8, behind it: "holds byte 0x81 ...".
std::string undecoded_text(std::string_view value, const Encoding& encoding);

}  // namespace chunkmill::csv
