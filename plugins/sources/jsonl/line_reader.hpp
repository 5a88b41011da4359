// Lines of a stream, in place. A JSON string holds no raw line feed, so that every line feed ends a
// record. Memory is one buffer, grown only as far as one line of `max_line_bytes` needs.
// Failure: next() throws what the stream throws. Threads: one at a time.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "chunkmill/builder.hpp"
#include "chunkmill/files/byte_stream.hpp"
#include "chunkmill/files/place.hpp"

namespace chunkmill::jsonl {

using files::Place;

struct Line {
  std::string_view text;  // without its line end; of one that is too large, its beginning
  Place place;
  bool too_large = false;
};

class LineReader {
 public:
  // Bytes that may be read behind a line's text, as simdjson does.
  static constexpr size_t kPadding = 64;

  LineReader(std::unique_ptr<files::ByteStream> stream, Place begin, size_t max_line_bytes,
             size_t buffer_bytes = size_t{256} << 10)
      : stream_(std::move(stream)), place_(begin), max_line_bytes_(max_line_bytes) {
    buffer_.resize(buffer_bytes + kPadding);
    std::memset(buffer_.data(), 0, buffer_.size());
  }

  // The next line that is not blank; false at the end. It is valid until the next call.
  bool next(Line* out);
  // The whole lines, with their line feeds, that are in the buffer behind the one handed out last.
  std::string_view ahead() const {
    return {buffer_.data() + begin_, last_feed_ > begin_ ? last_feed_ - begin_ : 0};
  }
  // Takes the first of them, which has `length` bytes without its line feed.
  void take(size_t length) {
    begin_ += length + 1;
    place_ = {place_.offset + length + 1, place_.line + 1};
  }
  // Of the line that next() would give, blank ones before it included.
  Place place() const { return place_; }

 private:
  bool read_line(Line* out);
  bool refill();
  void skip_rest_of_line();

  std::unique_ptr<files::ByteStream> stream_;
  Place place_;
  const size_t max_line_bytes_;
  Buffer<char> buffer_;  // its size is what there is room for
  size_t begin_ = 0;     // of what is not handed out yet
  size_t end_ = 0;
  size_t last_feed_ = 0;  // behind the last line feed in the buffer
  std::string head_;      // of a line that is too large
};

inline bool LineReader::next(Line* out) {
  while (read_line(out)) {
    if (out->place.offset == 0 && out->text.starts_with("\xef\xbb\xbf")) out->text.remove_prefix(3);
    if (out->text.find_first_not_of(" \t\r") != out->text.npos) return true;
  }
  return false;
}

inline bool LineReader::read_line(Line* out) {
  size_t searched = 0;
  while (true) {
    const char* const begin = buffer_.data() + begin_;
    const size_t size = end_ - begin_;
    const void* feed =
        size > searched ? std::memchr(begin + searched, '\n', size - searched) : nullptr;
    if (feed != nullptr) {
      const auto length = static_cast<size_t>(static_cast<const char*>(feed) - begin);
      *out = {{begin, length}, place_, length > max_line_bytes_};
      take(length);
      return true;
    }
    searched = size;
    if (size > max_line_bytes_) {
      constexpr size_t kKept = size_t{64} << 10;
      head_.assign(begin, std::min(size, kKept));
      *out = {head_, place_, true};
      skip_rest_of_line();
      return true;
    }
    if (refill()) continue;
    if (begin_ == end_) return false;
    *out = {{buffer_.data() + begin_, end_ - begin_}, place_, false};
    place_.offset += end_ - begin_;
    begin_ = end_;
    return true;
  }
}

// Makes room and reads more; false at the end of the stream.
inline bool LineReader::refill() {
  if (begin_ > 0 && begin_ < end_)
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ + kPadding == buffer_.size()) buffer_.resize(2 * (buffer_.size() - kPadding) + kPadding);
  const size_t got = stream_->read(buffer_.data() + end_, buffer_.size() - kPadding - end_);
  end_ += got;
  const void* const feed = memrchr(buffer_.data(), '\n', end_);
  last_feed_ = feed == nullptr
                   ? 0
                   : static_cast<size_t>(static_cast<const char*>(feed) - buffer_.data()) + 1;
  std::memset(buffer_.data() + end_, 0, kPadding);
  return got > 0;
}

inline void LineReader::skip_rest_of_line() {
  while (true) {
    const char* const begin = buffer_.data() + begin_;
    const void* const feed = std::memchr(begin, '\n', end_ - begin_);
    if (feed != nullptr) {
      take(static_cast<size_t>(static_cast<const char*>(feed) - begin));
      return;
    }
    place_.offset += end_ - begin_;
    begin_ = end_;
    if (!refill()) return;
  }
}

}  // namespace chunkmill::jsonl
