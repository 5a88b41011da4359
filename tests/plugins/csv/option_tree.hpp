// Options as a job file would give them, from values in a test.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "chunkmill/options.hpp"

namespace chunkmill::csv {

struct OptionValue {
  OptionValue(const char* value) : kind(CM_STRING), text(value) {}
  OptionValue(std::string value) : kind(CM_STRING), text(std::move(value)) {}
  OptionValue(bool value) : kind(CM_BOOL), text(value ? "true" : "false"), number(value) {}
  OptionValue(int value) : kind(CM_INT), text(std::to_string(value)), number(value) {}

  static OptionValue list(std::initializer_list<OptionValue> values) {
    OptionValue out("");
    out.kind = CM_LIST;
    for (const OptionValue& value : values) out.entries.emplace_back("", value);
    return out;
  }
  static OptionValue map(std::initializer_list<std::pair<std::string, OptionValue>> values) {
    OptionValue out("");
    out.kind = CM_MAP;
    out.entries.assign(values.begin(), values.end());
    return out;
  }

  int32_t kind;
  std::string text;
  int64_t number = 0;
  std::vector<std::pair<std::string, OptionValue>> entries;
};

inline cm_options as_options(const OptionValue& root) {
  static const auto value = [](const void* node) { return static_cast<const OptionValue*>(node); };
  return {
      sizeof(cm_options),
      0,
      &root,
      [](const void* node) { return node == nullptr ? int32_t{CM_NULL} : value(node)->kind; },
      [](const void* node) { return value(node)->entries.size(); },
      [](const void* node, size_t i) {
        return static_cast<const void*>(&value(node)->entries[i].second);
      },
      [](const void* node, size_t i, cm_str* out) {
        *out = to_abi(value(node)->entries[i].first);
        return int32_t{1};
      },
      [](const void* node, cm_str key) {
        for (const auto& [name, entry] : value(node)->entries)
          if (name == from_abi(key)) return static_cast<const void*>(&entry);
        return static_cast<const void*>(nullptr);
      },
      [](const void* node, int32_t* out) {
        *out = static_cast<int32_t>(value(node)->number);
        return int32_t{value(node)->kind == CM_BOOL};
      },
      [](const void* node, int64_t* out) {
        *out = value(node)->number;
        return int32_t{value(node)->kind == CM_INT};
      },
      [](const void* node, double* out) {
        *out = static_cast<double>(value(node)->number);
        return int32_t{value(node)->kind == CM_INT};
      },
      [](const void* node, cm_str* out) {
        *out = to_abi(value(node)->text);
        return int32_t{value(node)->kind < CM_LIST};
      },
  };
}

}  // namespace chunkmill::csv
