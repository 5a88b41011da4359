#include "plugins/databases/postgres/column_types.hpp"

#include "plugins/databases/postgres/dialect.hpp"

namespace chunkmill::postgres {
namespace {

constexpr int64_t kPgUuid = 2950;
constexpr int64_t kPgJsonb = 3802;

std::string cast_of(const std::string& column, const std::string& to) {
  return "cast it in `query`: CAST(" + column + " AS " + to + ") AS " + column;
}

void set_numeric(sql::SourceColumn* column) {
  constexpr int kMostDigits = 38;
  const DeclaredType type = parse_type(column->declared);
  const int scale = type.second < 0 ? 0 : type.second;
  if (type.first < 0) {
    column->fault = "it holds any number of digits; " +
                    cast_of(column->field.name, "numeric(38,10)") +
                    ", with the digits that it needs";
  } else if (type.first > kMostDigits || scale > type.first ||
             column->declared.find('-') != std::string::npos) {
    column->fault = "a decimal has at most 38 digits, and no fewer than its decimals; " +
                    cast_of(column->field.name, "numeric(38,10)");
  } else {
    column->field.type = Type::kDecimal128;
    column->field.precision = type.first;
    column->field.scale = scale;
  }
}

void set_timestamp(sql::SourceColumn* column, const std::string& time_zone) {
  column->field.type = Type::kTimestamp;
  if (time_zone.empty())
    column->fault =
        "it does not say in which time zone it is; say `time_zone: UTC`, or the name of another "
        "one";
}

}  // namespace

bool is_text_on_the_wire(int64_t type) {
  return type == kPgText || type == kPgVarchar || type == kPgBpchar || type == kPgName ||
         type == kPgJson || type == kPgXml;
}

void set_type(sql::SourceColumn* column, bool is_text, const std::string& time_zone) {
  Field& field = column->field;
  switch (column->tag) {
    case kPgBool:
      field.type = Type::kBool;
      return;
    case kPgInt2:
    case kPgInt4:
      field.type = Type::kInt32;
      return;
    case kPgInt8:
    case kPgOid:
      field.type = Type::kInt64;
      return;
    case kPgFloat4:
    case kPgFloat8:
      field.type = Type::kFloat64;
      return;
    case kPgBytea:
      field.type = Type::kBinary;
      return;
    case kPgDate:
      field.type = Type::kDate32;
      return;
    case kPgTimestamptz:
      field.type = Type::kTimestamp;
      return;
    case kPgTimestamp:
      return set_timestamp(column, time_zone);
    case kPgNumeric:
      return set_numeric(column);
    default:
      break;
  }
  field.type = Type::kUtf8;
  if (is_text || is_text_on_the_wire(column->tag) || column->tag == kPgUuid ||
      column->tag == kPgJsonb)
    return;
  column->fault = "this type is not carried; " + cast_of(field.name, "text");
}

}  // namespace chunkmill::postgres
