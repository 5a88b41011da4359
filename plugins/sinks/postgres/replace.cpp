#include "replace.hpp"

#include "plugins/databases/postgres/shape.hpp"

namespace chunkmill::postgres {
namespace {

// In all queries $1 is the table and $2 the staging table.
const std::string kTable = "to_regclass(quote_ident($1))";
const std::string kStaging = "to_regclass(quote_ident($2))";

std::vector<std::string> texts(Connection& db, const std::string& sql, const sql::Values& values) {
  std::vector<std::string> out;
  for (const sql::Values& row : db.all(sql, values)) out.push_back(std::get<std::string>(row[0]));
  return out;
}

void run_all(Connection& db, const std::vector<std::string>& statements) {
  for (const std::string& statement : statements) db.run(statement);
}

void refuse_referenced(Connection& db, const sql::Target& target) {
  const std::vector<std::string> references =
      texts(db,
            "SELECT format('%s of table %s', quote_ident(conname), conrelid::regclass) "
            "FROM pg_constraint WHERE contype = 'f' AND confrelid = " +
                kTable + " AND conrelid <> confrelid",
            {target.table});
  if (references.empty()) return;
  throw Error(CM_UNSUPPORTED, "table \"" + target.table +
                                  "\" cannot be replaced: the foreign key " + references.front() +
                                  " refers to it; use `mode: upsert`, or drop the foreign key")
      .at(target.table);
}

// What LIKE does not copy.
std::vector<std::string> references_of(Connection& db, const sql::Target& target) {
  return texts(db,
               "SELECT format('ALTER TABLE %I ADD CONSTRAINT %I %s', $2::text, conname, "
               "pg_get_constraintdef(oid)) FROM pg_constraint "
               "WHERE contype = 'f' AND conrelid = " +
                   kTable + " AND conrelid <> confrelid",
               {target.table, target.staging()});
}

// Whether a table made LIKE it is all that it is.
bool is_plain(Connection& db, const sql::Target& target) {
  const std::string oid = kTable;
  const std::string query =
      "SELECT 1 FROM pg_class WHERE oid = " + oid +
      " AND (relkind <> 'r' OR relispartition OR relhassubclass OR relhastriggers "
      "AND EXISTS (SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid AND NOT tgisinternal) "
      "OR relhasrules OR relrowsecurity OR relpersistence <> 'p' OR reltablespace <> 0 "
      "OR reloptions IS NOT NULL OR relreplident <> 'd' "
      "OR EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid) "
      "OR EXISTS (SELECT FROM pg_inherits WHERE inhrelid = pg_class.oid) "
      "OR EXISTS (SELECT FROM pg_publication_rel WHERE prrelid = pg_class.oid) "
      // Views and functions that read it, and columns of its row's type.
      "OR EXISTS (SELECT FROM pg_depend d LEFT JOIN pg_constraint k ON k.oid = d.objid "
      "AND d.classid = 'pg_constraint'::regclass WHERE d.refclassid = 'pg_class'::regclass "
      "AND d.refobjid = pg_class.oid AND d.deptype = 'n' "
      "AND k.conrelid IS DISTINCT FROM pg_class.oid) "
      "OR EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_type'::regclass "
      "AND d.refobjid = pg_class.reltype AND d.deptype = 'n') "
      // Sequences that it owns know which number comes next.
      "OR EXISTS (SELECT FROM pg_depend d JOIN pg_class s ON s.oid = d.objid "
      "AND s.relkind = 'S' WHERE d.classid = 'pg_class'::regclass "
      "AND d.refclassid = 'pg_class'::regclass AND d.refobjid = pg_class.oid))";
  return !db.first(query, {target.table}).has_value();
}

// Owner, grants and comment of the table, as statements about the staging table.
std::vector<std::string> belongings_of(Connection& db, const sql::Target& target) {
  const sql::Values names = {target.table, target.staging()};
  std::vector<std::string> statements = texts(
      db,
      "SELECT format('ALTER TABLE %I OWNER TO %I', $2::text, pg_get_userbyid(relowner)) "
      "FROM pg_class WHERE oid = " +
          kTable + " AND relowner <> (SELECT relowner FROM pg_class WHERE oid = " + kStaging + ")",
      names);
  const auto add = [&](const std::string& sql) {
    for (std::string& statement : texts(db, sql, names)) statements.push_back(std::move(statement));
  };
  const std::string grantee =
      "CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END";
  const std::string option = "CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END";
  // The database's default privileges may have given others something.
  add("SELECT DISTINCT format('REVOKE ALL ON %I FROM %s', $2::text, " + grantee +
      ") FROM pg_class, aclexplode(relacl) a WHERE a.grantee <> relowner AND $1 <> '' AND oid = " +
      kStaging);
  add("SELECT format('GRANT %s ON %I TO %s%s', a.privilege_type, $2::text, " + grantee + ", " +
      option + ") FROM pg_class, aclexplode(relacl) a WHERE oid = " + kTable);
  add("SELECT format('GRANT %s (%I) ON %I TO %s%s', a.privilege_type, attname, $2::text, " +
      grantee + ", " + option +
      ") FROM pg_attribute, aclexplode(attacl) a WHERE NOT attisdropped AND attrelid = " + kTable);
  add("SELECT format('COMMENT ON TABLE %I IS %L', $2::text, obj_description(oid, 'pg_class')) "
      "FROM pg_class WHERE obj_description(oid, 'pg_class') IS NOT NULL AND oid = " +
      kTable);
  return statements;
}

// The statements that give the staging table's indexes their names: those of the table's indexes
// that are the same but for the name, or the table's name and the ending that they have.
std::vector<std::string> index_names(Connection& db, const sql::Target& target) {
  const std::string indexes =
      "SELECT i.indexrelid, c.relname, row_number() OVER (PARTITION BY what ORDER BY i.indexrelid) "
      "n, what FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid, LATERAL (SELECT "
      "concat_ws('|', i.indkey, i.indnkeyatts, i.indisunique, i.indisprimary, i.indisexclusion, "
      "i.indclass, i.indcollation, i.indoption, c.relam, pg_get_expr(i.indexprs, i.indrelid), "
      "pg_get_expr(i.indpred, i.indrelid)) what) w WHERE i.indrelid = ";
  return texts(db,
               "SELECT format('ALTER INDEX %I RENAME TO %I', s.relname, coalesce(t.relname, "
               "replace(s.relname, $2::text, $1::text))) FROM (" +
                   indexes + kStaging + ") s LEFT JOIN (" + indexes + kTable +
                   ") t ON t.what = s.what AND t.n = s.n "
                   "WHERE s.relname <> coalesce(t.relname, replace(s.relname, $2::text, $1::text))",
               {target.table, target.staging()});
}

void refill(Connection& db, const sql::Target& target, const sql::Dialect& dialect) {
  const std::string table = dialect.quote(target.table);
  const std::string staging = dialect.quote(target.staging());
  // `evolve: add_columns` has added them to the staging table alone.
  run_all(db,
          texts(db,
                "SELECT format('ALTER TABLE %I ADD COLUMN %I %s', $1::text, attname, "
                "format_type(atttypid, atttypmod)) FROM pg_attribute s WHERE attrelid = " +
                    kStaging +
                    " AND attnum > 0 AND NOT attisdropped AND NOT EXISTS (SELECT FROM "
                    "pg_attribute t WHERE t.attrelid = " +
                    kTable + " AND t.attname = s.attname AND NOT t.attisdropped) ORDER BY attnum",
                {target.table, target.staging()}));
  std::vector<std::string> columns;
  const std::optional<sql::ExistingTable> shape = read_shape(db, target.staging());
  for (const sql::ExistingColumn& column : shape.value().columns)
    if (!column.generated) columns.push_back(column.name);
  const std::string list = dialect.quote_list(columns);
  db.run("TRUNCATE " + table);
  db.run("INSERT INTO " + table + " (" + list + ") OVERRIDING SYSTEM VALUE SELECT " + list +
         " FROM " + staging);
  db.run("DROP TABLE " + staging);
}

}  // namespace

void make_staging(Connection& db, const sql::Target& target, const sql::Dialect& dialect) {
  db.run("DROP TABLE IF EXISTS " + dialect.quote(target.staging()));
  if (!read_shape(db, target.table)) return;
  refuse_referenced(db, target);
  db.run("CREATE TABLE " + dialect.quote(target.staging()) + " (LIKE " +
         dialect.quote(target.table) + " INCLUDING ALL)");
  run_all(db, references_of(db, target));
}

void swap_staging(Connection& db, const sql::Target& target, const sql::Dialect& dialect) {
  const std::string table = dialect.quote(target.table);
  const bool is_there = read_shape(db, target.table).has_value();
  if (is_there) {
    db.run("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
    if (!is_plain(db, target)) return refill(db, target, dialect);
  }
  const std::vector<std::string> names = index_names(db, target);
  if (is_there) {
    run_all(db, belongings_of(db, target));
    db.run("DROP TABLE " + table);
  }
  db.run("ALTER TABLE " + dialect.quote(target.staging()) + " RENAME TO " + table);
  run_all(db, names);
}

}  // namespace chunkmill::postgres
