// Keys as text, and positions made of them.
//
// A key is the values of the ordering columns of one row, each in a text that the database reads
// back as exactly the same value: digits, "2024-02-29", "2024-02-29 12:30:00.5" (UTC), text as it
// stands, bytes in hex. A position is the key of the last row that was read, as a JSON array of
// these texts: ["2024-02-29 12:30:00.5","4711"]. The empty position is the start. That of an
// incremental source may have one more text, of the rows with its cursor value (key_ties.hpp).
//
// Threads: any.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/batch.hpp"
#include "chunkmill/error.hpp"
#include "chunkmill/format.hpp"
#include "chunkmill/sql/source_json.hpp"

namespace chunkmill::sql {

using KeyText = std::vector<std::string>;

// What cm_source_api.position() allows.
inline constexpr size_t kMaxPositionBytes = 4096;

// "2024-02-29 12:30:59.123456", UTC; without decimals where there are none.
inline std::string timestamp_text(int64_t micros) {
  std::string text;
  append_timestamp(&text, micros);
  text.pop_back();  // the Z
  std::replace(text.begin(), text.end(), 'T', ' ');
  if (const size_t point = text.find('.'); point != text.npos)
    text.erase(text.find_last_not_of('0') + 1);
  return text;
}

// A value as text that reads back as the same value; the row must not be null there.
inline std::string value_text(const Field& field, const ColumnRef& column, int64_t row) {
  std::string text;
  switch (field.type) {
    case Type::kBool:
      return ColumnView<bool>(column)[row] ? "true" : "false";
    case Type::kInt32:
      append_integer(&text, ColumnView<int32_t>(column)[row]);
      break;
    case Type::kInt64:
      append_integer(&text, ColumnView<int64_t>(column)[row]);
      break;
    case Type::kFloat64:
      append_double(&text, ColumnView<double>(column)[row]);
      break;
    case Type::kUtf8:
      text = ColumnView<std::string_view>(column)[row];
      break;
    case Type::kBinary:
      append_hex(&text, ColumnView<Binary>(column)[row].bytes);
      break;
    case Type::kDate32:
      append_date32(&text, ColumnView<Date>(column)[row].days);
      break;
    case Type::kTimestamp:
      return timestamp_text(ColumnView<Timestamp>(column)[row].micros);
    case Type::kDecimal128:
      append_decimal128(&text, ColumnView<Int128>(column)[row], field.scale);
      break;
  }
  return text;
}

// Throws Error(CM_UNSUPPORTED) for a key that is too long for a position.
inline std::string write_position(const KeyText& key, const std::string& ties = {}) {
  std::string text;
  JsonWriter json(&text);
  json.begin_array();
  for (const std::string& value : key) json.value(value);
  if (!ties.empty()) json.value(ties);
  json.end_array();
  if (!ties.empty() && text.size() > kMaxPositionBytes) return write_position(key);
  if (text.size() > kMaxPositionBytes)
    throw Error(CM_UNSUPPORTED, "a key of " + std::to_string(text.size()) +
                                    " bytes is too long for a position, which has at most " +
                                    std::to_string(kMaxPositionBytes) + "; name shorter columns")
        .at("key");
  return text;
}

// The key that a position was made of; what is behind it goes to `ties`, where there may be such.
// Throws Error(CM_INVALID) for any other text.
inline KeyText read_position(std::string_view text, size_t columns, std::string* ties = nullptr) {
  KeyText key;
  const auto values = FlatJsonReader(text).array();
  const size_t more = ties == nullptr ? 0 : 1;
  if (values && (values->size() == columns || values->size() == columns + more))
    for (const JsonScalar& value : *values)
      if (value.kind == JsonScalar::Kind::kText) key.push_back(value.text);
  if (key.size() == columns + 1) {
    *ties = key.back();
    key.pop_back();
  }
  if (columns == 0 || key.size() != columns)
    throw Error(CM_INVALID, "\"" + std::string(text.substr(0, 100)) +
                                "\" is not a position of this source: a list of " +
                                std::to_string(columns) + " key values as text");
  return key;
}

}  // namespace chunkmill::sql
