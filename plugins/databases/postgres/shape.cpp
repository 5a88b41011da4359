#include "plugins/databases/postgres/shape.hpp"

namespace chunkmill::postgres {
namespace {

constexpr int kGeneratedColumns = 120'000;  // the version that brought them

const std::string& text(const sql::Value& value) { return std::get<std::string>(value); }
bool is_set(const sql::Value& value) {
  const auto* number = std::get_if<int64_t>(&value);
  return number != nullptr && *number != 0;
}

// The table's number in pg_class as $1, found as a statement that names it would find it.
constexpr const char* kFind =
    "SELECT c.oid::bigint, c.relkind::text, n.nspname::text FROM pg_class c "
    "JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.oid = to_regclass(quote_ident($1))";

std::optional<int64_t> find_table(Connection& db, const std::string& table) {
  const std::optional<sql::Values> found = db.first(kFind, {table});
  if (!found) return std::nullopt;
  // One of the same name further down the search path is another table.
  const std::string& schema = db.options().schema();
  if (!schema.empty() && text((*found)[2]) != schema) return std::nullopt;
  const std::string& kind = text((*found)[1]);
  if (kind != "r" && kind != "p")
    throw Error(CM_UNSUPPORTED, "\"" + table +
                                    "\" is a view, a foreign table or an index; rows are written "
                                    "to tables")
        .at(table);
  return std::get<int64_t>((*found)[0]);
}

std::vector<std::vector<std::string>> read_unique_keys(Connection& db, int64_t table) {
  std::vector<std::vector<std::string>> keys;
  int64_t last_index = 0;
  for (const sql::Values& row :
       db.all("SELECT i.indexrelid::bigint, a.attname::text FROM pg_index i "
              "JOIN generate_series(0, 31) k(n) ON k.n < i.indnkeyatts "
              "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n] "
              "WHERE i.indrelid = $1::bigint::oid AND i.indisunique AND i.indisvalid "
              "AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL "
              "ORDER BY i.indexrelid, k.n",
              {table})) {
    const int64_t index = std::get<int64_t>(row[0]);
    if (keys.empty() || index != last_index) keys.emplace_back();
    keys.back().push_back(text(row[1]));
    last_index = index;
  }
  return keys;
}

}  // namespace

std::optional<sql::ExistingTable> read_shape(Connection& db, const std::string& table) {
  const std::optional<int64_t> oid = find_table(db, table);
  if (!oid) return std::nullopt;
  const std::string generated =
      db.server_version() >= kGeneratedColumns ? "(a.attgenerated <> '')::int" : "0";
  sql::ExistingTable shape;
  for (const sql::Values& row :
       // What a domain is made of, through all domains that it is made of.
       db.all("WITH RECURSIVE base(attnum, type, detail, not_null) AS ("
              "SELECT attnum, atttypid, atttypmod, attnotnull FROM pg_attribute "
              "WHERE attrelid = $1::bigint::oid AND attnum > 0 AND NOT attisdropped "
              "UNION ALL SELECT base.attnum, t.typbasetype, t.typtypmod, "
              "base.not_null OR t.typnotnull FROM base JOIN pg_type t ON t.oid = base.type "
              "WHERE t.typtype = 'd') "
              "SELECT a.attname::text, format_type(base.type, base.detail), base.not_null::int, "
              "(a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL)::int, " +
                  generated +
                  " FROM base "
                  "JOIN pg_type b ON b.oid = base.type AND b.typtype <> 'd' "
                  "JOIN pg_attribute a ON a.attrelid = $1::bigint::oid AND a.attnum = base.attnum "
                  "JOIN pg_type t ON t.oid = a.atttypid ORDER BY a.attnum",
              {*oid})) {
    sql::ExistingColumn column;
    column.name = text(row[0]);
    column.type = text(row[1]);
    column.not_null = is_set(row[2]);
    column.has_default = is_set(row[3]);
    column.generated = is_set(row[4]);
    shape.columns.push_back(std::move(column));
  }
  shape.unique_keys = read_unique_keys(db, *oid);
  return shape;
}

std::map<std::string, std::vector<std::string>> read_constraints(Connection& db,
                                                                 const std::string& table) {
  std::map<std::string, std::vector<std::string>> constraints;
  const std::optional<int64_t> oid = find_table(db, table);
  if (!oid) return constraints;
  for (const sql::Values& row :
       db.all("SELECT c.conname::text, a.attname::text FROM pg_constraint c "
              "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) "
              "WHERE c.conrelid = $1::bigint::oid AND c.contype IN ('c', 'f') "
              "UNION ALL SELECT r.relname::text, a.attname::text FROM pg_index i "
              "JOIN pg_class r ON r.oid = i.indexrelid "
              "JOIN generate_series(0, 31) k(n) ON k.n < i.indnkeyatts "
              "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.n] "
              "WHERE i.indrelid = $1::bigint::oid AND i.indisunique",
              {*oid}))
    constraints[text(row[0])].push_back(text(row[1]));
  return constraints;
}

bool has_deferred_checks(Connection& db, const std::string& table) {
  const std::optional<int64_t> oid = find_table(db, table);
  return oid && db.first(
                      "SELECT 1 FROM pg_trigger WHERE tgrelid = $1::bigint::oid AND tgdeferrable "
                      "UNION ALL SELECT 1 FROM pg_constraint WHERE conrelid = $1::bigint::oid "
                      "AND condeferrable LIMIT 1",
                      {*oid})
                    .has_value();
}

bool refers_to_itself(Connection& db, const std::string& table) {
  const std::optional<int64_t> oid = find_table(db, table);
  return oid && db.first(
                      "SELECT 1 FROM pg_constraint WHERE conrelid = $1::bigint::oid "
                      "AND confrelid = conrelid AND contype = 'f' LIMIT 1",
                      {*oid})
                    .has_value();
}

}  // namespace chunkmill::postgres
