#include "plugins/databases/mysql/table_writer.hpp"

#include <mysqld_error.h>

#include <algorithm>
#include <bit>
#include <charconv>

#include "plugins/databases/mysql/dialect.hpp"

namespace chunkmill::mysql {
namespace {

// What the client library gathers before it sends; more of it makes nothing faster.
constexpr uint64_t kGatheredBytes = 8U << 20;
// What a server keeps of a packet for itself.
constexpr uint64_t kPacketHeader = 1024;
constexpr size_t kMostParameters = 65'535;
constexpr size_t kMostRowsOfValues = 512;

// Warnings that say that a value was stored as another one. In strict mode they are errors, but
// for a few that the server lets pass.
bool changes_value(int64_t number) {
  switch (number) {
    case ER_BAD_NULL_ERROR:
    case ER_WARN_NULL_TO_NOTNULL:
    case ER_WARN_DATA_OUT_OF_RANGE:
    case WARN_DATA_TRUNCATED:
    case ER_TRUNCATED_WRONG_VALUE:
    case ER_INVALID_CHARACTER_STRING:
    case ER_NO_DEFAULT_FOR_FIELD:
    case ER_TRUNCATED_WRONG_VALUE_FOR_FIELD:
    case ER_DATA_TOO_LONG:
    case ER_DATETIME_FUNCTION_OVERFLOW:
      return true;
    default:
      return false;
  }
}

// "name" of "table.name" and "database.table.name".
std::string_view last_part(std::string_view name) {
  const size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

}  // namespace

std::string insert_head(const sql::Target& target, const std::string& table,
                        const sql::Dialect& dialect) {
  return "INSERT INTO " + dialect.quote(table) + " (" + dialect.quote_list(target.column_names()) +
         ") VALUES ";
}

std::string insert_row(const sql::Target& target) {
  std::string row;
  for (size_t i = 0; i < target.fields.size(); ++i) row += i == 0 ? "(?" : ", ?";
  return row + ")";
}

TableWriter::TableWriter(Connection& db, const sql::Target& target, const sql::Dialect& dialect,
                         WriteWith with)
    : sql::TableWriter(db, target),
      db_(&db),
      where_("table \"" + target.table + "\""),
      head_(insert_head(target, target.written_table(), dialect)),
      row_(insert_row(target)),
      tail_(on_duplicate_key(target, dialect)),
      with_arrays_(with == WriteWith::kArrays ||
                   (with == WriteWith::kAuto && db.can_bind_arrays())),
      max_bytes_(std::min(kGatheredBytes, db.max_packet() - db.max_packet() / 16 - kPacketHeader)),
      columns_(target) {
  if (with_arrays_ && !db.can_bind_arrays())
    throw Error(CM_UNSUPPORTED, "the server cannot bind arrays; change `write_with`")
        .at("write_with");
  const std::optional<std::vector<TableColumn>> columns = read_columns(db, target.written_table());
  if (!columns)
    throw Error(CM_NOT_FOUND, "table \"" + target.written_table() + "\" is not there any more")
        .at(target.table);
  unstorable_.emplace(target, *columns);
  indexes_ = read_indexes(db, target.written_table());
}

void TableWriter::reject_unstorable(const Batch& batch, RowErrors& errors) {
  std::vector<bool> seen;
  unstorable_->find(batch, [&](const sql::BadRow& bad) {
    seen.resize(static_cast<size_t>(batch.row_count()));
    if (seen[static_cast<size_t>(bad.row)]) return;
    seen[static_cast<size_t>(bad.row)] = true;
    reject(bad, errors);
  });
}

sql::Inserted TableWriter::insert(const Batch& batch, int64_t begin, int64_t end) {
  const uint64_t bytes = columns_.packet_bytes(begin, end);
  if (bytes > max_bytes_ && end - begin > 1) {
    const int64_t middle = begin + (end - begin) / 2;
    const sql::Inserted first = insert(batch, begin, middle);
    if (first.bad) return first;
    const sql::Inserted second = insert(batch, middle, end);
    return {second.bad, first.stored + second.stored};
  }
  if (bytes > db_->max_packet() - kPacketHeader) {
    sql::BadRow bad;
    bad.row = begin;
    bad.code = "too_large";
    bad.message = "the row has some " + std::to_string(bytes) + " bytes, the server takes " +
                  std::to_string(db_->max_packet()) + " (max_allowed_packet)";
    return {bad, 0};
  }
  return with_arrays_ ? insert_array(begin, end) : insert_values(begin, end);
}

Statement& TableWriter::statement_for(size_t rows) {
  const auto known = statements_.find(rows);
  if (known != statements_.end()) return known->second;
  std::string sql = head_;
  for (size_t i = 0; i < rows; ++i) sql += (i == 0 ? "" : ", ") + row_;
  Statement made(db_->get());
  if (!made.prepare(sql + tail_)) db_->fail(Fault::of(made.get()), where_, target().table);
  return statements_.emplace(rows, std::move(made)).first->second;
}

sql::Inserted TableWriter::insert_array(int64_t begin, int64_t end) {
  Statement& statement = statement_for(1);
  std::vector<MYSQL_BIND> binds = columns_.arrays_from(begin);
  const auto count = static_cast<unsigned>(end - begin);
  mysql_stmt_attr_set(statement.get(), STMT_ATTR_ARRAY_SIZE, &count);
  const bool is_done = mysql_stmt_bind_param(statement.get(), binds.data()) == 0 &&
                       mysql_stmt_execute(statement.get()) == 0;
  return executed(statement, is_done, begin, end);
}

// As many rows at a time as a power of two, so that few statements are prepared.
sql::Inserted TableWriter::insert_values(int64_t begin, int64_t end) {
  const size_t most =
      std::max<size_t>(1, std::min(kMostRowsOfValues, kMostParameters / columns_.size()));
  std::vector<MYSQL_BIND> binds;
  int64_t stored = 0;
  while (begin < end) {
    const size_t rows = std::bit_floor(std::min(most, static_cast<size_t>(end - begin)));
    const int64_t next = begin + static_cast<int64_t>(rows);
    Statement& statement = statement_for(rows);
    binds.clear();
    for (int64_t row = begin; row < next; ++row) columns_.append_cells(row, &binds);
    const bool is_done = mysql_stmt_bind_param(statement.get(), binds.data()) == 0 &&
                         mysql_stmt_execute(statement.get()) == 0;
    const sql::Inserted some = executed(statement, is_done, begin, next);
    if (some.bad) return some;
    stored += some.stored;
    begin = next;
  }
  return {std::nullopt, stored};
}

sql::Inserted TableWriter::executed(Statement& statement, bool is_done, int64_t begin,
                                    int64_t end) {
  if (!is_done) {
    const Fault fault = Fault::of(statement.get());
    if (!fault.is_row_fault()) db_->fail(fault, where_, target().table);
    const int64_t row = end - begin == 1 ? 0 : db_->failed_row(fault);
    return {bad_row(fault, row < 0 || row >= end - begin ? -1 : begin + row), 0};
  }
  // An upsert counts 2 for a row that it changed: no more than the rows that were sent.
  const int64_t stored = target().mode == sql::Mode::kUpsert
                             ? std::min(statement.touched_rows(), end - begin)
                             : statement.touched_rows();
  if (mysql_warning_count(db_->get()) == 0) return {std::nullopt, stored};
  return {look_at_warnings(begin, end), stored};
}

std::optional<sql::BadRow> TableWriter::look_at_warnings(int64_t begin, int64_t end) {
  for (const sql::Values& warning : db_->all("SHOW WARNINGS", {})) {
    const int64_t number = std::get<int64_t>(warning[1]);
    if (!changes_value(number)) continue;
    const Fault fault{static_cast<unsigned>(number), "01000", std::get<std::string>(warning[2])};
    return bad_row(fault, end - begin == 1 ? begin : -1);
  }
  return std::nullopt;
}

sql::BadRow TableWriter::bad_row(const Fault& fault, int64_t row) const {
  sql::BadRow bad;
  bad.row = row;
  bad.code = reject_code(fault);
  bad.column = column_of(fault);
  bad.message = fault.text(db_->server());
  // " at row 17" counts the rows of a statement that the reader never sees.
  if (const size_t at = bad.message.find(" at row "); at != std::string::npos)
    bad.message.erase(at, bad.message.find(' ', at + 8) - at);
  bad.sqlstate = fault.sqlstate;
  bad.vendor = static_cast<int>(fault.number);
  return bad;
}

std::string TableWriter::column_of(const Fault& fault) const {
  if (const std::string_view column = column_in(fault.message); !column.empty())
    return std::string(column);
  if (const std::string_view name = key_in(fault.message); !name.empty()) {
    for (const Index& index : indexes_)
      if (index.name == name && index.columns.size() == 1) return index.columns[0];
    return {};
  }
  // A CHECK of a column is called like the column.
  constexpr std::string_view kConstraint = "CONSTRAINT `";
  if (fault.message.starts_with(kConstraint)) {
    std::string_view name = std::string_view(fault.message).substr(kConstraint.size());
    name = last_part(name.substr(0, name.find('`')));
    for (const std::string& column : target().column_names())
      if (sql::equal_ignoring_case(column, name)) return column;
  }
  return {};
}

}  // namespace chunkmill::mysql
