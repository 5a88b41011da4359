#include "plugins/calculators/sql/result_cells.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include "chunkmill/files/text_start.hpp"
#include "chunkmill/format.hpp"
#include "chunkmill/sql/source_parse.hpp"
#include "chunkmill/utf8.hpp"

namespace chunkmill::select {
namespace {

constexpr double kTwoTo63 = 9223372036854775808.0;

// A value that is not NULL.
struct Cell {
  sqlite3_stmt* statement;
  int index;
  int storage;  // SQLITE_INTEGER, ...

  int64_t integer() const { return sqlite3_column_int64(statement, index); }
  double real() const { return sqlite3_column_double(statement, index); }
  std::string_view bytes() const {
    const void* data = storage == SQLITE_TEXT
                           ? static_cast<const void*>(sqlite3_column_text(statement, index))
                           : sqlite3_column_blob(statement, index);
    const auto size = static_cast<size_t>(sqlite3_column_bytes(statement, index));
    return size == 0 ? std::string_view() : std::string_view(static_cast<const char*>(data), size);
  }
  // As people write it; numbers without an exponent where they are to become decimals.
  std::string text(bool plain = false) const {
    std::string out;
    if (storage == SQLITE_INTEGER) {
      append_integer(&out, integer());
    } else if (storage == SQLITE_FLOAT && plain) {
      char digits[400];  // of the largest double, 309
      const auto end =
          std::to_chars(digits, digits + sizeof digits, real(), std::chars_format::fixed);
      out.assign(digits, end.ptr);
    } else if (storage == SQLITE_FLOAT) {
      append_double(&out, real());
    } else {
      out = bytes();
    }
    return out;
  }
  std::string shown() const {
    const std::string all = text();
    if (storage == SQLITE_BLOB) return std::to_string(all.size()) + " bytes";
    const std::string_view start = files::text_start(all);
    return "\"" + std::string(start) + (start.size() < all.size() ? "...\"" : "\"");
  }
};

std::string of(const Cell& cell, const Field& field, const std::string& what) {
  return "\"" + field.name + "\": " + cell.shown() + " " + what;
}

BadCell wrong_type(const Cell& cell, const Field& field) {
  constexpr std::string_view kStored[] = {"", "a whole number", "a number", "text", "bytes"};
  return {
      "wrong_type",
      of(cell, field, "is " + std::string(kStored[cell.storage]) + ", not a " + field.type_text())};
}

BadCell of_fault(ParseFault fault, const Cell& cell, const Field& field) {
  return {std::string(fault_code(fault, field.type)), of(cell, field, fault_text(fault, field))};
}

ParseFault append_integer_as(int64_t value, Type type, ColumnBuilder* out) {
  switch (type) {
    case Type::kBool:
      if (value != 0 && value != 1) return ParseFault::kBad;
      out->append(value == 1);
      return ParseFault::kNone;
    case Type::kInt32:
      if (!std::in_range<int32_t>(value)) return ParseFault::kOutOfRange;
      out->append(static_cast<int32_t>(value));
      return ParseFault::kNone;
    case Type::kFloat64: {
      const auto real = static_cast<double>(value);
      if (real >= kTwoTo63 || static_cast<int64_t>(real) != value) return ParseFault::kOutOfRange;
      out->append(real);
      return ParseFault::kNone;
    }
    default:
      out->append(value);
      return ParseFault::kNone;
  }
}

ParseFault append_real_as(double value, Type type, ColumnBuilder* out) {
  if (!std::isfinite(value)) return ParseFault::kOutOfRange;
  if (type == Type::kFloat64) {
    out->append(value);
    return ParseFault::kNone;
  }
  if (type == Type::kBool) return ParseFault::kBad;
  if (std::trunc(value) != value || std::fabs(value) >= kTwoTo63) return ParseFault::kOutOfRange;
  return append_integer_as(static_cast<int64_t>(value), type, out);
}

}  // namespace

std::optional<BadCell> append_result(sqlite3_stmt* statement, int index, const Field& field,
                                     ColumnBuilder* out) {
  const Cell cell{statement, index, sqlite3_column_type(statement, index)};
  const Type type = field.type;
  if (cell.storage == SQLITE_NULL) {
    out->append_null();
    return std::nullopt;
  }
  const bool is_text = cell.storage == SQLITE_TEXT;
  if (cell.storage == SQLITE_BLOB || type == Type::kBinary) {
    if (cell.storage != SQLITE_BLOB || type != Type::kBinary) return wrong_type(cell, field);
    out->append(Binary{cell.bytes()});
    return std::nullopt;
  }
  if (type == Type::kUtf8) {
    if (!is_text) {
      out->append(std::string_view(cell.text()));
      return std::nullopt;
    }
    if (!is_utf8(cell.bytes()))
      return BadCell{"bad_utf8", "\"" + field.name + "\" is not valid UTF-8"};
    out->append(cell.bytes());
    return std::nullopt;
  }
  if (!is_text && (type == Type::kDate32 || type == Type::kTimestamp))
    return wrong_type(cell, field);
  ParseFault fault = ParseFault::kNone;
  if (is_text) {
    fault = sql::append_parsed(cell.bytes(), field, out);
  } else if (type == Type::kDecimal128) {
    fault = std::isfinite(cell.real()) ? sql::append_parsed(cell.text(true), field, out)
                                       : ParseFault::kOutOfRange;
  } else if (cell.storage == SQLITE_INTEGER) {
    fault = append_integer_as(cell.integer(), type, out);
  } else {
    fault = append_real_as(cell.real(), type, out);
  }
  if (fault == ParseFault::kNone) return std::nullopt;
  return of_fault(fault, cell, field);
}

void append_copy(const ColumnRef& from, int64_t row, ColumnBuilder* out) {
  const auto copy = [&]<typename T>(std::type_identity<T>) {
    out->append(ColumnView<T>(from).get(row));
  };
  switch (out->type()) {
    case Type::kBool:
      return copy(std::type_identity<bool>());
    case Type::kInt32:
      return copy(std::type_identity<int32_t>());
    case Type::kInt64:
      return copy(std::type_identity<int64_t>());
    case Type::kFloat64:
      return copy(std::type_identity<double>());
    case Type::kUtf8:
      return copy(std::type_identity<std::string_view>());
    case Type::kBinary:
      return copy(std::type_identity<Binary>());
    case Type::kDate32:
      return copy(std::type_identity<Date>());
    case Type::kTimestamp:
      return copy(std::type_identity<Timestamp>());
    case Type::kDecimal128:
      return copy(std::type_identity<Int128>());
  }
}

}  // namespace chunkmill::select
