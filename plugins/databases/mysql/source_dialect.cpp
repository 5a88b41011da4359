#include "plugins/databases/mysql/source_dialect.hpp"

#include "plugins/databases/mysql/column_types.hpp"

namespace chunkmill::mysql {
namespace {

// Positions come from the ledger: what is no number must not get into a statement.
std::string number(std::string_view text) {
  const bool is_plain =
      !text.empty() && text.find_first_not_of("+-.0123456789") == std::string_view::npos;
  if (!is_plain)
    throw Error(CM_INVALID, "\"" + std::string(text.substr(0, 60)) + "\" is no number");
  return std::string(text);
}

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\0') {
      out += "\\0";
      continue;
    }
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

}  // namespace

std::string MysqlSourceDialect::literal(const sql::SourceColumn& column,
                                        std::string_view text) const {
  switch (carried(column)) {
    case Carried::kInteger:
    case Carried::kUnsigned:
    case Carried::kReal:
    case Carried::kDecimal:
    case Carried::kSingle:
      return number(text);
    case Carried::kBytes:
      return "X" + quoted(text);
    case Carried::kDate:
      return "DATE" + quoted(text);
    case Carried::kTimestamp:
      return "TIMESTAMP" + quoted(text);
    case Carried::kTime:
      return "TIME" + quoted(text);
    case Carried::kText:
    case Carried::kWords:
    case Carried::kBit:
      break;
  }
  return "_utf8mb4" + quoted(text);
}

sql::SourceColumn MysqlSourceDialect::key_column(const sql::SourceColumn& column) const {
  if (carried(column) == Carried::kWords)
    throw Error(CM_INVALID, "column \"" + column.field.name + "\" is an " + column.declared +
                                ", which is ordered by its numbers and not by its text; name "
                                "another column in `key`")
        .at("key");
  return column;
}

std::string MysqlSourceDialect::older_than(const std::string& name, int64_t milliseconds) const {
  return name + " <= NOW(6) - INTERVAL " + std::to_string(milliseconds * 1000) + " MICROSECOND";
}

}  // namespace chunkmill::mysql
