#include "batch_writer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "chunkmill/parse.hpp"
#include "chunkmill/utf8.hpp"
#include "date_format.hpp"
#include "field_text.hpp"
#include "shown.hpp"

namespace chunkmill::csv {

// The rows in hand.
struct BatchWriter::Window {
  const char* data;
  const uint32_t* ends;
  const RowSet& rows;
  const std::vector<size_t>& positions;
  bool plain;  // no quotes, no trimming, only an empty field is null
};

// One field of each row. Loops keep a copy of their own: what they write might else be what is read
// here, as far as the compiler can know.
struct BatchWriter::Fields {
  const char* data;
  const uint32_t* ends;
  const uint32_t* firsts;
  size_t position;
  bool is_last;  // the field may end in the CR of a CR LF

  size_t begin(size_t row) const { return ends[firsts[row] + position] + 1; }
  size_t end(size_t row) const { return ends[firsts[row] + position + 1]; }
  // Where there are no quotes and nothing is trimmed.
  std::string_view plain(size_t row) const {
    const size_t from = begin(row);
    size_t to = end(row);
    if (is_last && to > from && data[to - 1] == '\r' && data[to] == '\n') --to;
    return {data + from, to - from};
  }
};

namespace {

// Copies in pieces of this size: both sides have as much room behind their end.
constexpr size_t kCopyStep = 32;
static_assert(kCopyStep <= kScanPadding);

struct AsDouble {
  using Value = double;
  const NumberStyle& style;
  ParseFault operator()(std::string_view text, double* out) const {
    char scratch[kMaxNumberText];
    return parse_double(plain_number(text, style, scratch), out);
  }
};
// Of fields that are read where they lie.
struct AsPaddedDouble {
  using Value = double;
  static constexpr size_t kReadAhead = 9;
  static_assert(kReadAhead <= kScanPadding);
  ParseFault operator()(std::string_view text, double* out) const {
    return parse_padded_double(text, out);
  }
};
struct AsInt32 {
  using Value = int32_t;
  const NumberStyle& style;
  ParseFault operator()(std::string_view text, int32_t* out) const {
    char scratch[kMaxNumberText];
    return parse_int32(plain_number(text, style, scratch), out);
  }
};
struct AsInt64 {
  using Value = int64_t;
  const NumberStyle& style;
  ParseFault operator()(std::string_view text, int64_t* out) const {
    char scratch[kMaxNumberText];
    return parse_int64(plain_number(text, style, scratch), out);
  }
};
struct AsDecimal {
  using Value = Int128;
  const NumberStyle& style;
  const Field& field;
  ParseFault operator()(std::string_view text, Int128* out) const {
    char scratch[kMaxNumberText];
    return parse_decimal128(plain_number(text, style, scratch), field.precision, field.scale, out);
  }
};
struct AsDate {
  using Value = int32_t;
  const std::string& format;
  ParseFault operator()(std::string_view text, int32_t* out) const {
    return format.empty() ? parse_date32(text, out) : parse_date_format(text, format, out);
  }
};
struct AsTimestamp {
  using Value = int64_t;
  const std::string& format;
  Fractions fractions;
  ParseFault operator()(std::string_view text, int64_t* out) const {
    return format.empty() ? parse_timestamp_with(text, fractions, out)
                          : parse_timestamp_format(text, format, fractions, out);
  }
};

// "\"12x\" is not a number"
std::string fault_message(std::string_view text, ParseFault fault, const OutputColumn& column,
                          const NumberStyle& style) {
  const Type type = column.field.type;
  const bool is_date = type == Type::kDate32 || type == Type::kTimestamp;
  std::string message = shown(text);
  if (fault != ParseFault::kBad) {
    message += " " + fault_text(fault, column.field);
    if (fault == ParseFault::kTooPrecise && is_date)
      message += "; fractions: round, or cut, takes it";
    return message;
  }
  if (type == Type::kBool) return message + " is neither true nor false";
  if (is_date) {
    const std::string iso = type == Type::kDate32 ? "YYYY-MM-DD" : "YYYY-MM-DDThh:mm:ss";
    return message + " is not a " + (type == Type::kDate32 ? "date" : "timestamp") + " like " +
           (column.format.empty() ? iso : column.format);
  }
  message +=
      type == Type::kInt32 || type == Type::kInt64 ? " is not a whole number" : " is not a number";
  if (style.is_plain() && text.find(',') != text.npos)
    message += "; set thousands: \",\" or decimal: \",\" if the comma is meant";
  return message;
}

// Whether all the text that the rows lie in is UTF-8.
bool is_sound(const RecordReader& reader, const RowSet& rows) {
  if (rows.size() == 0) return true;
  const RecordIndex& index = reader.index();
  const size_t begin = index.begin(rows.records.data()[0]);
  const size_t end = index.begin(rows.records.data()[rows.size() - 1] + 1) - 1;
  return is_utf8({reader.data() + begin, end - begin});
}

}  // namespace

// The loops over rows, each once for the plain case and once for all that may be.
struct BatchWriter::Loops {
  BatchWriter& writer;
  const Window& window;
  size_t column;
  Fields fields;

  const OutputColumn& output() const { return writer.columns_[column]; }
  ColumnMemory& memory() const { return writer.memory_->columns[column]; }
  size_t count() const { return window.rows.size(); }

  template <bool kPlain>
  FieldText text(const Fields& of, size_t row) const {
    if constexpr (kPlain) return {of.plain(row), false};
    return field_text(of.data, of.begin(row), of.end(row), writer.dialect_, &writer.scratch_);
  }

  template <bool kPlain>
  bool is_null(const FieldText& field) const {
    if constexpr (kPlain) return field.text.empty();
    return writer.rules_.is_null(field.text, field.quoted, output().field.type);
  }

  template <bool kPlain, typename Parse>
  void fixed(const Parse& parse) const {
    using Value = typename Parse::Value;
    ColumnMemory& out = memory();
    const size_t before = out.rows;
    const size_t after = before + count();
    out.expect_rows(after);
    auto* values = reinterpret_cast<Value*>(out.bytes.extend(count() * sizeof(Value)));
    const Fields own = fields;
    for (size_t row = 0; row < after - before; ++row) {
      const FieldText field = text<kPlain>(own, row);
      Value value{};
      if (is_null<kPlain>(field)) {
        out.set_null(before + row, after);
      } else if (const ParseFault fault = parse(field.text, &value); fault != ParseFault::kNone)
          [[unlikely]] {
        bad(row, field.text, fault);
        value = Value{};
      }
      std::memcpy(values + row, &value, sizeof value);
    }
    out.bytes.advance(count() * sizeof(Value));
    out.rows = after;
  }

  template <bool kPlain>
  void bits() const {
    ColumnMemory& out = memory();
    const size_t before = out.rows;
    const size_t after = before + count();
    out.expect_rows(after);
    const size_t more = (after + 7) / 8 - out.bytes.size();
    if (more > 0) std::memset(out.bytes.extend(more), 0, more);
    out.bytes.advance(more);
    const Fields own = fields;
    for (size_t row = 0; row < count(); ++row) {
      const size_t at = before + row;
      const FieldText field = text<kPlain>(own, row);
      bool value = false;
      if (is_null<kPlain>(field)) {
        out.set_null(at, after);
      } else if (const ParseFault fault = parse_bool(field.text, &value);
                 fault != ParseFault::kNone) {
        bad(row, field.text, fault);
      }
      const auto bit = static_cast<uint8_t>(1U << (at % 8));
      if (value) {
        out.bytes[at / 8] |= bit;
      } else {
        out.bytes[at / 8] &= static_cast<uint8_t>(~bit);
      }
    }
    out.rows = after;
  }

  // Values of fixed width.
  template <bool kPlain>
  void typed() const {
    const NumberStyle& style = writer.rules_.numbers;
    switch (output().field.type) {
      case Type::kBool:
        return bits<kPlain>();
      case Type::kInt32:
        return fixed<kPlain>(AsInt32{style});
      case Type::kInt64:
        return fixed<kPlain>(AsInt64{style});
      case Type::kFloat64:
        return kPlain && style.is_plain() ? fixed<kPlain>(AsPaddedDouble{})
                                          : fixed<kPlain>(AsDouble{style});
      case Type::kDecimal128:
        return fixed<kPlain>(AsDecimal{style, output().field});
      case Type::kDate32:
        return fixed<kPlain>(AsDate{output().format});
      case Type::kTimestamp:
        return fixed<kPlain>(AsTimestamp{output().format, writer.rules_.fractions});
      case Type::kUtf8:
      case Type::kBinary:
        return;
    }
  }

  template <bool kPlain>
  void copy_text() const {
    ColumnMemory& out = memory();
    const size_t before = out.rows;
    const size_t after = before + count();
    out.expect_rows(after);
    int32_t* offsets = out.offsets.extend(count());
    uint8_t* bytes = out.bytes.data();
    size_t size = out.bytes.size();
    size_t room = out.bytes.capacity();
    const Fields own = fields;
    for (size_t row = 0; row < after - before; ++row) {
      const FieldText field = text<kPlain>(own, row);
      const size_t length = field.text.size();
      if (room < size + length + kCopyStep) [[unlikely]] {
        out.bytes.resize(size);
        bytes = out.bytes.extend(length + kCopyStep) - size;
        room = out.bytes.capacity();
      }
      if (is_null<kPlain>(field)) {
        out.set_null(before + row, after);
      } else if (kPlain || length >= kCopyStep || field.text.data() != writer.scratch_.data()) {
        const char* from = field.text.data();
        std::memcpy(bytes + size, from, kCopyStep);
        if (length > kCopyStep)
          std::memcpy(bytes + size + kCopyStep, from + kCopyStep, length - kCopyStep);
        size += length;
      } else {
        // The scratch text has no room behind it.
        std::memcpy(bytes + size, field.text.data(), length);
        size += length;
      }
      offsets[row] = static_cast<int32_t>(size);
    }
    out.bytes.resize(size);
    out.offsets.advance(count());
    out.rows = after;
  }

  // Marks rows whose text is no text.
  template <bool kPlain>
  void check() const {
    const Fields own = fields;
    for (size_t row = 0; row < count(); ++row) {
      const std::string_view value = text<kPlain>(own, row).text;
      if (value.find('\0') != value.npos) {
        writer.add_bad(window, row, column, "bad_nul", shown(value) + " has a NUL byte in it");
      } else if (!is_utf8(value)) {
        writer.add_bad(window, row, column, "bad_utf8",
                       shown(value) + " " + undecoded_text(value, writer.rules_.encoding));
      }
    }
  }

  [[gnu::noinline]] void bad(size_t row, std::string_view value, ParseFault fault) const {
    writer.add_bad(window, row, column, fault_code(fault, output().field.type),
                   fault_message(value, fault, output(), writer.rules_.numbers));
  }
};

BatchWriter::BatchWriter(const Dialect& dialect, const ValueRules& rules,
                         const std::vector<OutputColumn>& columns, size_t field_count)
    : dialect_(dialect), rules_(rules), columns_(columns), field_count_(field_count) {
  for (const OutputColumn& column : columns_) types_.push_back(column.field.type);
  pool_ = std::make_shared<BatchPool>(types_);
}

void BatchWriter::append(const RecordReader& reader, const std::vector<size_t>& positions,
                         RowSet& rows) {
  if (memory_ == nullptr) memory_ = pool_->take();
  bad_.clear();
  is_bad_.assign(rows.size(), 0);
  const RecordIndex& index = reader.index();
  const bool plain = !index.has_quote && !dialect_.trim && rules_.only_empty_is_null();
  const Window window{reader.data(), index.ends.data(), rows, positions, plain};
  const bool text_is_sound = !index.has_zero && (!index.has_high || is_sound(reader, rows));

  // What can be bad comes first, so that text is copied for good rows only.
  for (size_t i = 0; i < columns_.size(); ++i)
    if (types_[i] == Type::kUtf8 && !text_is_sound) check_text(window, i);
  const std::vector<ColumnMemory>& memories = memory_->columns;
  const size_t before = row_count_;
  std::vector<size_t> nulls(columns_.size());
  for (size_t i = 0; i < columns_.size(); ++i) {
    nulls[i] = memories[i].nulls;
    if (!has_offsets(types_[i])) read_typed(window, i);
  }
  if (!bad_.empty()) {
    // Rows are bad seldom: reading the others again costs less than every loop looking out for it.
    drop_bad_rows(rows);
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (has_offsets(types_[i])) continue;
      ColumnMemory& memory = memory_->columns[i];
      memory.truncate(before, nulls[i]);
      memory.bytes.resize(types_[i] == Type::kBool ? (before + 7) / 8
                                                   : before * type_width(types_[i]));
      read_typed(window, i);
    }
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (!has_offsets(types_[i])) continue;
    const Loops over = loops(window, i);
    plain ? over.copy_text<true>() : over.copy_text<false>();
  }
  row_count_ += rows.size();
}

BatchWriter::Loops BatchWriter::loops(const Window& window, size_t column) {
  const size_t position = window.positions[column];
  return {*this,
          window,
          column,
          {window.data, window.ends, window.rows.firsts.data(), position,
           position + 1 == field_count_}};
}

void BatchWriter::check_text(const Window& window, size_t column) {
  const Loops over = loops(window, column);
  window.plain ? over.check<true>() : over.check<false>();
}

void BatchWriter::read_typed(const Window& window, size_t column) {
  const Loops over = loops(window, column);
  window.plain ? over.typed<true>() : over.typed<false>();
}

void BatchWriter::add_bad(const Window& window, size_t row, size_t column, std::string_view code,
                          std::string message) {
  if (is_bad_[row] != 0) return;
  is_bad_[row] = 1;
  bad_.push_back({window.rows.records.data()[row], window.rows.ordinals.data()[row], code,
                  columns_[column].field.name, std::move(message)});
}

void BatchWriter::drop_bad_rows(RowSet& rows) {
  size_t kept = 0;
  for (size_t row = 0; row < rows.size(); ++row) {
    rows.firsts[kept] = rows.firsts[row];
    rows.records[kept] = rows.records[row];
    rows.ordinals[kept] = rows.ordinals[row];
    kept += is_bad_[row] == 0 ? 1 : 0;
  }
  rows.firsts.resize(kept);
  rows.records.resize(kept);
  rows.ordinals.resize(kept);
}

void BatchWriter::finish(ArrowArray* out) {
  if (memory_ == nullptr) memory_ = pool_->take();
  export_batch(std::exchange(memory_, nullptr), types_, row_count_, out);
  memory_ = nullptr;
  row_count_ = 0;
}

}  // namespace chunkmill::csv
