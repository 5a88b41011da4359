#include "plugins/databases/mysql/dialect.hpp"

#include <algorithm>
#include <charconv>

namespace chunkmill::mysql {
namespace {

// Each server reads the one of the two that is its own: both tell "a" from "a " and from "A".
constexpr std::string_view kKeyCollation =
    " CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80017 utf8mb4_0900_bin */";

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_text(const ColumnType& type) {
  return is_one_of(type.name, {"char", "varchar", "tinytext", "text", "mediumtext", "longtext",
                               "enum", "set", "json", "uuid", "inet4", "inet6"});
}

bool is_bytes(const ColumnType& type) {
  return is_one_of(type.name, {"varbinary", "tinyblob", "blob", "mediumblob", "longblob"});
}

std::string decimal_mismatch(const Field& field, const ColumnType& type, const std::string& pair) {
  if (type.name != "decimal") return pair;
  if (type.scale >= field.scale) return "";
  return pair + ", which rounds to " + std::to_string(std::max(type.scale, 0)) + " places";
}

// Empty if the column keeps every value or refuses it aloud.
std::string why_not(const Field& field, const ColumnType& type, const std::string& pair) {
  switch (field.type) {
    case Type::kBool:
      return type.is_integer() || type.name == "decimal" ? "" : pair;
    case Type::kInt32:
      return type.is_integer() || is_one_of(type.name, {"decimal", "double"}) ? "" : pair;
    case Type::kInt64:
      if (type.name == "double") return pair + ", which is exact to 2^53 only";
      return type.is_integer() || type.name == "decimal" ? "" : pair;
    case Type::kFloat64:
      if (type.name == "double" && type.size >= 0) return pair + ", which rounds";
      return type.name == "double" ? "" : pair;
    case Type::kUtf8:
      return is_text(type) || is_bytes(type) ? "" : pair;
    case Type::kBinary:
      return is_bytes(type) ? "" : pair;
    case Type::kDate32:
      return is_one_of(type.name, {"date", "datetime"}) ? "" : pair;
    case Type::kTimestamp:
      return is_one_of(type.name, {"datetime", "timestamp"}) ? "" : pair;
    case Type::kDecimal128:
      return decimal_mismatch(field, type, pair);
  }
  return pair;
}

}  // namespace

ColumnType ColumnType::parse(std::string_view text) {
  ColumnType type;
  const size_t end = text.find_first_of("( ");
  type.name = text.substr(0, end);
  std::transform(type.name.begin(), type.name.end(), type.name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  type.is_unsigned = text.find(" unsigned") != std::string_view::npos;
  if (end == std::string_view::npos || text[end] != '(') return type;
  const char* const last = text.data() + text.size();
  const auto first = std::from_chars(text.data() + end + 1, last, type.size);
  if (first.ec == std::errc() && first.ptr != last && *first.ptr == ',')
    std::from_chars(first.ptr + 1, last, type.scale);
  return type;
}

bool ColumnType::is_integer() const {
  return is_one_of(name, {"tinyint", "smallint", "mediumint", "int", "bigint"});
}

std::string MysqlDialect::column_type(const Field& field) const {
  switch (field.type) {
    case Type::kBool:
      return "TINYINT(1)";
    case Type::kInt32:
      return "INT";
    case Type::kInt64:
      return "BIGINT";
    case Type::kFloat64:
      return "DOUBLE";
    case Type::kUtf8:
      return "LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
    case Type::kBinary:
      return "LONGBLOB";
    case Type::kDate32:
      return "DATE";
    case Type::kTimestamp:
      return "DATETIME(6)";
    case Type::kDecimal128:
      break;
  }
  return "DECIMAL(" + std::to_string(field.precision) + "," + std::to_string(field.scale) + ")";
}

// The longest of which three fit into one key of 3,072 bytes.
std::string MysqlDialect::key_column_type(const Field& field) const {
  if (field.type == Type::kUtf8) return "VARCHAR(255)" + std::string(kKeyCollation);
  if (field.type == Type::kBinary) return "VARBINARY(255)";
  return column_type(field);
}

// Four of them fit into one key.
std::string MysqlDialect::key_text_type() const {
  return "VARCHAR(190)" + std::string(kKeyCollation);
}

std::string MysqlDialect::mismatch(const Field& field, const sql::ExistingColumn& column) const {
  const std::string pair =
      "the stream has " + field.type_text() + ", the table's type is " + column.type;
  const std::string why = why_not(field, ColumnType::parse(column.type), pair);
  return why.empty() ? why : why + "; declare it " + column_type(field);
}

std::string MysqlDialect::quote(std::string_view identifier) const {
  std::string quoted = "`";
  for (const char c : identifier) {
    if (c == '`') quoted += '`';
    quoted += c;
  }
  return quoted + "`";
}

// As the server writes it: ' is doubled, and a few characters have a backslash before them.
std::vector<std::string> words_of(std::string_view type) {
  const std::string name = ColumnType::parse(type).name;
  std::vector<std::string> words;
  if (name != "enum" && name != "set") return words;
  bool is_inside = false;
  for (size_t i = name.size(); i < type.size(); ++i) {
    const char c = type[i];
    const char next = i + 1 < type.size() ? type[i + 1] : ' ';
    if (!is_inside) {
      is_inside = c == '\'';
      if (is_inside) words.emplace_back();
    } else if (c == '\'' && next != '\'') {
      is_inside = false;
    } else if (c == '\'') {
      words.back() += type[++i];
    } else if (c == '\\') {
      ++i;
      words.back() += next == '0' ? '\0' : next == 'n' ? '\n' : next == 'r' ? '\r' : next;
    } else {
      words.back() += c;
    }
  }
  return words;
}

std::string on_duplicate_key(const sql::Target& target, const sql::Dialect& dialect) {
  if (target.mode != sql::Mode::kUpsert) return "";
  std::string updates;
  for (size_t i = 0; i < target.fields.size(); ++i) {
    if (target.is_key(i)) continue;
    const std::string column = dialect.quote(target.fields[i].name);
    const std::string mine = "VALUES(" + column + ")";
    const bool adds = std::find(target.add.begin(), target.add.end(), i) != target.add.end();
    updates += (updates.empty() ? "" : ", ") + column + " = ";
    updates +=
        adds ? "COALESCE(" + column + " + " + mine + ", " + column + ", " + mine + ")" : mine;
  }
  if (updates.empty()) {
    const std::string key = dialect.quote(target.fields[target.key[0]].name);
    updates = key + " = " + key;
  }
  return " ON DUPLICATE KEY UPDATE " + updates;
}

}  // namespace chunkmill::mysql
