#include "transcode.hpp"

#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "chunkmill/error.hpp"
#include "chunkmill/utf8.hpp"
#include "input_stream.hpp"

namespace chunkmill::csv {
namespace {

class Iconv {
 public:
  Iconv(const std::string& to, const std::string& from)
      : opened_(iconv_open(to.c_str(), from.c_str())) {
    if (opened_ == reinterpret_cast<iconv_t>(-1))
      throw Error(CM_INTERNAL, "iconv does not turn " + from + " into " + to);
  }
  ~Iconv() { iconv_close(opened_); }
  Iconv(const Iconv&) = delete;
  Iconv& operator=(const Iconv&) = delete;

  // Converts as far as it can, and takes that off the front of `*from`. Returns 0, EILSEQ at bytes
  // that are not defined, or EINVAL at the beginning of a character.
  int convert(std::string_view* from, std::string* out) {
    char* in = const_cast<char*>(from->data());
    size_t in_left = from->size();
    int fault = E2BIG;
    while (fault == E2BIG) fault = step(&in, &in_left, out);
    from->remove_prefix(from->size() - in_left);
    return fault;
  }
  // What it has kept for a character that might have continued.
  void flush(std::string* out) {
    while (step(nullptr, nullptr, out) == E2BIG) {
    }
  }

 private:
  int step(char** in, size_t* in_left, std::string* out) {
    constexpr size_t kRoom = size_t{64} << 10;
    const size_t before = out->size();
    out->resize(before + kRoom);
    char* to = out->data() + before;
    size_t room = kRoom;
    const bool failed = iconv(opened_, in, in_left, &to, &room) == static_cast<size_t>(-1);
    const int fault = failed ? errno : 0;
    out->resize(before + kRoom - room);
    return fault;
  }

  iconv_t opened_;
};

class Transcoded final : public files::ByteStream {
 public:
  Transcoded(std::unique_ptr<files::ByteStream> inner, const Encoding& encoding,
             const std::string& charset, std::string name)
      : inner_(std::move(inner)),
        iconv_("UTF-8", charset),
        unit_(charset.starts_with("UTF-16")   ? 2
              : charset.starts_with("UTF-32") ? 4
                                              : 1),
        has_controls_(!encoding.windows_name.empty()),
        name_(std::move(name)),
        raw_(size_t{64} << 10) {}

  size_t read(char* out, size_t room) override {
    while (at_ == text_.size()) {
      text_.clear();
      at_ = 0;
      if (!fill()) return 0;
    }
    const size_t size = std::min(room, text_.size() - at_);
    std::memcpy(out, text_.data() + at_, size);
    at_ += size;
    return size;
  }

 private:
  // False at the end.
  bool fill() {
    if (ended_) return false;
    const size_t got = inner_->read(raw_.data() + kept_, raw_.size() - kept_);
    ended_ = got == 0;
    std::string_view left(raw_.data(), kept_ + got);
    while (!left.empty()) {
      const int fault = convert_defined(&left);
      if (left.empty() || (fault == EINVAL && !ended_)) break;
      if (fault == EINVAL && unit_ > 1)
        throw Error(CM_IO, name_ + " ends in the middle of a character; get the file again")
            .at(name_);
      for (size_t i = 0; i < unit_; ++i)
        append_mark({static_cast<uint8_t>(left[i]), offset_ + i}, &text_);
      take(&left, unit_);
    }
    kept_ = left.size();
    std::memmove(raw_.data(), left.data(), kept_);
    if (ended_) iconv_.flush(&text_);
    return true;
  }

  // Up to the next byte that is not defined, or that is a control character nobody writes.
  int convert_defined(std::string_view* left) {
    size_t most = left->size();
    if (has_controls_) {
      const auto control = std::find_if(left->begin(), left->end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x80 && static_cast<unsigned char>(c) < 0xA0;
      });
      most = static_cast<size_t>(control - left->begin());
    }
    std::string_view defined = left->substr(0, most);
    const int fault = iconv_.convert(&defined, &text_);
    take(left, most - defined.size());
    return fault == 0 && !left->empty() ? EILSEQ : fault;
  }

  void take(std::string_view* left, size_t count) {
    left->remove_prefix(count);
    offset_ += count;
  }

  std::unique_ptr<files::ByteStream> inner_;
  Iconv iconv_;
  const size_t unit_;  // bytes that go together
  const bool has_controls_;
  const std::string name_;
  std::vector<char> raw_;
  size_t kept_ = 0;  // at the front of raw_: the beginning of a character
  uint64_t offset_ = 0;
  bool ended_ = false;
  std::string text_;
  size_t at_ = 0;
};

}  // namespace

std::unique_ptr<files::ByteStream> transcode(std::unique_ptr<files::ByteStream> inner,
                                             const Encoding& encoding, const std::string& charset,
                                             std::string name) {
  if (encoding.is_utf8()) return inner;
  return std::make_unique<Transcoded>(std::move(inner), encoding, charset, std::move(name));
}

std::string text_with_bytes(std::string_view text, const std::string& charset) {
  Undefined undefined;
  size_t mark = charset.empty() ? text.npos : find_mark(text, &undefined);
  if (mark == text.npos) return std::string(text);
  std::string bytes;
  Iconv back(charset, "UTF-8");
  while (true) {
    std::string_view defined = text.substr(0, mark);
    back.convert(&defined, &bytes);
    back.flush(&bytes);
    if (mark == text.npos) return bytes;
    bytes.push_back(static_cast<char>(undefined.byte));
    text.remove_prefix(mark + kMarkBytes);
    mark = find_mark(text, &undefined);
  }
}

std::string decoded_record(std::string_view raw, const Encoding& encoding,
                           const std::string& name) {
  if (encoding.is_utf8() || is_utf8(raw)) return std::string(raw);
  const std::unique_ptr<files::ByteStream> stream = transcode(
      open_text(std::string(raw)), encoding, charset_of(encoding, raw.substr(0, 4), name), name);
  std::string text;
  char block[4096];
  while (const size_t got = stream->read(block, sizeof block)) text.append(block, got);
  return text;
}

}  // namespace chunkmill::csv
