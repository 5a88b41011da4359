#include "plugins/databases/postgres/row_stream.hpp"

#include <bit>
#include <cmath>

#include "chunkmill/sql/source_single.hpp"
#include "chunkmill/utf8.hpp"
#include "plugins/databases/postgres/column_types.hpp"
#include "plugins/databases/postgres/numeric.hpp"
#include "plugins/databases/postgres/wire.hpp"

namespace chunkmill::postgres {
namespace {

[[noreturn]] void broken(const char* what) {
  throw Error(CM_INTERNAL, std::string("the server's binary COPY has ") + what);
}

template <typename Unsigned>
Unsigned number(std::string_view bytes) {
  if (bytes.size() != sizeof(Unsigned)) broken("a number of another size");
  return read_big<Unsigned>(bytes.data());
}

// What the server says of rows while they are read is no row's fault but the query's.
template <typename F>
auto as_query_fault(F&& call) {
  try {
    return call();
  } catch (const Error& error) {
    if (error.code() != CM_DATA) throw;
    throw Error(CM_INVALID, std::string(error.what()) + "; mend the query, or the row it fails on");
  }
}

}  // namespace

PostgresRowStream::PostgresRowStream(Connection& connection, const std::string& select,
                                     bool check_text)
    : connection_(connection), decoder_(check_text) {
  as_query_fault(
      [&] { connection_.begin_copy_out("COPY (" + select + ") TO STDOUT (FORMAT binary)"); });
}

bool PostgresRowStream::next(sql::RowOutput& out) {
  while (!out.full()) {
    const std::optional<std::string_view> message =
        as_query_fault([&] { return connection_.copy_row(); });
    if (!message) return false;
    std::string_view row = *message;
    // The header comes with the first row or before it, the trailer by itself.
    if (is_first_) {
      if (row.size() < kCopyHeader.size() || row.substr(0, 11) != kCopyHeader.substr(0, 11))
        broken("no header");
      row.remove_prefix(kCopyHeader.size());
      is_first_ = false;
    }
    if (row.empty() || row == kCopyTrailer) continue;
    decoder_.append(row, out);
  }
  return true;
}

void RowDecoder::append(std::string_view row, sql::RowOutput& out) const {
  constexpr size_t kLengthBytes = 4;
  constexpr uint32_t kNull = 0xFFFFFFFF;
  const size_t size = row.size();
  if (size < 2 || read_big<uint16_t>(row.data()) != out.column_count())
    broken("a row with another number of columns");
  row.remove_prefix(2);
  for (size_t i = 0; i < out.column_count(); ++i) {
    if (row.size() < kLengthBytes) broken("a row that is cut off");
    const auto length = read_big<uint32_t>(row.data());
    row.remove_prefix(kLengthBytes);
    if (length == kNull) {
      out[i].append_null();
      continue;
    }
    if (length > row.size()) broken("a value that is cut off");
    append_value(i, row.substr(0, length), out);
    row.remove_prefix(length);
  }
  out.end_row(size);
}

void RowDecoder::append_value(size_t column, std::string_view bytes, sql::RowOutput& out) const {
  const sql::SourceColumn& from = out.column(column);
  ColumnBuilder& to = out[column];
  switch (from.field.type) {
    case Type::kBool:
      return to.append(bytes.size() == 1 && bytes[0] != 0);
    case Type::kInt32:
      if (from.tag == kPgInt2)
        return to.append(int32_t{static_cast<int16_t>(number<uint16_t>(bytes))});
      return to.append(static_cast<int32_t>(number<uint32_t>(bytes)));
    case Type::kInt64:
      if (from.tag == kPgInt8) return to.append(static_cast<int64_t>(number<uint64_t>(bytes)));
      if (from.tag == kPgOid) return to.append(int64_t{number<uint32_t>(bytes)});
      if (from.tag == kPgInt2)
        return to.append(int64_t{static_cast<int16_t>(number<uint16_t>(bytes))});
      return to.append(int64_t{static_cast<int32_t>(number<uint32_t>(bytes))});
    case Type::kFloat64:
      if (from.tag == kPgFloat4)
        return append_double(column, sql::widened(std::bit_cast<float>(number<uint32_t>(bytes))),
                             out);
      return append_double(column, std::bit_cast<double>(number<uint64_t>(bytes)), out);
    case Type::kUtf8:
      // The spaces that fill a char(n) are no part of the value.
      if (from.tag == kPgBpchar) bytes = bytes.substr(0, bytes.find_last_not_of(' ') + 1);
      return append_text(column, bytes, out);
    case Type::kBinary:
      return to.append(Binary{bytes});
    case Type::kDate32: {
      const auto days = static_cast<int32_t>(number<uint32_t>(bytes));
      if (days == kDateInfinity || days == INT32_MIN)
        return out.bad_value(column, "date_out_of_range", "the date is infinite",
                             days > 0 ? "infinity" : "-infinity");
      return to.append(Date{days + kEpochDays});
    }
    case Type::kTimestamp: {
      const auto micros = static_cast<int64_t>(number<uint64_t>(bytes));
      if (micros == kTimestampInfinity || micros == INT64_MIN)
        return out.bad_value(column, "date_out_of_range", "the timestamp is infinite",
                             micros > 0 ? "infinity" : "-infinity");
      if (micros > INT64_MAX - kEpochMicros)
        return out.bad_value(column, "date_out_of_range",
                             "the timestamp is later than a count of microseconds reaches",
                             std::to_string(micros) + " microseconds after 2000-01-01");
      return to.append(Timestamp{micros + kEpochMicros});
    }
    case Type::kDecimal128:
      return append_numeric(column, bytes, out);
  }
}

void RowDecoder::append_double(size_t column, double value, sql::RowOutput& out) {
  if (std::isfinite(value)) return out[column].append(value);
  const char* const text = std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  out.bad_value(column, "not_a_number", std::string(text) + " is no number that can be added up",
                text);
}

void RowDecoder::append_numeric(size_t column, std::string_view bytes, sql::RowOutput& out) {
  const Field& field = out.column(column).field;
  Int128 value = 0;
  switch (read_numeric(bytes, field.precision, field.scale, &value)) {
    case NumericFault::kNone:
      return out[column].append(value);
    case NumericFault::kBad:
      broken("a numeric that is none");
    case NumericFault::kNotFinite:
      return out.bad_value(column, "not_a_number", "NaN is no number that can be added up", "NaN");
    case NumericFault::kTooLarge:
    case NumericFault::kTooManyDecimals:
      return out.bad_value(column, "out_of_range",
                           "the number does not fit into " + field.type_text(), "");
  }
}

void RowDecoder::append_text(size_t column, std::string_view bytes, sql::RowOutput& out) const {
  if (check_text_ && !is_utf8(bytes))
    return out.bad_value(column, "bad_utf8", "the text is not UTF-8", bytes);
  out[column].append(bytes);
}

}  // namespace chunkmill::postgres
