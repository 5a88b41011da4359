#include "transcode.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "chunkmill/error.hpp"

namespace chunkmill::csv {
namespace {

// Surrogates are encoded like any other number below 2^16: three bytes that are not UTF-8.
void append_utf8(std::string* out, uint32_t code) {
  const auto tail = [](uint32_t bits) { return static_cast<char>(0x80 | (bits & 0x3F)); };
  if (code < 0x80) {
    out->push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out->push_back(static_cast<char>(0xC0 | code >> 6));
    out->push_back(tail(code));
  } else if (code < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | code >> 12));
    out->push_back(tail(code >> 6));
    out->push_back(tail(code));
  } else {
    out->push_back(static_cast<char>(0xF0 | code >> 18));
    out->push_back(tail(code >> 12));
    out->push_back(tail(code >> 6));
    out->push_back(tail(code));
  }
}

// Gives out what convert() makes of the raw bytes.
class Transcoded : public files::ByteStream {
 public:
  explicit Transcoded(std::unique_ptr<files::ByteStream> inner)
      : inner_(std::move(inner)), raw_(size_t{1} << 16) {}

  size_t read(char* out, size_t room) final {
    while (at_ == text_.size()) {
      text_.clear();
      at_ = 0;
      const size_t got = inner_->read(raw_.data(), raw_.size());
      convert(std::string_view(raw_.data(), got), &text_);
      if (got == 0 && text_.empty()) return 0;
    }
    const size_t size = std::min(room, text_.size() - at_);
    std::memcpy(out, text_.data() + at_, size);
    at_ += size;
    return size;
  }

 protected:
  // `raw` is empty at the end.
  virtual void convert(std::string_view raw, std::string* out) = 0;

 private:
  std::unique_ptr<files::ByteStream> inner_;
  std::vector<char> raw_;
  std::string text_;
  size_t at_ = 0;
};

class Latin1 : public Transcoded {
 public:
  using Transcoded::Transcoded;

 protected:
  void convert(std::string_view raw, std::string* out) override {
    for (const char c : raw) append_utf8(out, static_cast<unsigned char>(c));
  }
};

class Utf16le : public Transcoded {
 public:
  Utf16le(std::unique_ptr<files::ByteStream> inner, std::string name)
      : Transcoded(std::move(inner)), name_(std::move(name)) {}

 protected:
  void convert(std::string_view raw, std::string* out) override {
    for (const char c : raw) {
      const auto byte = static_cast<unsigned char>(c);
      if (half_) {
        take(low_ | uint32_t{byte} << 8, out);
      } else {
        low_ = byte;
      }
      half_ = !half_;
    }
    if (!raw.empty()) return;
    if (half_)
      throw Error(CM_IO, name_ + " ends in the middle of a UTF-16 character; get the file again")
          .at(name_);
    if (first_ != 0) append_utf8(out, std::exchange(first_, 0));
  }

 private:
  void take(uint32_t unit, std::string* out) {
    if (first_ != 0 && unit >= 0xDC00 && unit < 0xE000) {
      append_utf8(out, 0x10000 + ((first_ - 0xD800) << 10) + (unit - 0xDC00));
      first_ = 0;
      return;
    }
    if (first_ != 0) append_utf8(out, std::exchange(first_, 0));
    if (unit >= 0xD800 && unit < 0xDC00) {
      first_ = unit;
    } else {
      append_utf8(out, unit);
    }
  }

  std::string name_;
  bool half_ = false;
  uint32_t low_ = 0;
  uint32_t first_ = 0;  // a high surrogate that waits for its other half
};

}  // namespace

std::unique_ptr<files::ByteStream> transcode(std::unique_ptr<files::ByteStream> inner,
                                             Encoding encoding, std::string name) {
  switch (encoding) {
    case Encoding::kUtf8:
      return inner;
    case Encoding::kLatin1:
      return std::make_unique<Latin1>(std::move(inner));
    case Encoding::kUtf16le:
      return std::make_unique<Utf16le>(std::move(inner), std::move(name));
  }
  return inner;
}

}  // namespace chunkmill::csv
