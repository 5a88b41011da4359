// Text into a column of any type, by the strict parsers of parse.hpp. Threads: any.
#pragma once

#include <string_view>

#include "chunkmill/builder.hpp"
#include "chunkmill/parse.hpp"

namespace chunkmill::sql {

// Appends the value that `text` stands for, bytes as they are; or appends nothing and says why.
inline ParseFault append_parsed(std::string_view text, const Field& field, ColumnBuilder* out) {
  const auto append = [&]<typename Value, typename Parse>(Value value, Parse parse) {
    const ParseFault fault = parse(&value);
    if (fault == ParseFault::kNone) out->append(value);
    return fault;
  };
  switch (field.type) {
    case Type::kBool:
      return append(false, [&](bool* value) { return parse_bool(text, value); });
    case Type::kInt32:
      return append(int32_t{0}, [&](int32_t* value) { return parse_int32(text, value); });
    case Type::kInt64:
      return append(int64_t{0}, [&](int64_t* value) { return parse_int64(text, value); });
    case Type::kFloat64:
      return append(0.0, [&](double* value) { return parse_double(text, value); });
    case Type::kDate32:
      return append(Date(), [&](Date* value) { return parse_date32(text, &value->days); });
    case Type::kTimestamp:
      return append(Timestamp(),
                    [&](Timestamp* value) { return parse_timestamp(text, &value->micros); });
    case Type::kDecimal128:
      return append(Int128{0}, [&](Int128* value) {
        return parse_decimal128(text, field.precision, field.scale, value);
      });
    case Type::kUtf8:
      out->append(text);
      break;
    case Type::kBinary:
      out->append(Binary{text});
      break;
  }
  return ParseFault::kNone;
}

}  // namespace chunkmill::sql
