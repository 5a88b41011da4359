#include "replace.hpp"

#include "chunkmill/sql/statements.hpp"

namespace chunkmill::sqlite {
namespace {

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

// The definition of `table` under another name. SQLite keeps it as "CREATE TABLE " and then the
// user's own words from the table's name on.
std::string definition_as(const std::string& definition, const std::string& name) {
  constexpr std::string_view kHead = "CREATE TABLE ";
  if (!definition.starts_with(kHead))
    throw Error(CM_UNSUPPORTED, "cannot read the table's definition: " + definition.substr(0, 200));
  const size_t end = end_of_identifier(definition, kHead.size());
  return std::string(kHead) + name + definition.substr(end);
}

}  // namespace

void make_staging(sql::Connection& db, const sql::Target& target, const sql::Dialect& dialect) {
  db.run("DROP TABLE IF EXISTS main." + dialect.quote(target.staging()));
  const std::optional<sql::Values> definition =
      db.first("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE",
               {target.table});
  db.run(definition ? definition_as(std::get<std::string>((*definition)[0]),
                                    dialect.quote(target.staging()))
                    : sql::create_table(target, target.staging(), dialect));
}

void swap_staging(sql::Connection& db, const sql::Target& target, const sql::Dialect& dialect) {
  const std::vector<sql::Values> companions = db.all(
      "SELECT sql FROM sqlite_schema WHERE tbl_name = ?1 COLLATE NOCASE "
      "AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type, rowid",
      {target.table});
  db.run("DROP TABLE IF EXISTS main." + dialect.quote(target.table));
  db.run("ALTER TABLE main." + dialect.quote(target.staging()) + " RENAME TO " +
         dialect.quote(target.table));
  for (const sql::Values& companion : companions) db.run(std::get<std::string>(companion[0]));
}

}  // namespace chunkmill::sqlite
