// Long text in messages. Threads: any.
#pragma once

#include <algorithm>
#include <string_view>

namespace chunkmill::files {

// How much of a value a message shows.
inline constexpr size_t kMostShown = 60;

// The first `most` bytes of UTF-8 text; fewer where that would cut a character.
inline std::string_view text_start(std::string_view text, size_t most = kMostShown) {
  size_t size = std::min(text.size(), most);
  while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
    --size;
  return text.substr(0, size);
}

}  // namespace chunkmill::files
