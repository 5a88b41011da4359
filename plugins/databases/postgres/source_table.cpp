#include "plugins/databases/postgres/source_table.hpp"

namespace chunkmill::postgres {
namespace {

const std::string& text(const sql::Value& value) { return std::get<std::string>(value); }
bool is_set(const sql::Value& value) { return std::get<int64_t>(value) != 0; }

// Columns of the indexes that are of plain columns and cover all rows, one row for each.
constexpr const char* kIndexes =
    "SELECT i.indexrelid::bigint, a.attname::text, i.indisunique::int, i.indisprimary::int "
    "FROM pg_index i JOIN generate_series(0, 31) k(n) ON k.n < i.indnkeyatts "
    "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n] "
    "WHERE i.indrelid = $1::bigint::oid AND i.indisvalid AND i.indpred IS NULL "
    "AND i.indexprs IS NULL ORDER BY i.indexrelid, k.n";

}  // namespace

std::optional<sql::SourceTable> read_table(Connection& db, const sql::Dialect& dialect,
                                           const std::string& name) {
  const std::optional<sql::Values> found = db.first(
      "SELECT c.oid::bigint, n.nspname::text, c.reltuples::bigint FROM pg_class c "
      "JOIN pg_namespace n ON n.oid = c.relnamespace "
      "WHERE c.oid = to_regclass(quote_ident($1)) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')",
      {name});
  const std::string& schema = db.options().schema();
  if (!found || (!schema.empty() && text((*found)[1]) != schema)) return std::nullopt;
  const int64_t oid = std::get<int64_t>((*found)[0]);
  sql::SourceTable table;
  table.sql = dialect.quote(text((*found)[1])) + "." + dialect.quote(name);
  // Servers before 14 say 0 of a table that they have never looked at.
  if (const int64_t rows = std::get<int64_t>((*found)[2]); rows > 0) table.estimated_rows = rows;
  for (const sql::Values& row :
       db.all("SELECT a.attname::text FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid "
              "WHERE a.attrelid = $1::bigint::oid AND a.attnum > 0 AND NOT a.attisdropped "
              "AND (a.attnotnull OR t.typnotnull)",
              {oid}))
    table.not_null.push_back(text(row[0]));
  int64_t last_index = 0;
  for (const sql::Values& row : db.all(kIndexes, {oid})) {
    const int64_t index = std::get<int64_t>(row[0]);
    if (table.indexes.empty() || index != last_index) table.indexes.push_back({{}, is_set(row[2])});
    last_index = index;
    table.indexes.back().columns.push_back(text(row[1]));
    if (is_set(row[3])) table.primary_key.push_back(text(row[1]));
  }
  return table;
}

std::vector<std::string> table_names(Connection& db) {
  std::vector<std::string> names;
  for (const sql::Values& row :
       db.all("SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f') "
              "AND pg_table_is_visible(oid) AND relnamespace <> 'pg_catalog'::regnamespace",
              {}))
    names.push_back(text(row[0]));
  return names;
}

bool is_utf8_database(Connection& db) {
  return text((*db.first("SELECT current_setting('server_encoding')", {}))[0]) != "SQL_ASCII";
}

}  // namespace chunkmill::postgres
