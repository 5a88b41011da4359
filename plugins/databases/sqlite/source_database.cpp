#include "plugins/databases/sqlite/source_database.hpp"

#include <filesystem>
#include <system_error>

#include "plugins/databases/sqlite/column_types.hpp"
#include "plugins/databases/sqlite/row_stream.hpp"
#include "plugins/databases/sqlite/source_table.hpp"

namespace chunkmill::sqlite {
namespace {

// So many rows show what a column holds.
constexpr int kSampleRows = 1000;

// How often a statement that runs looks whether it is to end, in SQLite's own instructions.
constexpr int kInstructionsBetweenLooks = 10'000;

Connection& own(sql::Connection& db) { return static_cast<Connection&>(db); }

// What is wrong with a statement, and where in it.
[[noreturn]] void refuse(Connection& db, const std::string& select) {
  const int offset = sqlite3_error_offset(db.get());
  // A statement that cannot be read is told of as SQLITE_SCHEMA where it is a connection's first.
  const int code = sqlite3_errcode(db.get()) & 0xFF;
  if ((code != SQLITE_ERROR && code != SQLITE_SCHEMA) || offset < 0) db.fail("reading");
  throw Error(CM_INVALID, std::string(sqlite3_errmsg(db.get())) + " (" +
                              sql::place_in_text(select, static_cast<size_t>(offset)) + " of it)")
      .vendor(sqlite3_extended_errcode(db.get()));
}

StatementPtr prepare(Connection& db, const std::string& select) {
  sqlite3_stmt* made = nullptr;
  const char* rest = nullptr;
  const int result =
      sqlite3_prepare_v3(db.get(), select.data(), static_cast<int>(select.size()), 0, &made, &rest);
  StatementPtr statement(made);
  if (result != SQLITE_OK) refuse(db, select);
  if (statement == nullptr || sqlite3_column_count(made) == 0 || sqlite3_stmt_readonly(made) == 0)
    throw Error(CM_INVALID, "it must be a SELECT, which gives rows and changes nothing");
  const std::string_view behind(rest, static_cast<size_t>(select.data() + select.size() - rest));
  if (behind.find_first_not_of(" \t\r\n;") != behind.npos)
    throw Error(CM_INVALID,
                "it must be one statement; another one begins at " +
                    sql::place_in_text(select, static_cast<size_t>(rest - select.data())));
  return statement;
}

// The type that the first rows of a column without a declared one would fit, for a message.
std::string likely_type(Connection& db, const sql::Dialect& dialect, const std::string& select,
                        const std::string& name) {
  const std::string column = dialect.quote(name);
  const StatementPtr statement =
      prepare(db, "SELECT typeof(" + column + ") FROM (\n" + select + "\n) WHERE " + column +
                      " IS NOT NULL LIMIT " + std::to_string(kSampleRows));
  bool integers = false;
  bool reals = false;
  bool texts = false;
  bool blobs = false;
  while (sqlite3_step(statement.get()) == SQLITE_ROW) {
    const std::string_view type(
        reinterpret_cast<const char*>(sqlite3_column_text(statement.get(), 0)));
    integers |= type == "integer";
    reals |= type == "real";
    texts |= type == "text";
    blobs |= type == "blob";
  }
  if (blobs && !texts && !integers && !reals) return "binary";
  if (texts || blobs) return "string";
  if (reals) return "float";
  return integers ? "int64" : "string";
}

}  // namespace

std::unique_ptr<sql::Connection> SqliteSourceDatabase::connect() {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    throw Error(CM_NOT_FOUND, "there is no file " + path).at("path");
  const OpenOptions options{path, true, "normal", busy_ms, &interrupted_};
  auto db = std::make_unique<Connection>(options, sql::Access::kRead);
  sqlite3_progress_handler(
      db->get(), kInstructionsBetweenLooks,
      [](void* flag) { return *static_cast<std::atomic<bool>*>(flag) ? 1 : 0; }, &interrupted_);
  db->run("PRAGMA query_only = on");
  return db;
}

std::optional<sql::SourceTable> SqliteSourceDatabase::read_table(sql::Connection& db,
                                                                 const std::string& name) {
  return sqlite::read_table(own(db), dialect_, name);
}

std::vector<std::string> SqliteSourceDatabase::table_names(sql::Connection& db) {
  std::vector<std::string> names;
  for (const sql::Values& row :
       db.all("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')", {}))
    names.push_back(std::get<std::string>(row[0]));
  return names;
}

std::vector<sql::SourceColumn> SqliteSourceDatabase::describe(sql::Connection& db,
                                                              const std::string& select) {
  const StatementPtr statement = prepare(own(db), select);
  std::vector<sql::SourceColumn> columns;
  for (int i = 0; i < sqlite3_column_count(statement.get()); ++i) {
    sql::SourceColumn& column = columns.emplace_back();
    column.field.name = sqlite3_column_name(statement.get(), i);
    const char* declared = sqlite3_column_decltype(statement.get(), i);
    column.declared = declared == nullptr ? "" : declared;
    if (const auto given = types.find(column.field.name); given != types.end()) {
      column.field = given->second;
    } else {
      set_declared_type(&column);
      if (!column.fault.empty())
        column.fault = "what it holds is not declared; say it, like `types: {" + column.field.name +
                       ": " + likely_type(own(db), dialect_, select, column.field.name) + "}`";
    }
    if (column.declared.empty()) column.declared = "of no type";
    column.tag = static_cast<int64_t>(column.field.type);
  }
  return columns;
}

std::unique_ptr<sql::RowStream> SqliteSourceDatabase::stream(sql::Connection& db,
                                                             const std::string& select,
                                                             const sql::ReadColumns&) {
  return std::make_unique<SqliteRowStream>(own(db), prepare(own(db), select));
}

}  // namespace chunkmill::sqlite
