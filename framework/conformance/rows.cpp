// Conformance: batches to feed plugins with, and rows to compare.
#include "framework/conformance/checks.hpp"
#include "framework/data/column_builder.hpp"

namespace chunkmill::host {
namespace {

void append_sample(ColumnBuilder& column, const Field& field, int64_t row) {
  switch (field.type) {
    case Type::kBool:
      return column.append_bool(row % 2 == 0);
    case Type::kInt32:
      return column.append_value(static_cast<int32_t>(row + 1));
    case Type::kInt64:
      return column.append_value(row + 1);
    case Type::kFloat64:
      return column.append_value(static_cast<double>(row) * 1.25 + 1);
    case Type::kUtf8:
    case Type::kBinary:
      return column.append_text("value " + std::to_string(row % 7));
    case Type::kDate32:
      return column.append_value(static_cast<int32_t>(19000 + row));
    case Type::kTimestamp:
      return column.append_value(int64_t{1'700'000'000'000'000} + row * 1'000'000);
    case Type::kDecimal128:
      return column.append_value(static_cast<Int128>(row + 1));
  }
}

}  // namespace

Result<Batch> sample_batch(const std::shared_ptr<const Schema>& schema, int64_t rows, Nulls nulls) {
  std::vector<Column> columns;
  for (size_t i = 0; i < schema->size(); ++i) {
    const Field& field = (*schema)[i];
    ColumnBuilder column(field.type, rows);
    for (int64_t row = 0; row < rows; ++row) {
      const bool some = nulls == Nulls::kSome && (row + static_cast<int64_t>(i)) % 3 == 2;
      if (field.nullable && (nulls == Nulls::kAll || some)) {
        column.append_null();
      } else {
        append_sample(column, field, row);
      }
    }
    ASSIGN_OR_RETURN(Column done, column.finish());
    columns.push_back(std::move(done));
  }
  return Batch::of(schema, std::move(columns), rows);
}

Status same_rows(const std::vector<std::string>& expected, const std::vector<std::string>& got) {
  for (size_t i = 0; i < std::max(expected.size(), got.size()); ++i) {
    if (i >= got.size()) {
      return finding("row " + std::to_string(i) + " is missing: " + expected[i]);
    }
    if (i >= expected.size())
      return finding("row " + std::to_string(i) + " is too many: " + got[i]);
    if (expected[i] != got[i]) {
      return finding("row " + std::to_string(i) + " is " + got[i] + ", not " + expected[i]);
    }
  }
  return Status();
}

}  // namespace chunkmill::host
