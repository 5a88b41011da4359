// The bytes of a chunk until it is committed: in memory, and of a large chunk (a join can make many
// rows of one) in a nameless file beside the target. Failure: Error as file.hpp has it.
// Threads: one at a time.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "chunkmill/builder.hpp"
#include "chunkmill/files/file.hpp"

namespace chunkmill::files {

class ChunkBytes {
 public:
  // What stays in memory at most, but for the batch in hand.
  static constexpr size_t kMostInMemory = size_t{16} << 20;

  // `folder` is where the target is: its disk is the one that must have room.
  explicit ChunkBytes(std::string folder, size_t most_in_memory = kMostInMemory)
      : folder_(std::move(folder)), most_in_memory_(most_in_memory) {}

  // Bytes are appended here.
  Buffer<char>& memory() { return memory_; }
  // Between two batches: moves what is too large for memory.
  void settle() {
    if (memory_.size() <= most_in_memory_) return;
    if (!file_) file_ = open_nameless();
    write_at(file_, folder_, in_file_, {memory_.data(), memory_.size()});
    in_file_ += memory_.size();
    memory_.clear();
  }

  uint64_t size() const { return in_file_ + memory_.size(); }

  // Calls `take(std::string_view)` for the pieces, in their order.
  template <typename Take>
  void each_piece(Take take) const {
    std::string piece;
    for (uint64_t at = 0; at < in_file_; at += piece.size()) {
      piece.resize(size_t{1} << 20);
      piece.resize(read_at(file_, folder_, at, piece.data(),
                           static_cast<size_t>(std::min<uint64_t>(piece.size(), in_file_ - at))));
      if (piece.empty())
        throw Error(CM_IO, "a temporary file in " + folder_ + " was cut").at(folder_);
      take(std::string_view(piece));
    }
    if (memory_.size() > 0) take(std::string_view(memory_.data(), memory_.size()));
  }

  // An unusually large chunk must not keep its memory for the rest of the run.
  void clear() noexcept {
    if (memory_.capacity() > most_in_memory_) memory_ = Buffer<char>();
    memory_.clear();
    file_.close();
    in_file_ = 0;
  }

 private:
  OpenFile open_nameless() const {
    const int fd = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0) return OpenFile(fd);
    // Some file systems have no files without a name.
    std::string path = folder_ + "/.chunkmill-chunk-XXXXXX";
    OpenFile file(::mkostemp(path.data(), O_CLOEXEC));
    if (!file) throw file_error(folder_, "does not let a temporary file be made in it", errno);
    ::unlink(path.c_str());
    return file;
  }

  std::string folder_;
  size_t most_in_memory_;
  Buffer<char> memory_;
  OpenFile file_;
  uint64_t in_file_ = 0;
};

}  // namespace chunkmill::files
