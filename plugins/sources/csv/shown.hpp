// Values in messages.
#pragma once

#include <string>
#include <string_view>

namespace chunkmill::csv {

// A value in quotes, cut when it is long, with what is not printable as \xNN.
std::string shown(std::string_view value);

}  // namespace chunkmill::csv
