// Bytes in order, wherever they come from. Failure: read() throws Error, naming the input.
// Threads: one at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace chunkmill::csv {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Reads at most `room` bytes (at least 1) to `to`; 0 at the end, and ever after.
  virtual size_t read(char* to, size_t room) = 0;
};

// The bytes [from, to) of a file. It is an error when the file has become shorter than that.
std::unique_ptr<ByteStream> open_file_range(const std::string& path, uint64_t from, uint64_t to);

// What is left of standard input.
std::unique_ptr<ByteStream> open_standard_input();

// Text in memory, copied.
std::unique_ptr<ByteStream> open_text(std::string text);

// `head`, then what `inner` gives.
std::unique_ptr<ByteStream> prepend(std::string head, std::unique_ptr<ByteStream> inner);

// Appends all that is read from `inner` to `*copy`, which outlives the stream.
std::unique_ptr<ByteStream> copy_while_reading(std::unique_ptr<ByteStream> inner,
                                               std::string* copy);

// Reads `count` bytes and forgets them; throws when `name` ends before that.
void skip(ByteStream& stream, uint64_t count, std::string_view name);

}  // namespace chunkmill::csv
