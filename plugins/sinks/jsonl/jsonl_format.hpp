// Rows as JSON, one object a line.
#pragma once

#include <string>
#include <vector>

#include "chunkmill/files/cell_text.hpp"
#include "chunkmill/files/sink.hpp"

namespace chunkmill::jsonl_sink {

// Numbers and decimals are JSON numbers, exact; dates, times and bytes (base64) are strings. JSON
// has no word for a number that is not finite: such a row is bad.
class JsonlFormat final : public files::RowFormat {
 public:
  // `schema` must outlive the format. Without `write_nulls` a null's key is left out.
  JsonlFormat(const Schema& schema, bool write_nulls);

  void append(const Batch& batch, Buffer<char>* out, RowErrors& errors) override;

 private:
  struct Column {
    std::string key;  // "name":
    ColumnRef cells;
    bool plain = false;  // no text in the block in hand has a byte to be escaped
  };

  size_t room_for(int64_t first, int64_t count);
  char* append_row(int64_t row, char* out);
  // The first column that JSON cannot hold, -1 if there is none.
  int unfit_column(int64_t row) const;

  const Schema& schema_;
  const bool write_nulls_;
  std::vector<Column> columns_;
  std::vector<size_t> floats_;  // columns that may hold what is not finite
  files::CellText cell_text_;
};

}  // namespace chunkmill::jsonl_sink
