#include "record_columns.hpp"

#include "chunkmill/files/text_start.hpp"

namespace chunkmill::jsonl {
namespace {

// A value in a message, cut when it is long, between characters.
std::string shown(const JsonValue& value) {
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

RecordColumns::RecordColumns(const std::vector<Column>& columns, Fractions fractions)
    : columns_(columns), fractions_(fractions) {
  for (size_t i = 0; i < columns.size(); ++i) {
    paths_.add(columns[i].path, i);
    builders_.emplace_back(columns[i].field.type);
  }
}

RecordFault RecordColumns::append(std::string_view record) {
  if (JsonFault fault = reader_.read(record, paths_))
    return {fault.code, std::move(fault.message), {}};
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (RecordFault fault = append_value(i, reader_.values()[i])) {
      for (size_t k = 0; k < i; ++k) builders_[k].truncate(rows_);
      return fault;
    }
  }
  ++rows_;
  return {};
}

RecordFault RecordColumns::append_value(size_t column, const JsonValue& value) {
  ColumnBuilder& out = builders_[column];
  const Type type = out.type();
  if (value.kind == JsonKind::kMissing || value.kind == JsonKind::kNull) {
    out.append_null();
    return {};
  }
  const auto wrong = [&] { return bad_value(column, value, ParseFault::kBad); };
  ParseFault fault = ParseFault::kNone;
  switch (type) {
    case Type::kUtf8:
    case Type::kBinary:
      out.append(value.text);
      return {};
    case Type::kBool:
      if (value.kind != JsonKind::kBool) return wrong();
      out.append(value.text == "true");
      return {};
    case Type::kDate32: {
      Date date;
      if (value.kind != JsonKind::kString) return wrong();
      fault = parse_date32(value.text, &date.days);
      if (fault == ParseFault::kNone) out.append(date);
      break;
    }
    case Type::kTimestamp: {
      Timestamp time;
      if (value.kind != JsonKind::kString) return wrong();
      fault = parse_timestamp_with(value.text, fractions_, &time.micros);
      if (fault == ParseFault::kNone) out.append(time);
      break;
    }
    case Type::kDecimal128: {
      // Decimals are often written as strings, so that no reader rounds them.
      const Field& field = columns_[column].field;
      Int128 number = 0;
      if (value.kind != JsonKind::kNumber && value.kind != JsonKind::kString) return wrong();
      fault = parse_decimal128(value.text, field.precision, field.scale, &number);
      if (fault == ParseFault::kNone) out.append(number);
      break;
    }
    default:
      if (value.kind != JsonKind::kNumber) return wrong();
      return append_number(column, value.text);
  }
  if (fault == ParseFault::kNone) return {};
  return bad_value(column, value, fault);
}

RecordFault RecordColumns::append_number(size_t column, std::string_view text) {
  ColumnBuilder& out = builders_[column];
  ParseFault fault = ParseFault::kNone;
  const auto append = [&]<typename T>(T number, auto parse) {
    fault = parse(text, &number);
    if (fault == ParseFault::kNone) out.append(number);
  };
  if (out.type() == Type::kInt32) {
    append(int32_t{0}, parse_int32);
  } else if (out.type() == Type::kInt64) {
    append(int64_t{0}, parse_int64);
  } else {
    append(0.0, parse_double);
  }
  if (fault == ParseFault::kNone) return {};
  return bad_value(column, {JsonKind::kNumber, text}, fault);
}

RecordFault RecordColumns::bad_value(size_t column, const JsonValue& value,
                                     ParseFault fault) const {
  const Field& field = columns_[column].field;
  std::string message = shown(value) + " ";
  if (fault == ParseFault::kBad) {
    message += "is " + std::string(kind_name(value.kind)) + ", expected " +
               std::string(expected(field.type));
  } else {
    message += fault_text(fault, field);
    if (fault == ParseFault::kTooPrecise && field.type == Type::kTimestamp)
      message += "; fractions: round, or cut, takes it";
  }
  return {fault_code(fault, field.type), std::move(message), field.name};
}

void RecordColumns::finish(ArrowArray* out) {
  std::vector<ArrowArray> arrays(builders_.size());
  for (size_t i = 0; i < builders_.size(); ++i) builders_[i].finish(&arrays[i]);
  make_struct_array(std::move(arrays), rows_, out);
  rows_ = 0;
}

void ColumnGuess::look_at(std::string_view record) {
  if (reader_.read_top_level(record, &members_)) return;
  for (const auto& [key, value] : members_) {
    const auto [at, is_new] = index_.try_emplace(key, seen_.size());
    if (is_new) seen_.push_back({key});
    Seen& seen = seen_[at->second];
    int64_t integer = 0;
    double number = 0;
    switch (value.kind) {
      case JsonKind::kNumber:
        if (parse_int64(value.text, &integer) == ParseFault::kNone) {
          seen.integers = true;
        } else if (value.text.find_first_of(".eE") != value.text.npos &&
                   parse_double(value.text, &number) == ParseFault::kNone) {
          seen.floats = true;
        } else {
          seen.others = true;  // a float would round it
        }
        break;
      case JsonKind::kBool:
        seen.bools = true;
        break;
      case JsonKind::kMissing:
      case JsonKind::kNull:
        break;
      default:
        seen.others = true;
    }
  }
}

std::vector<Column> ColumnGuess::columns() const {
  std::vector<Column> columns;
  for (const Seen& seen : seen_) {
    Column column;
    column.field.name = seen.key;
    column.path = path_of_key(seen.key);
    const bool numbers = seen.integers || seen.floats;
    if (!seen.others && numbers && !seen.bools)
      column.field.type = seen.floats ? Type::kFloat64 : Type::kInt64;
    if (!seen.others && !numbers && seen.bools) column.field.type = Type::kBool;
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace chunkmill::jsonl
