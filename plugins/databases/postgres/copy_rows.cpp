#include "plugins/databases/postgres/copy_rows.hpp"

#include <cmath>

#include "chunkmill/format.hpp"
#include "plugins/databases/postgres/dialect.hpp"
#include "plugins/databases/postgres/numeric.hpp"
#include "plugins/databases/postgres/wire.hpp"

namespace chunkmill::postgres {
namespace {

// How a value of `field` goes into a column of `type` in binary.
enum class Wire { kSame, kWide, kNone };

Wire wire_of(const Field& field, std::string_view type) {
  const DeclaredType declared = parse_type(type);
  const std::string& name = declared.name;
  const auto same_if = [&](bool same) { return same ? Wire::kSame : Wire::kNone; };
  switch (field.type) {
    case Type::kBool:
      return same_if(name == "boolean");
    case Type::kInt32:
      return name == "bigint" ? Wire::kWide : same_if(name == "integer");
    case Type::kInt64:
      return same_if(name == "bigint");
    case Type::kFloat64:
      return same_if(name == "double precision");
    case Type::kUtf8:
      return same_if(name == "text" || name == "character varying" || name == "character" ||
                     name == "bpchar");
    case Type::kBinary:
      return same_if(name == "bytea");
    case Type::kDate32:
      return same_if(name == "date");
    case Type::kTimestamp:
      return same_if(name == "timestamp with time zone" || name == "timestamp without time zone");
    case Type::kDecimal128:
      return same_if(name == "numeric");
  }
  return Wire::kNone;
}

constexpr size_t kLengthBytes = 4;
constexpr uint32_t kNullLength = 0xFFFFFFFF;

template <typename Unsigned>
char* write_sized(char* out, Unsigned value) {
  return write_big(write_big(out, static_cast<uint32_t>(sizeof value)), value);
}

class BinaryRows final : public CopyRows {
 public:
  using CopyRows::CopyRows;
  void widen(size_t column) { columns()[column].is_wide = true; }

  std::string_view format() const override { return "binary"; }
  std::string_view header() const override { return kCopyHeader; }
  std::string_view trailer() const override { return kCopyTrailer; }
  void append(int64_t row, int32_t first, Buffer<char>* out) const override;

 private:
  static size_t text_bytes(const Column& column, int64_t row) {
    return has_offsets(column.field.type) ? value<std::string_view>(column, row).size() : 0;
  }
  static char* write_value(const Column& column, int64_t row, char* out);
};

void BinaryRows::append(int64_t row, int32_t first, Buffer<char>* out) const {
  constexpr size_t kMostBytes = kLengthBytes + kMaxNumericBytes;
  size_t most = 2 + kLengthBytes + sizeof first + columns().size() * kMostBytes;
  for (const Column& column : columns())
    if (has_offsets(column.field.type) && !column.values.is_null(row))
      most += text_bytes(column, row);
  char* const begin = out->extend(most);
  char* p = write_big(begin, static_cast<uint16_t>(columns().size() + (first >= 0 ? 1 : 0)));
  if (first >= 0) p = write_sized(p, static_cast<uint32_t>(first));
  for (const Column& column : columns())
    p = column.values.is_null(row) ? write_big(p, kNullLength) : write_value(column, row, p);
  out->advance(static_cast<size_t>(p - begin));
}

char* BinaryRows::write_value(const Column& column, int64_t row, char* out) {
  switch (column.field.type) {
    case Type::kBool:
      out = write_big(out, uint32_t{1});
      *out = value<bool>(column, row) ? 1 : 0;
      return out + 1;
    case Type::kInt32:
      if (column.is_wide)
        return write_sized(out, static_cast<uint64_t>(int64_t{value<int32_t>(column, row)}));
      return write_sized(out, static_cast<uint32_t>(value<int32_t>(column, row)));
    case Type::kInt64:
      return write_sized(out, static_cast<uint64_t>(value<int64_t>(column, row)));
    case Type::kFloat64:
      return write_sized(out, std::bit_cast<uint64_t>(value<double>(column, row)));
    case Type::kUtf8:
    case Type::kBinary: {
      const std::string_view text = value<std::string_view>(column, row);
      out = write_big(out, static_cast<uint32_t>(text.size()));
      if (!text.empty()) std::memcpy(out, text.data(), text.size());
      return out + text.size();
    }
    case Type::kDate32:
      return write_sized(out, static_cast<uint32_t>(value<Date>(column, row).days - kEpochDays));
    case Type::kTimestamp:
      return write_sized(
          out, static_cast<uint64_t>(value<Timestamp>(column, row).micros - kEpochMicros));
    case Type::kDecimal128: {
      char* const end =
          write_numeric(out + kLengthBytes, value<Int128>(column, row), column.field.scale);
      write_big(out, static_cast<uint32_t>(end - out - static_cast<ptrdiff_t>(kLengthBytes)));
      return end;
    }
  }
  return out;
}

class TextRows final : public CopyRows {
 public:
  using CopyRows::CopyRows;
  std::string_view format() const override { return "text"; }
  std::string_view header() const override { return {}; }
  std::string_view trailer() const override { return {}; }
  void append(int64_t row, int32_t first, Buffer<char>* out) const override;

 private:
  static void append_value(const Column& column, int64_t row, std::string* out);
};

// "2024-02-29" with the years before 1 as PostgreSQL counts them: "0001-12-31 BC".
void append_date(int64_t days, std::string_view time, std::string* out) {
  constexpr int64_t kYearOne = -719'162;
  constexpr int64_t kDaysIn400Years = 146'097;
  if (days >= kYearOne) {
    append_date32(out, static_cast<int32_t>(days));
    out->append(time);
    return;
  }
  // The same day of a year that is as far after a multiple of 400 years, for leap years.
  int64_t cycles = 0;
  while (days < kYearOne) {
    days += kDaysIn400Years;
    ++cycles;
  }
  std::string text;
  append_date32(&text, static_cast<int32_t>(days));
  const int64_t year = std::stoll(text.substr(0, 4)) - cycles * 400;
  const std::string shown = std::to_string(1 - year);
  if (shown.size() < 4) out->append(4 - shown.size(), '0');
  out->append(shown).append(text, 4).append(time).append(" BC");
}

void append_escaped(std::string_view text, std::string* out) {
  for (const char c : text) {
    switch (c) {
      case '\\':
        out->append("\\\\");
        break;
      case '\t':
        out->append("\\t");
        break;
      case '\n':
        out->append("\\n");
        break;
      case '\r':
        out->append("\\r");
        break;
      default:
        out->push_back(c);
    }
  }
}

void TextRows::append(int64_t row, int32_t first, Buffer<char>* out) const {
  std::string line;
  if (first >= 0) line = std::to_string(first) + "\t";
  for (const Column& column : columns()) {
    if (&column != &columns().front()) line += '\t';
    if (column.values.is_null(row)) {
      line += "\\N";
    } else {
      append_value(column, row, &line);
    }
  }
  line += '\n';
  out->append(line.data(), line.size());
}

void TextRows::append_value(const Column& column, int64_t row, std::string* out) {
  constexpr int64_t kDayMicros = 86'400'000'000;
  switch (column.field.type) {
    case Type::kBool:
      out->push_back(value<bool>(column, row) ? 't' : 'f');
      return;
    case Type::kInt32:
      return append_integer(out, value<int32_t>(column, row));
    case Type::kInt64:
      return append_integer(out, value<int64_t>(column, row));
    case Type::kFloat64: {
      const double number = value<double>(column, row);
      if (std::isfinite(number)) return append_double(out, number);
      out->append(std::isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
      return;
    }
    case Type::kUtf8:
      return append_escaped(value<std::string_view>(column, row), out);
    case Type::kBinary: {
      constexpr char kHex[] = "0123456789abcdef";
      out->append("\\\\x");
      for (const char c : value<std::string_view>(column, row)) {
        const auto byte = static_cast<unsigned char>(c);
        *out += {kHex[byte >> 4], kHex[byte & 15]};
      }
      return;
    }
    case Type::kDate32:
      return append_date(value<Date>(column, row).days, "", out);
    case Type::kTimestamp: {
      const int64_t micros = value<Timestamp>(column, row).micros;
      int64_t days = micros / kDayMicros;
      if (micros % kDayMicros < 0) --days;
      std::string time;
      append_timestamp(&time, micros - days * kDayMicros);
      // "1970-01-01T12:30:59Z": the time of day is what follows the date.
      return append_date(days, time.substr(10), out);
    }
    case Type::kDecimal128:
      return append_decimal128(out, value<Int128>(column, row), column.field.scale);
  }
}

}  // namespace

CopyRows::CopyRows(std::vector<Field> fields, std::vector<size_t> sources) {
  for (size_t i = 0; i < fields.size(); ++i) columns_.push_back({std::move(fields[i]), sources[i]});
}

void CopyRows::show(const Batch& batch) {
  for (Column& column : columns_)
    column.values = ColumnRef(*batch.abi()->children[column.source], batch.abi()->offset);
}

std::unique_ptr<CopyRows> make_copy_rows(std::vector<Field> fields, std::vector<size_t> sources,
                                         const std::vector<std::string>& types) {
  std::vector<size_t> wide;
  for (size_t i = 0; i < fields.size(); ++i) {
    const Wire wire = wire_of(fields[i], types[i]);
    if (wire == Wire::kNone)
      return std::make_unique<TextRows>(std::move(fields), std::move(sources));
    if (wire == Wire::kWide) wide.push_back(i);
  }
  auto rows = std::make_unique<BinaryRows>(std::move(fields), std::move(sources));
  for (const size_t i : wide) rows->widen(i);
  return rows;
}

}  // namespace chunkmill::postgres
