#include "framework/data/cast.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "chunkmill/format.hpp"
#include "chunkmill/parse.hpp"
#include "framework/data/column_builder.hpp"
#include "framework/data/value_text.hpp"

namespace chunkmill::host {
namespace {

constexpr size_t kQuotedChars = 80;

// What one column's conversion needs to know and to report.
struct Cast {
  const Column& from;
  const Field& from_field;
  const Field& to;
  size_t column;
  std::vector<CastFailure>* failures;
};

std::string quoted_value(const Cast& cast, int64_t row) {
  std::string text;
  append_value_text(&text, cast.from, cast.from_field, row);
  if (text.size() > kQuotedChars) {
    size_t end = kQuotedChars;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text.resize(end);
    text += "...";
  }
  return "\"" + text + "\"";
}

void report(const Cast& cast, int64_t row, ParseFault fault) {
  CastFailure failure;
  failure.row = row;
  failure.column = cast.column;
  failure.code = fault_code(fault, cast.to.type);
  failure.message = "column \"" + cast.to.name + "\": " + quoted_value(cast, row) + " " +
                    fault_text(fault, cast.to);
  cast.failures->push_back(std::move(failure));
}

// `convert(row, &builder)` appends one value, or appends nothing and says why.
template <typename Convert>
Result<Column> convert_rows(const Cast& cast, Convert convert) {
  const int64_t rows = cast.from.row_count();
  ColumnBuilder builder(cast.to.type, rows);
  for (int64_t row = 0; row < rows; ++row) {
    if (cast.from.is_null(row)) {
      builder.append_null();
      continue;
    }
    const ParseFault fault = convert(row, builder);
    if (fault == ParseFault::kNone) continue;
    builder.append_null();
    report(cast, row, fault);
  }
  return builder.finish();
}

template <typename T, typename Parse>
Result<Column> parse_rows(const Cast& cast, Parse parse) {
  return convert_rows(cast, [&](int64_t row, ColumnBuilder& out) {
    T value{};
    const ParseFault fault = parse(cast.from.text(row), &value);
    if (fault == ParseFault::kNone) {
      if constexpr (std::is_same_v<T, bool>) {
        out.append_bool(value);
      } else {
        out.append_value(value);
      }
    }
    return fault;
  });
}

Result<Column> from_text(const Cast& cast) {
  switch (cast.to.type) {
    case Type::kBool:
      return parse_rows<bool>(cast, parse_bool);
    case Type::kInt32:
      return parse_rows<int32_t>(cast, parse_int32);
    case Type::kInt64:
      return parse_rows<int64_t>(cast, parse_int64);
    case Type::kFloat64:
      return parse_rows<double>(cast, parse_double);
    case Type::kDate32:
      return parse_rows<int32_t>(cast, parse_date32);
    case Type::kTimestamp:
      return parse_rows<int64_t>(cast, parse_timestamp);
    case Type::kDecimal128:
      return parse_rows<Int128>(cast, [&cast](std::string_view text, Int128* out) {
        return parse_decimal128(text, cast.to.precision, cast.to.scale, out);
      });
    case Type::kUtf8:
    case Type::kBinary:
      break;
  }
  // The same bytes under another name.
  return cast.from.as_type(cast.to.type);
}

Result<Column> to_text(const Cast& cast) {
  std::string text;
  return convert_rows(cast, [&](int64_t row, ColumnBuilder& out) {
    text.clear();
    append_value_text(&text, cast.from, cast.from_field, row);
    out.append_text(text);
    return ParseFault::kNone;
  });
}

// 10^0 to 10^38, the powers a decimal128 can hold.
Int128 power_of_ten(int exponent) {
  static const std::array<Int128, 39> kPowers = [] {
    std::array<Int128, 39> powers{1};
    for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
  }();
  return kPowers[static_cast<size_t>(exponent)];
}

ParseFault append_rescaled(Int128 value, int from_scale, const Field& to, ColumnBuilder& out) {
  if (to.scale >= from_scale) {
    const Int128 factor = power_of_ten(to.scale - from_scale);
    Int128 product = 0;
    if (__builtin_mul_overflow(value, factor, &product)) return ParseFault::kOutOfRange;
    value = product;
  } else {
    const Int128 factor = power_of_ten(from_scale - to.scale);
    if (value % factor != 0) return ParseFault::kTooPrecise;
    value /= factor;
  }
  const Int128 limit = power_of_ten(to.precision);
  if (value >= limit || value <= -limit) return ParseFault::kOutOfRange;
  out.append_value(value);
  return ParseFault::kNone;
}

// A whole number keeps its digits; a fraction becomes the nearest float, as it does from text.
ParseFault append_decimal_as_double(Int128 value, int scale, ColumnBuilder& out) {
  constexpr Int128 kExact = Int128{1} << 53;
  double result = 0;
  if (value <= kExact && value >= -kExact && scale <= 22) {
    // Both are exact in a double, so the quotient is the nearest one.
    result =
        static_cast<double>(static_cast<int64_t>(value)) / static_cast<double>(power_of_ten(scale));
  } else {
    const Int128 unit = power_of_ten(scale);
    const bool is_whole = value % unit == 0;
    std::string text;
    append_decimal128(&text, is_whole ? value / unit : value, is_whole ? 0 : scale);
    const ParseFault fault = parse_double(text, &result);
    if (fault != ParseFault::kNone) return fault;
  }
  out.append_value(result);
  return ParseFault::kNone;
}

Result<Column> from_decimal(const Cast& cast) {
  const int scale = cast.from_field.scale;
  return convert_rows(cast, [&cast, scale](int64_t row, ColumnBuilder& out) {
    const auto value = cast.from.value<Int128>(row);
    return cast.to.type == Type::kFloat64 ? append_decimal_as_double(value, scale, out)
                                          : append_rescaled(value, scale, cast.to, out);
  });
}

ParseFault append_integer_as(int64_t value, const Field& to, ColumnBuilder& out) {
  if (to.type == Type::kDecimal128) return append_rescaled(value, 0, to, out);
  if (to.type == Type::kInt64) {
    out.append_value(value);
    return ParseFault::kNone;
  }
  if (to.type == Type::kInt32) {
    const auto narrow = static_cast<int32_t>(value);
    if (narrow != value) return ParseFault::kOutOfRange;
    out.append_value(narrow);
    return ParseFault::kNone;
  }
  constexpr double kTwoTo63 = 9223372036854775808.0;
  const auto real = static_cast<double>(value);
  if (real >= kTwoTo63 || static_cast<int64_t>(real) != value) return ParseFault::kTooPrecise;
  out.append_value(real);
  return ParseFault::kNone;
}

template <typename T>
Result<Column> from_integer(const Cast& cast) {
  return convert_rows(cast, [&cast](int64_t row, ColumnBuilder& out) {
    return append_integer_as(cast.from.value<T>(row), cast.to, out);
  });
}

Result<Column> cast_column(const Cast& cast) {
  if (cast.from_field.same_type(cast.to)) return cast.from;
  if (cast.from.type() == Type::kUtf8) return from_text(cast);
  if (cast.to.type == Type::kUtf8) return to_text(cast);
  if (cast.from.type() == Type::kDecimal128) return from_decimal(cast);
  return cast.from.type() == Type::kInt32 ? from_integer<int32_t>(cast)
                                          : from_integer<int64_t>(cast);
}

Status check_column(const Schema& from, const Field& wanted, int at) {
  if (at < 0) {
    std::string names;
    for (const std::string& name : from.names()) names += (names.empty() ? "" : ", ") + name;
    return Status(Code::kJob, "column \"" + wanted.name + "\" is missing; there are: " + names);
  }
  const Field& field = from[static_cast<size_t>(at)];
  if (can_cast(field.type, wanted.type)) return Status();
  return Status(Code::kJob, "column \"" + wanted.name + "\" is of type " + field.type_text() +
                                ", which does not convert to " + wanted.type_text());
}

}  // namespace

bool can_cast(Type from, Type to) {
  if (from == to || from == Type::kUtf8) return true;
  if (to == Type::kUtf8) return from != Type::kBinary;
  switch (from) {
    case Type::kInt32:
      return to == Type::kInt64 || to == Type::kFloat64 || to == Type::kDecimal128;
    case Type::kInt64:
      return to == Type::kInt32 || to == Type::kFloat64 || to == Type::kDecimal128;
    case Type::kDecimal128:
      return to == Type::kFloat64;
    default:
      return false;
  }
}

Status check_cast(const Schema& from, const Schema& wanted) {
  for (const Field& field : wanted.fields) {
    RETURN_IF_ERROR(check_column(from, field, from.find(field.name)));
  }
  return Status();
}

Result<Batch> project_and_cast(const Batch& batch, std::shared_ptr<const Schema> wanted,
                               std::vector<CastFailure>* failures) {
  std::vector<Column> columns;
  columns.reserve(wanted->size());
  for (size_t i = 0; i < wanted->size(); ++i) {
    const Field& to = (*wanted)[i];
    const int at = batch.schema().find(to.name);
    RETURN_IF_ERROR(check_column(batch.schema(), to, at));
    const auto from = static_cast<size_t>(at);
    Result<Column> column =
        cast_column({batch.column(from), batch.schema()[from], to, i, failures});
    if (!column.ok()) return column.status().with_context("column \"" + to.name + "\"");
    columns.push_back(column.take());
  }
  return Batch::of(std::move(wanted), std::move(columns), batch.row_count());
}

}  // namespace chunkmill::host
