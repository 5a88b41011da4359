#include "value_columns.hpp"

#include <cmath>

#include "chunkmill/files/text_start.hpp"
#include "chunkmill/parse.hpp"
#include "number_text.hpp"

namespace chunkmill::jsonl {
namespace {

// From here on not all whole numbers are doubles.
constexpr double kLastWholeDouble = 9007199254740992;  // 2^53

// A double is a rounded number by its nature, and who asks for one gets it; but a whole number is
// exact, and nobody asked for a column that was found to be of doubles.
ParseFault read_double(std::string_view text, bool found, double* out) {
  const ParseFault fault = parse_double(text, out);
  if (fault != ParseFault::kNone) return fault;
  if ((found || std::fabs(*out) >= kLastWholeDouble) && !keeps_digits(text, *out))
    return ParseFault::kTooPrecise;
  return ParseFault::kNone;
}

// A value in a message, cut when it is long, between characters.
std::string shown_value(const JsonValue& value) {
  const std::string_view start = files::text_start(value.text);
  std::string text;
  if (value.kind == JsonKind::kString) {
    append_json_string(&text, start);
  } else {
    text = start;
  }
  return text + (start.size() < value.text.size() ? "..." : "");
}

std::string_view kind_name(JsonKind kind) {
  constexpr std::string_view kNames[] = {"missing",  "null",     "true or false",
                                         "a number", "a string", "an object or array"};
  return kNames[static_cast<size_t>(kind)];
}

std::string_view expected(Type type) {
  switch (type) {
    case Type::kBool:
      return "true or false";
    case Type::kDate32:
      return "a string like \"2024-02-29\"";
    case Type::kTimestamp:
      return "a string like \"2024-02-29T12:30:00Z\"";
    case Type::kInt32:
    case Type::kInt64:
      return "a whole number";
    default:
      return "a number";
  }
}

}  // namespace

ValueColumns::ValueColumns(const std::vector<Column>& columns, Fractions fractions)
    : columns_(columns), fractions_(fractions) {
  for (const Column& column : columns) builders_.emplace_back(column.field.type);
}

ParseFault ValueColumns::append(size_t column, const JsonValue& value) {
  ColumnBuilder& out = builders_[column];
  switch (value.kind) {
    case JsonKind::kMissing:
    case JsonKind::kNull:
      out.append_null();
      return ParseFault::kNone;
    case JsonKind::kNumber:
      return append_number(column, value.text);
    case JsonKind::kString:
      return append_text(column, value.text);
    default:
      break;
  }
  if (has_offsets(out.type())) {
    out.append(value.text);
  } else if (out.type() == Type::kBool && value.kind == JsonKind::kBool) {
    out.append(value.text == "true");
  } else {
    return ParseFault::kBad;
  }
  return ParseFault::kNone;
}

ParseFault ValueColumns::append_text(size_t column, std::string_view text) {
  ColumnBuilder& out = builders_[column];
  ParseFault fault = ParseFault::kNone;
  const auto append = [&]<typename T>(T value, ParseFault read) {
    fault = read;
    if (fault == ParseFault::kNone) out.append(value);
  };
  switch (out.type()) {
    case Type::kUtf8:
    case Type::kBinary:
      out.append(text);
      break;
    case Type::kDate32: {
      Date date;
      const ParseFault read = parse_date32(text, &date.days);
      append(date, read);
      break;
    }
    case Type::kTimestamp: {
      Timestamp time;
      const ParseFault read = parse_timestamp_with(text, fractions_, &time.micros);
      append(time, read);
      break;
    }
    case Type::kDecimal128: {
      // Decimals are often written as strings, so that no reader rounds them.
      const Field& field = columns_[column].field;
      Int128 number = 0;
      const ParseFault read = parse_decimal128(text, field.precision, field.scale, &number);
      append(number, read);
      break;
    }
    default:
      return ParseFault::kBad;
  }
  return fault;
}

ParseFault ValueColumns::append_number(size_t column, std::string_view text) {
  ColumnBuilder& out = builders_[column];
  switch (out.type()) {
    case Type::kUtf8:
    case Type::kBinary:
    case Type::kDecimal128:
      return append_text(column, text);
    case Type::kInt32: {
      int32_t number = 0;
      const ParseFault fault = parse_int32(text, &number);
      if (fault == ParseFault::kNone) out.append(number);
      return fault;
    }
    case Type::kInt64: {
      int64_t number = 0;
      const ParseFault fault = parse_int64(text, &number);
      if (fault == ParseFault::kNone) out.append(number);
      return fault;
    }
    case Type::kFloat64: {
      double number = 0;
      const ParseFault fault = read_double(text, columns_[column].found, &number);
      if (fault == ParseFault::kNone) out.append(number);
      return fault;
    }
    default:
      return ParseFault::kBad;
  }
}

RecordFault ValueColumns::fault(size_t column, const JsonValue& value, ParseFault fault) const {
  const auto& [field, path, found] = columns_[column];
  std::string message = shown_value(value) + " ";
  if (fault == ParseFault::kBad) {
    message += "is " + std::string(kind_name(value.kind)) + ", expected " +
               std::string(expected(field.type));
  } else {
    message += fault_text(fault, field);
    if (fault == ParseFault::kTooPrecise && field.type == Type::kTimestamp)
      message += "; fractions: round, or cut, takes it";
  }
  if (found)
    message += "; the type " + field.type_text() +
               " was found in the first records: give the column another one in `columns`";
  return {fault_code(fault, field.type), std::move(message), field.name};
}

void ValueColumns::end_row() {
  for (ColumnBuilder& builder : builders_)
    if (builder.size() == rows_) builder.append_null();
  ++rows_;
}

void ValueColumns::drop_row() {
  for (ColumnBuilder& builder : builders_)
    if (builder.size() > rows_) builder.truncate(rows_);
}

void ValueColumns::finish(ArrowArray* out) {
  std::vector<ArrowArray> arrays(builders_.size());
  for (size_t i = 0; i < builders_.size(); ++i) builders_[i].finish(&arrays[i]);
  make_struct_array(std::move(arrays), rows_, out);
  rows_ = 0;
}

}  // namespace chunkmill::jsonl
