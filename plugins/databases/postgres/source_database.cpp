#include "plugins/databases/postgres/source_database.hpp"

#include "plugins/databases/postgres/column_types.hpp"
#include "plugins/databases/postgres/row_stream.hpp"
#include "plugins/databases/postgres/source_table.hpp"

namespace chunkmill::postgres {
namespace {

constexpr const char* kRole = "chunkmill source";
constexpr const char* kOneView = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

// The base knows connections of any database; here they are ours.
Connection& ours(sql::Connection& db) { return static_cast<Connection&>(db); }

// Where the n-th character of UTF-8 text begins, from 1.
size_t byte_of(std::string_view text, int character) {
  size_t at = 0;
  for (int left = character - 1; left > 0 && at < text.size(); --left) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  }
  return at;
}

}  // namespace

std::unique_ptr<Connection> PostgresSourceDatabase::connect(Idle idle) {
  auto db = std::make_unique<Connection>(server_, kRole, sql::Access::kLook, idle);
  if (!source_dialect_.time_zone.empty()) {
    try {
      db->run("SET TimeZone = " + quote_literal(source_dialect_.time_zone));
    } catch (const Error& error) {
      if (error.retryable()) throw;
      throw Error(CM_INVALID, "PostgreSQL knows no time zone \"" + source_dialect_.time_zone +
                                  "\"; write one like UTC or Europe/Berlin")
          .at("time_zone");
    }
  }
  return db;
}

// A lane waits for whoever takes its rows, however long that is.
std::unique_ptr<sql::Connection> PostgresSourceDatabase::connect() {
  return connect(Idle::kKeepsTransaction);
}

// Begun anew where its connection was lost: what is read from then on is of that moment.
std::string PostgresSourceDatabase::snapshot() {
  const Lock lock(mutex_);
  if (keeper_ == nullptr || !keeper_->in_transaction()) {
    keeper_.reset();
    std::unique_ptr<Connection> keeper = connect(Idle::kKeepsTransaction);
    keeper->begin();
    keeper->run(kOneView);
    snapshot_ = std::get<std::string>((*keeper->first("SELECT pg_export_snapshot()", {}))[0]);
    keeper_ = std::move(keeper);
  }
  return snapshot_;
}

void PostgresSourceDatabase::begin_reading(sql::Connection& db) {
  std::string sql = kOneView;
  if (shares_snapshot) sql += "; SET TRANSACTION SNAPSHOT " + quote_literal(snapshot());
  db.begin();
  db.run(sql);
}

std::optional<sql::SourceTable> PostgresSourceDatabase::read_table(sql::Connection& db,
                                                                   const std::string& name) {
  return postgres::read_table(ours(db), dialect_, name);
}

std::vector<std::string> PostgresSourceDatabase::table_names(sql::Connection& db) {
  return postgres::table_names(ours(db));
}

std::vector<sql::SourceColumn> PostgresSourceDatabase::describe(sql::Connection& db,
                                                                const std::string& select) {
  Connection& server = ours(db);
  const auto answer = server.describe(select);
  if (const auto* failure = std::get_if<Failure>(&answer)) {
    Error error = server.error_of(*failure, "PostgreSQL");
    if (error.code() == CM_DATA) error = Error(CM_INVALID, error.what());
    if (failure->position == 0) throw error;
    throw Error(error.code(), std::string(error.what()) + ", at " +
                                  sql::place_in_text(select, byte_of(select, failure->position)))
        .sqlstate(failure->sqlstate)
        .retryable_if(error.retryable());
  }
  std::vector<sql::SourceColumn> columns;
  for (const ResultColumn& result : std::get<std::vector<ResultColumn>>(answer)) {
    const std::optional<sql::Values> type = server.first(
        "SELECT format_type(oid, $2::int), (typcategory = 'S' OR typtype = 'e')::int FROM pg_type "
        "WHERE oid = $1::bigint::oid",
        {int64_t{result.type}, int64_t{result.type_detail}});
    sql::SourceColumn column;
    column.field.name = result.name;
    column.tag = result.type;
    column.declared = type ? std::get<std::string>((*type)[0]) : "unknown";
    set_type(&column, type && std::get<int64_t>((*type)[1]) != 0, source_dialect_.time_zone);
    columns.push_back(std::move(column));
  }
  return columns;
}

std::unique_ptr<sql::RowStream> PostgresSourceDatabase::stream(sql::Connection& db,
                                                               const std::string& select,
                                                               const sql::ReadColumns&) {
  return std::make_unique<PostgresRowStream>(ours(db), select, !is_utf8_database(ours(db)));
}

}  // namespace chunkmill::postgres
