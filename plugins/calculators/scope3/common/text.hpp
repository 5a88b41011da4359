// Short text that is copied into columns millions of times: stored so that a copy is one move of
// fixed size.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace chunkmill::scope3 {

// For messages.
inline std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

// Bytes that may be read from the beginning of any Text, whatever its size.
inline constexpr size_t kTextPad = 32;
inline constexpr char kNoText[kTextPad] = {};

// Text in a TextArena, or a constant of at least kTextPad bytes.
struct Text {
  const char* data = kNoText;
  size_t size = 0;

  std::string_view view() const { return {data, size}; }
  bool empty() const { return size == 0; }
};

// A constant of at most kTextPad characters: `constexpr PaddedText kUsd("USD");`
struct PaddedText {
  constexpr PaddedText() = default;
  constexpr PaddedText(std::string_view text) : size(text.size()) {  // NOLINT: reads as text
    for (size_t i = 0; i < text.size(); ++i) data[i] = text[i];
  }
  operator Text() const { return {data, size}; }

  char data[kTextPad] = {};
  size_t size = 0;
};

// Owns texts; they stay where they are until clear(). Movable.
class TextArena {
 public:
  Text add(std::string_view text) {
    char* const place = room(text.size() + kTextPad);
    if (!text.empty()) std::memcpy(place, text.data(), text.size());
    std::memset(place + text.size(), 0, kTextPad);
    return {place, text.size()};
  }
  // The same text is stored once.
  Text intern(std::string_view text) {
    if (text.empty()) return {};
    const auto found = interned_.find(text);
    if (found != interned_.end()) return {found->data(), found->size()};
    const Text added = add(text);
    interned_.insert(added.view());
    return added;
  }
  // Texts stay; one that comes again is stored again.
  void forget_index() { interned_.clear(); }
  // Forgets all texts and keeps the memory of the first block.
  void clear() {
    interned_.clear();
    if (blocks_.size() > 1) blocks_.resize(1);
    used_ = 0;
  }

 private:
  static constexpr size_t kBlock = size_t{64} << 10;

  char* room(size_t size) {
    if (blocks_.empty() || used_ + size > blocks_.back().size) {
      const size_t block = std::max(kBlock, size);
      blocks_.push_back({std::make_unique<char[]>(block), block});
      used_ = 0;
    }
    char* const place = blocks_.back().bytes.get() + used_;
    used_ += size;
    return place;
  }

  struct Block {
    std::unique_ptr<char[]> bytes;
    size_t size;
  };
  std::vector<Block> blocks_;
  size_t used_ = 0;  // of the last block
  std::unordered_set<std::string_view> interned_;
};

inline bool is_space(char c) { return c == ' ' || c == '\t'; }

inline std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace chunkmill::scope3
