#include "plugins/databases/mysql/shape.hpp"

#include "plugins/databases/mysql/dialect.hpp"

namespace chunkmill::mysql {
namespace {

const std::string& text(const sql::Value& value) {
  static const std::string kEmpty;
  const auto* found = std::get_if<std::string>(&value);
  return found == nullptr ? kEmpty : *found;
}

bool is_null(const sql::Value& value) { return std::holds_alternative<std::monostate>(value); }

bool has(const std::string& text, std::string_view word) {
  return text.find(word) != std::string::npos;
}

// False where there is none of that name. A name that differs by case alone may be another table
// to the server and the same one to information_schema.
bool exists(sql::Connection& db, const std::string& table, std::string* kind,
            bool* has_transactions) {
  for (const sql::Values& row :
       db.all("SELECT t.TABLE_NAME, t.TABLE_TYPE, e.TRANSACTIONS FROM information_schema.TABLES t "
              "LEFT JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE "
              "WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_NAME = ?",
              {table})) {
    if (!sql::equal_ignoring_case(text(row[0]), table)) continue;
    *kind = text(row[1]);
    *has_transactions = text(row[2]) == "YES";
    return true;
  }
  return false;
}

}  // namespace

std::optional<std::vector<TableColumn>> read_columns(sql::Connection& db,
                                                     const std::string& table) {
  std::vector<sql::Values> rows;
  try {
    rows = db.all("SHOW COLUMNS FROM " + MysqlDialect().quote(table), {});
  } catch (const Error& error) {
    if (error.code() == CM_NOT_FOUND) return std::nullopt;
    throw;
  }
  std::vector<TableColumn> columns;
  for (const sql::Values& row : rows) {
    const std::string& extra = text(row[5]);
    TableColumn& column = columns.emplace_back();
    column.name = text(row[0]);
    column.type = text(row[1]);
    column.not_null = text(row[2]) == "NO";
    column.counts_up = has(extra, "auto_increment");
    column.has_default = column.counts_up || !is_null(row[4]);
    column.generated = has(extra, "VIRTUAL") || has(extra, "STORED") || has(extra, "PERSISTENT");
  }
  return columns;
}

std::vector<Index> read_indexes(sql::Connection& db, const std::string& table) {
  std::vector<Index> indexes;
  // Table, Non_unique, Key_name, Seq_in_index, Column_name, Collation, Cardinality, Sub_part, ...
  for (const sql::Values& row : db.all("SHOW INDEX FROM " + MysqlDialect().quote(table), {})) {
    const auto* non_unique = std::get_if<int64_t>(&row[1]);
    if (indexes.empty() || indexes.back().name != text(row[2]))
      indexes.push_back({text(row[2]), {}, non_unique != nullptr && *non_unique == 0, true});
    indexes.back().columns.push_back(text(row[4]));
    if (is_null(row[4]) || !is_null(row[7])) indexes.back().is_plain = false;
  }
  return indexes;
}

std::optional<sql::ExistingTable> read_shape(sql::Connection& db, const std::string& table) {
  const std::optional<std::vector<TableColumn>> columns = read_columns(db, table);
  if (!columns) return std::nullopt;
  std::string kind;
  bool has_transactions = false;
  if (exists(db, table, &kind, &has_transactions)) {
    if (has(kind, "VIEW") || kind == "SEQUENCE")
      throw Error(CM_UNSUPPORTED, "\"" + table +
                                      "\" is a view or a sequence; rows are written to "
                                      "tables")
          .at(table);
    if (!has_transactions)
      throw Error(CM_UNSUPPORTED, "table \"" + table +
                                      "\" is of a storage engine without transactions, where a "
                                      "chunk cannot be written as a whole or not at all; make it "
                                      "InnoDB")
          .at(table);
  }
  sql::ExistingTable shape;
  for (const TableColumn& column : *columns)
    shape.columns.push_back(
        {column.name, column.type, column.not_null, column.has_default, column.generated});
  for (Index& index : read_indexes(db, table))
    if (index.is_unique && index.is_plain) shape.unique_keys.push_back(std::move(index.columns));
  return shape;
}

}  // namespace chunkmill::mysql
