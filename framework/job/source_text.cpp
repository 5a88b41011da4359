#include "framework/job/source_text.hpp"

#include <algorithm>

namespace chunkmill::host {
namespace {

constexpr std::size_t kMilestone = 1024;

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

SourceText::SourceText(std::string_view text, int source) : source_(source) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text_ = text;
  starts_.push_back(0);
  int characters = 0;
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (i % kMilestone == 0) milestones_.push_back(characters);
    if (!continues(text_[i])) ++characters;
    if (text_[i] == '\n') starts_.push_back(i + 1);
  }
  if (text_.size() % kMilestone == 0) milestones_.push_back(characters);
}

int SourceText::characters_before(std::size_t offset) const {
  const std::size_t begin = offset / kMilestone * kMilestone;
  return milestones_[offset / kMilestone] +
         count_characters(std::string_view(text_).substr(begin, offset - begin));
}

std::string_view SourceText::line(int number) const {
  if (number < 1 || number > line_count()) return {};
  const std::size_t index = static_cast<std::size_t>(number) - 1;
  const std::size_t end = index + 1 < starts_.size() ? starts_[index + 1] - 1 : text_.size();
  std::string_view line = std::string_view(text_).substr(starts_[index], end - starts_[index]);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Place SourceText::place(std::size_t offset, std::size_t length) const {
  offset = std::min(offset, text_.size());
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  Place place;
  place.source = source_;
  place.line = static_cast<int>(after - starts_.begin());
  const std::size_t start = *(after - 1);
  const std::string_view whole = line(place.line);
  const std::size_t begin = std::min(offset - start, whole.size());
  place.column = characters_before(start + begin) - characters_before(start) + 1;
  place.length = std::max(1, count_characters(whole.substr(begin, length)));
  return place;
}

std::size_t SourceText::offset(const Place& place) const {
  if (place.source != source_ || place.line < 1 || place.line > line_count()) return text_.size();
  const std::size_t start = starts_[static_cast<std::size_t>(place.line) - 1];
  const int wanted = characters_before(start) + place.column - 1;
  const auto after = std::upper_bound(milestones_.begin(), milestones_.end(), wanted);
  const auto index =
      static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, after - milestones_.begin() - 1));
  int characters = milestones_[index];
  std::size_t at = index * kMilestone;
  while (at < text_.size() && (continues(text_[at]) || characters < wanted)) {
    if (!continues(text_[at])) ++characters;
    ++at;
  }
  return std::max(at, start);
}

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first < 0xC2   ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!continues(text[i])) return 0;
  }
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool surrogate = first == 0xED && byte(1) >= 0xA0;
  const bool too_large = first == 0xF4 && byte(1) >= 0x90;
  return overlong || surrogate || too_large ? 0 : length;
}

int count_characters(std::string_view text) {
  return static_cast<int>(
      std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

}  // namespace chunkmill::host
