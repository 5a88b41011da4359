#include "plugins/databases/sqlite/dialect.hpp"

#include <algorithm>

namespace chunkmill::sqlite {
namespace {

enum class Affinity { kInteger, kText, kBlob, kReal, kNumeric };

// The rules of "Determination Of Column Affinity" in SQLite's documentation, in their order.
Affinity affinity_of(std::string_view declared) {
  std::string type(declared);
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  const auto has = [&](std::string_view word) { return type.find(word) != std::string::npos; };
  if (has("INT")) return Affinity::kInteger;
  if (has("CHAR") || has("CLOB") || has("TEXT")) return Affinity::kText;
  if (type.empty() || has("BLOB")) return Affinity::kBlob;
  if (has("REAL") || has("FLOA") || has("DOUB")) return Affinity::kReal;
  return Affinity::kNumeric;
}

// Digits that SQLite keeps when it turns text into a number.
constexpr int kExactDigits = 15;

}  // namespace

std::string SqliteDialect::column_type(const Field& field) const {
  switch (field.type) {
    case Type::kBool:
    case Type::kInt32:
    case Type::kInt64:
      return "INTEGER";
    case Type::kFloat64:
      return "REAL";
    case Type::kBinary:
      return "BLOB";
    case Type::kUtf8:
    case Type::kDate32:
    case Type::kTimestamp:
    case Type::kDecimal128:
      break;
  }
  return "TEXT";
}

std::string SqliteDialect::mismatch(const Field& field, const sql::ExistingColumn& column) const {
  const Affinity affinity = affinity_of(column.type);
  const bool is_numeric = affinity == Affinity::kNumeric;
  const std::string pair =
      "the stream has " + field.type_text() + ", the table's type is " + column.type;
  const std::string advice = "; declare it " + column_type(field);
  if (affinity == Affinity::kBlob) return "";  // keeps any value as it comes
  switch (field.type) {
    case Type::kBool:
    case Type::kInt32:
      return affinity == Affinity::kText ? pair + advice : "";
    case Type::kInt64:
      if (affinity == Affinity::kReal)
        return pair + ", which is exact to 2^53 only" + advice + ", or the stream's column float";
      return affinity == Affinity::kText ? pair + advice : "";
    case Type::kFloat64:
      return affinity == Affinity::kReal || is_numeric ? "" : pair + advice;
    case Type::kUtf8:
      if (is_numeric) return pair + ", where 007 would become 7" + advice;
      return affinity == Affinity::kText ? "" : pair + advice;
    case Type::kDate32:
    case Type::kTimestamp:
      return affinity == Affinity::kText || is_numeric ? "" : pair + advice;
    case Type::kDecimal128:
      if (is_numeric && field.precision > kExactDigits)
        return pair + ", which keeps 15 digits" + advice;
      return affinity == Affinity::kText || is_numeric ? "" : pair + advice;
    case Type::kBinary:
      break;
  }
  return "";
}

std::string SqliteDialect::sum(const Field& field, const std::string& theirs,
                               const std::string& mine) const {
  const std::string plain = theirs + " + " + mine;
  if (field.type != Type::kInt32 && field.type != Type::kInt64) return plain;
  // abs() of the smallest integer is the expression that says "integer overflow".
  return "CASE WHEN typeof(" + theirs + ") = 'integer' AND typeof(" + plain +
         ") = 'real' THEN abs(-9223372036854775807 - 1) ELSE " + plain + " END";
}

}  // namespace chunkmill::sqlite
