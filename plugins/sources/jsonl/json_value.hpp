// A value of a record as it stands, and what may be wrong with a record.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace chunkmill::jsonl {

enum class JsonKind : uint8_t { kMissing, kNull, kBool, kNumber, kString, kNested };

struct JsonValue {
  JsonKind kind = JsonKind::kMissing;
  std::string_view text;  // a string's without quotes and escapes; all others as they stand
};

// Why a record is not a row, and in which column; empty if it is one.
struct RecordFault {
  std::string_view code;
  std::string message;
  std::string_view column;
  explicit operator bool() const { return !code.empty(); }
};

}  // namespace chunkmill::jsonl
