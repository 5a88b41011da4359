#include "csv_format.hpp"

#include <algorithm>

namespace chunkmill::csv_sink {
namespace {

// Rows that are written without looking at the room left: small enough to stay in the cache, large
// enough that one special byte makes few neighbours slow.
constexpr int64_t kBlockRows = 1024;

char* write_quoted(char* out, std::string_view text, char quote) {
  *out++ = quote;
  for (const char c : text) {
    if (c == quote) *out++ = quote;
    *out++ = c;
  }
  *out++ = quote;
  return out;
}

}  // namespace

std::string header_line(const CsvStyle& style, const Schema& schema) {
  std::string line;
  for (size_t i = 0; i < schema.size(); ++i) {
    if (i > 0) line += style.delimiter;
    const std::string& name = schema[i].name;
    const bool special =
        std::any_of(name.begin(), name.end(), [&](char c) { return style.is_special(c); });
    if (!special && !name.empty() && style.quoting == Quoting::kMinimal) {
      line += name;
      continue;
    }
    std::string quoted(2 * name.size() + 2, '\0');
    line.append(quoted.data(), write_quoted(quoted.data(), name, style.quote));
  }
  return line + style.line_end;
}

CsvFormat::CsvFormat(const CsvStyle& style, const Schema& schema)
    : style_(style), schema_(schema), columns_(schema.size()) {}

void CsvFormat::append(const Batch& batch, Buffer<char>* out, RowErrors&) {
  const ArrowArray& array = *batch.abi();
  for (size_t i = 0; i < columns_.size(); ++i)
    columns_[i].cells = ColumnRef(*array.children[i], array.offset);
  for (int64_t row = 0; row < array.length; row += kBlockRows) {
    const int64_t count = std::min(kBlockRows, array.length - row);
    char* const begin = out->extend(room_for(row, count));
    out->advance(static_cast<size_t>(append_rows(row, count, begin) - begin));
  }
}

// The most that these rows can need. Finds out, on the way, which columns need no care.
size_t CsvFormat::room_for(int64_t first, int64_t count) {
  const auto rows = static_cast<size_t>(count);
  // Delimiters and line end, and two quotes or the text of a null for each.
  size_t room = rows * (columns_.size() * (3 + style_.null_text.size()) + 4);
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (!has_offsets(schema_[i].type)) {
      room += rows * files::kCellChars;
      continue;
    }
    const files::TextRange text(columns_[i].cells, first, count);
    room += 2 * text.size + 4 * rows;
    // Copies, so that the compiler knows them to be the same for every byte.
    columns_[i].plain = !files::any_special(
        text.begin, text.size, [delimiter = style_.delimiter, quote = style_.quote](char c) {
          return (c == delimiter) | (c == quote) | (c == '\n') | (c == '\r');
        });
  }
  return room;
}

char* CsvFormat::append_rows(int64_t first, int64_t count, char* out) {
  for (int64_t row = first; row < first + count; ++row) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) *out++ = style_.delimiter;
      const Column& column = columns_[i];
      if (column.cells.is_null(row)) {
        out = write_null(out);
      } else if (schema_[i].type == Type::kUtf8) {
        out = write_text(out, ColumnView<std::string_view>(column.cells)[row], column.plain);
      } else {
        const bool quoted = style_.quoting == Quoting::kAll;
        if (quoted) *out++ = style_.quote;
        out = schema_[i].type == Type::kBinary
                  ? files::write_base64(out, ColumnView<Binary>(column.cells)[row].bytes)
                  : cell_text_.write(out, schema_[i], column.cells, row);
        if (quoted) *out++ = style_.quote;
      }
    }
    out = files::CellText::copy(out, style_.line_end);
  }
  return out;
}

char* CsvFormat::write_text(char* out, std::string_view text, bool plain) const {
  const bool bare = style_.quoting == Quoting::kMinimal && text != style_.null_text &&
                    (plain || std::none_of(text.begin(), text.end(),
                                           [this](char c) { return style_.is_special(c); }));
  return bare ? files::CellText::copy(out, text) : write_quoted(out, text, style_.quote);
}

char* CsvFormat::write_null(char* out) const {
  if (columns_.size() > 1 || !style_.null_text.empty())
    return files::CellText::copy(out, style_.null_text);
  *out++ = style_.quote;
  *out++ = style_.quote;
  return out;
}

}  // namespace chunkmill::csv_sink
