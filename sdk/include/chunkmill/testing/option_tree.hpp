// Options and event fields written in a test:
//   {{"path", "in.csv"}, {"rows", 5}, {"columns", {{"id", "number"}}}, {"key", List{"a", "b"}}}
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chunkmill/abi/options.h"
#include "chunkmill/format.hpp"
#include "chunkmill/parse.hpp"

namespace chunkmill::testing {

// A scalar, a list or a map. Text answers, as a plain scalar of a job file does, to every getter it
// can be read as ("12" is text and a number); quoted() is text alone.
class Value {
 public:
  using Entries = std::vector<std::pair<std::string, Value>>;

  Value() : kind_(CM_NULL) {}
  Value(const char* text) : kind_(CM_STRING), text_(text) {}
  Value(std::string text) : kind_(CM_STRING), text_(std::move(text)) {}
  Value(std::string_view text) : kind_(CM_STRING), text_(text) {}
  Value(bool truth) : kind_(CM_BOOL), text_(truth ? "true" : "false") {}
  template <std::integral Int>
  Value(Int number) : kind_(CM_INT) {
    append_integer(&text_, number);
  }
  Value(double number) : kind_(CM_FLOAT) { append_double(&text_, number); }
  Value(Entries map) : kind_(CM_MAP), entries_(std::move(map)) {}
  Value(std::initializer_list<std::pair<std::string, Value>> map) : kind_(CM_MAP), entries_(map) {}
  Value(std::vector<Value> list) : kind_(CM_LIST) {
    for (Value& value : list) entries_.emplace_back("", std::move(value));
  }
  Value(const std::vector<std::string>& list) : kind_(CM_LIST) {
    for (const std::string& text : list) entries_.emplace_back("", text);
  }

  static Value quoted(std::string text) {
    Value value(std::move(text));
    value.quoted_ = true;
    return value;
  }

  // Replaces the entry of that name of a map, or adds it.
  void set(std::string_view name, Value value) {
    for (auto& [key, entry] : entries_)
      if (key == name) return void(entry = std::move(value));
    entries_.emplace_back(std::string(name), std::move(value));
  }

  // Reads this map; valid as long as it is neither changed nor moved.
  cm_options abi() const;

 private:
  static const Value& at(const void* node) { return *static_cast<const Value*>(node); }
  bool plain() const { return !quoted_ && kind_ != CM_LIST && kind_ != CM_MAP; }

  int32_t kind_;
  bool quoted_ = false;
  std::string text_;
  Entries entries_;
};

using Map = Value::Entries;
using List = std::vector<Value>;

inline cm_options Value::abi() const {
  cm_options out{};
  out.struct_size = sizeof out;
  out.root = this;
  out.kind = [](const void* node) -> int32_t { return node == nullptr ? CM_NULL : at(node).kind_; };
  out.size = [](const void* node) { return node == nullptr ? 0 : at(node).entries_.size(); };
  out.at = [](const void* node, size_t i) -> const void* {
    return node != nullptr && i < at(node).entries_.size() ? &at(node).entries_[i].second : nullptr;
  };
  out.key = [](const void* node, size_t i, cm_str* key) -> int32_t {
    if (node == nullptr || at(node).kind_ != CM_MAP || i >= at(node).entries_.size()) return 0;
    *key = to_abi(at(node).entries_[i].first);
    return 1;
  };
  out.find = [](const void* node, cm_str key) -> const void* {
    if (node == nullptr || at(node).kind_ != CM_MAP) return nullptr;
    for (const auto& [name, value] : at(node).entries_)
      if (name == from_abi(key)) return &value;
    return nullptr;
  };
  out.as_bool = [](const void* node, int32_t* truth) -> int32_t {
    if (node == nullptr || !at(node).plain()) return 0;
    *truth = at(node).text_ == "true" ? 1 : 0;
    return at(node).text_ == "true" || at(node).text_ == "false" ? 1 : 0;
  };
  out.as_int = [](const void* node, int64_t* number) -> int32_t {
    return node != nullptr && at(node).plain() &&
           parse_int64(at(node).text_, number) == ParseFault::kNone;
  };
  out.as_float = [](const void* node, double* number) -> int32_t {
    return node != nullptr && at(node).plain() &&
           parse_double(at(node).text_, number) == ParseFault::kNone;
  };
  out.as_string = [](const void* node, cm_str* text) -> int32_t {
    if (node == nullptr || at(node).kind_ == CM_NULL || at(node).kind_ >= CM_LIST) return 0;
    *text = to_abi(at(node).text_);
    return 1;
  };
  return out;
}

}  // namespace chunkmill::testing
