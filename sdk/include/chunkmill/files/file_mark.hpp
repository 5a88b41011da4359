// What a committed file is told from others by: the boot of the machine, the ends of a finished
// file, and the last bytes that an unfinished one has committed. Failure: Error with the path. Threads: any.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "chunkmill/files/file.hpp"
#include "chunkmill/files/ledger.hpp"

namespace chunkmill::files {

// Changes when the machine starts anew; empty where the system does not say.
inline std::string machine_boot() {
  try {
    const std::string path = "/proc/sys/kernel/random/boot_id";
    const OpenFile file = open_file(path, O_RDONLY);
    char text[36];
    return std::string(text, read_at(file, path, 0, text, sizeof text));
  } catch (const Error&) {
    return {};
  }
}

// The hash of the first and the last 64 KiB of the first `size` bytes of a file, never 0. A file
// that was cut, written anew or replaced differs there.
inline uint64_t mark_of(const std::string& path, uint64_t size) {
  constexpr uint64_t kEnd = uint64_t{64} << 10;
  const OpenFile file = open_file(path, O_RDONLY);
  std::string ends(static_cast<size_t>(std::min(size, 2 * kEnd)), '\0');
  const size_t head = std::min<size_t>(ends.size(), kEnd);
  const size_t tail = ends.size() - head;
  read_at(file, path, 0, ends.data(), head);
  read_at(file, path, size - tail, ends.data() + head, tail);
  return std::max<uint64_t>(stable_hash(ends), 1);
}

// The last bytes of a text that comes in pieces, and their mark.
class Tail {
 public:
  void add(std::string_view piece) {
    if (piece.size() < kSize) {
      bytes_ += piece;
      if (bytes_.size() > kSize) bytes_.erase(0, bytes_.size() - kSize);
    } else {
      bytes_ = piece.substr(piece.size() - kSize);
    }
  }
  FileMark mark() const { return {bytes_.size(), stable_hash(bytes_)}; }

 private:
  static constexpr size_t kSize = 4096;
  std::string bytes_;
};

// Whether the bytes before `end` are those of the mark.
inline bool has_tail(const OpenFile& file, const std::string& path, uint64_t end,
                     const FileMark& tail) {
  if (tail.size == 0) return true;  // unknown
  if (tail.size > end) return false;
  std::string bytes(static_cast<size_t>(tail.size), '\0');
  bytes.resize(read_at(file, path, end - tail.size, bytes.data(), bytes.size()));
  return bytes.size() == tail.size && stable_hash(bytes) == tail.hash;
}

}  // namespace chunkmill::files
