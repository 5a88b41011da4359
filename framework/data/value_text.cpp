#include "framework/data/value_text.hpp"

#include "chunkmill/format.hpp"

namespace chunkmill::host {

void append_value_text(std::string* out, const Column& column, const Field& field, int64_t row) {
  switch (column.type()) {
    case Type::kBool:
      out->append(column.boolean(row) ? "true" : "false");
      break;
    case Type::kInt32:
      append_integer(out, column.value<int32_t>(row));
      break;
    case Type::kInt64:
      append_integer(out, column.value<int64_t>(row));
      break;
    case Type::kFloat64:
      append_double(out, column.value<double>(row));
      break;
    case Type::kUtf8:
      out->append(column.text(row));
      break;
    case Type::kBinary:
      append_base64(out, column.text(row));
      break;
    case Type::kDate32:
      append_date32(out, column.value<int32_t>(row));
      break;
    case Type::kTimestamp:
      append_timestamp(out, column.value<int64_t>(row));
      break;
    case Type::kDecimal128:
      append_decimal128(out, column.value<Int128>(row), field.scale);
      break;
  }
}

void append_base64(std::string* out, std::string_view bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t left = bytes.size() - i;
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < left ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    out->push_back(kDigits[group >> 18]);
    out->push_back(kDigits[(group >> 12) & 63]);
    out->push_back(left > 1 ? kDigits[(group >> 6) & 63] : '=');
    out->push_back(left > 2 ? kDigits[group & 63] : '=');
  }
}

}  // namespace chunkmill::host
