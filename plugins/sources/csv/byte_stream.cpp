#include "byte_stream.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "input_file.hpp"

namespace chunkmill::csv {
namespace {

class FileRange : public ByteStream {
 public:
  FileRange(const std::string& path, uint64_t from, uint64_t to)
      : file_(open_for_reading(path)), path_(path), at_(from), to_(to) {
    posix_fadvise(file_.fd(), static_cast<off_t>(from), static_cast<off_t>(to - from),
                  POSIX_FADV_SEQUENTIAL);
  }

  size_t read(char* out, size_t room) override {
    room = static_cast<size_t>(std::min<uint64_t>(room, to_ - at_));
    size_t done = 0;
    while (done < room) {
      const ssize_t got = pread(file_.fd(), out + done, room - done, static_cast<off_t>(at_));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw file_error(path_, "cannot be read", errno);
      if (got == 0)
        throw Error(CM_IO, path_ + " became shorter while it was read: expected at least " +
                               std::to_string(to_) + " bytes, it ends after " +
                               std::to_string(at_) + "; restore it, or start again with --restart")
            .at(path_);
      done += static_cast<size_t>(got);
      at_ += static_cast<uint64_t>(got);
    }
    return done;
  }

 private:
  OpenFile file_;
  std::string path_;
  uint64_t at_;
  uint64_t to_;
};

class StandardInput : public ByteStream {
 public:
  size_t read(char* out, size_t room) override {
    while (true) {
      const ssize_t got = ::read(STDIN_FILENO, out, room);
      if (got >= 0) return static_cast<size_t>(got);
      if (errno != EINTR) throw file_error("standard input", "cannot be read", errno);
    }
  }
};

class Text : public ByteStream {
 public:
  explicit Text(std::string text) : text_(std::move(text)) {}

  size_t read(char* out, size_t room) override {
    const size_t size = std::min(room, text_.size() - at_);
    if (size > 0) std::memcpy(out, text_.data() + at_, size);
    at_ += size;
    return size;
  }

 private:
  std::string text_;
  size_t at_ = 0;
};

class Prepended : public ByteStream {
 public:
  Prepended(std::string head, std::unique_ptr<ByteStream> inner)
      : head_(std::move(head)), inner_(std::move(inner)) {}

  size_t read(char* out, size_t room) override {
    const size_t size = head_.read(out, room);
    return size > 0 ? size : inner_->read(out, room);
  }

 private:
  Text head_;
  std::unique_ptr<ByteStream> inner_;
};

class Copying : public ByteStream {
 public:
  Copying(std::unique_ptr<ByteStream> inner, std::string* copy)
      : inner_(std::move(inner)), copy_(copy) {}

  size_t read(char* out, size_t room) override {
    const size_t size = inner_->read(out, room);
    copy_->append(out, size);
    return size;
  }

 private:
  std::unique_ptr<ByteStream> inner_;
  std::string* copy_;
};

}  // namespace

std::unique_ptr<ByteStream> open_file_range(const std::string& path, uint64_t from, uint64_t to) {
  return std::make_unique<FileRange>(path, from, to);
}

std::unique_ptr<ByteStream> open_standard_input() { return std::make_unique<StandardInput>(); }

std::unique_ptr<ByteStream> open_text(std::string text) {
  return std::make_unique<Text>(std::move(text));
}

std::unique_ptr<ByteStream> prepend(std::string head, std::unique_ptr<ByteStream> inner) {
  return std::make_unique<Prepended>(std::move(head), std::move(inner));
}

std::unique_ptr<ByteStream> copy_while_reading(std::unique_ptr<ByteStream> inner,
                                               std::string* copy) {
  return std::make_unique<Copying>(std::move(inner), copy);
}

void skip(ByteStream& stream, uint64_t count, std::string_view name) {
  std::vector<char> scrap(size_t{1} << 16);
  while (count > 0) {
    const size_t got =
        stream.read(scrap.data(), static_cast<size_t>(std::min<uint64_t>(count, scrap.size())));
    if (got == 0)
      throw Error(CM_IO, std::string(name) + " ends before the position to go on from; it is not " +
                             "the input of the earlier run: start again with --restart")
          .at(name);
    count -= got;
  }
}

}  // namespace chunkmill::csv
