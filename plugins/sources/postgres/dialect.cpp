#include "plugins/sources/postgres/dialect.hpp"

#include "plugins/databases/postgres/connection.hpp"
#include "plugins/sources/postgres/column_types.hpp"

namespace chunkmill::postgres {

bool PostgresSourceDialect::is_of_another_zone(const sql::SourceColumn& column) const {
  return column.tag == kPgTimestamp && !sql::equal_ignoring_case(time_zone, "UTC");
}

std::string PostgresSourceDialect::literal(const sql::SourceColumn& column,
                                           std::string_view text) const {
  const std::string quoted = quote_literal(text);
  if (column.tag == kPgTimestamp) return "TIMESTAMP " + quoted;
  switch (column.field.type) {
    case Type::kInt32:
    case Type::kInt64:
    case Type::kDecimal128:
      return std::string(text);
    case Type::kDate32:
      return "DATE " + quoted;
    case Type::kTimestamp:
      return "TIMESTAMPTZ " + quote_literal(std::string(text) + "+00");
    case Type::kBinary:
      return quote_literal("\\x" + std::string(text));
    case Type::kBool:
    case Type::kFloat64:
    case Type::kUtf8:
      break;
  }
  // Of the column's own type, whichever that is: an enum, a uuid.
  return quoted;
}

std::string PostgresSourceDialect::bound(const sql::SourceColumn& column, int64_t value) const {
  return literal(column, sql::bound_text(column.field.type, value));
}

std::string PostgresSourceDialect::read_expression(const sql::SourceColumn& column,
                                                   const std::string& name) const {
  const bool is_text = column.field.type == Type::kUtf8;
  if (is_text && !is_text_on_the_wire(column.tag)) return name + "::text";
  if (is_of_another_zone(column)) return name + " AT TIME ZONE " + quote_literal(time_zone);
  return name;
}

sql::SourceColumn PostgresSourceDialect::key_column(const sql::SourceColumn& column) const {
  sql::SourceColumn key = column;
  if (is_of_another_zone(column)) key.field.type = Type::kUtf8;
  return key;
}

// The session's time zone is the job's, so that both kinds of timestamps compare.
std::string PostgresSourceDialect::older_than(const std::string& name, int64_t milliseconds) const {
  return name + " < clock_timestamp() - INTERVAL '" + std::to_string(milliseconds) +
         " milliseconds'";
}

}  // namespace chunkmill::postgres
