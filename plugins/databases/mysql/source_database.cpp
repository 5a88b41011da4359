#include "plugins/databases/mysql/source_database.hpp"

#include <mysqld_error.h>

#include "plugins/databases/mysql/column_types.hpp"
#include "plugins/databases/mysql/row_stream.hpp"
#include "plugins/databases/mysql/shape.hpp"

namespace chunkmill::mysql {
namespace {

Connection& own(sql::Connection& db) { return static_cast<Connection&>(db); }

struct FreeResult {
  void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};

Error not_a_select() {
  return Error(CM_INVALID, "it must be a SELECT, which gives rows and changes nothing");
}

int64_t estimated_rows(sql::Connection& db, const std::string& table) {
  const std::optional<sql::Values> row = db.first(
      "SELECT CAST(TABLE_ROWS AS SIGNED) FROM information_schema.TABLES "
      "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?",
      {table});
  const auto* count = row ? std::get_if<int64_t>(&(*row)[0]) : nullptr;
  return count == nullptr ? -1 : *count;
}

}  // namespace

std::unique_ptr<sql::Connection> MysqlSourceDatabase::connect() {
  auto db = std::make_unique<Connection>(connection_.endpoint(), sql::Access::kRead, interrupts_);
  db->run("SET SESSION TRANSACTION READ ONLY");
  return db;
}

void MysqlSourceDatabase::begin_reading(sql::Connection& db) { own(db).begin_reading(); }

std::optional<sql::SourceTable> MysqlSourceDatabase::read_table(sql::Connection& db,
                                                                const std::string& name) {
  const std::optional<std::vector<TableColumn>> columns = read_columns(db, name);
  if (!columns) return std::nullopt;
  sql::SourceTable table;
  table.sql = dialect_.quote(name);
  for (const TableColumn& column : *columns)
    if (column.not_null) table.not_null.push_back(column.name);
  for (const Index& index : read_indexes(db, name)) {
    if (!index.is_plain) continue;
    if (index.name == "PRIMARY") table.primary_key = index.columns;
    table.indexes.push_back({index.columns, index.is_unique});
  }
  table.estimated_rows = estimated_rows(db, name);
  return table;
}

std::vector<std::string> MysqlSourceDatabase::table_names(sql::Connection& db) {
  std::vector<std::string> names;
  for (const sql::Values& row : db.all("SHOW TABLES", {}))
    names.push_back(std::get<std::string>(row[0]));
  return names;
}

std::vector<sql::SourceColumn> MysqlSourceDatabase::describe(sql::Connection& db,
                                                             const std::string& select) {
  Statement statement(own(db).get());
  if (!statement.prepare(select)) {
    const Fault fault = Fault::of(statement.get());
    if (fault.number == ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION) throw not_a_select();
    if (code_of(fault) == CM_INVALID)
      throw Error(CM_INVALID, fault.text(own(db).server()))
          .vendor(static_cast<int>(fault.number))
          .sqlstate(fault.sqlstate);
    own(db).fail(fault, "reading");
  }
  const std::unique_ptr<MYSQL_RES, FreeResult> meta(mysql_stmt_result_metadata(statement.get()));
  if (meta == nullptr) throw not_a_select();
  if (mysql_stmt_param_count(statement.get()) != 0)
    throw Error(CM_INVALID, "it has a ? outside of quotes, which stands for a value to come");
  std::vector<sql::SourceColumn> columns;
  for (unsigned i = 0; i < mysql_num_fields(meta.get()); ++i)
    columns.push_back(source_column(*mysql_fetch_field_direct(meta.get(), i)));
  return columns;
}

std::unique_ptr<sql::RowStream> MysqlSourceDatabase::stream(sql::Connection& db,
                                                            const std::string& select,
                                                            const sql::ReadColumns& columns) {
  return std::make_unique<MysqlRowStream>(own(db), select, columns);
}

}  // namespace chunkmill::mysql
