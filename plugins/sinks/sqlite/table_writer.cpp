#include "table_writer.hpp"

#include <cmath>

#include "chunkmill/sql/statements.hpp"

namespace chunkmill::sqlite {
namespace {

std::string insert_sql(const sql::Target& target, const sql::Dialect& dialect,
                       const std::string& source) {
  std::string values;
  for (size_t i = 0; i < target.fields.size(); ++i)
    values += (i == 0 ? "c" : ", c") + std::to_string(i);
  // OR ABORT overrules an ON CONFLICT IGNORE, REPLACE or ROLLBACK in the table's own definition:
  // each of them would lose rows in silence. WHERE true keeps the parser from taking ON CONFLICT
  // for a join.
  return "INSERT OR ABORT INTO main." + dialect.quote(target.written_table()) + " (" +
         dialect.quote_list(target.column_names()) + ") SELECT " + values + " FROM " + source +
         " WHERE true" + sql::on_conflict(target, dialect);
}

bool is_row_fault(int result) {
  const int primary = result & 0xFF;
  return primary == SQLITE_CONSTRAINT || primary == SQLITE_MISMATCH || primary == SQLITE_TOOBIG;
}

std::string_view reject_code(int result) {
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

// What is written while it lives is undone.
class Undo {
 public:
  explicit Undo(Connection& db) : db_(db) { db_.execute("SAVEPOINT bad_rows", {}); }
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;
  ~Undo() {
    constexpr const char* kSql = "ROLLBACK TO bad_rows; RELEASE bad_rows";
    sqlite3_exec(db_.get(), kSql, nullptr, nullptr, nullptr);
  }

 private:
  Connection& db_;
};

}  // namespace

TableWriter::TableWriter(Connection& db, const sql::Target& target, const sql::Dialect& dialect,
                         size_t index)
    : db_(&db),
      target_(&target),
      source_(db, "chunkmill_batch_" + std::to_string(index), target.fields, target.sources) {
  const std::string sql = insert_sql(target, dialect, "chunkmill_batch_" + std::to_string(index));
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(db.get(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
    db.fail("table \"" + target.table + "\"", target.table);
  insert_.reset(statement);
}

void TableWriter::write(const Batch& batch, RowErrors& errors) {
  source_.show(batch);
  reject_unstorable(batch, errors);
  BadRow bad;
  const int64_t rows = batch.row_count();
  if (rows == 0 || insert(0, rows, &bad)) return;

  BadRow first;
  {
    const Undo undo(*db_);
    find_bad_rows(0, rows, errors, &first);
  }
  if (first.row < 0) first = bad;
  throw Error(CM_DATA, "table \"" + target_->table + "\": " + first.message)
      .at(target_->table)
      .vendor(first.vendor)
      .row(first.row);
}

// SQLite would store NaN as NULL, and take a row with NULL in its key for a new one each time.
void TableWriter::reject_unstorable(const Batch& batch, RowErrors& errors) {
  int64_t first = -1;
  std::string first_message;
  const auto reject = [&](int64_t row, std::string_view code, const Field& field,
                          const std::string& message) {
    errors.report(row, code, message, field.name);
    if (first >= 0 && first <= row) return;
    first = row;
    first_message = message;
  };
  for (size_t i = 0; i < target_->fields.size(); ++i) {
    const Field& field = target_->fields[i];
    const size_t source = target_->sources[i];
    if (field.type == Type::kFloat64) {
      const ColumnView<double> values = batch.column<double>(source);
      for (int64_t row = 0; row < batch.row_count(); ++row)
        if (std::isnan(values[row]) && !values.is_null(row))
          reject(row, "not_a_number", field,
                 "column \"" + field.name + "\" is NaN, which SQLite cannot store");
    }
    if (target_->mode == sql::Mode::kUpsert && target_->is_key(i)) {
      const ColumnRef values(*batch.abi()->children[source], batch.abi()->offset);
      if (values.validity == nullptr) continue;
      for (int64_t row = 0; row < batch.row_count(); ++row)
        if (values.is_null(row))
          reject(row, "not_null", field, "key column \"" + field.name + "\" is null");
    }
  }
  if (first >= 0)
    throw Error(CM_DATA, "table \"" + target_->table + "\": " + first_message)
        .at(target_->table)
        .row(first);
}

bool TableWriter::insert(int64_t begin, int64_t end, BadRow* bad) {
  source_.show_rows(begin, end);
  const int result = sqlite3_step(insert_.get());
  if (result == SQLITE_DONE) {
    sqlite3_reset(insert_.get());
    return true;
  }
  bad->vendor = result;
  bad->message = sqlite3_errmsg(db_->get());
  // Where SQLite gathered the rows first, or checks them at the end, all have been read.
  bad->row = source_.at_end() ? -1 : source_.row();
  if (bad->row < 0 && end - begin == 1) bad->row = begin;
  sqlite3_reset(insert_.get());
  if (!is_row_fault(result) || !db_->in_transaction())
    db_->fail("table \"" + target_->table + "\"", target_->table);
  return false;
}

// Good rows stay in until all are looked at, so that a row is judged as if the bad ones before it
// had never been there.
void TableWriter::find_bad_rows(int64_t begin, int64_t end, RowErrors& errors, BadRow* first) {
  while (begin < end) {
    BadRow bad;
    if (insert(begin, end, &bad)) return;
    if (bad.row < 0) {
      const int64_t middle = begin + (end - begin) / 2;
      find_bad_rows(begin, middle, errors, first);
      begin = middle;
      continue;
    }
    find_bad_rows(begin, bad.row, errors, first);
    report(bad, errors, first);
    begin = bad.row + 1;
  }
}

void TableWriter::report(const BadRow& bad, RowErrors& errors, BadRow* first) const {
  errors.report(bad.row, reject_code(bad.vendor), bad.message,
                column_in(bad.message, target_->written_table()));
  if (first->row < 0) *first = bad;
}

}  // namespace chunkmill::sqlite
