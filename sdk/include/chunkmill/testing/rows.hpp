// Batches written in a test, and batches read back as text.
#pragma once

#include <concepts>
#include <initializer_list>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/builder.hpp"
#include "chunkmill/format.hpp"
#include "chunkmill/parse.hpp"

namespace chunkmill::testing {

// Appends the value that `text` is in a column of `field`'s type; also "nan" and "inf" in a float
// column.
inline void append_text(ColumnBuilder* column, const Field& field, std::string_view text) {
  const auto read = [&]<typename T>(T value, auto&& parse) {
    if (parse(text, &value) != ParseFault::kNone)
      throw std::invalid_argument("\"" + std::string(text) + "\" is no " + field.type_text() +
                                  " for column \"" + field.name + "\"");
    return value;
  };
  switch (field.type) {
    case Type::kBool:
      return column->append(read(false, parse_bool));
    case Type::kInt32:
      return column->append(read(int32_t{0}, parse_int32));
    case Type::kInt64:
      return column->append(read(int64_t{0}, parse_int64));
    case Type::kFloat64:
      if (text == "nan") return column->append(std::numeric_limits<double>::quiet_NaN());
      if (text == "inf") return column->append(std::numeric_limits<double>::infinity());
      return column->append(read(0.0, parse_double));
    case Type::kUtf8:
      return column->append(text);
    case Type::kBinary:
      return column->append(Binary{text});
    case Type::kDate32:
      return column->append(Date{read(int32_t{0}, parse_date32)});
    case Type::kTimestamp:
      return column->append(Timestamp{read(int64_t{0}, parse_timestamp)});
    case Type::kDecimal128:
      return column->append(read(Int128{0}, [&](std::string_view digits, Int128* out) {
        return parse_decimal128(digits, field.precision, field.scale, out);
      }));
  }
}

// A value as text, the way append_text() reads it; nothing where it is null.
inline std::optional<std::string> cell_text(const Batch& batch, size_t column, int64_t row) {
  std::string out;
  const auto read = [&]<typename T>(T, auto&& append) {
    const std::optional<T> value = batch.column<T>(column).get(row);
    if (value) append(*value);
    return value.has_value();
  };
  const auto integer = [&](auto value) { append_integer(&out, value); };
  const auto cell = [&] {
    switch (batch.schema()[column].type) {
      case Type::kBool:
        return read(false, [&](bool v) { out = v ? "true" : "false"; });
      case Type::kInt32:
        return read(int32_t{}, integer);
      case Type::kInt64:
        return read(int64_t{}, integer);
      case Type::kFloat64:
        return read(double{}, [&](double v) { append_double(&out, v); });
      case Type::kUtf8:
        return read(std::string_view(), [&](std::string_view v) { out = v; });
      case Type::kBinary:
        return read(Binary{}, [&](Binary v) { out = v.bytes; });
      case Type::kDate32:
        return read(Date{}, [&](Date v) { append_date32(&out, v.days); });
      case Type::kTimestamp:
        return read(Timestamp{}, [&](Timestamp v) { append_timestamp(&out, v.micros); });
      case Type::kDecimal128:
        return read(Int128{},
                    [&](Int128 v) { append_decimal128(&out, v, batch.schema()[column].scale); });
    }
    return false;
  };
  return cell() ? std::optional<std::string>(std::move(out)) : std::nullopt;
}

// All columns of a row, separated by |, nulls as "null".
inline std::string line_text(const Batch& batch, int64_t row) {
  std::string line;
  for (size_t i = 0; i < batch.schema().size(); ++i) {
    if (i > 0) line += '|';
    line += cell_text(batch, i, row).value_or("null");
  }
  return line;
}

// A value of a row literal: {1, 2.5, "text", true, nullptr}. It is read as its column's type.
struct Cell {
  Cell(std::nullptr_t) {}
  Cell(std::nullopt_t) {}
  Cell(const char* value) : text(value) {}
  Cell(std::string_view value) : text(value) {}
  Cell(std::string value) : text(std::move(value)) {}
  Cell(std::optional<std::string> value) : text(std::move(value)) {}
  Cell(bool value) : text(value ? "true" : "false") {}
  template <std::integral Int>
  Cell(Int value) : text(std::to_string(value)) {}
  Cell(double value) { append_double(&text.emplace(), value); }

  std::optional<std::string> text;
};
using CellRow = std::vector<Cell>;

// A batch with its schema.
class Rows {
 public:
  Rows(Schema schema, UniqueArray array) : schema_(std::move(schema)), array_(std::move(array)) {}
  Rows(Schema schema, const std::vector<CellRow>& rows) : schema_(std::move(schema)) {
    BatchBuilder builder(schema_);
    for (const CellRow& row : rows) append(&builder, row);
    builder.finish(array_.get());
  }
  // "id,spend:float,day:date!; A,1.5,2022-01-31; 'B, C',null,2022-02-01": types after the names,
  // string if there is none, ! for a column without nulls; ; or a newline ends a line, and empty
  // lines do not count, nor do spaces around a cell. An empty cell is null, as is the word null;
  // '...' may hold anything, and '' is the empty text.
  explicit Rows(std::string_view text);

  const Schema& schema() const { return schema_; }
  int64_t row_count() const { return array_->length; }
  const ArrowArray* abi() const { return array_.get(); }
  Batch batch() const { return Batch(array_.get(), &schema_); }

  // Rows [begin, begin + count) as a batch with an offset, in the same memory: valid as long as
  // this, and not to be released.
  ArrowArray slice(int64_t begin, int64_t count) const {
    ArrowArray array = *array_.get();
    array.offset += begin;
    array.length = count;
    array.release = nullptr;
    return array;
  }
  // Rows of their own memory; the receiver releases it.
  void copy_to(ArrowArray* out) const {
    BatchBuilder builder(schema_);
    for (size_t i = 0; i < schema_.size(); ++i)
      builder[i].append_column(*array_->children[i], array_->offset, row_count());
    builder.finish(out);
  }

  std::optional<std::string> cell(int64_t row, std::string_view column) const {
    const int index = schema_.find(column);
    if (index < 0) throw std::out_of_range("there is no column \"" + std::string(column) + "\"");
    if (row < 0 || row >= row_count())
      throw std::out_of_range("there is no row " + std::to_string(row));
    return cell_text(batch(), static_cast<size_t>(index), row);
  }
  // "A|1.5|null" for each row.
  std::vector<std::string> lines() const {
    std::vector<std::string> out;
    for (int64_t row = 0; row < row_count(); ++row) out.push_back(line_text(batch(), row));
    return out;
  }

 private:
  void append(BatchBuilder* builder, const CellRow& row) const {
    if (row.size() != schema_.size())
      throw std::invalid_argument("a row of " + std::to_string(row.size()) + " cells for " +
                                  std::to_string(schema_.size()) + " columns");
    for (size_t i = 0; i < row.size(); ++i) {
      if (row[i].text) {
        append_text(&(*builder)[i], schema_[i], *row[i].text);
      } else {
        (*builder)[i].append_null();
      }
    }
  }

  Schema schema_;
  UniqueArray array_;
};

namespace detail {

inline Field field_from(std::string_view text) {
  Field field;
  if (text.ends_with('!')) {
    field.nullable = false;
    text.remove_suffix(1);
  }
  const size_t colon = text.find(':');
  field.name = text.substr(0, colon);
  if (colon != std::string_view::npos && !type_from_name(text.substr(colon + 1), &field))
    throw std::invalid_argument("there is no type \"" + std::string(text.substr(colon + 1)) + "\"");
  return field;
}

// False inside "decimal(18,4)", whose comma ends no cell.
inline bool parentheses_closed(std::string_view cell) {
  const size_t open = cell.find(":decimal(");
  return open == std::string_view::npos || cell.find(')', open) != std::string_view::npos;
}

// The cells of each line.
inline std::vector<CellRow> split_cells(std::string_view text) {
  std::vector<CellRow> lines(1);
  std::string cell;
  size_t end_of_text = 0;  // of `cell`, without the spaces after it
  bool quoted = false;
  bool was_quoted = false;
  const auto end_cell = [&] {
    cell.resize(end_of_text);
    const bool null = !was_quoted && (cell.empty() || cell == "null");
    lines.back().push_back(null ? Cell(nullptr) : Cell(cell));
    cell.clear();
    end_of_text = 0;
    was_quoted = false;
  };
  const auto end_line = [&] {
    const bool blank = lines.back().empty() && end_of_text == 0 && !was_quoted;
    if (blank) return cell.clear();
    end_cell();
    lines.emplace_back();
  };
  for (const char c : text) {
    if (c == '\'') {
      quoted = !quoted;
      was_quoted = true;
    } else if (quoted) {
      cell += c;
      end_of_text = cell.size();
    } else if (c == ',' && parentheses_closed(cell)) {
      end_cell();
    } else if (c == ';' || c == '\n') {
      end_line();
    } else if (c != ' ' || !cell.empty()) {
      cell += c;
      if (c != ' ') end_of_text = cell.size();
    }
  }
  end_line();
  lines.pop_back();
  return lines;
}

}  // namespace detail

inline Rows::Rows(std::string_view text) {
  std::vector<CellRow> lines = detail::split_cells(text);
  if (lines.empty()) throw std::invalid_argument("a table needs a line of column names");
  for (const Cell& cell : lines[0])
    schema_.fields.push_back(detail::field_from(cell.text.value_or("")));
  BatchBuilder builder(schema_);
  for (size_t i = 1; i < lines.size(); ++i) {
    // Cells that are left out at the end of a line are null.
    while (lines[i].size() < schema_.size()) lines[i].emplace_back(nullptr);
    append(&builder, lines[i]);
  }
  builder.finish(array_.get());
}

}  // namespace chunkmill::testing
