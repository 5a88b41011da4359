// Writes JSON text. Commas and quotes are its concern; that begin and end match is the caller's.
// Threads: one at a time.
#pragma once

#include <cmath>
#include <string>
#include <string_view>

#include "chunkmill/format.hpp"
#include "chunkmill/utf8.hpp"

namespace chunkmill {

// Appends `text` as a JSON string with its quotes. A byte that is not UTF-8, as file names may
// have, becomes the four characters \xe9, as readable_utf8() writes it.
inline void append_json_string(std::string* out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  out->push_back('"');
  size_t start = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x80) {
      if (const size_t size = utf8_size(text, i); size != 0) {
        i += size - 1;
        continue;
      }
    } else if (c >= 0x20 && c != '"' && c != '\\') {
      continue;
    }
    out->append(text, start, i - start);
    start = i + 1;
    switch (c) {
      case '"':
        out->append("\\\"");
        break;
      case '\\':
        out->append("\\\\");
        break;
      case '\n':
        out->append("\\n");
        break;
      case '\r':
        out->append("\\r");
        break;
      case '\t':
        out->append("\\t");
        break;
      default:
        out->append(c < 0x80 ? "\\u00" : "\\\\x");
        out->push_back(kHex[c >> 4]);
        out->push_back(kHex[c & 15]);
    }
  }
  out->append(text, start, text.size() - start);
  out->push_back('"');
}

class JsonWriter {
 public:
  explicit JsonWriter(std::string* out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }

  JsonWriter& key(std::string_view name) {
    separate();
    append_json_string(out_, name);
    out_->push_back(':');
    first_ = true;
    return *this;
  }
  JsonWriter& value(std::string_view text) {
    separate();
    append_json_string(out_, text);
    return *this;
  }
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(bool truth) { return raw(truth ? "true" : "false"); }
  template <typename Int>
  requires std::is_integral_v<Int> JsonWriter& value(Int number) {
    separate();
    append_integer(out_, number);
    return *this;
  }
  // NaN and infinities become null: JSON has no word for them.
  JsonWriter& value(double number) {
    if (!std::isfinite(number)) return null();
    separate();
    append_double(out_, number);
    return *this;
  }
  JsonWriter& null() { return raw("null"); }
  // Text that is JSON already.
  JsonWriter& raw(std::string_view json) {
    separate();
    out_->append(json);
    return *this;
  }
  template <typename T>
  JsonWriter& field(std::string_view name, const T& content) {
    key(name);
    return value(content);
  }

 private:
  void separate() {
    if (!first_) out_->push_back(',');
    first_ = false;
  }
  JsonWriter& open(char bracket) {
    separate();
    out_->push_back(bracket);
    first_ = true;
    return *this;
  }
  JsonWriter& close(char bracket) {
    out_->push_back(bracket);
    first_ = false;
    return *this;
  }

  std::string* out_;
  bool first_ = true;  // nothing stands before the next value in its container
};

}  // namespace chunkmill
