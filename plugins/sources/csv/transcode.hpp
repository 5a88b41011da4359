// Other encodings into UTF-8, as they are read, through iconv. Threads: one at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "chunkmill/files/byte_stream.hpp"
#include "encoding.hpp"

namespace chunkmill::csv {

// `inner` in UTF-8; UTF-8 gives `inner` itself. `charset` is charset_of() the text. Bytes that the
// encoding does not define become marks, see encoding.hpp. A text that ends within a character of
// UTF-16 or UTF-32 is Error(CM_IO) naming `name`.
std::unique_ptr<files::ByteStream> transcode(std::unique_ptr<files::ByteStream> inner,
                                             const Encoding& encoding, const std::string& charset,
                                             std::string name);

// The decoded text of a record as it stood in its file, where it has marks; else as it is. Rejects
// keep that, so that it can be read again with another encoding.
std::string text_with_bytes(std::string_view text, const std::string& charset);
// The way back: text that is not UTF-8, decoded.
std::string decoded_record(std::string_view raw, const Encoding& encoding, const std::string& name);

}  // namespace chunkmill::csv
