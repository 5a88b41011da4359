#include "framework/job/value.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "chunkmill/format.hpp"
#include "chunkmill/json.hpp"
#include "chunkmill/parse.hpp"

namespace chunkmill::host {
namespace {

bool is_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_true(std::string_view text) { return is_any(text, {"true", "True", "TRUE"}); }
bool is_false(std::string_view text) { return is_any(text, {"false", "False", "FALSE"}); }

// Digits with one zero or more before them: a telephone number or an octal, as often as a number.
bool has_leading_zero(std::string_view text) {
  const std::size_t first = text.find_first_not_of("+-");
  return first != std::string_view::npos && text.size() > first + 1 && text[first] == '0' &&
         detail::is_digit(text[first + 1]);
}

}  // namespace

Value Value::plain(std::string text) {
  Value value(Kind::kScalar);
  value.text_ = std::move(text);
  return value;
}

Value Value::of(bool value) { return plain(value ? "true" : "false"); }

Value Value::of(double value) {
  if (!std::isfinite(value)) return Value();
  std::string text;
  append_double(&text, value);
  // Keeps it a float for who asks for the kind.
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return plain(std::move(text));
}

Value Value::of(std::string_view value) {
  Value result = plain(std::string(value));
  result.quoted_ = true;
  return result;
}

std::optional<bool> Value::as_bool() const {
  if (!is_scalar() || quoted_ || text_.size() > 5) return std::nullopt;
  if (is_true(text_)) return true;
  if (is_false(text_)) return false;
  std::string lower = text_;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (is_any(lower, {"yes", "on"})) return true;
  if (is_any(lower, {"no", "off"})) return false;
  return std::nullopt;
}

std::optional<std::int64_t> Value::as_int() const {
  std::int64_t number = 0;
  if (!is_scalar() || quoted_ || parse_int64(text_, &number) != ParseFault::kNone) {
    return std::nullopt;
  }
  return number;
}

std::optional<double> Value::as_float() const {
  double number = 0;
  if (!is_scalar() || quoted_ || parse_double(text_, &number) != ParseFault::kNone) {
    return std::nullopt;
  }
  return number;
}

std::optional<std::string_view> Value::as_string() const {
  if (!is_scalar()) return std::nullopt;
  return text_;
}

std::int32_t Value::abi_kind() const {
  switch (kind_) {
    case Kind::kNull:
      return CM_NULL;
    case Kind::kList:
      return CM_LIST;
    case Kind::kMap:
      return CM_MAP;
    case Kind::kScalar:
      break;
  }
  if (quoted_) return CM_STRING;
  if (is_true(text_) || is_false(text_)) return CM_BOOL;
  if (has_leading_zero(text_)) return CM_STRING;
  if (as_int()) return CM_INT;
  if (as_float()) return CM_FLOAT;
  return CM_STRING;
}

const Value* Value::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i].name == key) return &items_[i];
  }
  return nullptr;
}

Value* Value::find(std::string_view key) {
  return const_cast<Value*>(std::as_const(*this).find(key));
}

Place Value::place_of_key(std::string_view key) const {
  for (const Key& each : keys_) {
    if (each.name == key) return each.place;
  }
  return {};
}

const Value* Value::at_path(std::string_view path) const {
  const Value* value = this;
  while (value != nullptr && !path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    const std::string_view step = path.substr(0, dot);
    path.remove_prefix(std::min(dot + 1, path.size()));
    if (value->is_list()) {
      std::int64_t index = 0;
      const bool inside = parse_int64(step, &index) == ParseFault::kNone && index >= 0 &&
                          static_cast<std::uint64_t>(index) < value->size();
      value = inside ? &value->at(static_cast<std::size_t>(index)) : nullptr;
    } else {
      value = value->find(step);
    }
  }
  return value;
}

Value* Value::at_path(std::string_view path) {
  return const_cast<Value*>(std::as_const(*this).at_path(path));
}

Value& Value::set(std::string_view key, Value value, Place key_place) {
  if (Value* there = find(key)) {
    *there = std::move(value);
  } else {
    append(std::string(key), key_place, std::move(value));
  }
  return *this;
}

void Value::append(std::string key, Place key_place, Value value) {
  keys_.push_back({std::move(key), key_place});
  items_.push_back(std::move(value));
}

bool Value::erase(std::string_view key) {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i].name != key) continue;
    keys_.erase(keys_.begin() + static_cast<std::ptrdiff_t>(i));
    items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(i));
    return true;
  }
  return false;
}

void Value::mark_secret() {
  secret_ = true;
  for (Value& item : items_) item.mark_secret();
}

std::string Value::canonical() const {
  if (is_null() || secret_) return "null";
  std::string text;
  if (is_scalar()) {
    append_json_string(&text, meaning_.empty() ? text_ : meaning_);
    return text;
  }
  std::vector<std::size_t> order(items_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (is_map()) {
    std::sort(order.begin(), order.end(),
              [this](std::size_t a, std::size_t b) { return keys_[a].name < keys_[b].name; });
  }
  text += is_map() ? '{' : '[';
  bool first = true;
  for (const std::size_t i : order) {
    if (is_map() && items_[i].secret_) continue;
    if (!first) text += ',';
    first = false;
    if (is_map()) {
      append_json_string(&text, keys_[i].name);
      text += ':';
    }
    text += items_[i].canonical();
  }
  text += is_map() ? '}' : ']';
  return text;
}

namespace {

const Value& node(const void* pointer) { return *static_cast<const Value*>(pointer); }

cm_str borrow(std::string_view text) { return {text.data(), text.size()}; }

// The C accessor's functions. A null node answers like a null value.
template <typename Out, typename From>
std::int32_t give(const std::optional<From>& found, Out* out) {
  if (!found) return 0;
  *out = static_cast<Out>(*found);
  return 1;
}

std::int32_t kind_of(const void* n) { return n == nullptr ? CM_NULL : node(n).abi_kind(); }
std::size_t size_of(const void* n) { return n == nullptr ? 0 : node(n).size(); }
const void* item_at(const void* n, std::size_t index) {
  return index < size_of(n) ? &node(n).at(index) : nullptr;
}
std::int32_t key_at(const void* n, std::size_t index, cm_str* out) {
  if (n == nullptr || !node(n).is_map() || index >= node(n).size()) return 0;
  *out = borrow(node(n).key(index));
  return 1;
}
const void* item_of(const void* n, cm_str key) {
  if (n == nullptr) return nullptr;
  return node(n).find(key.size == 0 ? std::string_view() : std::string_view(key.data, key.size));
}
std::int32_t bool_of(const void* n, std::int32_t* out) {
  return n == nullptr ? 0 : give(node(n).as_bool(), out);
}
std::int32_t int_of(const void* n, std::int64_t* out) {
  return n == nullptr ? 0 : give(node(n).as_int(), out);
}
std::int32_t float_of(const void* n, double* out) {
  return n == nullptr ? 0 : give(node(n).as_float(), out);
}
std::int32_t string_of(const void* n, cm_str* out) {
  if (n == nullptr || !node(n).is_scalar()) return 0;
  *out = borrow(node(n).text());
  return 1;
}

}  // namespace

cm_options Value::options() const {
  cm_options accessor{};
  accessor.struct_size = sizeof(cm_options);
  accessor.root = this;
  accessor.kind = kind_of;
  accessor.size = size_of;
  accessor.at = item_at;
  accessor.key = key_at;
  accessor.find = item_of;
  accessor.as_bool = bool_of;
  accessor.as_int = int_of;
  accessor.as_float = float_of;
  accessor.as_string = string_of;
  return accessor;
}

}  // namespace chunkmill::host
