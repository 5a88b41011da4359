// Records into the columns of a batch.
#pragma once

#include <string_view>
#include <vector>

#include "flat_reader.hpp"
#include "json_record.hpp"
#include "jsonl_options.hpp"
#include "unread_keys.hpp"
#include "value_columns.hpp"

namespace chunkmill::jsonl {

class RecordColumns {
 public:
  // `columns` and `known`, as UnreadKeys has it, must outlive it. `fractions` is for times that are
  // finer than a microsecond.
  RecordColumns(const std::vector<Column>& columns, Fractions fractions,
                const KeySet* known = nullptr);

  // Appends the first of these whole lines when it is a record that can be read at once, and
  // returns how many bytes it has without its line feed. 0: it must be taken out and appended.
  size_t append_first(std::string_view lines, size_t max_record_bytes);
  // Appends the record as a row, or says why it is not one. SIMDJSON_PADDING bytes behind it must
  // be readable.
  RecordFault append(std::string_view record);
  int64_t row_count() const { return values_.rows(); }
  UnreadKeys& unread() { return unread_; }
  // Moves out what was appended.
  void finish(ArrowArray* out) { values_.finish(out); }

 private:
  ColumnPaths paths_;
  UnreadKeys unread_;
  ValueColumns values_;
  FlatReader flat_;
  JsonRecordReader reader_;
};

}  // namespace chunkmill::jsonl
