// The four kinds of plugin, as words and as the numbers of the ABI.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "chunkmill/abi/module.h"

namespace chunkmill::host {

enum class Kind : uint32_t {
  kSource = CM_KIND_SOURCE,
  kCalculator = CM_KIND_CALCULATOR,
  kSink = CM_KIND_SINK,
  kHook = CM_KIND_HOOK
};

inline constexpr std::array kKinds{Kind::kSource, Kind::kCalculator, Kind::kSink, Kind::kHook};

constexpr const char* kind_name(Kind kind) {
  switch (kind) {
    case Kind::kSource:
      return "source";
    case Kind::kCalculator:
      return "calculator";
    case Kind::kSink:
      return "sink";
    case Kind::kHook:
      return "hook";
  }
  return "unknown";
}

constexpr std::optional<Kind> kind_of(std::string_view name) {
  for (Kind kind : kKinds) {
    if (name == kind_name(kind)) return kind;
  }
  return std::nullopt;
}

constexpr std::optional<Kind> kind_of(uint32_t number) {
  for (Kind kind : kKinds) {
    if (number == static_cast<uint32_t>(kind)) return kind;
  }
  return std::nullopt;
}

}  // namespace chunkmill::host
