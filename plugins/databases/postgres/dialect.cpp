#include "plugins/databases/postgres/dialect.hpp"

#include <algorithm>
#include <charconv>

namespace chunkmill::postgres {
namespace {

constexpr int kMicroseconds = 6;

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_integer(std::string_view name) {
  return is_one_of(name, {"smallint", "integer", "bigint"});
}

// Types whose values mean something else than the text that made them, or take too many spellings
// (007 would become 7), or keep but the text's beginning.
constexpr std::string_view kTextChanging[] = {"real",
                                              "double precision",
                                              "boolean",
                                              "bytea",
                                              "date",
                                              "money",
                                              "time without time zone",
                                              "time with time zone",
                                              "interval",
                                              "timestamp without time zone",
                                              "timestamp with time zone",
                                              "\"char\"",
                                              "name",
                                              "bit",
                                              "bit varying",
                                              "tsvector",
                                              "tsquery",
                                              "jsonpath",
                                              "point",
                                              "line",
                                              "lseg",
                                              "box",
                                              "path",
                                              "polygon",
                                              "circle",
                                              "oid",
                                              "oidvector",
                                              "int2vector",
                                              "cidr",
                                              "macaddr",
                                              "macaddr8",
                                              "xid",
                                              "xid8",
                                              "cid",
                                              "tid",
                                              "pg_lsn"};

bool changes_text(std::string_view name) {
  return name.starts_with("reg") || name.ends_with("range") ||
         std::find(std::begin(kTextChanging), std::end(kTextChanging), name) !=
             std::end(kTextChanging);
}

std::string text_mismatch(const DeclaredType& type, const std::string& pair,
                          const std::string& advice) {
  std::string_view name = type.name;
  const bool is_array = name.ends_with("[]");
  while (name.ends_with("[]")) name.remove_suffix(2);
  if (is_integer(name) || name == "numeric") return pair + ", where 007 would become 7" + advice;
  if (changes_text(name)) return pair + advice;
  // The writer looks at each text that a length may cut, but not into arrays.
  const bool is_whole = type.first < 0 && is_one_of(name, {"text", "character varying", "uuid",
                                                           "json", "jsonb", "xml", "inet"});
  if (is_array && !is_whole) return pair + ", whose elements may be cut; declare it text[]";
  return "";
}

// `digits`: of what goes in, behind its point.
bool rounds(const DeclaredType& type, int digits) {
  return type.name == "numeric" && type.first >= 0 && type.second < digits;
}

}  // namespace

DeclaredType parse_type(std::string_view text) {
  DeclaredType type;
  const size_t open = text.find('(');
  const size_t close = text.find(')', std::min(open, text.size()));
  type.name = text.substr(0, open);
  if (open == std::string_view::npos || close == std::string_view::npos) return type;
  type.name += text.substr(close + 1);
  const char* const end = text.data() + close;
  const auto first = std::from_chars(text.data() + open + 1, end, type.first);
  if (first.ptr < end && *first.ptr == ',') std::from_chars(first.ptr + 1, end, type.second);
  return type;
}

bool takes_spaces_off(const DeclaredType& type) {
  return type.name == "character" || type.name == "bpchar";
}

std::string PostgresDialect::column_type(const Field& field) const {
  switch (field.type) {
    case Type::kBool:
      return "boolean";
    case Type::kInt32:
      return "integer";
    case Type::kInt64:
      return "bigint";
    case Type::kFloat64:
      return "double precision";
    case Type::kUtf8:
      return "text";
    case Type::kBinary:
      return "bytea";
    case Type::kDate32:
      return "date";
    case Type::kTimestamp:
      return "timestamptz";
    case Type::kDecimal128:
      break;
  }
  return "numeric(" + std::to_string(field.precision) + "," + std::to_string(field.scale) + ")";
}

std::string PostgresDialect::mismatch(const Field& field, const sql::ExistingColumn& column) const {
  const DeclaredType type = parse_type(column.type);
  const std::string& name = type.name;
  const std::string pair =
      "the stream has " + field.type_text() + ", the table's type is " + column.type;
  const std::string advice = "; declare it " + column_type(field);
  const auto only_if = [&](bool fits) { return fits ? "" : pair + advice; };
  switch (field.type) {
    case Type::kBool:
      return only_if(name == "boolean");
    case Type::kInt32:
      if (rounds(type, 0)) return pair + ", which rounds" + advice;
      return only_if(is_integer(name) || name == "numeric" || name == "double precision");
    case Type::kInt64:
      if (rounds(type, 0)) return pair + ", which rounds" + advice;
      if (name == "double precision")
        return pair + ", which is exact to 2^53 only" + advice + ", or the stream's column float";
      return only_if(is_integer(name) || name == "numeric");
    case Type::kFloat64:
      if (name == "numeric" && type.first >= 0)
        return pair + ", which rounds" + advice + ", or the stream's column decimal";
      if (name == "real") return pair + ", which rounds to some 7 digits" + advice;
      return only_if(is_one_of(name, {"double precision", "numeric"}));
    case Type::kUtf8:
      return text_mismatch(type, pair, advice);
    case Type::kBinary:
      return only_if(name == "bytea");
    case Type::kDate32:
      return only_if(name == "date");
    case Type::kTimestamp:
      if (type.first >= 0 && type.first < kMicroseconds)
        return pair + ", which cuts microseconds off" + advice;
      return only_if(name == "timestamp with time zone" || name == "timestamp without time zone");
    case Type::kDecimal128:
      if (rounds(type, field.scale)) return pair + ", which rounds" + advice;
      return only_if(name == "numeric" || (is_integer(name) && field.scale == 0));
  }
  return "";
}

}  // namespace chunkmill::postgres
