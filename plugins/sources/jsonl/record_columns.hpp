// Records into the columns of a batch.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/builder.hpp"
#include "json_record.hpp"
#include "jsonl_options.hpp"

namespace chunkmill::jsonl {

// What is wrong with a record, and where; empty code if nothing is.
struct RecordFault {
  std::string_view code;
  std::string message;
  std::string_view column;
  explicit operator bool() const { return !code.empty(); }
};

class RecordColumns {
 public:
  // `columns` must outlive it. `fractions` is for times that are finer than a microsecond.
  RecordColumns(const std::vector<Column>& columns, Fractions fractions);

  // Appends the record as a row, or says why it is none. SIMDJSON_PADDING bytes behind it must be
  // readable.
  RecordFault append(std::string_view record);
  int64_t row_count() const { return rows_; }
  // Moves out what was appended.
  void finish(ArrowArray* out);

 private:
  RecordFault append_value(size_t column, const JsonValue& value);
  RecordFault append_number(size_t column, std::string_view text);
  RecordFault bad_value(size_t column, const JsonValue& value, ParseFault fault) const;

  const std::vector<Column>& columns_;
  const Fractions fractions_;
  ColumnPaths paths_;
  JsonRecordReader reader_;
  std::vector<ColumnBuilder> builders_;
  int64_t rows_ = 0;
};

// The columns of these records: the union of their keys, in the order of their first appearance.
// Numbers are int64 where all are, else float; true and false are bool; all else is text.
class ColumnGuess {
 public:
  // A record that cannot be read says nothing.
  void look_at(std::string_view record);
  std::vector<Column> columns() const;

 private:
  struct Seen {
    std::string key;
    bool integers = false, floats = false, bools = false, others = false;
  };
  JsonRecordReader reader_;
  std::vector<std::pair<std::string, JsonValue>> members_;
  std::vector<Seen> seen_;
  std::map<std::string, size_t, std::less<>> index_;
};

}  // namespace chunkmill::jsonl
