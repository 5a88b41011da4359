// Reads the JSON that SQL sources write themselves: a flat array (positions) or a flat object
// (rejected rows). Nothing nested but {"hex": "..."}, which stands for bytes.
//
// Failure: nothing is returned for any other text. Threads: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chunkmill/json.hpp"

namespace chunkmill::sql {

// A value as JSON has it; numbers keep their digits, bytes are decoded.
struct JsonScalar {
  enum class Kind { kNull, kBool, kNumber, kText, kBytes };
  Kind kind = Kind::kNull;
  std::string text;
};
using JsonMembers = std::vector<std::pair<std::string, JsonScalar>>;

inline void append_hex(std::string* out, std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out->push_back(kDigits[byte >> 4]);
    out->push_back(kDigits[byte & 15]);
  }
}

inline std::optional<std::string> read_hex(std::string_view text) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

// Writes bytes as the value of a member.
inline void write_bytes(JsonWriter& json, std::string_view bytes) {
  std::string hex;
  append_hex(&hex, bytes);
  json.begin_object().field("hex", hex).end_object();
}

class FlatJsonReader {
 public:
  explicit FlatJsonReader(std::string_view text) : text_(text) {}

  std::optional<std::vector<JsonScalar>> array() {
    std::vector<JsonScalar> values;
    if (!take('[')) return std::nullopt;
    while (!take(']')) {
      if (!values.empty() && !take(',')) return std::nullopt;
      if (!scalar(&values.emplace_back())) return std::nullopt;
    }
    return at_end() ? std::optional(std::move(values)) : std::nullopt;
  }

  std::optional<JsonMembers> object() {
    JsonMembers members;
    if (!take('{')) return std::nullopt;
    while (!take('}')) {
      if (!members.empty() && !take(',')) return std::nullopt;
      auto& [name, value] = members.emplace_back();
      if (!string(&name) || !take(':') || !scalar(&value)) return std::nullopt;
    }
    return at_end() ? std::optional(std::move(members)) : std::nullopt;
  }

 private:
  void skip_blanks() {
    while (!text_.empty() &&
           (text_[0] == ' ' || text_[0] == '\t' || text_[0] == '\n' || text_[0] == '\r'))
      text_.remove_prefix(1);
  }
  bool take(char c) {
    skip_blanks();
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool take_word(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  bool at_end() {
    skip_blanks();
    return text_.empty();
  }

  bool scalar(JsonScalar* out) {
    skip_blanks();
    if (text_.empty()) return false;
    const char c = text_[0];
    if (c == '"') {
      out->kind = JsonScalar::Kind::kText;
      return string(&out->text);
    }
    if (c == '{') return bytes(out);
    if (take_word("null")) return true;
    for (const std::string_view word : {"true", "false"}) {
      if (!take_word(word)) continue;
      *out = {JsonScalar::Kind::kBool, std::string(word)};
      return true;
    }
    const size_t size = std::min(text_.find_first_not_of("+-.0123456789eE"), text_.size());
    *out = {JsonScalar::Kind::kNumber, std::string(text_.substr(0, size))};
    text_.remove_prefix(size);
    return size > 0;
  }

  bool bytes(JsonScalar* out) {
    std::string name;
    std::string hex;
    if (!take('{') || !string(&name) || name != "hex" || !take(':')) return false;
    skip_blanks();
    if (!string(&hex) || !take('}')) return false;
    const std::optional<std::string> decoded = read_hex(hex);
    if (decoded) *out = {JsonScalar::Kind::kBytes, *decoded};
    return decoded.has_value();
  }

  bool string(std::string* out) {
    if (!take('"')) return false;
    while (!text_.empty() && text_[0] != '"') {
      const char c = text_[0];
      text_.remove_prefix(1);
      if (c != '\\') {
        out->push_back(c);
      } else if (!escape(out)) {
        return false;
      }
    }
    return take_word("\"");
  }

  bool escape(std::string* out) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    if (text_.empty()) return false;
    const char c = text_[0];
    text_.remove_prefix(1);
    if (const size_t found = kNames.find(c); found != kNames.npos) {
      out->push_back(kMeant[found]);
      return true;
    }
    unsigned code = 0;
    if (c != 'u' || !hex4(&code)) return false;
    if (code >= 0xD800 && code < 0xDC00) {
      unsigned low = 0;
      if (!take_word("\\u") || !hex4(&low) || low < 0xDC00 || low > 0xDFFF) return false;
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, code);
    return true;
  }

  bool hex4(unsigned* out) {
    if (text_.size() < 4) return false;
    const auto [end, fault] = std::from_chars(text_.data(), text_.data() + 4, *out, 16);
    if (fault != std::errc() || end != text_.data() + 4) return false;
    text_.remove_prefix(4);
    return true;
  }

  static void append_utf8(std::string* out, unsigned code) {
    const auto tail = [&](int shift) {
      out->push_back(static_cast<char>(0x80 | (code >> shift & 0x3F)));
    };
    if (code < 0x80) {
      out->push_back(static_cast<char>(code));
    } else if (code < 0x800) {
      out->push_back(static_cast<char>(0xC0 | code >> 6));
      tail(0);
    } else if (code < 0x10000) {
      out->push_back(static_cast<char>(0xE0 | code >> 12));
      tail(6);
      tail(0);
    } else {
      out->push_back(static_cast<char>(0xF0 | code >> 18));
      tail(12);
      tail(6);
      tail(0);
    }
  }

  std::string_view text_;
};

}  // namespace chunkmill::sql
