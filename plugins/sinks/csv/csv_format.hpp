// Rows as CSV.
#pragma once

#include <string>
#include <vector>

#include "chunkmill/files/cell_text.hpp"
#include "chunkmill/files/sink.hpp"

namespace chunkmill::csv_sink {

enum class Quoting { kMinimal, kAll };

struct CsvStyle {
  char delimiter = ',';
  char quote = '"';
  std::string null_text;
  std::string line_end = "\n";
  Quoting quoting = Quoting::kMinimal;

  // A field with such a byte must be quoted.
  bool is_special(char c) const { return c == delimiter || c == quote || c == '\n' || c == '\r'; }
};

// The names of the columns as the first line.
std::string header_line(const CsvStyle& style, const Schema& schema);

// Text that reads as a null, and every field with a special byte, is quoted. A null that would be
// all there is in its line is written as "", since readers take an empty line for no record.
class CsvFormat final : public files::RowFormat {
 public:
  // Both must outlive the format.
  CsvFormat(const CsvStyle& style, const Schema& schema);

  void append(const Batch& batch, Buffer<char>* out, RowErrors& errors) override;

 private:
  struct Column {
    ColumnRef cells;
    bool plain = false;  // no text in the block in hand has a special byte
  };

  char* append_rows(int64_t first, int64_t count, char* out);
  size_t room_for(int64_t first, int64_t count);
  char* write_text(char* out, std::string_view text, bool plain) const;
  char* write_null(char* out) const;

  const CsvStyle& style_;
  const Schema& schema_;
  std::vector<Column> columns_;
  files::CellText cell_text_;
};

}  // namespace chunkmill::csv_sink
