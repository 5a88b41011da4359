#include "plugins/databases/sqlite/column_types.hpp"

#include <algorithm>
#include <string>

namespace chunkmill::sqlite {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return out;
}

// "(10, 2)" behind the name of an exact number; false if there is none, or one beyond 38 digits.
bool read_decimal(std::string_view type, Field* field) {
  const size_t open = type.find('(');
  if (open == type.npos || !type.ends_with(')')) return false;
  std::string inside;
  for (const char c : type.substr(open + 1, type.size() - open - 2))
    if (c != ' ') inside += c;
  return type_from_name("decimal(" + inside + ")", field);
}

}  // namespace

void set_declared_type(sql::SourceColumn* column) {
  const std::string type = upper(column->declared);
  const auto has = [&](std::string_view word) { return type.find(word) != type.npos; };
  const auto begins = [&](std::string_view word) { return type.starts_with(word); };
  Field& field = column->field;
  const auto set = [&](Type meant) { field.type = meant; };

  if (type == "DATE") return set(Type::kDate32);
  if (begins("TIMESTAMP") || begins("DATETIME")) return set(Type::kTimestamp);
  if (begins("BOOL")) return set(Type::kBool);
  if (begins("DECIMAL") || begins("NUMERIC") || begins("NUMBER")) {
    if (!read_decimal(type, &field)) set(Type::kFloat64);
    return;
  }
  // From here on SQLite's own rules, in their order.
  if (has("INT")) return set(Type::kInt64);
  if (has("CHAR") || has("CLOB") || has("TEXT")) return set(Type::kUtf8);
  if (has("BLOB")) return set(Type::kBinary);
  if (has("REAL") || has("FLOA") || has("DOUB")) return set(Type::kFloat64);
  for (const char* const word : {"JSON", "UUID", "STRING", "TIME", "XML"})
    if (begins(word)) return set(Type::kUtf8);
  column->fault = "what it holds is not declared";
}

}  // namespace chunkmill::sqlite
