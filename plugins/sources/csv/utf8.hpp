// Is it UTF-8? Threads: any.
#pragma once

#include <cstddef>

namespace chunkmill::csv {

// Strict: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(const char* data, size_t size);

}  // namespace chunkmill::csv
