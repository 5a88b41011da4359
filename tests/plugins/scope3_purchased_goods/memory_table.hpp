// Tables written as text in tests, and read back as text.
#pragma once

#include <deque>
#include <sstream>
#include <string>
#include <vector>

#include "chunkmill/builder.hpp"
#include "chunkmill/format.hpp"
#include "chunkmill/parse.hpp"

// A batch with its schema. "id,spend:float,date:date\nA,1.5,2022-01-31\n": types after the names,
// string if there is none; `;` may stand for a line's end; an empty cell is null.
struct MemoryTable {
  chunkmill::Schema schema;
  chunkmill::UniqueArray rows;

  explicit MemoryTable(std::string text) {
    for (char& c : text)
      if (c == '\n') c = ';';
    std::istringstream lines(text);
    std::string line;
    std::getline(lines, line, ';');
    for (const std::string& name : split(line)) {
      const size_t colon = name.find(':');
      chunkmill::Field field;
      field.name = name.substr(0, colon);
      if (colon != std::string::npos) chunkmill::type_from_name(name.substr(colon + 1), &field);
      schema.fields.push_back(field);
    }
    chunkmill::BatchBuilder builder(schema);
    while (std::getline(lines, line, ';')) {
      if (line.empty()) continue;
      std::vector<std::string> cells = split(line);
      cells.resize(schema.size());
      for (size_t i = 0; i < cells.size(); ++i) append(builder[i], cells[i]);
    }
    builder.finish(rows.get());
  }

  int64_t size() const { return rows->length; }

  // Rows [begin, begin + count) of the same memory; valid as long as this table.
  ArrowArray slice(int64_t begin, int64_t count) const {
    ArrowArray array = *rows.get();
    array.offset += begin;
    array.length = count;
    array.release = nullptr;
    return array;
  }

 private:
  // At commas; a cell in '...' may hold some.
  static std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (const char c : line) {
      if (c == '\'') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.emplace_back();
      } else {
        cells.back() += c;
      }
    }
    return cells;
  }
  static void append(chunkmill::ColumnBuilder& column, const std::string& cell) {
    using chunkmill::Type;
    if (cell.empty()) return column.append_null();
    double number = 0;
    int64_t integer = 0;
    int32_t days = 0;
    switch (column.type()) {
      case Type::kFloat64:
        if (cell == "nan") return column.append(std::stod(cell));
        chunkmill::parse_double(cell, &number);
        return column.append(number);
      case Type::kInt64:
        chunkmill::parse_int64(cell, &integer);
        return column.append(integer);
      case Type::kDate32:
        chunkmill::parse_date32(cell, &days);
        return column.append(chunkmill::Date{days});
      default:
        return column.append(std::string_view(cell));
    }
  }
};

// A cell as text; "null" where there is none.
inline std::string cell_as_text(const chunkmill::Batch& batch, size_t column, int64_t row) {
  using chunkmill::Type;
  std::string out;
  const auto read = [&]<typename T>(T, auto append) {
    const auto view = batch.column<T>(column);
    if (view.is_null(row)) {
      out = "null";
    } else {
      append(view[row]);
    }
  };
  switch (batch.schema()[column].type) {
    case Type::kFloat64:
      read(double(), [&](double v) { chunkmill::append_double(&out, v); });
      break;
    case Type::kInt32:
      read(int32_t(), [&](int32_t v) { chunkmill::append_integer(&out, v); });
      break;
    case Type::kInt64:
      read(int64_t(), [&](int64_t v) { chunkmill::append_integer(&out, v); });
      break;
    case Type::kDate32:
      read(chunkmill::Date(), [&](chunkmill::Date v) { chunkmill::append_date32(&out, v.days); });
      break;
    default:
      read(std::string_view(), [&](std::string_view v) { out = v; });
  }
  return out;
}
