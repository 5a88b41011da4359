#include "plugins/databases/postgres/replace.hpp"

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

// What LIKE does not copy.
std::vector<std::string> references_of(Connection& db, const sql::Target& target) {
  return texts(db,
               "SELECT format('ALTER TABLE %I ADD CONSTRAINT %I %s', $2::text, conname, "
               "pg_get_constraintdef(oid)) FROM pg_constraint "
               "WHERE contype = 'f' AND conrelid = " +
                   kTable +
                   " AND conrelid <> confrelid "
                   // One to the table itself is one to the new table itself.
                   "UNION ALL SELECT format('ALTER TABLE %I ADD CONSTRAINT %I %s', $2::text, "
                   "conname, regexp_replace(pg_get_constraintdef(oid), 'REFERENCES [^(]+\\(', "
                   "'REFERENCES ' || quote_ident($2) || '(')) FROM pg_constraint "
                   "WHERE contype = 'f' AND conrelid = " +
                   kTable + " AND conrelid = confrelid",
               {target.table, target.staging()});
}

// A row that no partition takes must be told while it is staged.
void guard_partitions(Connection& db, const sql::Target& target, const sql::Dialect& dialect) {
  const std::vector<std::string> fits =
      texts(db,
            "WITH RECURSIVE tree(oid) AS (SELECT " + kTable +
                "::oid UNION ALL SELECT i.inhrelid FROM tree JOIN pg_inherits i "
                "ON i.inhparent = tree.oid) "
                "SELECT coalesce(string_agg(coalesce('(' || pg_get_partition_constraintdef(c.oid) "
                "|| ')', "
                "'true'), ' OR '), 'false') FROM tree JOIN pg_class c ON c.oid = tree.oid "
                "WHERE c.relkind <> 'p' HAVING EXISTS (SELECT FROM pg_class "
                "WHERE oid = " +
                kTable + " AND relkind = 'p')",
            {target.table});
  if (!fits.empty())
    db.run("ALTER TABLE " + dialect.quote(target.staging()) + " ADD CONSTRAINT " +
           std::string(kPartitionGuard) + " CHECK (" + fits.front() + ")");
}

// Triggers that may refuse or change a row: BEFORE INSERT ... FOR EACH ROW.
constexpr const char* kRowGuards =
    "NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgtype & 7 = 7";

// They see each row once, when it is staged.
void guard_rows(Connection& db, const sql::Target& target) {
  const std::vector<std::string> statements =
      texts(db,
            "SELECT replace(pg_get_triggerdef(t.oid), format(' ON %I.%I ', n.nspname, c.relname), "
            "format(' ON %I ', $2::text)) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE " +
                std::string(kRowGuards) + " AND t.tgrelid = " + kTable,
            {target.table, target.staging()});
  if (statements.empty()) return;
  if (!db.first(
          "SELECT 1 FROM pg_class WHERE oid = " + kTable + " AND pg_has_role(relowner, 'USAGE')",
          {target.table}))
    throw Error(CM_PERMISSION, "table \"" + target.table +
                                   "\" has BEFORE INSERT triggers, which its owner alone can "
                                   "replace it with; use `mode: upsert`, or the owner's user")
        .at(target.table);
  run_all(db, statements);
}

// Those of guard_rows(), as statements that begin with `what`.
std::vector<std::string> switch_guards(Connection& db, const sql::Target& target,
                                       const std::string& what) {
  return texts(db,
               "SELECT format('ALTER TABLE %I " + what +
                   " TRIGGER %I', $1::text, t.tgname) FROM pg_trigger t WHERE NOT t.tgisinternal "
                   "AND t.tgrelid = " +
                   kTable +
                   " AND t.tgtype & 7 = 7 AND EXISTS (SELECT FROM pg_trigger s WHERE s.tgrelid = " +
                   kStaging + " AND s.tgname = t.tgname AND NOT s.tgisinternal)",
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

// Rows that a trigger or a rule leaves out are missing in the table: none of them is written then.
void fill(Connection& db, const std::string& insert, const std::string& staging) {
  const int64_t stored = db.execute(insert, {});
  const int64_t staged = std::get<int64_t>((*db.first("SELECT count(*) FROM " + staging, {}))[0]);
  if (stored == staged) return;
  throw Error(CM_DATA, "it stored " + std::to_string(stored) + " of " + std::to_string(staged) +
                           " rows and gave no error");
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
  const std::vector<std::string> enable = switch_guards(db, target, "ENABLE");
  run_all(db, switch_guards(db, target, "DISABLE"));
  try {
    fill(db,
         "INSERT INTO " + table + " (" + list + ") OVERRIDING SYSTEM VALUE SELECT " + list +
             " FROM " + staging,
         staging);
    // What waits for the commit speaks now, where the message can say what to do. It would stand in
    // the way of a change of triggers as well.
    db.run("SET CONSTRAINTS ALL IMMEDIATE");
  } catch (const Error& error) {
    if (error.code() != CM_DATA) throw;
    throw Error(CM_INVALID, "table \"" + target.table +
                                "\" refuses the rows that the run has staged and keeps its old "
                                "ones: " +
                                error.what() +
                                "; what refuses them is checked after the rows are in, a trigger "
                                "or a constraint of a partition: use `mode: upsert`")
        .at(target.table);
  }
  run_all(db, enable);
  db.run("DROP TABLE " + staging);
}

}  // namespace

void check_replaceable(Connection& db, const sql::Target& target) {
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

void make_staging(Connection& db, const sql::Target& target, const sql::Dialect& dialect) {
  db.run("DROP TABLE IF EXISTS " + dialect.quote(target.staging()));
  if (!read_shape(db, target.table)) return;
  check_replaceable(db, target);
  db.run("CREATE TABLE " + dialect.quote(target.staging()) + " (LIKE " +
         dialect.quote(target.table) + " INCLUDING ALL)");
  run_all(db, references_of(db, target));
  guard_partitions(db, target, dialect);
  guard_rows(db, target);
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
