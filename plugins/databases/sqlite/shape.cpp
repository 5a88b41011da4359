#include "plugins/databases/sqlite/shape.hpp"

namespace chunkmill::sqlite {
namespace {

const std::string& text(const sql::Value& value) {
  static const std::string kEmpty;
  const auto* found = std::get_if<std::string>(&value);
  return found == nullptr ? kEmpty : *found;
}

bool is_set(const sql::Value& value) { return std::get<int64_t>(value) != 0; }

std::vector<std::vector<std::string>> read_unique_indexes(sql::Connection& db,
                                                          const std::string& table) {
  std::vector<std::vector<std::string>> keys;
  for (const sql::Values& index :
       db.all("SELECT name FROM pragma_index_list(?1, 'main') WHERE \"unique\" AND NOT partial",
              {table})) {
    std::vector<std::string> key;
    bool has_expression = false;
    for (const sql::Values& column :
         db.all("SELECT name FROM pragma_index_info(?1, 'main') ORDER BY seqno", {index[0]})) {
      has_expression |= std::holds_alternative<std::monostate>(column[0]);
      key.push_back(text(column[0]));
    }
    if (!has_expression) keys.push_back(std::move(key));
  }
  return keys;
}

// Whoever writes the name of a schema means the table in it.
void check_missing(const std::string& table) {
  for (const std::string schema : {"main.", "temp."})
    if (table.starts_with(schema))
      throw Error(CM_INVALID, "table \"" + table + "\" is not there; leave `" + schema +
                                  "` out: write `table: " + table.substr(schema.size()) + "`")
          .at("table");
}

}  // namespace

std::optional<sql::ExistingTable> read_shape(sql::Connection& db, const std::string& table) {
  const std::optional<sql::Values> entry = db.first(
      "SELECT type, sql, name FROM sqlite_schema "
      "WHERE name = ?1 COLLATE NOCASE AND type IN ('table', 'view')",
      {table});
  if (!entry) {
    check_missing(table);
    return std::nullopt;
  }
  if (text((*entry)[0]) == "view" || text((*entry)[1]).starts_with("CREATE VIRTUAL"))
    throw Error(CM_UNSUPPORTED,
                "\"" + table + "\" is a view or a virtual table; rows are written to tables")
        .at(table);

  sql::ExistingTable shape;
  const bool is_strict = db.first(
                               "SELECT 1 FROM pragma_table_list WHERE schema = 'main' AND strict "
                               "AND name = ?1 COLLATE NOCASE",
                               {table})
                             .has_value();
  std::vector<std::string> primary_key;
  std::string primary_type;
  for (const sql::Values& row :
       db.all("SELECT name, type, \"notnull\", dflt_value IS NOT NULL, hidden, pk "
              "FROM pragma_table_xinfo(?1, 'main') ORDER BY cid",
              {table})) {
    sql::ExistingColumn column;
    column.name = text(row[0]);
    column.type = text(row[1]);
    // It keeps any value there; in other tables the name means that numbers in text become numbers.
    if (is_strict && sql::equal_ignoring_case(column.type, "ANY")) column.type.clear();
    column.not_null = is_set(row[2]);
    column.has_default = is_set(row[3]);
    column.generated = is_set(row[4]);
    if (is_set(row[5])) {
      primary_key.push_back(column.name);
      primary_type = column.type;
    }
    shape.columns.push_back(std::move(column));
  }
  // A single INTEGER PRIMARY KEY is the row id, which counts by itself.
  if (primary_key.size() == 1 && sql::equal_ignoring_case(primary_type, "INTEGER"))
    for (sql::ExistingColumn& column : shape.columns)
      if (column.name == primary_key[0]) column.has_default = true;
  shape.unique_keys = read_unique_indexes(db, table);
  if (!primary_key.empty()) shape.unique_keys.push_back(std::move(primary_key));
  return shape;
}

}  // namespace chunkmill::sqlite
