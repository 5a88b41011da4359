#include "plugins/databases/mysql/column_types.hpp"

#include <algorithm>
#include <string>

#include "plugins/databases/mysql/dialect.hpp"

namespace chunkmill::mysql {
namespace {

constexpr unsigned kBinaryCharset = 63;
constexpr int kMostDigits = 38;
// MySQL's own, which the header of MariaDB's client has a name for in newer versions only.
constexpr int kMysqlJson = 245;

bool has(const MYSQL_FIELD& field, unsigned flag) { return (field.flags & flag) != 0; }

int digits_of(const MYSQL_FIELD& field) {
  const int sign = has(field, UNSIGNED_FLAG) ? 0 : 1;
  const int point = field.decimals > 0 ? 1 : 0;
  return static_cast<int>(field.length) - sign - point;
}

// Sets how it is carried, what it is read as, and its name for people.
class Column {
 public:
  explicit Column(const MYSQL_FIELD& field) : field_(field) {
    column_.field.name.assign(field.name, field.name_length);
    column_.not_null = has(field, NOT_NULL_FLAG);
    column_.field.nullable = !column_.not_null;
  }

  sql::SourceColumn take() && { return std::move(column_); }

  void set(Carried how, Type type, std::string declared) {
    column_.tag = static_cast<int64_t>(how);
    column_.field.type = type;
    column_.declared = std::move(declared);
  }
  void refuse(std::string declared, const std::string& instead) {
    column_.declared = std::move(declared);
    const std::string name = MysqlDialect().quote(column_.field.name);
    column_.fault = "read it with `query`, as " + instead + " AS " + name;
  }
  std::string name() const { return MysqlDialect().quote(column_.field.name); }

  void set_integer(const char* declared) {
    const bool is_unsigned = has(field_, UNSIGNED_FLAG);
    const std::string type = std::string(declared) + (is_unsigned ? " unsigned" : "");
    const bool is_long = field_.type == MYSQL_TYPE_LONGLONG;
    if (is_long && is_unsigned) return set_unsigned(type);
    const bool is_wide = is_long || (field_.type == MYSQL_TYPE_LONG && is_unsigned);
    set(Carried::kInteger, is_wide ? Type::kInt64 : Type::kInt32, type);
  }
  // A key that counts up never gets to 2^63.
  void set_unsigned(const std::string& type) {
    const bool is_key = has(field_, AUTO_INCREMENT_FLAG) || has(field_, PRI_KEY_FLAG);
    set(Carried::kUnsigned, is_key ? Type::kInt64 : Type::kDecimal128, type);
    if (is_key) return;
    column_.field.precision = 20;
    column_.field.scale = 0;
  }
  void set_decimal() {
    const int digits = digits_of(field_);
    const auto scale = static_cast<int>(field_.decimals);
    const std::string declared =
        "decimal(" + std::to_string(digits) + "," + std::to_string(scale) + ")";
    if (digits > kMostDigits)
      return refuse(declared, "CAST(" + name() + " AS DECIMAL(38," +
                                  std::to_string(std::min(scale, kMostDigits)) + "))");
    set(Carried::kDecimal, Type::kDecimal128, declared);
    column_.field.precision = std::max(digits, 1);
    column_.field.scale = scale;
  }
  void set_text() {
    if (has(field_, ENUM_FLAG)) return set(Carried::kWords, Type::kUtf8, "enum");
    if (has(field_, SET_FLAG)) return set(Carried::kWords, Type::kUtf8, "set");
    if (field_.charsetnr == kBinaryCharset) return set(Carried::kBytes, Type::kBinary, "binary");
    set(Carried::kText, Type::kUtf8, "text");
  }
  void set_bit() {
    const std::string declared = "bit(" + std::to_string(field_.length) + ")";
    if (field_.length != 1) return refuse(declared, "CAST(" + name() + " AS UNSIGNED)");
    set(Carried::kBit, Type::kBool, declared);
  }

 private:
  const MYSQL_FIELD& field_;
  sql::SourceColumn column_;
};

void choose(const MYSQL_FIELD& field, Column* column) {
  if (static_cast<int>(field.type) == kMysqlJson)
    return column->set(Carried::kText, Type::kUtf8, "json");
  switch (field.type) {
    case MYSQL_TYPE_TINY:
      if (field.length == 1 && !has(field, UNSIGNED_FLAG))
        return column->set(Carried::kInteger, Type::kBool, "tinyint(1)");
      return column->set_integer("tinyint");
    case MYSQL_TYPE_SHORT:
      return column->set_integer("smallint");
    case MYSQL_TYPE_INT24:
      return column->set_integer("mediumint");
    case MYSQL_TYPE_LONG:
      return column->set_integer("int");
    case MYSQL_TYPE_LONGLONG:
      return column->set_integer("bigint");
    case MYSQL_TYPE_YEAR:
      return column->set(Carried::kInteger, Type::kInt32, "year");
    case MYSQL_TYPE_FLOAT:
      return column->set(Carried::kSingle, Type::kFloat64, "float");
    case MYSQL_TYPE_DOUBLE:
      return column->set(Carried::kReal, Type::kFloat64, "double");
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:
      return column->set_decimal();
    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_NEWDATE:
      return column->set(Carried::kDate, Type::kDate32, "date");
    case MYSQL_TYPE_DATETIME:
      return column->set(Carried::kTimestamp, Type::kTimestamp, "datetime");
    case MYSQL_TYPE_TIMESTAMP:
      return column->set(Carried::kTimestamp, Type::kTimestamp, "timestamp");
    case MYSQL_TYPE_TIME:
      return column->set(Carried::kTime, Type::kUtf8, "time");
    case MYSQL_TYPE_BIT:
      return column->set_bit();
    case MYSQL_TYPE_GEOMETRY:
      return column->refuse("geometry", "ST_AsText(" + column->name() + ")");
    case MYSQL_TYPE_NULL:
      return column->refuse("null", "CAST(NULL AS CHAR)");
    default:
      return column->set_text();
  }
}

}  // namespace

sql::SourceColumn source_column(const MYSQL_FIELD& field) {
  Column column(field);
  choose(field, &column);
  return std::move(column).take();
}

}  // namespace chunkmill::mysql
