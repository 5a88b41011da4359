// SourceText: the bytes a fault can point into, and the way between byte offsets and places.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "framework/job/value.hpp"

namespace chunkmill::host {

// Owns a copy of the text without its byte order mark. Lines end at '\n'; a '\r' before it belongs
// to no line. Immutable.
class SourceText {
 public:
  // `source` as in Place: 0 for the job file, n for the n-th --set.
  explicit SourceText(std::string_view text, int source = 0);

  const std::string& text() const { return text_; }
  int line_count() const { return static_cast<int>(starts_.size()); }
  // Counted from 1; empty when there is no such line.
  std::string_view line(int number) const;
  // The place of a stretch of bytes, cut at the end of its first line; at least one character long.
  Place place(std::size_t offset, std::size_t length) const;
  // The byte where a place begins; the text's size when it is not in this text.
  std::size_t offset(const Place& place) const;

 private:
  // Characters before byte `offset`. Constant time, since a hostile file may be one line of a
  // million bytes.
  int characters_before(std::size_t offset) const;

  std::string text_;
  std::vector<std::size_t> starts_;  // of each line
  std::vector<int> milestones_;      // characters before every kMilestone-th byte
  int source_;
};

// Length of the UTF-8 character at the front of `text`; 0 when it is not valid UTF-8 (overlong,
// surrogate, cut short, ...).
std::size_t utf8_length(std::string_view text);

// Characters in valid UTF-8.
int count_characters(std::string_view text);

}  // namespace chunkmill::host
