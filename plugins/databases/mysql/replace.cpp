#include "plugins/databases/mysql/replace.hpp"

#include "chunkmill/sql/statements.hpp"
#include "plugins/databases/mysql/shape.hpp"

namespace chunkmill::mysql {
namespace {

// As long as the suffix of the staging table, whose length was checked.
constexpr std::string_view kReplacedSuffix = "__chunkmill_old";
static_assert(kReplacedSuffix.size() == sql::kStagingSuffix.size());

std::string replaced(const sql::Target& target) {
  return target.table + std::string(kReplacedSuffix);
}

}  // namespace

void check_replaceable(sql::Connection& db, const std::string& table) {
  const auto refuse = [&](const std::string& what, const sql::Value& name) {
    throw Error(CM_UNSUPPORTED, "table \"" + table + "\" has " + what + " \"" +
                                    std::get<std::string>(name) +
                                    "\", which would not follow when the table is replaced; drop "
                                    "it, or write with `mode: upsert`")
        .at(table);
  };
  if (const auto trigger =
          db.first("SELECT TRIGGER_NAME FROM information_schema.TRIGGERS "
                   "WHERE EVENT_OBJECT_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = ? LIMIT 1",
                   {table}))
    refuse("the trigger", (*trigger)[0]);
  if (const auto key = db.first(
          "SELECT CONSTRAINT_NAME, TABLE_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS "
          "WHERE (CONSTRAINT_SCHEMA = DATABASE() AND TABLE_NAME = ?) OR "
          "(UNIQUE_CONSTRAINT_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME = ?) LIMIT 1",
          {table, table})) {
    const std::string& owner = std::get<std::string>((*key)[1]);
    refuse(sql::equal_ignoring_case(owner, table)
               ? "the foreign key"
               : "a reference of table \"" + owner + "\", the foreign key",
           (*key)[0]);
  }
}

bool shows_triggers(sql::Connection& db, const std::string& table) {
  // Of privileges a user sees at least the own ones; those of roles are left out, which costs a
  // warning too many.
  const std::string own =
      " WHERE PRIVILEGE_TYPE = 'TRIGGER' AND GRANTEE = "
      "concat('''', replace(current_user(), '@', '''@'''), '''')";
  return db
      .first("SELECT 1 FROM information_schema.USER_PRIVILEGES" + own +
                 " UNION SELECT 1 FROM information_schema.SCHEMA_PRIVILEGES" + own +
                 " AND DATABASE() LIKE TABLE_SCHEMA UNION SELECT 1 FROM "
                 "information_schema.TABLE_PRIVILEGES" +
                 own + " AND TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?",
             {table})
      .has_value();
}

void make_staging(sql::Connection& db, const sql::Target& target, const sql::Dialect& dialect) {
  const std::string staging = dialect.quote(target.staging());
  db.run("DROP TABLE IF EXISTS " + staging);
  if (read_columns(db, target.table)) {
    check_replaceable(db, target.table);
    db.run("CREATE TABLE " + staging + " LIKE " + dialect.quote(target.table));
  } else {
    db.run(sql::create_table(target, target.staging(), dialect));
  }
}

void swap_staging(sql::Connection& db, const sql::Target& target, const sql::Dialect& dialect) {
  const std::string table = dialect.quote(target.table);
  const std::string staging = dialect.quote(target.staging());
  drop_replaced(db, target, dialect);
  if (read_columns(db, target.table)) {
    db.run("RENAME TABLE " + table + " TO " + dialect.quote(replaced(target)) + ", " + staging +
           " TO " + table);
  } else {
    db.run("RENAME TABLE " + staging + " TO " + table);
  }
}

void drop_replaced(sql::Connection& db, const sql::Target& target, const sql::Dialect& dialect) {
  db.run("DROP TABLE IF EXISTS " + dialect.quote(replaced(target)));
}

}  // namespace chunkmill::mysql
