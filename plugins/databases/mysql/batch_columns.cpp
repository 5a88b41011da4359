#include "plugins/databases/mysql/batch_columns.hpp"

#include <algorithm>

#include "chunkmill/format.hpp"
#include "plugins/databases/mysql/calendar.hpp"

namespace chunkmill::mysql {
namespace {

// A null's byte and the longest number in front of a text's bytes.
constexpr uint64_t kBytesBesideValue = 10;
constexpr uint64_t kDecimalBytes = 41;  // 38 digits, sign, point, 0
constexpr uint64_t kTimeBytes = 12;

enum_field_types bound_type(Type type) {
  switch (type) {
    case Type::kBool:
      return MYSQL_TYPE_TINY;
    case Type::kInt32:
      return MYSQL_TYPE_LONG;
    case Type::kInt64:
      return MYSQL_TYPE_LONGLONG;
    case Type::kFloat64:
      return MYSQL_TYPE_DOUBLE;
    case Type::kBinary:
      return MYSQL_TYPE_LONG_BLOB;
    case Type::kDate32:
      return MYSQL_TYPE_DATE;
    case Type::kTimestamp:
      return MYSQL_TYPE_DATETIME;
    case Type::kUtf8:
    case Type::kDecimal128:
      break;
  }
  return MYSQL_TYPE_STRING;
}

uint64_t value_bytes(Type type) {
  if (type == Type::kDecimal128) return kDecimalBytes;
  return type == Type::kDate32 || type == Type::kTimestamp ? kTimeBytes : 8;
}

template <typename T>
T* writable(const T* pointer) {
  return const_cast<T*>(pointer);  // the client library only reads parameters
}

}  // namespace

void BatchColumn::show(const Batch& batch) {
  values_ = ColumnRef(*batch.abi()->children[source_], batch.abi()->offset);
  const int64_t rows = batch.row_count();
  show_nulls(rows);
  switch (field_.type) {
    case Type::kUtf8:
    case Type::kBinary:
      return show_text(rows);
    case Type::kBool:
      return show_bits(rows);
    case Type::kDate32:
    case Type::kTimestamp:
      return show_dates(rows);
    case Type::kDecimal128:
      return show_decimals(rows);
    case Type::kInt32:
    case Type::kInt64:
    case Type::kFloat64:
      break;
  }
}

void BatchColumn::show_nulls(int64_t rows) {
  indicators_.clear();
  if (values_.validity == nullptr) return;
  indicators_.resize(static_cast<size_t>(rows), STMT_INDICATOR_NONE);
  for (int64_t row = 0; row < rows; ++row)
    if (values_.is_null(row)) indicators_[static_cast<size_t>(row)] = STMT_INDICATOR_NULL;
}

void BatchColumn::show_text(int64_t rows) {
  pointers_.resize(static_cast<size_t>(rows));
  lengths_.resize(static_cast<size_t>(rows));
  const auto* offsets = static_cast<const int32_t*>(values_.values) + values_.offset;
  const char* const data = values_.data == nullptr ? "" : values_.data;
  for (size_t i = 0; i < pointers_.size(); ++i) {
    pointers_[i] = data + offsets[i];
    lengths_[i] = static_cast<unsigned long>(offsets[i + 1] - offsets[i]);
  }
}

void BatchColumn::show_bits(int64_t rows) {
  const ColumnView<bool> view(values_);
  bits_.resize(static_cast<size_t>(rows));
  for (int64_t row = 0; row < rows; ++row) bits_[static_cast<size_t>(row)] = view[row] ? 1 : 0;
}

// A value that cannot be stored is that of a null, or of a row that is rejected.
void BatchColumn::show_dates(int64_t rows) {
  const bool with_time = field_.type == Type::kTimestamp;
  const ColumnView<Date> dates(values_);
  const ColumnView<Timestamp> timestamps(values_);
  times_.assign(static_cast<size_t>(rows), MYSQL_TIME{});
  pointers_.resize(static_cast<size_t>(rows));
  for (int64_t row = 0; row < rows; ++row) {
    MYSQL_TIME& time = times_[static_cast<size_t>(row)];
    pointers_[static_cast<size_t>(row)] = &time;
    time.time_type = with_time ? MYSQL_TIMESTAMP_DATETIME : MYSQL_TIMESTAMP_DATE;
    if (with_time) {
      const int64_t micros = timestamps[row].micros;
      if (is_storable_day(day_of(micros))) set_timestamp(&time, micros);
    } else if (const int64_t days = dates[row].days; is_storable_day(days)) {
      set_date(&time, days);
    }
  }
}

void BatchColumn::show_decimals(int64_t rows) {
  const ColumnView<Int128> view(values_);
  digits_.clear();
  pointers_.resize(static_cast<size_t>(rows));
  lengths_.resize(static_cast<size_t>(rows));
  std::vector<size_t> ends;
  ends.reserve(static_cast<size_t>(rows));
  for (int64_t row = 0; row < rows; ++row) {
    append_decimal128(&digits_, view.is_null(row) ? Int128{0} : view[row], field_.scale);
    ends.push_back(digits_.size());
  }
  size_t begin = 0;
  for (size_t i = 0; i < ends.size(); begin = ends[i], ++i) {
    pointers_[i] = digits_.data() + begin;
    lengths_[i] = ends[i] - begin;
  }
}

MYSQL_BIND BatchColumn::array_from(int64_t row) {
  MYSQL_BIND bind{};
  const auto i = static_cast<size_t>(row);
  bind.buffer_type = bound_type(field_.type);
  if (!indicators_.empty()) bind.u.indicator = indicators_.data() + i;
  switch (field_.type) {
    case Type::kInt32:
    case Type::kInt64:
    case Type::kFloat64:
      bind.buffer = writable(static_cast<const char*>(values_.values)) +
                    (values_.offset + row) * static_cast<int64_t>(type_width(field_.type));
      break;
    case Type::kBool:
      bind.buffer = bits_.data() + i;
      break;
    case Type::kUtf8:
    case Type::kBinary:
    case Type::kDecimal128:
      bind.length = lengths_.data() + i;
      [[fallthrough]];
    case Type::kDate32:
    case Type::kTimestamp:
      bind.buffer = pointers_.data() + i;
      break;
  }
  return bind;
}

MYSQL_BIND BatchColumn::cell(int64_t row) {
  const auto i = static_cast<size_t>(row);
  if (!indicators_.empty() && indicators_[i] == STMT_INDICATOR_NULL) {
    MYSQL_BIND null{};
    null.buffer_type = MYSQL_TYPE_NULL;
    return null;
  }
  MYSQL_BIND bind = array_from(row);
  bind.u.indicator = nullptr;
  if (has_offsets(field_.type) || value_bytes(field_.type) != 8)
    bind.buffer = writable(static_cast<const char*>(pointers_[i]));
  if (bind.length != nullptr) bind.buffer_length = *bind.length;
  return bind;
}

uint64_t BatchColumn::packet_bytes(int64_t begin, int64_t end) const {
  const auto rows = static_cast<uint64_t>(end - begin);
  if (!has_offsets(field_.type)) return rows * (value_bytes(field_.type) + kBytesBesideValue);
  const auto* offsets = static_cast<const int32_t*>(values_.values) + values_.offset;
  return rows * kBytesBesideValue + static_cast<uint64_t>(offsets[end] - offsets[begin]);
}

BatchColumns::BatchColumns(const sql::Target& target) {
  for (size_t i = 0; i < target.fields.size(); ++i)
    columns_.emplace_back(target.fields[i], target.sources[i]);
}

void BatchColumns::show(const Batch& batch) {
  for (BatchColumn& column : columns_) column.show(batch);
}

std::vector<MYSQL_BIND> BatchColumns::arrays_from(int64_t row) {
  std::vector<MYSQL_BIND> binds;
  binds.reserve(columns_.size());
  for (BatchColumn& column : columns_) binds.push_back(column.array_from(row));
  return binds;
}

void BatchColumns::append_cells(int64_t row, std::vector<MYSQL_BIND>* out) {
  for (BatchColumn& column : columns_) out->push_back(column.cell(row));
}

uint64_t BatchColumns::packet_bytes(int64_t begin, int64_t end) const {
  uint64_t bytes = 0;
  for (const BatchColumn& column : columns_) bytes += column.packet_bytes(begin, end);
  return bytes;
}

}  // namespace chunkmill::mysql
