// Other encodings into UTF-8, as they are read.
#pragma once

#include <memory>
#include <string>

#include "chunkmill/files/byte_stream.hpp"

namespace chunkmill::csv {

enum class Encoding { kUtf8, kLatin1, kUtf16le };

// `inner` in UTF-8; kUtf8 gives `inner` itself. Half a UTF-16 character becomes three bytes that
// are not UTF-8, so that its record is rejected. Half a code unit at the end is Error(CM_IO) naming
// `name`.
std::unique_ptr<files::ByteStream> transcode(std::unique_ptr<files::ByteStream> inner,
                                             Encoding encoding, std::string name);

}  // namespace chunkmill::csv
