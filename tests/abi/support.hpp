// What the tests of this folder share.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "chunkmill/abi/options.h"
#include "chunkmill/arrow.hpp"
#include "framework/plugin/host_services.hpp"
#include "framework/plugin/registry.hpp"

namespace chunkmill::host::test {

// A flat map of options. abi() points into it, so it is neither moved nor copied.
class OptionMap {
 public:
  using Value = std::variant<std::monostate, bool, int64_t, double, std::string>;  // none: the map

  OptionMap(std::initializer_list<std::pair<std::string, Value>> values = {}) {
    for (const auto& [key, value] : values) entries_.push_back({key, {value, nullptr}});
    root_.map = this;
    abi_ = {sizeof(cm_options), 0,        &root_, kind, size, at, key, find, as_bool, as_int,
            as_float,           as_string};
  }
  OptionMap(const OptionMap&) = delete;
  OptionMap& operator=(const OptionMap&) = delete;
  const cm_options& abi() const { return abi_; }

 private:
  struct Node {
    Value value;
    const OptionMap* map;  // of the root alone
  };
  static const Node& node_of(const void* node) {
    static const Node kNothing{};
    return node == nullptr ? kNothing : *static_cast<const Node*>(node);
  }
  static int32_t kind(const void* node) {
    if (node_of(node).map != nullptr) return CM_MAP;
    constexpr int32_t kKinds[] = {CM_NULL, CM_BOOL, CM_INT, CM_FLOAT, CM_STRING};
    return kKinds[node_of(node).value.index()];
  }
  static size_t size(const void* node) {
    const OptionMap* map = node_of(node).map;
    return map == nullptr ? 0 : map->entries_.size();
  }
  static const void* at(const void* node, size_t i) {
    return i < size(node) ? &node_of(node).map->entries_[i].second : nullptr;
  }
  static int32_t key(const void* node, size_t i, cm_str* out) {
    if (i >= size(node)) return 0;
    *out = to_abi(node_of(node).map->entries_[i].first);
    return 1;
  }
  static const void* find(const void* node, cm_str key) {
    for (size_t i = 0; i < size(node); ++i) {
      if (node_of(node).map->entries_[i].first == from_abi(key)) return at(node, i);
    }
    return nullptr;
  }
  template <typename T, typename Out>
  static int32_t read(const void* node, Out* out) {
    const T* value = std::get_if<T>(&node_of(node).value);
    if (value == nullptr) return 0;
    *out = *value;
    return 1;
  }
  static int32_t as_bool(const void* node, int32_t* out) { return read<bool>(node, out); }
  static int32_t as_int(const void* node, int64_t* out) { return read<int64_t>(node, out); }
  static int32_t as_float(const void* node, double* out) {
    int64_t whole = 0;
    if (read<int64_t>(node, &whole) == 0) return read<double>(node, out);
    *out = static_cast<double>(whole);
    return 1;
  }
  static int32_t as_string(const void* node, cm_str* out) {
    const auto* text = std::get_if<std::string>(&node_of(node).value);
    if (text == nullptr) return 0;
    *out = to_abi(*text);
    return 1;
  }

  std::vector<std::pair<std::string, Node>> entries_;
  Node root_{};
  cm_options abi_{};
};

// Host services that remember what they were told. Secret "token" is "s3cret", there are no
// lookups.
class RecordingHost final : public HostServices {
 public:
  bool log_enabled(int) override { return true; }
  void log(int, std::string_view message) override { lines.emplace_back(message); }
  void metric(int, std::string_view name, double value) override {
    metrics[std::string(name)] += value;
  }
  bool cancelled() override { return false; }
  Result<std::string> secret(std::string_view name) override {
    if (name == "token") return std::string("s3cret");
    return Status(Code::kNotFound, "there is no secret " + std::string(name));
  }
  Status lookup(std::string_view name, const ArrowSchema*, ArrowArrayStream*) override {
    return Status(Code::kNotFound, "there is no lookup " + std::string(name));
  }

  std::vector<std::string> lines;
  std::map<std::string, double> metrics;
};

inline std::filesystem::path good_folder() { return std::filesystem::path(ABI_MODULES) / "good"; }
inline std::filesystem::path hostile_folder() {
  return std::filesystem::path(ABI_MODULES) / "hostile";
}

// Not tried in a child first: hostile modules of the tests that use it do no harm while they load.
inline Registry registry_of(const std::filesystem::path& folder, bool try_first = false) {
  return Registry(PluginFolders({folder}), {.try_first = try_first});
}

}  // namespace chunkmill::host::test
