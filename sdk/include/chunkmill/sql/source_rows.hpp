// What passes between a SQL source's base and its database while rows are read: the columns, the
// rows' destination and the running SELECT.
//
// A database's RowStream appends each row's values, column by column in the SELECT's order, to a
// RowOutput:
//
//   while (!out.full()) {
//     if (!step()) return false;               // the SELECT is at its end
//     for (size_t i = 0; i < out.column_count(); ++i) {
//       if (is_null(i)) out[i].append_null();
//       else if (fits(i)) out[i].append(value(i));
//       else out.bad_value(i, "number_out_of_range", "1e400 does not fit into float", "1e400");
//     }
//     out.end_row(bytes_of_the_row);
//   }
//   return true;
//
// Rules that hold for every database: a string column holds valid UTF-8 (else bad_value "bad_utf8"
// with the bytes); NaN and the infinities are bad values ("not_a_number"); a value of another kind
// is "wrong_type"; a number beyond the column's type, text that should be a number, a date ... has
// parse.hpp's fault_code(), as where the host casts ("number_out_of_range"). Threads: one at a
// time.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/builder.hpp"
#include "chunkmill/host.hpp"
#include "chunkmill/source.hpp"
#include "chunkmill/sql/key_position.hpp"
#include "chunkmill/sql/key_ties.hpp"
#include "chunkmill/utf8.hpp"

namespace chunkmill::sql {

// A column of a table or query.
struct SourceColumn {
  Field field;           // as batches have it
  std::string declared;  // its type as the database says it: "numeric(10,2)"
  bool not_null = false;
  // Why it cannot be read, and what to write instead: "cast it in `query`: CAST(...) AS ..."; empty
  // if it can. `field.type` says nothing then.
  std::string fault;
  int64_t tag = 0;  // the database's own: an oid, a type number
};

// The columns of one SELECT.
struct ReadColumns {
  std::vector<SourceColumn> all;
  size_t batch_columns = 0;   // the first so many make the batch
  std::vector<size_t> order;  // where in `all` the columns lie that order the rows

  Schema batch_schema() const {
    Schema schema;
    for (size_t i = 0; i < batch_columns; ++i) schema.fields.push_back(all[i].field);
    return schema;
  }
};

// Appends a value as JSON: numbers and text as such, bytes as {"hex": "..."}.
inline void write_json_value(JsonWriter& json, const Field& field, const ColumnRef& column,
                             int64_t row) {
  if (column.is_null(row)) {
    json.null();
  } else if (field.type == Type::kBinary) {
    write_bytes(json, ColumnView<Binary>(column)[row].bytes);
  } else if (field.type == Type::kBool || field.type == Type::kInt32 ||
             field.type == Type::kInt64 || field.type == Type::kFloat64) {
    json.raw(value_text(field, column, row));
  } else {
    json.value(value_text(field, column, row));
  }
}

class RowOutput {
 public:
  // A batch that no limit names still fits into memory.
  static constexpr uint64_t kMaxBytes = uint64_t{64} << 20;

  // `place` names the table in rejects. All but `limits` outlive it.
  RowOutput(const ReadColumns& columns, const ReadLimits& limits, const std::string& place,
            RowErrors* errors)
      : columns_(&columns),
        max_rows_(limits.max_rows),
        max_bytes_(limits.max_bytes == 0 ? kMaxBytes : std::min(limits.max_bytes, kMaxBytes)),
        place_(&place),
        errors_(errors) {
    builders_.reserve(columns.all.size());
    constexpr uint64_t kReserved = 16'384;
    for (const SourceColumn& column : columns.all)
      builders_.emplace_back(column.field.type)
          .reserve(static_cast<int64_t>(std::min(limits.max_rows, kReserved)));
  }

  size_t column_count() const { return builders_.size(); }
  const SourceColumn& column(size_t i) const { return columns_->all[i]; }
  ColumnBuilder& operator[](size_t i) { return builders_[i]; }
  // True when this call may take no more rows.
  bool full() const { return records_ >= max_rows_ || bytes_ >= max_bytes_; }

  // In place of an append(): the value does not fit the column, and its row is rejected by
  // end_row(). `value` is what the database holds, for people and for a replay. Throws
  // Error(CM_INVALID) for a column that orders the rows: without its value nothing can be resumed.
  void bad_value(size_t column, std::string_view code, std::string message, std::string_view value);
  // The row in hand is complete: each column got one value. `bytes`: what it takes, roughly.
  void end_row(size_t bytes) {
    bytes_ += bytes;
    if (known_ != nullptr && drop_known()) return;
    ++records_;
    if (bad_) [[unlikely]]
      reject();
    last_is_bad_ = bad_.has_value();
    bad_.reset();
  }

  // For the base. Rows are noted in `known`, and left out where it knows them; null: no longer.
  void leave_out(KeyTies* known) { known_ = known; }
  // Whether rejected rows of the cursor value read last are kept for add_last_to().
  void keep_bad_rows() { keeps_bad_ = true; }
  // Notes the rows that have the cursor value of `last`, from the last row back to `first`.
  void add_last_to(KeyTies* ties, const KeyText& last, int64_t first) const;
  uint64_t records() const { return records_; }
  int64_t row_count() const { return builders_.empty() ? 0 : builders_[0].size(); }
  const std::vector<int64_t>& bad_ordinals() const { return bad_ordinals_; }
  // The key of the last row, good or bad. Throws Error(CM_INVALID) where a value of it is NULL.
  KeyText last_key() const { return last_is_bad_ ? bad_key_ : key_at(row_count() - 1); }
  // A row as a JSON object of all columns.
  std::string row_json(int64_t row) const;
  const std::string& last_bad_json() const { return bad_json_; }
  // The arrays of all columns; the batch's are the first.
  std::vector<ArrowArray> finish() {
    std::vector<ArrowArray> arrays(builders_.size());
    for (size_t i = 0; i < builders_.size(); ++i) builders_[i].finish(&arrays[i]);
    return arrays;
  }

 private:
  struct BadValue {
    size_t column;
    std::string code, message, value;
  };

  bool drop_known();
  void reject();
  KeyText key_at(int64_t row) const;
  std::string json_of(int64_t row, const BadValue* bad) const;

  const ReadColumns* columns_;
  const uint64_t max_rows_;
  const uint64_t max_bytes_;
  const std::string* place_;
  RowErrors* errors_;
  std::vector<ColumnBuilder> builders_;
  uint64_t records_ = 0;
  uint64_t bytes_ = 0;
  std::optional<BadValue> bad_;  // of the row in hand
  bool last_is_bad_ = false;
  KeyText bad_key_;
  std::string bad_json_;
  std::vector<int64_t> bad_ordinals_;
  KeyTies* known_ = nullptr;
  bool keeps_bad_ = false;
  std::vector<std::pair<KeyText, std::string>>
      bad_rows_;  // of one cursor value; KeyTies::kMost + 1
};

// A SELECT that is running on a connection, which outlives it. Destroyed before its end, it gives
// the connection back in order.
class RowStream {
 public:
  virtual ~RowStream() = default;
  // Appends rows until `out` is full, and returns true; false: the SELECT is at its end (rows may
  // have been appended before).
  virtual bool next(RowOutput& out) = 0;
};

inline void RowOutput::bad_value(size_t column, std::string_view code, std::string message,
                                 std::string_view value) {
  const std::string& name = columns_->all[column].field.name;
  for (const size_t key : columns_->order)
    if (key == column)
      throw Error(CM_INVALID, *place_ + ": column \"" + name +
                                  "\", which orders the rows, holds a value that cannot be read: " +
                                  message + "; mend it, or name other columns in `key`")
          .at("key");
  builders_[column].append_null();
  if (!bad_) bad_ = {column, std::string(code), std::move(message), std::string(value)};
}

inline KeyText RowOutput::key_at(int64_t row) const {
  KeyText key;
  key.reserve(columns_->order.size());
  for (const size_t i : columns_->order) {
    const Field& field = columns_->all[i].field;
    const ColumnRef values = builders_[i].view();
    if (values.is_null(row))
      throw Error(CM_INVALID, *place_ + ": a row has no value (NULL) in \"" + field.name +
                                  "\", which orders the rows; fill it, or name other columns in "
                                  "`key`")
          .at("key");
    key.push_back(value_text(field, values, row));
  }
  return key;
}

inline std::string RowOutput::json_of(int64_t row, const BadValue* bad) const {
  std::string text;
  JsonWriter json(&text);
  json.begin_object();
  for (size_t i = 0; i < columns_->all.size(); ++i) {
    const Field& field = columns_->all[i].field;
    // A column that was selected for its order alone may be there twice.
    bool twice = false;
    for (size_t j = 0; j < i; ++j) twice |= columns_->all[j].field.name == field.name;
    if (twice) continue;
    json.key(field.name);
    if (bad == nullptr || bad->column != i) {
      write_json_value(json, field, builders_[i].view(), row);
    } else if (is_utf8(bad->value) && field.type != Type::kBinary) {
      json.value(bad->value);
    } else {
      write_bytes(json, bad->value);
    }
  }
  json.end_object();
  return text;
}

inline std::string RowOutput::row_json(int64_t row) const { return json_of(row, nullptr); }

inline bool RowOutput::drop_known() {
  const int64_t row = row_count() - 1;
  if (known_->add(key_at(row), json_of(row, bad_ ? &*bad_ : nullptr))) return false;
  for (ColumnBuilder& builder : builders_) builder.truncate(row);
  bad_.reset();
  return true;
}

inline void RowOutput::add_last_to(KeyTies* ties, const KeyText& last, int64_t first) const {
  ties->at(last.front());
  if (ties->too_many()) return;
  for (const auto& [key, json] : bad_rows_)
    if (key.front() == last.front()) ties->add(key, json);
  for (int64_t row = row_count() - 1; row >= first && !ties->is_full(); --row) {
    const KeyText key = key_at(row);
    if (key.front() != last.front()) return;
    ties->add(key, row_json(row));
  }
}

inline void RowOutput::reject() {
  const int64_t row = row_count() - 1;
  const auto ordinal = static_cast<int64_t>(records_ - 1);
  bad_key_ = key_at(row);
  bad_json_ = json_of(row, &*bad_);
  // Tables have no line numbers.
  std::string message = bad_->message;
  for (size_t i = 0; i < bad_key_.size(); ++i)
    message +=
        (i == 0 ? " (" : ", ") + columns_->all[columns_->order[i]].field.name + " = " + bad_key_[i];
  errors_->report_record(ordinal, bad_->code, message + ")", columns_->all[bad_->column].field.name,
                         bad_json_, *place_, 0);
  bad_ordinals_.push_back(ordinal);
  if (keeps_bad_) {
    if (!bad_rows_.empty() && bad_rows_.back().first.front() != bad_key_.front()) bad_rows_.clear();
    if (bad_rows_.size() <= KeyTies::kMost) bad_rows_.emplace_back(bad_key_, bad_json_);
  }
  for (ColumnBuilder& builder : builders_) builder.truncate(row);
}

}  // namespace chunkmill::sql
