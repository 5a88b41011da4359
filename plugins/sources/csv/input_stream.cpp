#include "input_stream.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace chunkmill::csv {
namespace {

class StandardInput : public files::ByteStream {
 public:
  size_t read(char* out, size_t room) override {
    while (true) {
      const ssize_t got = ::read(STDIN_FILENO, out, room);
      if (got >= 0) return static_cast<size_t>(got);
      if (errno != EINTR) throw files::file_error("standard input", "cannot be read", errno);
    }
  }
};

class Text : public files::ByteStream {
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

class Prepended : public files::ByteStream {
 public:
  Prepended(std::string head, std::unique_ptr<files::ByteStream> inner)
      : head_(std::move(head)), inner_(std::move(inner)) {}

  size_t read(char* out, size_t room) override {
    const size_t size = head_.read(out, room);
    return size > 0 ? size : inner_->read(out, room);
  }

 private:
  Text head_;
  std::unique_ptr<files::ByteStream> inner_;
};

class Copying : public files::ByteStream {
 public:
  Copying(std::unique_ptr<files::ByteStream> inner, std::string* copy)
      : inner_(std::move(inner)), copy_(copy) {}

  size_t read(char* out, size_t room) override {
    const size_t size = inner_->read(out, room);
    copy_->append(out, size);
    return size;
  }

 private:
  std::unique_ptr<files::ByteStream> inner_;
  std::string* copy_;
};

}  // namespace

std::unique_ptr<files::ByteStream> open_standard_input() {
  return std::make_unique<StandardInput>();
}

std::unique_ptr<files::ByteStream> open_text(std::string text) {
  return std::make_unique<Text>(std::move(text));
}

std::unique_ptr<files::ByteStream> prepend(std::string head,
                                           std::unique_ptr<files::ByteStream> inner) {
  return std::make_unique<Prepended>(std::move(head), std::move(inner));
}

std::unique_ptr<files::ByteStream> copy_while_reading(std::unique_ptr<files::ByteStream> inner,
                                                      std::string* copy) {
  return std::make_unique<Copying>(std::move(inner), copy);
}

}  // namespace chunkmill::csv
