// Options that are one character, such as a delimiter. Failure: Error(CM_INVALID). Threads: any.
#pragma once

#include <string>

#include "chunkmill/error.hpp"

namespace chunkmill::files {

// The ASCII character that `text`, the value of `option`, is, or the one that it names: tab, space.
// `allowed` says whether an unnamed one will do.
inline char single_character(const std::string& text, const char* option, bool (*allowed)(char)) {
  if (text == "tab" || text == "\\t") return '\t';
  if (text == "space") return ' ';
  if (text.size() != 1 || static_cast<unsigned char>(text[0]) >= 0x80 || !allowed(text[0]))
    throw Error(CM_INVALID,
                "\"" + text + "\" is not one ASCII character; write one, or tab, or space")
        .at(option);
  return text[0];
}

}  // namespace chunkmill::files
