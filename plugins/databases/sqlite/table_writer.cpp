#include "plugins/databases/sqlite/table_writer.hpp"

#include <cmath>

#include "chunkmill/sql/statements.hpp"
#include "plugins/databases/sqlite/guards.hpp"

namespace chunkmill::sqlite {
namespace {

// A conflict clause of the statement overrules those of the table's triggers, so that there is one
// only where the table's own definition would lose rows in silence: OR ABORT overrules that.
// WHERE true keeps the parser from taking ON CONFLICT for a join.
std::string insert_sql(const sql::Target& target, const sql::Dialect& dialect,
                       const std::string& source, bool overrules) {
  std::string values;
  for (size_t i = 0; i < target.fields.size(); ++i)
    values += (i == 0 ? "c" : ", c") + std::to_string(i);
  return std::string(overrules ? "INSERT OR ABORT" : "INSERT") + " INTO main." +
         dialect.quote(target.written_table()) + " (" + dialect.quote_list(target.column_names()) +
         ") SELECT " + values + " FROM " + source + " WHERE true" +
         sql::on_conflict(target, dialect);
}

// Counts the rows of the batch whose key is in the table.
std::string count_sql(const sql::Target& target, const sql::Dialect& dialect,
                      const std::string& source) {
  const std::string table = "main." + dialect.quote(target.written_table());
  std::string same;
  for (const size_t i : target.key)
    same += (same.empty() ? "t." : " AND t.") + dialect.quote(target.fields[i].name) + " = b.c" +
            std::to_string(i);
  return "SELECT count(*) FROM " + source + " b WHERE EXISTS (SELECT 1 FROM " + table +
         " t WHERE " + same + ")";
}

// SQLITE_ERROR is what an expression of an index, a check or a trigger ends with; where no row was
// read yet it is about the statement.
bool is_row_fault(int result, bool rows_were_read) {
  const int primary = result & 0xFF;
  return primary == SQLITE_CONSTRAINT || primary == SQLITE_MISMATCH || primary == SQLITE_TOOBIG ||
         (primary == SQLITE_ERROR && rows_were_read);
}

std::string_view reject_code(int result, std::string_view message) {
  if ((result & 0xFF) == SQLITE_ERROR)
    return message == "integer overflow" ? "out_of_range" : "expression_failed";
  switch (result) {
    case SQLITE_CONSTRAINT_NOTNULL:
      return "not_null";
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return "not_unique";
    case SQLITE_CONSTRAINT_CHECK:
      return "check_failed";
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return "no_such_reference";
    case SQLITE_CONSTRAINT_DATATYPE:
    case SQLITE_MISMATCH:
      return "wrong_type";
    case SQLITE_TOOBIG:
      return "too_large";
    default:
      return "constraint";
  }
}

// The column in "NOT NULL constraint failed: t.column"; empty where there is none or several.
std::string_view column_in(std::string_view message, std::string_view table) {
  const size_t at = message.find(": ");
  if (at == std::string_view::npos) return {};
  std::string_view rest = message.substr(at + 2);
  if (!rest.starts_with(table) || rest.size() <= table.size() || rest[table.size()] != '.')
    return {};
  rest.remove_prefix(table.size() + 1);
  return rest.find(", ") == std::string_view::npos ? rest : std::string_view();
}

}  // namespace

TableWriter::TableWriter(Connection& db, const sql::Target& target, const sql::Dialect& dialect,
                         size_t index, bool references_wait)
    : sql::TableWriter(db, target),
      db_(&db),
      source_(db, "chunkmill_batch_" + std::to_string(index), target.fields, target.sources),
      references_wait_(references_wait) {
  const std::string source = "chunkmill_batch_" + std::to_string(index);
  const std::string sql = insert_sql(
      target, dialect, source, has_conflict_clause(definition_of(db, target.written_table())));
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(db.get(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
    db.fail("table \"" + target.table + "\"", target.table);
  insert_.reset(statement);
  if (target.mode == sql::Mode::kUpsert && target.key.size() == target.fields.size())
    count_ = count_sql(target, dialect, source);
  for (const std::string& table : referred_tables(db, target.written_table()))
    rows_refer_to_rows_ |= sql::equal_ignoring_case(table, target.written_table());
}

void TableWriter::reject_unstorable(const Batch& batch, RowErrors& errors) {
  const auto refuse = [&](int64_t row, const char* code, const Field& field,
                          const std::string& why) {
    sql::BadRow bad;
    bad.row = row;
    bad.code = code;
    bad.column = field.name;
    bad.message = why;
    reject(bad, errors);
  };
  for (size_t i = 0; i < target().fields.size(); ++i) {
    const Field& field = target().fields[i];
    const size_t source = target().sources[i];
    if (field.type == Type::kFloat64) {
      const ColumnView<double> values = batch.column<double>(source);
      for (int64_t row = 0; row < batch.row_count(); ++row)
        if (std::isnan(values[row]) && !values.is_null(row))
          refuse(row, "not_a_number", field,
                 "column \"" + field.name + "\" is NaN, which SQLite cannot store");
    }
    if (target().mode == sql::Mode::kUpsert && target().is_key(i)) {
      const ColumnRef values(*batch.abi()->children[source], batch.abi()->offset);
      if (values.validity == nullptr) continue;
      for (int64_t row = 0; row < batch.row_count(); ++row)
        if (values.is_null(row))
          refuse(row, "not_null", field, "key column \"" + field.name + "\" is null");
    }
  }
}

sql::Inserted TableWriter::insert(const Batch& /*batch*/, int64_t begin, int64_t end) {
  const bool was_waiting = db_->has_open_references();
  source_.show_rows(begin, end);
  const int result = sqlite3_step(insert_.get());
  if (result == SQLITE_DONE) {
    sqlite3_reset(insert_.get());
    if (!references_wait_ && !was_waiting && db_->has_open_references())
      return {open_reference(), 0};
    return {std::nullopt, stored_rows(begin, end)};
  }
  sql::BadRow bad;
  bad.vendor = result;
  bad.message = sqlite3_errmsg(db_->get());
  bad.code = reject_code(result, bad.message);
  bad.column = column_in(bad.message, target().written_table());
  // Where SQLite gathered the rows first, or checks them at the end, all have been read.
  if (!source_.at_end()) bad.row = source_.row();
  sqlite3_reset(insert_.get());
  bad.ended_transaction = !db_->in_transaction();
  if (!is_row_fault(result, source_.is_read()))
    db_->fail("table \"" + target().table + "\"", target().table);
  return {bad, 0};
}

// A reference that SQLite would look at in COMMIT, when no row can be named any more.
sql::BadRow TableWriter::open_reference() {
  sql::BadRow bad;
  bad.vendor = SQLITE_CONSTRAINT_FOREIGNKEY;
  bad.code = reject_code(bad.vendor, {});
  bad.message = "FOREIGN KEY constraint failed: the row that it refers to is not there";
  return bad;
}

// An upsert of nothing but keys leaves a row that is there as it is, and does not count it.
int64_t TableWriter::stored_rows(int64_t begin, int64_t end) {
  const int64_t changed = sqlite3_changes64(db_->get());
  if (count_.empty() || changed == end - begin) return changed;
  source_.show_rows(begin, end);
  return std::get<int64_t>((*db_->first(count_, {}))[0]);
}

}  // namespace chunkmill::sqlite
