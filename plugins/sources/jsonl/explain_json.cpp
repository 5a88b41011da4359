#include "explain_json.hpp"

#include <charconv>
#include <cstring>
#include <optional>

#include "chunkmill/files/text_start.hpp"
#include "number_text.hpp"

namespace chunkmill::jsonl {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr const char* kUtf16 =
    "the record is not UTF-8 but looks like UTF-16; `iconv -f UTF-16 -t UTF-8` makes UTF-8 of it";
constexpr std::string_view kMakeLines =
    "each line must hold one object; `jq -c '.[]' FILE` makes lines of an array";

bool is_word_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
         c == '-' || c == '+' || c == '.';
}

std::string in_hex(char c) {
  constexpr char kDigits[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return {'0', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

// Walks over a record as JSON's grammar has it, up to the first byte that does not fit.
class Explainer {
 public:
  explicit Explainer(std::string_view text) : text_(text) {}

  std::string explain() {
    skip_blanks();
    if (take_value(0)) take_rest();
    return why_;
  }

 private:
  // Deeper nesting is a fault of its own.
  static constexpr int kMaxDepth = 500;

  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool at_end() const { return at_ >= text_.size(); }
  void skip_blanks() {
    while (!at_end() && std::memchr(" \t\r\n", next(), 4) != nullptr) ++at_;
  }
  static std::string byte(size_t at) { return "byte " + std::to_string(at + 1); }
  bool fail(std::string why) {
    why_ = std::move(why);
    return false;
  }
  // The word or the character at this place, for a message.
  std::string word() const {
    size_t end = at_;
    while (end < text_.size() && is_word_byte(text_[end])) ++end;
    if (end > at_) return std::string(files::text_start(text_.substr(at_, end - at_), 40));
    if (at_end()) return "the end of the record";
    if (static_cast<unsigned char>(next()) < 0x20) return "byte " + in_hex(next());
    size_t size = 1;
    while (at_ + size < text_.size() &&
           (static_cast<unsigned char>(text_[at_ + size]) & 0xC0) == 0x80)
      ++size;
    return std::string(text_.substr(at_, size));
  }

  bool take_value(int depth) {
    if (depth > kMaxDepth) return false;
    switch (next()) {
      case '{':
        return take_object(depth);
      case '[':
        return take_array(depth);
      case '"':
        return take_string();
      default:
        return take_word();
    }
  }

  bool open_end(std::string_view what, size_t from) {
    return fail("the " + std::string(what) + " that begins at " + byte(from) +
                " is not closed on this line; an object must stand on one line, or its line is "
                "cut off");
  }
  bool comment() { return fail("a comment stands at " + byte(at_) + "; JSON has no comments"); }
  bool is_comment() const {
    return next() == '#' || (next() == '/' && at_ + 1 < text_.size() &&
                             (text_[at_ + 1] == '/' || text_[at_ + 1] == '*'));
  }

  bool take_object(int depth) {
    const size_t from = at_++;
    skip_blanks();
    if (next() == '}') return ++at_ != 0;
    while (true) {
      if (at_end()) return open_end("object", from);
      if (!take_key()) return false;
      if (!take_value(depth + 1)) return false;
      if (!take_comma('}', from, "object")) return false;
      if (text_[at_ - 1] == '}') return true;
    }
  }

  bool take_key() {
    if (is_comment()) return comment();
    if (next() == '\'')
      return fail("the key at " + byte(at_) + " stands in single quotes; JSON has double ones");
    if (next() == ',') return fail("a comma too many stands at " + byte(at_));
    if (next() != '"')
      return fail("a key in double quotes is missing at " + byte(at_) + ", where " + word() +
                  " stands");
    if (!take_string()) return false;
    skip_blanks();
    if (next() != ':')
      return fail("a colon is missing at " + byte(at_) + ", where " + word() + " stands");
    ++at_;
    skip_blanks();
    return true;
  }

  bool take_array(int depth) {
    const size_t from = at_++;
    skip_blanks();
    if (next() == ']') return ++at_ != 0;
    while (true) {
      if (at_end()) return open_end("array", from);
      if (!take_value(depth + 1)) return false;
      if (!take_comma(']', from, "array")) return false;
      if (text_[at_ - 1] == ']') return true;
    }
  }

  // The comma before another member, or what closes them.
  bool take_comma(char close, size_t from, std::string_view what) {
    skip_blanks();
    if (next() == close) return ++at_ != 0;
    if (at_end()) return open_end(what, from);
    if (is_comment()) return comment();
    if (next() != ',')
      return fail("a comma is missing at " + byte(at_) + ", where " + word() + " stands");
    const size_t comma = at_++;
    skip_blanks();
    if (next() == close)
      return fail("a comma too many stands at " + byte(comma) + ", before the closing " + close);
    return true;
  }

  bool take_string() {
    const size_t from = at_++;
    for (; !at_end() && next() != '"'; ++at_) {
      if (static_cast<unsigned char>(next()) < 0x20)
        return fail("the control character " + in_hex(next()) + " stands in a string at " +
                    byte(at_) + "; JSON wants it escaped");
      if (next() == '\\' && !take_escape()) return false;
    }
    if (at_end()) return open_end("string", from);
    ++at_;
    return true;
  }

  // The unit that a \u at this place names; nothing when its four digits are missing.
  std::optional<unsigned> unit_at(size_t at) const {
    if (at + 6 > text_.size() || text_.substr(at, 2) != "\\u") return std::nullopt;
    unsigned unit = 0;
    const char* const digits = text_.data() + at + 2;
    if (std::from_chars(digits, digits + 4, unit, 16).ptr != digits + 4) return std::nullopt;
    return unit;
  }

  // Leaves off at the escape's last byte.
  bool take_escape() {
    const char kind = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (kind != 'u') {
      if (kind == '\0' || std::memchr("\"\\/bfnrt", kind, 8) == nullptr)
        return fail("the escape at " + byte(at_) + " is not one of JSON's");
      ++at_;
      return true;
    }
    const auto unit = unit_at(at_);
    if (!unit) return fail("the escape at " + byte(at_) + " lacks its four hexadecimal digits");
    const auto second = unit_at(at_ + 6);
    const bool pair = *unit >> 10 == 0x36 && second && *second >> 10 == 0x37;
    if (*unit >> 11 == 0x1B && !pair)
      return fail("the escape " + std::string(text_.substr(at_, 6)) + " at " + byte(at_) +
                  " is half of a surrogate pair; the other half is missing");
    at_ += pair ? 11 : 5;
    return true;
  }

  bool take_word() {
    if (is_comment()) return comment();
    size_t end = at_;
    while (end < text_.size() && is_word_byte(text_[end])) ++end;
    const std::string_view raw = text_.substr(at_, end - at_);
    if (raw == "null" || raw == "true" || raw == "false" || is_json_number(raw)) {
      at_ = end;
      return true;
    }
    if (raw.empty()) {
      if (at_end()) return fail("a value is missing at the end of the record; its line is cut off");
      if (next() == '\'')
        return fail("the text at " + byte(at_) + " stands in single quotes; JSON has double ones");
      return fail("a value is missing at " + byte(at_) + ", where " + word() + " stands");
    }
    return fail(word() + " at " + byte(at_) + " is not JSON: " + about(raw));
  }

  static std::string about(std::string_view word) {
    std::string lower;
    for (const char c : word) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const std::string_view plain =
        std::string_view(lower).substr(lower.starts_with('-') || lower.starts_with('+') ? 1 : 0);
    if (plain == "nan" || plain == "inf" || plain == "infinity" || plain == "1.#inf" ||
        plain == "1.#qnan")
      return "it has no number for NaN and Infinity; write null";
    if (plain == "none" || plain == "null" || plain == "nil" || plain == "undefined" ||
        plain == "na")
      return "a missing value is written null";
    if (plain == "true" || plain == "false") return "it is written " + std::string(plain);
    const bool digits =
        !plain.empty() && (static_cast<unsigned char>(plain[0] - '0') < 10 || plain[0] == '.');
    if (!digits) return "text must stand in double quotes";
    if (word.starts_with('+')) return "a number has no plus";
    if (plain[0] == '.' || plain.ends_with('.')) return "digits stand on both sides of a point";
    if (plain.size() > 1 && plain[0] == '0' && static_cast<unsigned char>(plain[1] - '0') < 10)
      return "a number has no leading zeros; codes must stand in double quotes";
    return "a number is written like -12.5 or 1e6; text must stand in double quotes";
  }

  void take_rest() {
    skip_blanks();
    if (at_end()) return;
    if (is_comment()) {
      comment();
    } else if (next() == '{') {
      fail("another object begins at " + byte(at_) +
           "; each object must stand on a line of its own");
    } else if (next() == ',' &&
               text_.find_first_not_of(", \t\r\n]", at_) == std::string_view::npos) {
      fail("a comma stands behind the object at " + byte(at_) +
           "; the file is a JSON array: " + std::string(kMakeLines));
    } else {
      fail("text stands behind the object at " + byte(at_) + ": " + word());
    }
  }

  std::string_view text_;
  size_t at_ = 0;
  std::string why_;
};

}  // namespace

std::string explain_json(std::string_view record) { return Explainer(record).explain(); }

std::string explain_bytes(std::string_view record) {
  if (record.starts_with("\xff\xfe") || record.starts_with("\xfe\xff") ||
      record.find('\0') != record.npos)
    return kUtf16;
  return "the record is not valid UTF-8";
}

std::string explain_other(std::string_view record) {
  if (record.starts_with(kByteOrderMark))
    return "a byte order mark stands before the object; it belongs to the start of a file only: "
           "files were joined that should have lost theirs";
  if (record.starts_with('['))
    return "the record is a JSON array or its beginning, not an object; " + std::string(kMakeLines);
  if (record.starts_with(']') || record.starts_with('}') || record.starts_with(',') ||
      record.starts_with('"'))
    return "the record is not a JSON object but looks like a part of one; an object must stand on "
           "one line: `jq -c . FILE` makes such lines";
  if (record.starts_with("//") || record.starts_with("/*") || record.starts_with('#'))
    return "the record is a comment; JSON has no comments, remove the line";
  if (record.starts_with('\0')) return kUtf16;
  return "the record is not a JSON object; each line must hold one";
}

}  // namespace chunkmill::jsonl
