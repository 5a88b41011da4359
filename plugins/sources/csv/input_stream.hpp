// Streams other than those of files: standard input, text in memory, and streams put together.
// Failure: read() throws Error, naming the input. Threads: one at a time.
#pragma once

#include <memory>
#include <string>

#include "chunkmill/files/byte_stream.hpp"

namespace chunkmill::csv {

// What is left of standard input.
std::unique_ptr<files::ByteStream> open_standard_input();

// Text in memory, copied.
std::unique_ptr<files::ByteStream> open_text(std::string text);

// `head`, then what `inner` gives.
std::unique_ptr<files::ByteStream> prepend(std::string head,
                                           std::unique_ptr<files::ByteStream> inner);

// Appends all that is read from `inner` to `*copy`, which outlives the stream.
std::unique_ptr<files::ByteStream> copy_while_reading(std::unique_ptr<files::ByteStream> inner,
                                                      std::string* copy);

}  // namespace chunkmill::csv
