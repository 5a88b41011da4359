// gzip, read as it comes: any number of members one behind the other.
#pragma once

#include <memory>
#include <string>

#include "byte_stream.hpp"

namespace chunkmill::csv {

// True when the bytes begin as a gzip file does.
bool looks_like_gzip(std::string_view head);

// What `inner` holds, unpacked. Damaged or cut off input is Error(CM_IO) naming `name`.
std::unique_ptr<ByteStream> unpack_gzip(std::unique_ptr<ByteStream> inner, std::string name);

}  // namespace chunkmill::csv
