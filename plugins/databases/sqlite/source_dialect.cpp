#include "plugins/databases/sqlite/source_dialect.hpp"

namespace chunkmill::sqlite {
namespace {

std::string in_quotes(std::string_view text) {
  // A literal ends at a NUL character.
  if (text.find('\0') != text.npos) {
    std::string hex;
    sql::append_hex(&hex, text);
    return "CAST(X'" + hex + "' AS TEXT)";
  }
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + "'";
}

std::string whole_number(std::string_view text) {
  int64_t number = 0;
  if (parse_int64(text, &number) != ParseFault::kNone)
    throw Error(CM_INVALID, "\"" + std::string(text.substr(0, 60)) + "\" is no whole number");
  // The smallest one has no literal of its own.
  if (number == INT64_MIN) return "(-9223372036854775807 - 1)";
  return std::to_string(number);
}

}  // namespace

std::string SqliteSourceDialect::literal(const sql::SourceColumn& column,
                                         std::string_view text) const {
  switch (meant_type(column)) {
    case Type::kBool:
    case Type::kInt32:
    case Type::kInt64:
    case Type::kDecimal128:
      return whole_number(text);
    case Type::kBinary:
      return "X'" + std::string(text) + "'";
    default:
      return in_quotes(text);
  }
}

std::string SqliteSourceDialect::bound(const sql::SourceColumn& column, int64_t value) const {
  if (column.field.type == Type::kTimestamp)
    return in_quotes(sql::bound_text(Type::kDate32, value / sql::kSecondsPerDay));
  return literal(column, sql::bound_text(column.field.type, value));
}

sql::SourceColumn SqliteSourceDialect::key_column(const sql::SourceColumn& column) const {
  sql::SourceColumn key = column;
  if (meant_type(column) == Type::kTimestamp || meant_type(column) == Type::kDecimal128)
    key.field.type = Type::kUtf8;
  return key;
}

// The character between day and time, the zone, and with a zone the length, since it stands where a
// longer text has a fraction. Without one a shorter text is the beginning of a longer one.
std::string SqliteSourceDialect::spelling(const sql::SourceColumn& column,
                                          const std::string& name) const {
  if (meant_type(column) != Type::kTimestamp) return {};
  const auto sign_at = [&](const std::string& place) {
    return "substr(" + name + ", " + place + ", 1) IN ('+', '-')";
  };
  const std::string length = "length(" + name + ")";
  std::string zone;
  for (const std::string place : {"-6", "-5", "-3"})
    zone += " WHEN " + length + " > 14 AND " + sign_at(place) + " THEN substr(" + name + ", " +
            place + ") || " + length;
  return "CASE WHEN typeof(" + name + ") IN ('integer', 'real') THEN 'number' WHEN " + length +
         " <= 10 THEN NULL ELSE substr(" + name + ", 11, 1) || CASE WHEN substr(" + name +
         ", -1) IN ('Z', 'z') THEN 'Z' || " + length + zone + " ELSE '' END END";
}

std::string SqliteSourceDialect::older_than(const std::string& name, int64_t milliseconds) const {
  std::string seconds;
  append_double(&seconds, static_cast<double>(milliseconds) / 1000);
  // What is no time is read, and rejected.
  return "coalesce(julianday(" + name + ") <= julianday('now', '-" + seconds + " seconds'), 1)";
}

std::optional<int64_t> SqliteSourceDialect::grid_value(const sql::SourceColumn& column,
                                                       std::string_view text) const {
  if (column.field.type != Type::kTimestamp) return SourceDialect::grid_value(column, text);
  const std::optional<int64_t> day = sql::grid_value(Type::kDate32, text.substr(0, 10));
  if (!day) return std::nullopt;
  return *day * sql::kSecondsPerDay;
}

}  // namespace chunkmill::sqlite
