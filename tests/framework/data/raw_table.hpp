// A struct array made by hand, every number of which a test may falsify: what a plugin would hand
// over.
#pragma once

#include <catch2/catch.hpp>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chunkmill/arrow.hpp"
#include "chunkmill/parse.hpp"
#include "framework/data/batch.hpp"
#include "framework/data/value_text.hpp"

namespace chunkmill::host::test {

// The values of a column as text; none is a null.
using Values = std::vector<std::optional<std::string>>;

struct RawColumn {
  std::vector<uint8_t> validity;
  std::vector<uint8_t> values;
  std::vector<uint8_t> data;
  std::vector<const void*> buffers;
  ArrowArray array{};
};

inline void append_bytes(std::vector<uint8_t>& out, const void* bytes, size_t count) {
  const auto* begin = static_cast<const uint8_t*>(bytes);
  out.insert(out.end(), begin, begin + count);
}

template <typename T, typename Parse>
void append_parsed(std::vector<uint8_t>& out, const std::string& text, Parse parse) {
  T value{};
  if (!text.empty()) parse(text, &value);
  append_bytes(out, &value, sizeof value);
}

inline void append_raw(RawColumn& column, const Field& field, size_t row, const std::string& text) {
  switch (field.type) {
    case Type::kBool:
      column.values.resize(row / 8 + 1);
      if (text == "true") column.values[row / 8] |= static_cast<uint8_t>(1U << (row % 8));
      break;
    case Type::kInt32:
      append_parsed<int32_t>(column.values, text, parse_int32);
      break;
    case Type::kInt64:
      append_parsed<int64_t>(column.values, text, parse_int64);
      break;
    case Type::kFloat64:
      append_parsed<double>(column.values, text, parse_double);
      break;
    case Type::kDate32:
      append_parsed<int32_t>(column.values, text, parse_date32);
      break;
    case Type::kTimestamp:
      append_parsed<int64_t>(column.values, text, parse_timestamp);
      break;
    case Type::kDecimal128:
      append_parsed<Int128>(column.values, text, [&field](std::string_view t, Int128* out) {
        return parse_decimal128(t, field.precision, field.scale, out);
      });
      break;
    case Type::kUtf8:
    case Type::kBinary: {
      append_bytes(column.data, text.data(), text.size());
      const auto end = static_cast<int32_t>(column.data.size());
      append_bytes(column.values, &end, sizeof end);
      break;
    }
  }
}

inline void release_child(ArrowArray* child) { child->release = nullptr; }

// `lead` null rows come first and are skipped by the child's own offset.
inline std::unique_ptr<RawColumn> raw_column(const Field& field, const Values& values,
                                             int64_t lead = 0) {
  auto column = std::make_unique<RawColumn>();
  if (has_offsets(field.type)) column->values.resize(4);
  Values all(static_cast<size_t>(lead));
  all.insert(all.end(), values.begin(), values.end());
  int64_t nulls = 0;
  column->validity.resize(all.size() / 8 + 1);
  for (size_t row = 0; row < all.size(); ++row) {
    if (all[row]) column->validity[row / 8] |= static_cast<uint8_t>(1U << (row % 8));
    if (!all[row] && row >= static_cast<size_t>(lead)) ++nulls;
    append_raw(*column, field, row, all[row].value_or(""));
  }
  // Never empty, so that an honest array has no NULL buffer but the bitmap of a column without
  // nulls.
  column->values.reserve(1);
  column->data.reserve(1);
  column->buffers = {nulls > 0 ? column->validity.data() : nullptr, column->values.data()};
  if (has_offsets(field.type)) column->buffers.push_back(column->data.data());
  column->array.length = static_cast<int64_t>(values.size());
  column->array.null_count = nulls;
  column->array.offset = lead;
  column->array.n_buffers = static_cast<int64_t>(column->buffers.size());
  column->array.buffers = column->buffers.data();
  column->array.release = &release_child;
  return column;
}

// Columns added one by one; then array() is what a plugin would hand over. Memory is freed on
// release, so that a sanitizer sees whoever reads it later.
class RawTable {
 public:
  RawTable() : body_(new Body), releases_(std::make_shared<int>(0)) {
    body_->releases = releases_;
    array_.n_buffers = 1;
    array_.buffers = body_->buffers;
    array_.release = &release;
    array_.private_data = body_;
  }
  RawTable(const RawTable&) = delete;
  RawTable& operator=(const RawTable&) = delete;
  ~RawTable() {
    if (array_.release != nullptr) array_.release(&array_);
  }

  RawTable& add(Field field, const Values& values, int64_t lead = 0) {
    body_->columns.push_back(raw_column(field, values, lead));
    body_->children.push_back(&body_->columns.back()->array);
    schema_.fields.push_back(std::move(field));
    array_.length = static_cast<int64_t>(values.size());
    array_.n_children = static_cast<int64_t>(body_->children.size());
    array_.children = body_->children.data();
    return *this;
  }

  // Lets the struct cover rows [offset, offset + length) of its children.
  RawTable& window(int64_t offset, int64_t length) {
    array_.offset = offset;
    array_.length = length;
    return *this;
  }

  ArrowArray* array() { return &array_; }
  RawColumn& column(size_t i) { return *body_->columns[i]; }
  ArrowArray& child(size_t i) { return body_->columns[i]->array; }
  std::vector<ArrowArray*>& children() { return body_->children; }
  std::shared_ptr<const Schema> schema() const { return std::make_shared<const Schema>(schema_); }
  // How often the array was released; outlives the table.
  std::shared_ptr<int> releases() const { return releases_; }

  Result<Batch> import(const ImportOptions& options = {}) {
    return Batch::import(&array_, schema(), options);
  }
  Batch batch() {
    Result<Batch> batch = import();
    if (!batch.ok()) throw std::runtime_error(batch.status().message());
    return batch.take();
  }

 private:
  struct Body {
    std::vector<std::unique_ptr<RawColumn>> columns;
    std::vector<ArrowArray*> children;
    const void* buffers[1] = {nullptr};
    std::shared_ptr<int> releases;
  };
  static void release(ArrowArray* array) {
    auto* body = static_cast<Body*>(array->private_data);
    ++*body->releases;
    delete body;
    array->release = nullptr;
  }

  Body* body_;
  std::shared_ptr<int> releases_;
  Schema schema_;
  ArrowArray array_{};
};

inline Field field(std::string name, Type type, bool nullable = true) {
  Field made;
  made.name = std::move(name);
  made.type = type;
  made.nullable = nullable;
  return made;
}

inline Field decimal(std::string name, int precision, int scale) {
  Field made = field(std::move(name), Type::kDecimal128);
  made.precision = precision;
  made.scale = scale;
  return made;
}

// A column of a batch back as text.
inline Values values_of(const Batch& batch, size_t column) {
  Values values;
  for (int64_t row = 0; row < batch.row_count(); ++row) {
    if (batch.column(column).is_null(row)) {
      values.push_back(std::nullopt);
      continue;
    }
    std::string text;
    if (batch.column(column).type() == Type::kBinary) {
      text = batch.column(column).text(row);
    } else {
      append_value_text(&text, batch.column(column), batch.schema()[column], row);
    }
    values.push_back(text);
  }
  return values;
}

inline Batch one_column(Field column, const Values& values, int64_t lead = 0) {
  RawTable table;
  table.add(std::move(column), values, lead);
  return table.batch();
}

}  // namespace chunkmill::host::test

// So that a failed check shows the values.
template <>
struct Catch::StringMaker<std::optional<std::string>> {
  static std::string convert(const std::optional<std::string>& value) {
    return value ? "\"" + *value + "\"" : "null";
  }
};
