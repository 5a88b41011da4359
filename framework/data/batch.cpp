#include "framework/data/batch.hpp"

#include <cassert>

#include "framework/data/validate.hpp"

namespace chunkmill::host {
namespace {

// The rows of `child` that `parent` covers: both offsets count.
Column column_of(const ArrowArray& parent, const ArrowArray& child, Type type,
                 const std::shared_ptr<const void>& owner) {
  ArrowArray view = child;
  view.offset += parent.offset;
  view.length = parent.length;
  if (view.length != child.length && view.null_count != 0) view.null_count = -1;
  return Column(type, view, owner);
}

}  // namespace

Batch::Batch() {
  static const Batch kEmpty = of(std::make_shared<const Schema>(), {}, 0);
  body_ = kEmpty.body_;
}

Result<Batch> Batch::import(ArrowArray* moved, std::shared_ptr<const Schema> schema,
                            const ImportOptions& options) {
  auto owner = std::make_shared<UniqueArray>(moved);
  const ArrowArray& array = *owner->get();
  RETURN_IF_ERROR(validate_array(array, *schema, options.max_rows));

  std::vector<Column> columns;
  columns.reserve(schema->size());
  for (size_t i = 0; i < schema->size(); ++i) {
    columns.push_back(column_of(array, *array.children[i], (*schema)[i].type, owner));
  }
  Batch batch = of(std::move(schema), std::move(columns), array.length);
  if (options.check_nulls) RETURN_IF_ERROR(check_nulls(batch));
  return batch;
}

Batch Batch::of(std::shared_ptr<const Schema> schema, std::vector<Column> columns, int64_t rows) {
  assert(schema->size() == columns.size());
  auto body = std::make_shared<Body>();
  body->schema = std::move(schema);
  body->columns = std::move(columns);
  body->children.reserve(body->columns.size());
  for (const Column& column : body->columns) {
    assert(column.row_count() == rows);
    // Arrow's struct wants pointers to non-const; who is shown a const array leaves its children
    // alone.
    body->children.push_back(const_cast<ArrowArray*>(&column.abi()));
  }
  body->array.length = rows;
  body->array.n_buffers = 1;
  body->array.buffers = body->buffers;
  body->array.n_children = static_cast<int64_t>(body->children.size());
  body->array.children = body->children.empty() ? nullptr : body->children.data();
  body->array.release = &release_nothing;
  return Batch(std::shared_ptr<const Body>(std::move(body)));
}

Batch Batch::slice(int64_t offset, int64_t length) const {
  assert(offset >= 0 && length >= 0 && offset <= row_count() - length);
  if (length == row_count()) return *this;
  std::vector<Column> parts;
  parts.reserve(column_count());
  for (const Column& column : columns()) parts.push_back(column.slice(offset, length));
  return of(body_->schema, std::move(parts), length);
}

size_t Batch::byte_size() const {
  size_t bytes = 0;
  for (const Column& column : columns()) bytes += column.byte_size();
  return bytes;
}

Status check_nulls(const Batch& batch) {
  for (size_t i = 0; i < batch.column_count(); ++i) {
    const Field& field = batch.schema()[i];
    if (field.nullable) continue;
    const int64_t nulls = batch.column(i).null_count();
    if (nulls == 0) continue;
    return Status(Code::kPlugin, "column \"" + field.name + "\": it has " + std::to_string(nulls) +
                                     " nulls but is declared without");
  }
  return Status();
}

Schema appended_schema(const Schema& left, const Schema& right) {
  Schema schema = left;
  for (const Field& field : right.fields) {
    const int at = left.find(field.name);
    if (at < 0) {
      schema.fields.push_back(field);
    } else {
      schema.fields[static_cast<size_t>(at)] = field;
    }
  }
  return schema;
}

Batch append_columns(const Batch& left, const Batch& right) {
  return append_columns(
      left, right, std::make_shared<const Schema>(appended_schema(left.schema(), right.schema())));
}

Batch append_columns(const Batch& left, const Batch& right, std::shared_ptr<const Schema> schema) {
  assert(left.row_count() == right.row_count());
  std::vector<Column> columns = left.columns();
  columns.reserve(schema->size());
  for (size_t i = 0; i < right.column_count(); ++i) {
    const int at = left.schema().find(right.schema()[i].name);
    if (at < 0) {
      columns.push_back(right.column(i));
    } else {
      columns[static_cast<size_t>(at)] = right.column(i);
    }
  }
  return Batch::of(std::move(schema), std::move(columns), left.row_count());
}

}  // namespace chunkmill::host
