// JSON text as a tree, strict: what a plugin says is a JSON document must be one. Small, for option
// schemas.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/core/status.hpp"

namespace chunkmill::host {

struct JsonValue {
  enum class Kind { kNull, kBool, kNumber, kString, kArray, kObject };

  Kind kind = Kind::kNull;
  bool truth = false;
  std::string text;                                        // of a string; of a number, as written
  std::vector<JsonValue> items;                            // of an array
  std::vector<std::pair<std::string, JsonValue>> members;  // of an object, in order

  // Defined where JsonValue is complete: a pair of it, inside of it, is not before.
  JsonValue();
  JsonValue(const JsonValue&);
  JsonValue(JsonValue&&) noexcept;
  JsonValue& operator=(const JsonValue&);
  JsonValue& operator=(JsonValue&&) noexcept;
  ~JsonValue();

  const JsonValue* find(std::string_view name) const;
};

// RFC 8259, no duplicate keys, at most 64 levels. kPlugin with the offset where it stops being
// JSON.
Result<JsonValue> parse_json(std::string_view text);

}  // namespace chunkmill::host
