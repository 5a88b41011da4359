#include "plugins/databases/postgres/source_dialect.hpp"

#include <charconv>

#include "plugins/databases/postgres/column_types.hpp"
#include "plugins/databases/postgres/connection.hpp"

namespace chunkmill::postgres {
namespace {

// What date and both kinds of timestamp hold, in days and in seconds since 1970: 4713 BC to
// 5874897 AD and to 294276 AD.
constexpr int64_t kFirstDay = -2'440'588;
constexpr int64_t kLastDay = 2'145'042'905;
constexpr int64_t kLastSecond = 9'224'318'015'999;

// "-4-04-03 12:00:00" as PostgreSQL writes it: "0005-04-03 12:00:00 BC".
std::string with_era(std::string_view text) {
  int64_t year = 0;
  const auto number = std::from_chars(text.data(), text.data() + text.size(), year);
  if (number.ec != std::errc() || year > 0) return std::string(text);
  std::string before = std::to_string(1 - year);
  if (before.size() < 4) before.insert(0, 4 - before.size(), '0');
  return before + std::string(number.ptr, text.data() + text.size()) + " BC";
}

}  // namespace

bool PostgresSourceDialect::is_of_another_zone(const sql::SourceColumn& column) const {
  return column.tag == kPgTimestamp && !sql::equal_ignoring_case(time_zone, "UTC");
}

std::string PostgresSourceDialect::literal(const sql::SourceColumn& column,
                                           std::string_view text) const {
  const std::string quoted = quote_literal(text);
  if (column.tag == kPgTimestamp) return "TIMESTAMP " + quote_literal(with_era(text));
  switch (column.field.type) {
    case Type::kInt32:
    case Type::kInt64:
    case Type::kDecimal128:
      return std::string(text);
    case Type::kDate32:
      return "DATE " + quote_literal(with_era(text));
    case Type::kTimestamp:
      return "TIMESTAMPTZ " + quote_literal(with_era(std::string(text) + "+00"));
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
  // A range may begin or end where there can be no value.
  const bool is_date = column.field.type == Type::kDate32;
  if (is_date || column.field.type == Type::kTimestamp) {
    const std::string type = is_date                      ? "DATE "
                             : column.tag == kPgTimestamp ? "TIMESTAMP "
                                                          : "TIMESTAMPTZ ";
    if (value < (is_date ? kFirstDay : kFirstDay * sql::kSecondsPerDay))
      return type + "'-infinity'";
    if (value > (is_date ? kLastDay : kLastSecond)) return type + "'infinity'";
  }
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

// "0045-03-15 12:00:00+00 BC", "12024-01-01": years that the calendar's own text does not have are
// moved by whole cycles of it.
std::optional<int64_t> PostgresSourceDialect::grid_value(const sql::SourceColumn& column,
                                                         std::string_view text) const {
  const Type type = column.field.type;
  if (type != Type::kDate32 && type != Type::kTimestamp) return sql::grid_value(type, text);
  constexpr std::string_view kBefore = " BC";
  constexpr int64_t kCycleYears = 400;
  constexpr int64_t kCycleDays = 146'097;
  const bool is_before = text.ends_with(kBefore);
  if (is_before) text.remove_suffix(kBefore.size());
  int64_t year = 0;
  const auto number = std::from_chars(text.data(), text.data() + text.size(), year);
  if (number.ec != std::errc()) return std::nullopt;
  if (is_before) year = 1 - year;
  int64_t cycles = (year - kCycleYears * 5) / kCycleYears;
  if (year - cycles * kCycleYears < kCycleYears * 4) --cycles;
  const std::string moved = std::to_string(year - cycles * kCycleYears) +
                            std::string(number.ptr, text.data() + text.size());
  const std::optional<int64_t> value = sql::grid_value(type, moved);
  if (!value) return std::nullopt;
  return *value + cycles * kCycleDays * (type == Type::kTimestamp ? sql::kSecondsPerDay : 1);
}

}  // namespace chunkmill::postgres
