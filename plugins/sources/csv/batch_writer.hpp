// Turns rows of a buffer into the columns of a batch, column by column.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "batch_memory.hpp"
#include "column_spec.hpp"
#include "dialect.hpp"
#include "record_screen.hpp"

namespace chunkmill::csv {

// A value that cannot be read.
struct BadValue {
  uint32_t record;
  uint32_t ordinal;
  std::string_view code;
  std::string_view column;  // of the OutputColumn: valid while the writer lives
  std::string message;
};

class BatchWriter {
 public:
  // A record has `field_count` fields. The references must outlive the writer.
  BatchWriter(const Dialect& dialect, const ValueRules& rules,
              const std::vector<OutputColumn>& columns, size_t field_count);

  // Appends the rows, but for those with a bad value: they go to bad(), once each, and out of
  // `rows`. `positions[i]` is the field of a record that output column i comes from.
  void append(const RecordReader& reader, const std::vector<size_t>& positions, RowSet& rows);
  const std::vector<BadValue>& bad() const { return bad_; }

  // Moves out what was appended; the writer begins anew.
  void finish(ArrowArray* out);

 private:
  struct Window;  // of the reader, and the rows in hand
  struct Fields;  // one of each row
  struct Loops;   // over the rows

  Loops loops(const Window& window, size_t column);
  void check_text(const Window& window, size_t column);
  void read_typed(const Window& window, size_t column);
  void drop_bad_rows(RowSet& rows);
  void add_bad(const Window& window, size_t row, size_t column, std::string_view code,
               std::string message);

  const Dialect& dialect_;
  const ValueRules& rules_;
  const std::vector<OutputColumn>& columns_;
  const size_t field_count_;
  std::vector<Type> types_;
  std::shared_ptr<BatchPool> pool_;
  std::shared_ptr<BatchMemory> memory_;
  size_t row_count_ = 0;
  std::vector<uint8_t> is_bad_;  // per row in hand
  std::vector<BadValue> bad_;
  std::string scratch_;
};

}  // namespace chunkmill::csv
