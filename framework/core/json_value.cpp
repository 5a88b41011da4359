#include "framework/core/json_value.hpp"

#include <algorithm>

namespace chunkmill::host {
namespace {

constexpr int kMaxDepth = 64;

void append_utf8(std::string* out, uint32_t code) {
  const auto tail = [&](int shift) {
    out->push_back(static_cast<char>(0x80 | ((code >> shift) & 0x3F)));
  };
  if (code < 0x80) {
    out->push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out->push_back(static_cast<char>(0xC0 | (code >> 6)));
    tail(0);
  } else if (code < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | (code >> 12)));
    tail(6);
    tail(0);
  } else {
    out->push_back(static_cast<char>(0xF0 | (code >> 18)));
    tail(12);
    tail(6);
    tail(0);
  }
}

// JsonReader reads one document by recursive descent. Every read function returns false at the
// first byte that is not JSON.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  Result<JsonValue> read() {
    JsonValue value;
    if (!read_value(&value, 0)) return fault();
    skip_space();
    if (at_ != text_.size()) return fault();
    return value;
  }

 private:
  Status fault() const {
    return Status(Code::kPlugin, "not JSON from byte " + std::to_string(at_) + " on");
  }
  bool done() const { return at_ == text_.size(); }
  bool take(char c) {
    if (done() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void skip_space() {
    while (!done() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take_word(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  bool take_digits() {
    const size_t start = at_;
    while (!done() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ > start;
  }

  bool read_value(JsonValue* out, int depth) {
    skip_space();
    if (done() || depth > kMaxDepth) return false;
    switch (text_[at_]) {
      case '{':
        return read_object(out, depth);
      case '[':
        return read_array(out, depth);
      case '"':
        out->kind = JsonValue::Kind::kString;
        return read_string(&out->text);
      case 't':
      case 'f':
        out->kind = JsonValue::Kind::kBool;
        out->truth = text_[at_] == 't';
        return take_word(out->truth ? "true" : "false");
      case 'n':
        return take_word("null");
      default:
        return read_number(out);
    }
  }

  bool read_number(JsonValue* out) {
    const size_t start = at_;
    take('-');
    if (!take('0') && !take_digits()) return false;
    if (take('.') && !take_digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!take_digits()) return false;
    }
    out->kind = JsonValue::Kind::kNumber;
    out->text = text_.substr(start, at_ - start);
    return true;
  }

  bool read_hex4(uint32_t* out) {
    *out = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      if (done()) return false;
      const size_t digit =
          std::string_view("0123456789abcdef")
              .find(static_cast<char>(text_[at_] >= 'A' && text_[at_] <= 'F' ? text_[at_] + 32
                                                                             : text_[at_]));
      if (digit == std::string_view::npos) return false;
      *out = *out << 4 | static_cast<uint32_t>(digit);
    }
    return true;
  }

  bool read_escape(std::string* out) {
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (done()) return false;
    if (take('u')) {
      uint32_t code = 0;
      if (!read_hex4(&code)) return false;
      if (code >= 0xDC00 && code <= 0xDFFF) return false;
      if (code >= 0xD800 && code <= 0xDBFF) {
        uint32_t low = 0;
        if (!take_word("\\u") || !read_hex4(&low) || low < 0xDC00 || low > 0xDFFF) return false;
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      }
      append_utf8(out, code);
      return true;
    }
    const size_t letter = kLetters.find(text_[at_]);
    if (letter == std::string_view::npos) return false;
    out->push_back(kMeanings[letter]);
    ++at_;
    return true;
  }

  bool read_string(std::string* out) {
    if (!take('"')) return false;
    while (!done()) {
      const char c = text_[at_];
      if (static_cast<unsigned char>(c) < 0x20) return false;
      ++at_;
      if (c == '"') return true;
      if (c != '\\') {
        out->push_back(c);
      } else if (!read_escape(out)) {
        return false;
      }
    }
    return false;
  }

  bool read_array(JsonValue* out, int depth) {
    out->kind = JsonValue::Kind::kArray;
    take('[');
    skip_space();
    if (take(']')) return true;
    do {
      if (!read_value(&out->items.emplace_back(), depth + 1)) return false;
      skip_space();
    } while (take(','));
    return take(']');
  }

  bool read_object(JsonValue* out, int depth) {
    out->kind = JsonValue::Kind::kObject;
    take('{');
    skip_space();
    if (take('}')) return true;
    do {
      skip_space();
      std::string name;
      if (!read_string(&name) || out->find(name) != nullptr) return false;
      skip_space();
      if (!take(':')) return false;
      auto& member = out->members.emplace_back(std::move(name), JsonValue());
      if (!read_value(&member.second, depth + 1)) return false;
      skip_space();
    } while (take(','));
    return take('}');
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

JsonValue::JsonValue() = default;
JsonValue::JsonValue(const JsonValue&) = default;
JsonValue::JsonValue(JsonValue&&) noexcept = default;
JsonValue& JsonValue::operator=(const JsonValue&) = default;
JsonValue& JsonValue::operator=(JsonValue&&) noexcept = default;
JsonValue::~JsonValue() = default;

const JsonValue* JsonValue::find(std::string_view name) const {
  const auto found =
      std::ranges::find_if(members, [&](const auto& member) { return member.first == name; });
  return found == members.end() ? nullptr : &found->second;
}

Result<JsonValue> parse_json(std::string_view text) { return JsonReader(text).read(); }

}  // namespace chunkmill::host
