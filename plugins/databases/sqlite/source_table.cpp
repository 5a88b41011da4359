#include "plugins/databases/sqlite/source_table.hpp"

#include <charconv>

namespace chunkmill::sqlite {
namespace {

const std::string& text(const sql::Value& value) {
  static const std::string kEmpty;
  const auto* found = std::get_if<std::string>(&value);
  return found == nullptr ? kEmpty : *found;
}

bool is_set(const sql::Value& value) { return std::get<int64_t>(value) != 0; }

// The order of an index says nothing of another collation than the column's own.
bool has_own_collation(Connection& db, const std::string& table, const std::string& column,
                       const std::string& collation) {
  const char* own = nullptr;
  const int result = sqlite3_table_column_metadata(db.get(), "main", table.c_str(), column.c_str(),
                                                   nullptr, &own, nullptr, nullptr, nullptr);
  return result == SQLITE_OK && own != nullptr && sql::equal_ignoring_case(own, collation);
}

void read_indexes(Connection& db, const std::string& name, sql::SourceTable* table) {
  for (const sql::Values& row :
       db.all("SELECT name, \"unique\" FROM pragma_index_list(?1, 'main') WHERE NOT partial",
              {name})) {
    sql::SourceTable::Index index;
    index.unique = is_set(row[1]);
    bool is_plain = true;
    for (const sql::Values& column :
         db.all("SELECT name, coll FROM pragma_index_xinfo(?1, 'main') WHERE key ORDER BY seqno",
                {row[0]})) {
      is_plain &= has_own_collation(db, name, text(column[0]), text(column[1]));
      index.columns.push_back(text(column[0]));
    }
    if (is_plain) table->indexes.push_back(std::move(index));
  }
}

// From ANALYZE, else from the row ids, which a table that rows were deleted from has more of.
int64_t estimate_rows(Connection& db, const std::string& name, const std::string& sql,
                      bool has_row_id) {
  if (db.first("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'", {})) {
    const std::optional<sql::Values> row =
        db.first("SELECT stat FROM sqlite_stat1 WHERE tbl = ?1 COLLATE NOCASE LIMIT 1", {name});
    int64_t count = 0;
    if (row) {
      const std::string& stat = text((*row)[0]);
      if (std::from_chars(stat.data(), stat.data() + stat.size(), count).ec == std::errc())
        return count;
    }
  }
  if (!has_row_id) return -1;
  const std::optional<sql::Values> ends = db.first(
      "SELECT (SELECT min(rowid) FROM " + sql + "), (SELECT max(rowid) FROM " + sql + ")", {});
  const auto* first = std::get_if<int64_t>(&(*ends)[0]);
  const auto* last = std::get_if<int64_t>(&(*ends)[1]);
  if (first == nullptr || last == nullptr) return 0;
  int64_t span = 0;
  return __builtin_sub_overflow(*last, *first, &span) || span == INT64_MAX ? -1 : span + 1;
}

}  // namespace

std::optional<sql::SourceTable> read_table(Connection& db, const sql::Dialect& dialect,
                                           const std::string& wanted) {
  const std::optional<sql::Values> entry = db.first(
      "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' "
      "AND name = ?1 COLLATE NOCASE",
      {wanted});
  if (!entry) return std::nullopt;
  const std::string name = text((*entry)[0]);
  const bool is_table = text((*entry)[1]) == "table";
  const bool has_row_id = is_table && !is_set((*entry)[2]);
  const bool key_takes_null = has_row_id && !is_set((*entry)[3]);

  sql::SourceTable table;
  table.sql = dialect.quote(name);
  std::string key_type;
  for (const sql::Values& row :
       db.all("SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?1, 'main') "
              "ORDER BY pk, cid",
              {name})) {
    const std::string column = text(row[0]);
    const bool is_key = is_set(row[3]);
    if (is_key) {
      table.primary_key.push_back(column);
      key_type = text(row[1]);
    }
    if (is_set(row[2]) || (is_key && !key_takes_null)) table.not_null.push_back(column);
  }
  read_indexes(db, name, &table);
  // An INTEGER PRIMARY KEY without an index of its own is the row id, which is never NULL.
  const bool has_key_index =
      db.first("SELECT 1 FROM pragma_index_list(?1, 'main') WHERE origin = 'pk'", {name})
          .has_value();
  if (has_row_id && !has_key_index && table.primary_key.size() == 1 &&
      sql::equal_ignoring_case(key_type, "INTEGER")) {
    table.not_null.push_back(table.primary_key[0]);
    table.indexes.push_back({table.primary_key, true});
  }
  table.estimated_rows = estimate_rows(db, name, table.sql, has_row_id);
  return table;
}

}  // namespace chunkmill::sqlite
