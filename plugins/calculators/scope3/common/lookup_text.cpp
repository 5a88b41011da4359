#include "plugins/calculators/scope3/common/lookup_text.hpp"

#include "chunkmill/format.hpp"
#include "chunkmill/nearest.hpp"
#include "plugins/calculators/scope3/common/text.hpp"

namespace chunkmill::scope3 {

std::string cell_text(const Batch& batch, size_t column, int64_t row) {
  std::string out;
  read_cell(batch, column, row, &out);
  return out;
}

void read_cell(const Batch& batch, size_t column, int64_t row, std::string* out) {
  out->clear();
  const auto number = [&](auto view, auto append) {
    if (!view.is_null(row)) append(out, view[row]);
  };
  switch (batch.schema()[column].type) {
    case Type::kUtf8: {
      const auto view = batch.column<std::string_view>(column);
      if (!view.is_null(row)) out->assign(trim(view[row]));
      break;
    }
    case Type::kInt32:
      number(batch.column<int32_t>(column), append_integer<int32_t>);
      break;
    case Type::kInt64:
      number(batch.column<int64_t>(column), append_integer<int64_t>);
      break;
    case Type::kFloat64:
      number(batch.column<double>(column), append_double);
      break;
    case Type::kDate32: {
      const auto view = batch.column<Date>(column);
      if (!view.is_null(row)) append_date32(out, view[row].days);
      break;
    }
    case Type::kBool: {
      const auto view = batch.column<bool>(column);
      if (!view.is_null(row)) out->assign(view[row] ? "true" : "false");
      break;
    }
    default:
      throw Error(CM_UNSUPPORTED, "column \"" + batch.schema()[column].name + "\" is a " +
                                      batch.schema()[column].type_text() +
                                      " where text or a number is needed");
  }
}

size_t find_column(const Schema& schema, std::string_view lookup, std::string_view name,
                   std::string_view option) {
  const int found = schema.find(name);
  if (found >= 0) return static_cast<size_t>(found);
  const std::string near = nearest(name, schema.names());
  throw Error(CM_INVALID, "lookup \"" + std::string(lookup) + "\" has no column \"" +
                              std::string(name) + "\"" +
                              (near.empty() ? "" : "; did you mean \"" + near + "\"?"))
      .at(option);
}

}  // namespace chunkmill::scope3
