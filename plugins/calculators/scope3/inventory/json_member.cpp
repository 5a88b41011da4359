#include "plugins/calculators/scope3/inventory/json_member.hpp"

#include <charconv>

namespace chunkmill::scope3 {
namespace {

void append_utf8(std::string* out, uint32_t code) {
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

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool take(char c) {
    space();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::optional<std::string> string() {
    if (!take('"')) return std::nullopt;
    std::string out;
    while (!rest_.empty() && rest_.front() != '"') {
      const char c = next();
      if (c == '\\') {
        escape(&out);
      } else {
        out.push_back(c);
      }
    }
    return take('"') ? std::optional(out) : std::nullopt;
  }
  // Any value, as it stands.
  std::string_view value() {
    space();
    const std::string_view from = rest_;
    int depth = 0;
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (depth == 0 && (c == ',' || c == '}' || c == ']')) break;
      if (c == '"') {
        string();
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      rest_.remove_prefix(1);
    }
    return from.substr(0, from.size() - rest_.size());
  }
  bool at_string() {
    space();
    return rest_.starts_with('"');
  }

 private:
  void space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }
  char next() {
    const char c = rest_.empty() ? '"' : rest_.front();
    if (!rest_.empty()) rest_.remove_prefix(1);
    return c;
  }
  uint32_t hex() {
    uint32_t code = 0;
    const size_t size = std::min<size_t>(4, rest_.size());
    std::from_chars(rest_.data(), rest_.data() + size, code, 16);
    rest_.remove_prefix(size);
    return code;
  }
  void escape(std::string* out) {
    constexpr std::string_view kFrom = "bfnrt";
    constexpr std::string_view kTo = "\b\f\n\r\t";
    const char c = next();
    if (const size_t at = kFrom.find(c); at != kFrom.npos) return out->push_back(kTo[at]);
    if (c != 'u') return out->push_back(c);
    uint32_t code = hex();
    if (code >= 0xD800 && code < 0xDC00 && rest_.starts_with("\\u")) {
      rest_.remove_prefix(2);
      code = 0x10000 + ((code - 0xD800) << 10) + (hex() - 0xDC00);
    }
    append_utf8(out, code);
  }

  std::string_view rest_;
};

}  // namespace

std::optional<std::string> json_member(std::string_view object, std::string_view name) {
  Scanner scan(object);
  if (!scan.take('{')) return std::nullopt;
  do {
    const std::optional<std::string> key = scan.string();
    if (!key || !scan.take(':')) return std::nullopt;
    if (*key != name) {
      scan.value();
    } else if (scan.at_string()) {
      return scan.string();
    } else {
      const std::string_view value = scan.value();
      return value == "null" ? std::nullopt : std::optional<std::string>(value);
    }
  } while (scan.take(','));
  return std::nullopt;
}

}  // namespace chunkmill::scope3
