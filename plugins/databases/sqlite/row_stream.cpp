#include "plugins/databases/sqlite/row_stream.hpp"

#include <cmath>
#include <utility>

#include "chunkmill/files/text_start.hpp"
#include "chunkmill/sql/source_parse.hpp"
#include "plugins/databases/sqlite/source_dialect.hpp"

namespace chunkmill::sqlite {
namespace {

// A value in hand that is not NULL.
struct Cell {
  sqlite3_stmt* statement;
  int column;
  int storage;  // SQLITE_INTEGER, ...

  int64_t integer() const { return sqlite3_column_int64(statement, column); }
  double real() const { return sqlite3_column_double(statement, column); }
  // Of text and bytes.
  std::string_view bytes() const {
    // As text, because a database may keep it as UTF-16.
    const void* data = storage == SQLITE_TEXT
                           ? static_cast<const void*>(sqlite3_column_text(statement, column))
                           : sqlite3_column_blob(statement, column);
    const auto size = static_cast<size_t>(sqlite3_column_bytes(statement, column));
    return size == 0 ? std::string_view() : std::string_view(static_cast<const char*>(data), size);
  }
  // As people write it.
  std::string text() const {
    std::string out;
    if (storage == SQLITE_INTEGER) {
      append_integer(&out, integer());
    } else if (storage == SQLITE_FLOAT) {
      append_double(&out, real());
    } else {
      out = bytes();
    }
    return out;
  }
};

const char* storage_name(int storage) {
  switch (storage) {
    case SQLITE_INTEGER:
      return "a whole number";
    case SQLITE_FLOAT:
      return "a number";
    case SQLITE_TEXT:
      return "text";
    default:
      return "bytes";
  }
}

constexpr double kTwoTo63 = 9223372036854775808.0;

struct BadCell {
  std::string_view code;
  std::string why;
};

BadCell wrong_type(const Cell& cell, const Field& field) {
  std::string why =
      std::string("is stored as ") + storage_name(cell.storage) + ", not as a " + field.type_text();
  const bool is_time = field.type == Type::kDate32 || field.type == Type::kTimestamp;
  if (is_time && cell.storage != SQLITE_BLOB)
    why += "; read it with `types: {" + field.name +
           ": int64}`, or turn it into text with datetime(...) in `query`";
  return {"wrong_type", why};
}

BadCell of_fault(ParseFault fault, const Field& field) {
  return {fault_code(fault, field.type), fault_text(fault, field)};
}

// A number into a column of numbers; nothing when it is appended.
std::optional<BadCell> append_integer_as(int64_t value, const Field& field, ColumnBuilder* out) {
  switch (field.type) {
    case Type::kBool:
      if (value != 0 && value != 1) return of_fault(ParseFault::kBad, field);
      out->append(value == 1);
      return std::nullopt;
    case Type::kInt32:
      if (!std::in_range<int32_t>(value)) return of_fault(ParseFault::kOutOfRange, field);
      out->append(static_cast<int32_t>(value));
      return std::nullopt;
    case Type::kFloat64: {
      const auto real = static_cast<double>(value);
      if (real >= kTwoTo63 || static_cast<int64_t>(real) != value)
        return of_fault(ParseFault::kOutOfRange, field);
      out->append(real);
      return std::nullopt;
    }
    default:
      out->append(value);
      return std::nullopt;
  }
}

std::optional<BadCell> append_real_as(double value, const Field& field, ColumnBuilder* out) {
  if (!std::isfinite(value)) return of_fault(ParseFault::kNotFinite, field);
  if (field.type == Type::kFloat64) {
    out->append(value);
    return std::nullopt;
  }
  if (std::trunc(value) != value || std::fabs(value) >= kTwoTo63)
    return of_fault(ParseFault::kOutOfRange, field);
  return append_integer_as(static_cast<int64_t>(value), field, out);
}

// Any value into a column of any type; nothing when it is appended.
std::optional<BadCell> append_cell(const Cell& cell, const sql::SourceColumn& column,
                                   ColumnBuilder* out) {
  const Field& field = column.field;
  const bool is_number = cell.storage == SQLITE_INTEGER || cell.storage == SQLITE_FLOAT;
  switch (field.type) {
    case Type::kBinary:
      if (cell.storage != SQLITE_BLOB) return wrong_type(cell, field);
      out->append(Binary{cell.bytes()});
      return std::nullopt;
    case Type::kUtf8: {
      if (cell.storage == SQLITE_BLOB) return wrong_type(cell, field);
      // Where a fraction is compared with its text the two may differ in the last bit.
      const bool is_key = meant_type(column) != Type::kUtf8;
      if (is_key && cell.storage == SQLITE_FLOAT) return wrong_type(cell, field);
      if (is_key && is_number != (meant_type(column) == Type::kDecimal128))
        return wrong_type(cell, field);
      if (is_number) {
        out->append(std::string_view(cell.text()));
        return std::nullopt;
      }
      if (!is_utf8(cell.bytes())) return BadCell{"bad_utf8", "is not valid UTF-8"};
      out->append(cell.bytes());
      return std::nullopt;
    }
    case Type::kDate32:
    case Type::kTimestamp:
      if (cell.storage != SQLITE_TEXT) return wrong_type(cell, field);
      break;
    case Type::kDecimal128:
      if (cell.storage == SQLITE_BLOB) return wrong_type(cell, field);
      break;
    default:
      if (cell.storage == SQLITE_BLOB) return wrong_type(cell, field);
      if (cell.storage == SQLITE_INTEGER) return append_integer_as(cell.integer(), field, out);
      if (cell.storage == SQLITE_FLOAT) return append_real_as(cell.real(), field, out);
      break;
  }
  const ParseFault fault = is_number ? sql::append_parsed(cell.text(), field, out)
                                     : sql::append_parsed(cell.bytes(), field, out);
  if (fault == ParseFault::kNone) return std::nullopt;
  return of_fault(fault, field);
}

// "12x", short enough for a message.
std::string shown(const std::string& value) {
  if (!is_utf8(value)) return "a value of " + std::to_string(value.size()) + " bytes";
  const std::string_view start = files::text_start(value);
  return "\"" + std::string(start) + (start.size() < value.size() ? "...\"" : "\"");
}

}  // namespace

bool SqliteRowStream::next(sql::RowOutput& out) {
  const auto columns = static_cast<int>(out.column_count());
  while (!out.full()) {
    const int result = sqlite3_step(statement_.get());
    if (result == SQLITE_DONE) return false;
    if (result != SQLITE_ROW) connection_.fail("reading rows");
    size_t bytes = 0;
    for (int i = 0; i < columns; ++i) bytes += append(i, out);
    out.end_row(bytes);
  }
  return true;
}

size_t SqliteRowStream::append(int index, sql::RowOutput& out) {
  const auto i = static_cast<size_t>(index);
  sqlite3_stmt* const statement = statement_.get();
  const Cell cell{statement, index, sqlite3_column_type(statement, index)};
  if (cell.storage == SQLITE_NULL) {
    out[i].append_null();
    return 1;
  }
  const sql::SourceColumn& column = out.column(i);
  const Type type = column.field.type;
  // What most cells are.
  if (cell.storage == SQLITE_INTEGER && type == Type::kInt64) {
    out[i].append(cell.integer());
    return sizeof(int64_t);
  }
  if (const std::optional<BadCell> bad = append_cell(cell, column, &out[i])) [[unlikely]] {
    const std::string value = cell.text();
    out.bad_value(i, bad->code, shown(value) + " " + bad->why, value);
    return value.size();
  }
  return has_offsets(type) ? static_cast<size_t>(sqlite3_column_bytes(statement, index))
                           : type_width(type);
}

}  // namespace chunkmill::sqlite
