// Bytes in order, wherever they come from, and those of a file. Failure: read() throws Error,
// naming the input and what to do. Threads: one at a time.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "chunkmill/files/input.hpp"

namespace chunkmill::files {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Reads at most `room` bytes (at least 1) to `out`; 0 at the end, and ever after.
  virtual size_t read(char* out, size_t room) = 0;
};

// The bytes [from, to) of a file as it was planned. It is an error when the file changes or is
// replaced meanwhile: it is looked at when it is opened and behind each block, so that what read()
// has given is of one version.
class FileRange final : public ByteStream {
 public:
  FileRange(const std::string& path, const FileFacts& planned, uint64_t from, uint64_t to)
      : file_(open_for_reading(path)), path_(path), planned_(planned), at_(from), to_(to) {
    require_unchanged(file_, path_, &planned_);
    posix_fadvise(file_.fd(), static_cast<off_t>(from), static_cast<off_t>(to - from),
                  POSIX_FADV_SEQUENTIAL);
  }
  size_t read(char* out, size_t room) override {
    room = static_cast<size_t>(std::min<uint64_t>(room, to_ - at_));
    const size_t done = read_at(file_, path_, at_, out, room);
    at_ += done;
    unchecked_ += done;
    if (unchecked_ >= kCheckEvery || at_ == to_ || done < room) {
      require_unchanged(file_, path_, &planned_);
      unchecked_ = 0;
    }
    if (done < room)
      throw Error(CM_IO, path_ + " ends after " + std::to_string(at_) + " bytes, and " +
                             std::to_string(to_) +
                             " were there when it was planned; restore it, or start again with "
                             "--restart")
          .at(path_);
    return done;
  }

 private:
  static constexpr uint64_t kCheckEvery = 4096;

  OpenFile file_;
  std::string path_;
  FileFacts planned_;
  uint64_t at_;
  uint64_t to_;
  uint64_t unchecked_ = 0;  // bytes since the file was looked at last
};

// Reads `count` bytes and forgets them; throws when `name` ends before that.
inline void skip(ByteStream& stream, uint64_t count, const std::string& name) {
  std::vector<char> scrap(size_t{1} << 16);
  while (count > 0) {
    const size_t got =
        stream.read(scrap.data(), static_cast<size_t>(std::min<uint64_t>(count, scrap.size())));
    if (got == 0)
      throw Error(CM_IO, name +
                             " ends before the position to resume from; it is not the input of " +
                             "the earlier run: start again with --restart")
          .at(name);
    count -= got;
  }
}

}  // namespace chunkmill::files
