#include "jsonl_format.hpp"

#include <algorithm>
#include <cmath>

#include "chunkmill/json.hpp"

namespace chunkmill::jsonl_sink {
namespace {

// Rows that are written without looking at the room left.
constexpr int64_t kBlockRows = 1024;

bool is_special(char c) {
  return (static_cast<unsigned char>(c) < 0x20) | (c == '"') | (c == '\\');
}

// As append_json_string(). Needs room for six characters a byte, and two.
char* write_escaped(char* out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  *out++ = '"';
  for (const char c : text) {
    if (!is_special(c)) {
      *out++ = c;
      continue;
    }
    *out++ = '\\';
    switch (c) {
      case '"':
      case '\\':
        *out++ = c;
        break;
      case '\n':
        *out++ = 'n';
        break;
      case '\r':
        *out++ = 'r';
        break;
      case '\t':
        *out++ = 't';
        break;
      default:
        out = files::CellText::copy(out, "u00");
        *out++ = kHex[c >> 4];
        *out++ = kHex[c & 15];
    }
  }
  *out++ = '"';
  return out;
}

char* write_plain(char* out, std::string_view text) {
  *out++ = '"';
  out = files::CellText::copy(out, text);
  *out++ = '"';
  return out;
}

bool is_json_number(Type type) {
  return type == Type::kBool || type == Type::kInt32 || type == Type::kInt64 ||
         type == Type::kFloat64 || type == Type::kDecimal128;
}

}  // namespace

JsonlFormat::JsonlFormat(const Schema& schema, bool write_nulls)
    : schema_(schema), write_nulls_(write_nulls), columns_(schema.size()) {
  for (size_t i = 0; i < schema.size(); ++i) {
    append_json_string(&columns_[i].key, schema[i].name);
    columns_[i].key += ':';
    if (schema[i].type == Type::kFloat64) floats_.push_back(i);
  }
}

void JsonlFormat::append(const Batch& batch, Buffer<char>* out, RowErrors& errors) {
  const ArrowArray& array = *batch.abi();
  for (size_t i = 0; i < columns_.size(); ++i)
    columns_[i].cells = ColumnRef(*array.children[i], array.offset);
  for (int64_t first = 0; first < array.length; first += kBlockRows) {
    const int64_t count = std::min(kBlockRows, array.length - first);
    char* const begin = out->extend(room_for(first, count));
    char* end = begin;
    for (int64_t row = first; row < first + count; ++row) {
      const int unfit = unfit_column(row);
      if (unfit < 0) {
        end = append_row(row, end);
        continue;
      }
      const auto column = static_cast<size_t>(unfit);
      std::string value;
      append_double(&value, ColumnView<double>(columns_[column].cells)[row]);
      errors.report(row, "not_a_number", value + " is not a number that JSON can hold",
                    schema_[column].name);
    }
    out->advance(static_cast<size_t>(end - begin));
  }
}

// The most that these rows can need. Finds out, on the way, which columns need no care.
size_t JsonlFormat::room_for(int64_t first, int64_t count) {
  const auto rows = static_cast<size_t>(count);
  size_t room = rows * 3;  // braces and newline
  for (size_t i = 0; i < columns_.size(); ++i) {
    Column& column = columns_[i];
    room += rows * (column.key.size() + 8);  // comma, quotes or null
    if (!has_offsets(schema_[i].type)) {
      room += rows * files::kCellChars;
      continue;
    }
    const files::TextRange text(column.cells, first, count);
    column.plain = !files::any_special(text.begin, text.size, is_special);
    room += (column.plain ? 2 : 6) * text.size + 4 * rows;
  }
  return room;
}

int JsonlFormat::unfit_column(int64_t row) const {
  for (const size_t i : floats_) {
    const ColumnRef& cells = columns_[i].cells;
    if (!std::isfinite(ColumnView<double>(cells)[row]) && !cells.is_null(row))
      return static_cast<int>(i);
  }
  return -1;
}

char* JsonlFormat::append_row(int64_t row, char* out) {
  *out++ = '{';
  bool first = true;
  for (size_t i = 0; i < columns_.size(); ++i) {
    const Column& column = columns_[i];
    const bool is_null = column.cells.is_null(row);
    if (is_null && !write_nulls_) continue;
    if (!first) *out++ = ',';
    first = false;
    out = files::CellText::copy(out, column.key);
    const Type type = schema_[i].type;
    if (is_null) {
      out = files::CellText::copy(out, "null");
    } else if (type == Type::kUtf8) {
      const auto text = ColumnView<std::string_view>(column.cells)[row];
      out = column.plain ? write_plain(out, text) : write_escaped(out, text);
    } else if (is_json_number(type)) {
      out = cell_text_.write(out, schema_[i], column.cells, row);
    } else {
      *out++ = '"';
      out = type == Type::kBinary
                ? files::write_base64(out, ColumnView<Binary>(column.cells)[row].bytes)
                : cell_text_.write(out, schema_[i], column.cells, row);
      *out++ = '"';
    }
  }
  *out++ = '}';
  *out++ = '\n';
  return out;
}

}  // namespace chunkmill::jsonl_sink
