#include "framework/data/row_json.hpp"

#include <cmath>

#include "chunkmill/json.hpp"
#include "framework/data/value_text.hpp"

namespace chunkmill::host {
namespace {

// Length of the well-formed UTF-8 sequence at the head of `text` (Unicode 15, table 3-7); 0 if
// there is none.
size_t sequence_length(std::string_view text) {
  const auto byte = [&text](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto continues = [&byte](size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned head = byte(0);
  const unsigned second = byte(1);
  if (head < 0x80) return 1;
  if (head < 0xC2 || head > 0xF4 || !continues(1)) return 0;
  if (head < 0xE0) return 2;
  if (!continues(2)) return 0;
  if (head < 0xF0) {
    const bool overlong = head == 0xE0 && second < 0xA0;
    const bool surrogate = head == 0xED && second > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  if (!continues(3)) return 0;
  const bool overlong = head == 0xF0 && second < 0x90;
  const bool beyond = head == 0xF4 && second > 0x8F;
  return overlong || beyond ? 0 : 4;
}

void write_text(JsonWriter& json, std::string_view text) {
  size_t good = 0;
  for (size_t length; good < text.size(); good += length) {
    length = sequence_length(text.substr(good));
    if (length == 0) break;
  }
  if (good == text.size()) {
    json.value(text);
    return;
  }
  std::string repaired;
  for (size_t i = 0; i < text.size();) {
    const size_t length = sequence_length(text.substr(i));
    repaired.append(length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(i, length));
    i += length == 0 ? 1 : length;
  }
  json.value(repaired);
}

void write_double(JsonWriter& json, double value) {
  if (std::isfinite(value)) {
    json.value(value);
  } else if (std::isnan(value)) {
    json.value("NaN");
  } else {
    json.value(value > 0 ? "Infinity" : "-Infinity");
  }
}

void write_value(JsonWriter& json, const Column& column, const Field& field, int64_t row) {
  switch (column.type()) {
    case Type::kBool:
      json.value(column.boolean(row));
      return;
    case Type::kInt32:
      json.value(column.value<int32_t>(row));
      return;
    case Type::kInt64:
      json.value(column.value<int64_t>(row));
      return;
    case Type::kFloat64:
      write_double(json, column.value<double>(row));
      return;
    case Type::kUtf8:
      write_text(json, column.text(row));
      return;
    case Type::kBinary:
    case Type::kDate32:
    case Type::kTimestamp:
    case Type::kDecimal128:
      break;
  }
  std::string text;
  append_value_text(&text, column, field, row);
  json.value(text);
}

}  // namespace

std::string row_as_json(const Batch& batch, int64_t row) {
  std::string text;
  JsonWriter json(&text);
  json.begin_object();
  for (size_t i = 0; i < batch.column_count(); ++i) {
    const Field& field = batch.schema()[i];
    json.key(field.name);
    if (batch.column(i).is_null(row)) {
      json.null();
    } else {
      write_value(json, batch.column(i), field, row);
    }
  }
  json.end_object();
  return text;
}

}  // namespace chunkmill::host
