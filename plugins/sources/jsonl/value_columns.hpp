// The columns of a batch, filled value by value. A value goes into its column as it stands in the
// record, or not at all: nothing is rounded, cut or guessed.
// Threads: one at a time.
#pragma once

#include <vector>

#include "chunkmill/builder.hpp"
#include "chunkmill/parse.hpp"
#include "json_value.hpp"
#include "jsonl_options.hpp"

namespace chunkmill::jsonl {

class ValueColumns {
 public:
  // `columns` must outlive it. `fractions` is for times that are finer than a microsecond.
  ValueColumns(const std::vector<Column>& columns, Fractions fractions);

  size_t size() const { return builders_.size(); }
  // Whether the row in hand has a value in that column already.
  bool has(size_t column) const { return builders_[column].size() > rows_; }

  Type type(size_t column) const { return builders_[column].type(); }
  // For values that need no reading.
  ColumnBuilder& builder(size_t column) { return builders_[column]; }

  // kBad: the value is of another kind, as a string where a number is wanted.
  ParseFault append(size_t column, const JsonValue& value);
  ParseFault append_text(size_t column, std::string_view text);
  // `text` is a JSON number.
  ParseFault append_number(size_t column, std::string_view text);
  // What is wrong with the value, for people.
  RecordFault fault(size_t column, const JsonValue& value, ParseFault fault) const;

  // Ends the row in hand: a column without a value is null.
  void end_row();
  // Forgets the row in hand.
  void drop_row();
  int64_t rows() const { return rows_; }
  // Moves out all rows.
  void finish(ArrowArray* out);

 private:
  const std::vector<Column>& columns_;
  const Fractions fractions_;
  std::vector<ColumnBuilder> builders_;
  int64_t rows_ = 0;
};

}  // namespace chunkmill::jsonl
