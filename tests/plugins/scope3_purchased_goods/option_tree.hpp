// A plugin's options, written in a test: {{"factors", "f"}, {"columns", {{"id", "number"}}}}.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "chunkmill/abi/options.h"
#include "chunkmill/parse.hpp"

struct OptionTree {
  using Entries = std::vector<std::pair<std::string, OptionTree>>;

  OptionTree(const char* text) : scalar(text) {}                            // NOLINT: reads as text
  OptionTree(std::string text) : scalar(std::move(text)) {}                 // NOLINT: reads as text
  OptionTree(Entries values) : is_map(true), entries(std::move(values)) {}  // NOLINT: as a map
  OptionTree(std::initializer_list<std::pair<std::string, OptionTree>> values)
      : is_map(true), entries(values) {}

  bool is_map = false;
  bool is_list = false;
  std::string scalar;
  Entries entries;

  static OptionTree list(std::initializer_list<const char*> values) {
    OptionTree tree("");
    tree.is_list = true;
    for (const char* value : values) tree.entries.emplace_back("", OptionTree(value));
    return tree;
  }
  // Valid as long as this tree.
  cm_options abi() const {
    static const auto node = [](const void* p) { return static_cast<const OptionTree*>(p); };
    cm_options out{};
    out.struct_size = sizeof out;
    out.root = this;
    out.kind = [](const void* p) -> int32_t {
      return node(p)->is_map ? CM_MAP : node(p)->is_list ? CM_LIST : CM_STRING;
    };
    out.size = [](const void* p) { return node(p)->entries.size(); };
    out.at = [](const void* p, size_t i) -> const void* { return &node(p)->entries[i].second; };
    out.key = [](const void* p, size_t i, cm_str* key) -> int32_t {
      const std::string& text = node(p)->entries[i].first;
      *key = {text.data(), text.size()};
      return 1;
    };
    out.find = [](const void* p, cm_str key) -> const void* {
      for (const auto& [name, value] : node(p)->entries)
        if (name == std::string_view(key.data, key.size)) return &value;
      return nullptr;
    };
    out.as_bool = [](const void* p, int32_t* value) -> int32_t {
      *value = node(p)->scalar == "true" ? 1 : 0;
      return node(p)->scalar == "true" || node(p)->scalar == "false" ? 1 : 0;
    };
    out.as_int = [](const void* p, int64_t* value) -> int32_t {
      return chunkmill::parse_int64(node(p)->scalar, value) == chunkmill::ParseFault::kNone;
    };
    out.as_float = [](const void* p, double* value) -> int32_t {
      return chunkmill::parse_double(node(p)->scalar, value) == chunkmill::ParseFault::kNone;
    };
    out.as_string = [](const void* p, cm_str* text) -> int32_t {
      if (node(p)->is_map || node(p)->is_list) return 0;
      *text = {node(p)->scalar.data(), node(p)->scalar.size()};
      return 1;
    };
    return out;
  }
};
