// YAML text -> Value, with a place for every key and value. The one file behind it is all that
// knows yaml-cpp.
#pragma once

#include <cstddef>
#include <optional>

#include "framework/job/fault.hpp"
#include "framework/job/source_text.hpp"
#include "framework/job/value.hpp"

namespace chunkmill::host {

// What a tree may cost, after aliases are written out. An ordinary job has some hundred nodes.
inline constexpr std::size_t kMaxNodes = 50'000;
inline constexpr std::size_t kMaxTreeBytes = std::size_t{4} << 20;
inline constexpr int kMaxDepth = 64;

// Reads the YAML document in `source` from byte `begin` on. Nothing when the text is not YAML or
// costs too much; a tree, and faults, for what can be read around: duplicate keys (the first is
// kept), tabs, tags, merge keys, a second document, bytes that are not UTF-8. An empty document is
// null.
std::optional<Value> read_yaml(const SourceText& source, std::size_t begin, Faults* faults);

}  // namespace chunkmill::host
