#include "plugins/databases/postgres/table_writer.hpp"

#include <algorithm>
#include <cstring>

#include "chunkmill/sql/statements.hpp"
#include "plugins/databases/postgres/replace.hpp"
#include "plugins/databases/postgres/shape.hpp"
#include "plugins/databases/postgres/wire.hpp"

namespace chunkmill::postgres {
namespace {

// As much as is handed to libpq at once.
constexpr size_t kBufferBytes = 256 << 10;
constexpr int64_t kSmallPiece = 250;
constexpr std::string_view kOrdinal = "chunkmill_ordinal";

// What date and timestamptz hold: 4713 BC to 5874897 AD and to 294276 AD.
constexpr int32_t kFirstDay = -2'440'588;
constexpr int32_t kLastDay = 2'145'042'905;
constexpr int64_t kFirstMicros = int64_t{kFirstDay} * 86'400'000'000;

std::vector<std::string> types_of(const sql::Target& target, const sql::ExistingTable& shape) {
  std::vector<std::string> types;
  for (const Field& field : target.fields)
    for (const sql::ExistingColumn& column : shape.columns)
      if (column.name == field.name) types.push_back(column.type);
  if (types.size() != target.fields.size())
    throw Error(CM_NOT_FOUND,
                "table \"" + target.written_table() + "\" has lost a column since it was looked at")
        .at(target.table);
  return types;
}

size_t count_characters(std::string_view utf8) {
  return static_cast<size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string copy_sql(const std::string& table, const std::string& columns,
                     std::string_view format) {
  return "COPY " + table + " (" + columns + ") FROM STDIN (FORMAT " + std::string(format) + ")";
}

}  // namespace

TableWriter::TableWriter(Connection& db, const sql::Target& target, const sql::Dialect& dialect,
                         size_t index)
    : sql::TableWriter(db, target), db_(&db) {
  const std::string table = target.written_table();
  const std::optional<sql::ExistingTable> shape = read_shape(db, table);
  if (!shape)
    throw Error(CM_NOT_FOUND, "table \"" + table + "\" is not there any more").at(target.table);
  const std::vector<std::string> types = types_of(target, *shape);
  for (const std::string& type : types) types_.push_back(parse_type(type));
  rows_ = make_copy_rows(target.fields, target.sources, types);
  constraints_ = read_constraints(db, table);
  checks_are_deferred_ = has_deferred_checks(db, table);
  rows_refer_to_rows_ = refers_to_itself(db, table);
  stage_ = "chunkmill_stage_" + std::to_string(index);
  ordered_stage_ = stage_ + "_ordered";
  if (is_upsert()) {
    make_stages(*shape, dialect);
  } else {
    copy_into_ =
        copy_sql(dialect.quote(table), dialect.quote_list(target.column_names()), rows_->format());
  }
}

void TableWriter::make_stages(const sql::ExistingTable& shape, const sql::Dialect& dialect) {
  const sql::Target& to = target();
  const std::string table = dialect.quote(to.table);
  const std::string columns = dialect.quote_list(to.column_names());
  const std::string ordinal(kOrdinal);
  const auto stage = [&](const std::string& name, const std::string& more) {
    db_->run("DROP TABLE IF EXISTS pg_temp." + name);
    db_->run("CREATE TEMPORARY TABLE " + name + " ON COMMIT DELETE ROWS AS SELECT " + more +
             columns + " FROM " + table + " WITH NO DATA");
    for (const sql::ExistingColumn& column : shape.columns)
      for (const Field& field : to.fields)
        if (column.not_null && column.name == field.name)
          db_->run("ALTER TABLE pg_temp." + name + " ALTER COLUMN " + dialect.quote(field.name) +
                   " SET NOT NULL");
  };
  stage(stage_, "");
  stage(ordered_stage_, "0::integer AS " + ordinal + ", ");

  const std::string insert = "INSERT INTO " + table + " (" + columns + ") OVERRIDING SYSTEM VALUE ";
  const std::string on_conflict = sql::on_conflict(to, dialect);
  copy_into_ = copy_sql("pg_temp." + stage_, columns, rows_->format());
  merge_ = insert + "SELECT " + columns + " FROM pg_temp." + stage_ + on_conflict;
  ordered_copy_into_ =
      copy_sql("pg_temp." + ordered_stage_, ordinal + ", " + columns, rows_->format());
  std::string values;
  for (const std::string& name : to.column_names())
    values += (values.empty() ? "chunkmill_row." : ", chunkmill_row.") + dialect.quote(name);
  ordered_merge_ =
      insert + "SELECT " + columns + " FROM pg_temp." + ordered_stage_ + " WHERE " + ordinal +
      " = 0" + on_conflict + "; DO " +
      quote_literal(
          "#variable_conflict use_column\nDECLARE chunkmill_row record; BEGIN FOR "
          "chunkmill_row IN SELECT * FROM pg_temp." +
          ordered_stage_ + " WHERE " + ordinal + " > 0 ORDER BY " + ordinal + " LOOP " + insert +
          "VALUES (" + values + ")" + on_conflict + "; END LOOP; END");

  std::vector<std::pair<size_t, Type>> keys;
  for (const size_t key : to.key) keys.emplace_back(to.sources[key], to.fields[key].type);
  order_.emplace(std::move(keys));
}

void TableWriter::refuse(int64_t row, const char* code, const Field& field, const std::string& why,
                         RowErrors& errors) {
  sql::BadRow bad;
  bad.row = row;
  bad.code = code;
  bad.column = field.name;
  bad.message = "column \"" + field.name + "\" " + why;
  reject(bad, errors);
}

// Letters that are too many are an error of the server's; spaces are cut off without a word, and in
// a char(n) they are no part of the value.
void TableWriter::reject_cut_texts(const Batch& batch, size_t column, RowErrors& errors) {
  const DeclaredType& type = types_[column];
  const bool drops_spaces = takes_spaces_off(type);
  if (!drops_spaces && (type.name != "character varying" || type.first < 0)) return;
  const Field& field = target().fields[column];
  const auto most = static_cast<size_t>(type.first < 0 ? INT32_MAX : type.first);
  const auto values = batch.column<std::string_view>(target().sources[column]);
  for (int64_t row = 0; row < batch.row_count(); ++row) {
    const std::string_view text = values[row];
    if (!text.ends_with(' ') || values.is_null(row)) continue;
    const size_t characters = count_characters(text);
    if (characters > most) {
      refuse(row, "too_large", field,
             "has " + std::to_string(characters) +
                 " characters with the spaces at its end, the "
                 "table takes " +
                 std::to_string(most) + "; PostgreSQL would cut the spaces off",
             errors);
    } else if (drops_spaces) {
      refuse(row, "wrong_type", field,
             "ends with a space, which a char column drops; declare it varchar or text", errors);
    }
  }
}

// Values that no COPY would take, and keys that no other row could ever match.
void TableWriter::reject_unstorable(const Batch& batch, RowErrors& errors) {
  for (size_t i = 0; i < target().fields.size(); ++i) {
    const Field& field = target().fields[i];
    const size_t source = target().sources[i];
    const int64_t rows = batch.row_count();
    const auto check = [&]<typename T>(T, auto&& is_bad, const char* code, const char* why) {
      const ColumnView<T> values = batch.column<T>(source);
      for (int64_t row = 0; row < rows; ++row)
        if (is_bad(values[row]) && !values.is_null(row)) refuse(row, code, field, why, errors);
    };
    if (field.type == Type::kUtf8)
      check(
          std::string_view(),
          [](std::string_view text) {
            return !text.empty() && std::memchr(text.data(), 0, text.size()) != nullptr;
          },
          "wrong_type", "holds a NUL character, which PostgreSQL's text cannot");
    if (field.type == Type::kUtf8) reject_cut_texts(batch, i, errors);
    if (field.type == Type::kDate32)
      check(
          Date{}, [](Date date) { return date.days < kFirstDay || date.days > kLastDay; },
          "out_of_range", "is a date outside 4713 BC to 5874897 AD");
    if (field.type == Type::kTimestamp)
      check(
          Timestamp{}, [](Timestamp time) { return time.micros < kFirstMicros; }, "out_of_range",
          "is a time before 4713 BC");
    if (is_upsert() && target().is_key(i)) {
      const ColumnRef values(*batch.abi()->children[source], batch.abi()->offset);
      for (int64_t row = 0; values.validity != nullptr && row < rows; ++row)
        if (values.is_null(row))
          refuse(row, "not_null", field, "is null, and part of the key", errors);
    }
  }
}

std::string TableWriter::script(bool ordered, bool releases) {
  std::string sql = releases ? "RELEASE SAVEPOINT chunkmill_rows; " : "";
  if (checks_are_deferred_) sql += "SET CONSTRAINTS ALL IMMEDIATE; ";
  sql += "SAVEPOINT chunkmill_rows; ";
  // An attempt before has left its rows in the stage.
  if (is_upsert() && stage_used_in_ == db_->transaction())
    sql += "TRUNCATE pg_temp." + stage_ + ", pg_temp." + ordered_stage_ + "; ";
  return sql + (ordered ? ordered_copy_into_ + "; " + ordered_merge_
                        : copy_into_ + (merge_.empty() ? "" : "; " + merge_));
}

std::variant<Copied, Failure> TableWriter::copy(const std::string& sql, int64_t begin, int64_t end,
                                                bool ordered, bool all_one_by_one) {
  std::variant<Copied, Failure> result = db_->copy_in(sql, [&](CopyIn& out) {
    const auto put = [&] {
      out.put(buffer_.data(), buffer_.size());
      buffer_.clear();
    };
    buffer_.clear();
    buffer_.append(rows_->header().data(), rows_->header().size());
    const auto count = static_cast<size_t>(end - begin);
    for (size_t i = 0; i < count; ++i) {
      const int64_t row = order_ ? order_->rows()[i] : begin + static_cast<int64_t>(i);
      const bool is_one_by_one = all_one_by_one || (ordered && order_->repeated()[i]);
      const int32_t ordinal = is_one_by_one ? static_cast<int32_t>(i + 1) : 0;
      rows_->append(row, ordered ? ordinal : -1, &buffer_);
      if (buffer_.size() >= kBufferBytes) put();
    }
    buffer_.append(rows_->trailer().data(), rows_->trailer().size());
    put();
  });
  if (is_upsert() && std::holds_alternative<Copied>(result)) stage_used_in_ = db_->transaction();
  return result;
}

sql::Inserted TableWriter::insert(const Batch& batch, int64_t begin, int64_t end) {
  // The key's own idea of what is the same may be wider than ours: capitals, spaces at the end.
  constexpr std::string_view kSameKeyTwice = "21000";
  if (order_) order_->sort(batch, begin, end);
  bool ordered = order_ && order_->has_repeated();
  std::variant<Copied, Failure> result =
      copy(script(ordered, has_savepoint()), begin, end, ordered, false);
  const Failure* failure = std::get_if<Failure>(&result);
  if (failure != nullptr && failure->sqlstate == kSameKeyTwice && is_upsert()) {
    ordered = true;
    db_->run("ROLLBACK TO SAVEPOINT chunkmill_rows");
    result = copy(script(ordered, true), begin, end, ordered, true);
    failure = std::get_if<Failure>(&result);
  }
  if (failure == nullptr) return {std::nullopt, stored_rows(std::get<Copied>(result), ordered)};
  if (!is_row_fault(failure->sqlstate))
    throw db_->error_of(*failure, "table \"" + target().table + "\"", target().table);
  const std::string copied =
      order_ ? (ordered ? ordered_stage_ : stage_) : target().written_table();
  return {bad_row(*failure, copied, begin, end), 0};
}

// Rows that are upserted one by one count by the COPY that brought them.
int64_t TableWriter::stored_rows(const Copied& copied, bool ordered) const {
  const bool are_keys_alone = target().key.size() == target().fields.size();
  return is_upsert() && !ordered && !are_keys_alone ? copied.inserted : copied.copied;
}

sql::BadRow TableWriter::bad_row(const Failure& failure, std::string_view copied, int64_t begin,
                                 int64_t end) const {
  sql::BadRow bad;
  const CopyPlace place = copy_place(failure.context, copied);
  // The row that is named is but the first. To begin again behind it would send all rows again for each
  // bad one, so that many rows are left to be cut into pieces.
  const bool is_small = end - begin <= kSmallPiece;
  if (is_small && place.line >= 1 && place.line <= end - begin)
    bad.row = order_ ? order_->rows()[static_cast<size_t>(place.line - 1)] : begin + place.line - 1;
  bad.code = reject_code(failure.sqlstate);
  bad.sqlstate = failure.sqlstate;
  bad.column = failure.column.empty() ? place.column : failure.column;
  const auto constraint = constraints_.find(failure.constraint);
  if (bad.column.empty() && constraint != constraints_.end() && constraint->second.size() == 1)
    bad.column = constraint->second.front();
  bad.message = reject_message(failure, bad.column);
  if (failure.constraint == kPartitionGuard)
    bad.message = "no partition of the table takes the row (SQLSTATE " + failure.sqlstate + ")";
  return bad;
}

}  // namespace chunkmill::postgres
