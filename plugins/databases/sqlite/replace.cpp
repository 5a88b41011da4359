#include "plugins/databases/sqlite/replace.hpp"

#include <algorithm>

#include "chunkmill/sql/statements.hpp"
#include "plugins/databases/sqlite/guards.hpp"

namespace chunkmill::sqlite {
namespace {

const std::string& stored_text(const sql::Value& value) { return std::get<std::string>(value); }

// Where the identifier that `sql` has at `at` ends.
size_t end_of_identifier(const std::string& sql, size_t at) {
  const char first = sql[at];
  if (first == '"' || first == '`' || first == '\'' || first == '[') {
    const char close = first == '[' ? ']' : first;
    for (size_t i = at + 1; i < sql.size(); ++i) {
      if (sql[i] != close) continue;
      if (close == ']' || i + 1 == sql.size() || sql[i + 1] != close) return i + 1;
      ++i;  // a doubled quote is part of the name
    }
    return sql.size();
  }
  return std::min(sql.find_first_of(" \t\r\n\f(/-", at), sql.size());
}

// `statement` begins with "CREATE ... KIND name": the same with the staging suffix at its name.
std::string renamed(const std::string& statement, std::string_view kind,
                    const sql::Dialect& dialect, const std::string& name) {
  const size_t at = statement.find(kind);
  if (at == std::string::npos)
    throw Error(CM_UNSUPPORTED, "cannot read the definition: " + statement.substr(0, 200));
  const size_t begin = at + kind.size();
  return statement.substr(0, begin) + dialect.quote(name + std::string(sql::kStagingSuffix)) +
         statement.substr(end_of_identifier(statement, begin));
}

// Indexes and triggers of a table: type, name, sql.
std::vector<sql::Values> companions_of(sql::Connection& db, const std::string& table) {
  return db.all(
      "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = ?1 COLLATE NOCASE "
      "AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type, rowid",
      {table});
}

// An index that may refuse a row: one that is unique, or that computes something of it.
bool may_refuse(sql::Connection& db, const std::string& index) {
  return db
      .first(
          "SELECT 1 FROM sqlite_schema s, pragma_index_list(s.tbl_name, 'main') l "
          "WHERE s.type = 'index' AND s.name = ?1 AND l.name = s.name AND (l.\"unique\" OR "
          "l.partial OR EXISTS (SELECT 1 FROM pragma_index_xinfo(l.name, 'main') WHERE cid = -2))",
          {index})
      .has_value();
}

// SQLite's newer way of renaming, for as long as it lives: it alone rewrites triggers and
// references. The older one, which the connection has else, does not look at the rest of the
// schema.
class NewerRename {
 public:
  explicit NewerRename(sql::Connection& db) : db_(db) {
    db_.run("PRAGMA legacy_alter_table = off");
  }
  NewerRename(const NewerRename&) = delete;
  NewerRename& operator=(const NewerRename&) = delete;
  ~NewerRename() {
    try {
      db_.run("PRAGMA legacy_alter_table = on");
    } catch (const Error&) {  // the connection is lost, and goes away
    }
  }

 private:
  sql::Connection& db_;
};

// One view or trigger of somebody else's that is broken keeps every table from being renamed.
void drop_what_is_not_of(sql::Connection& db, const std::string& table,
                         const sql::Dialect& dialect) {
  for (const sql::Values& row :
       db.all("SELECT type, name FROM sqlite_schema WHERE type = 'view' OR (type = 'trigger' AND "
              "tbl_name <> ?1 COLLATE NOCASE) ORDER BY type",
              {table}))
    db.run("DROP " + stored_text(row[0]) + " IF EXISTS main." + dialect.quote(stored_text(row[1])));
}

void rename_to_staging(sql::Connection& db, const sql::Target& target,
                       const sql::Dialect& dialect) {
  const NewerRename newer(db);
  const std::string rename = "ALTER TABLE main." + dialect.quote(target.table) + " RENAME TO " +
                             dialect.quote(target.staging());
  try {
    return db.run(rename);
  } catch (const Error& error) {
    if (error.code() != CM_INVALID) throw;
  }
  drop_what_is_not_of(db, target.table, dialect);
  try {
    db.run(rename);
  } catch (const Error& error) {
    if (error.code() != CM_INVALID) throw;
    throw Error(CM_INVALID, "table \"" + target.table +
                                "\" cannot be replaced, as a trigger of it "
                                "does not work: " +
                                error.what() + "; correct or drop the trigger")
        .at(target.table);
  }
}

// How the table and what belongs to it would be defined under the staging table's name. SQLite
// itself rewrites the statements, also where a trigger or a foreign key names its own table; the
// renaming is taken back.
std::vector<std::string> definitions_for_staging(sql::Connection& db, const sql::Target& target,
                                                 const sql::Dialect& dialect) {
  std::vector<std::string> statements;
  db.run("SAVEPOINT chunkmill_definitions");
  rename_to_staging(db, target, dialect);
  statements.push_back(definition_of(db, target.staging()));
  for (const sql::Values& companion : companions_of(db, target.staging())) {
    const std::string& name = stored_text(companion[1]);
    if (stored_text(companion[0]) == "trigger")
      statements.push_back(renamed(stored_text(companion[2]), "TRIGGER ", dialect, name));
    else if (may_refuse(db, name))
      statements.push_back(renamed(stored_text(companion[2]), "INDEX ", dialect, name));
  }
  db.run("ROLLBACK TO SAVEPOINT chunkmill_definitions");
  db.run("RELEASE SAVEPOINT chunkmill_definitions");
  return statements;
}

bool refers_to_itself(sql::Connection& db, const std::string& table) {
  return std::ranges::any_of(referred_tables(db, table), [&](const std::string& referred) {
    return sql::equal_ignoring_case(referred, table);
  });
}

// Drops what make_staging() gave the staging table under names of its own.
void drop_companions(sql::Connection& db, const std::string& table, const sql::Dialect& dialect) {
  for (const sql::Values& companion : companions_of(db, table))
    db.run((stored_text(companion[0]) == "trigger" ? "DROP TRIGGER main." : "DROP INDEX main.") +
           dialect.quote(stored_text(companion[1])));
}

// Fills the table from the staging table. Its triggers have acted on the rows already.
void refill(sql::Connection& db, const sql::Target& target, const sql::Dialect& dialect,
            const std::vector<sql::Values>& companions) {
  const std::string table = "main." + dialect.quote(target.table);
  const std::string staging = "main." + dialect.quote(target.staging());
  for (const sql::Values& companion : companions)
    if (stored_text(companion[0]) == "trigger")
      db.run("DROP TRIGGER main." + dialect.quote(stored_text(companion[1])));
  std::string columns;
  for (const sql::Values& column :
       db.all("SELECT name FROM pragma_table_xinfo(?1, 'main') WHERE hidden = 0 ORDER BY cid",
              {target.staging()})) {
    columns += (columns.empty() ? "" : ", ") + dialect.quote(stored_text(column[0]));
    // `evolve: add_columns` has added it to the staging table alone.
    if (!db.first("SELECT 1 FROM pragma_table_xinfo(?1, 'main') WHERE name = ?2 COLLATE NOCASE",
                  {target.table, stored_text(column[0])}))
      for (size_t i = 0; i < target.fields.size(); ++i)
        if (dialect.same_name(target.fields[i].name, stored_text(column[0])))
          db.run(sql::add_column(target, target.table, i, dialect));
  }
  db.run("DELETE FROM " + table);
  db.run("INSERT INTO " + table + " (" + columns + ") SELECT " + columns + " FROM " + staging);
  db.run("DROP TABLE " + staging);
  for (const sql::Values& companion : companions)
    if (stored_text(companion[0]) == "trigger") db.run(stored_text(companion[2]));
}

}  // namespace

void make_staging(sql::Connection& db, const sql::Target& target, const sql::Dialect& dialect) {
  db.run("DROP TABLE IF EXISTS main." + dialect.quote(target.staging()));
  if (definition_of(db, target.table).empty())
    return db.run(sql::create_table(target, target.staging(), dialect));
  for (const std::string& statement : definitions_for_staging(db, target, dialect))
    db.run(statement);
}

void swap_staging(sql::Connection& db, const sql::Target& target, const sql::Dialect& dialect) {
  const std::vector<sql::Values> companions = companions_of(db, target.table);
  drop_companions(db, target.staging(), dialect);
  // Renaming the staging table would leave its reference to itself behind.
  if (refers_to_itself(db, target.staging())) return refill(db, target, dialect, companions);
  db.run("DROP TABLE IF EXISTS main." + dialect.quote(target.table));
  db.run("ALTER TABLE main." + dialect.quote(target.staging()) + " RENAME TO " +
         dialect.quote(target.table));
  for (const sql::Values& companion : companions) db.run(stored_text(companion[2]));
}

}  // namespace chunkmill::sqlite
