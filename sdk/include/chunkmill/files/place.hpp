// Where a record begins in a text, and the position text that a lane writes of it.
// Failure: Error(CM_INVALID). Threads: any.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "chunkmill/error.hpp"

namespace chunkmill::files {

struct Place {
  uint64_t offset = 0;  // in the text, unpacked
  uint64_t line = 1;    // counted from 1

  bool operator==(const Place&) const = default;
};

// "offset:line".
inline std::string place_text(Place place) {
  return std::to_string(place.offset) + ":" + std::to_string(place.line);
}

// The way back. `source` is what the message calls the source that did not write the text.
inline Place parse_place(std::string_view text, std::string_view source) {
  Place place;
  const char* const end = text.data() + text.size();
  const auto offset = std::from_chars(text.data(), end, place.offset);
  if (offset.ec == std::errc() && offset.ptr != end && *offset.ptr == ':') {
    const auto line = std::from_chars(offset.ptr + 1, end, place.line);
    if (line.ec == std::errc() && line.ptr == end) return place;
  }
  throw Error(CM_INVALID, "\"" + std::string(text) + "\" is not a position of the " +
                              std::string(source) + " source, which is offset:line");
}

}  // namespace chunkmill::files
