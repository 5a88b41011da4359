#include "plugins/databases/mysql/row_stream.hpp"

#include <errmsg.h>

#include <optional>
#include <utility>

#include "chunkmill/files/text_start.hpp"
#include "chunkmill/sql/source_parse.hpp"
#include "chunkmill/sql/source_single.hpp"
#include "plugins/databases/mysql/calendar.hpp"
#include "plugins/databases/mysql/dialect.hpp"

namespace chunkmill::mysql {
namespace {

constexpr size_t kFirstTextBytes = 256;

struct BadCell {
  std::string_view code;
  std::string why;
};

BadCell out_of_range(const Field& field) {
  return {"out_of_range", "it does not fit into " + field.type_text()};
}

std::string date_text(const MYSQL_TIME& time) {
  char text[32];
  std::snprintf(text, sizeof text, "%04u-%02u-%02u", time.year % 10'000, time.month % 100,
                time.day % 100);
  return text;
}

// "-12:30:00.5": hours beyond a day are part of it.
std::string clock_text(const MYSQL_TIME& time, bool with_sign) {
  char text[48];
  const unsigned hours = with_sign ? time.day * 24 + time.hour : time.hour;
  std::snprintf(text, sizeof text, "%s%02u:%02u:%02u", with_sign && time.neg ? "-" : "",
                hours % 1'000'000, time.minute % 100, time.second % 100);
  std::string out = text;
  if (time.second_part == 0) return out;
  std::snprintf(text, sizeof text, ".%06lu", time.second_part % 1'000'000);
  out += text;
  return out.substr(0, out.find_last_not_of('0') + 1);
}

// MariaDB keeps days that there are none of: 0000-00-00, 2024-02-00.
bool is_day(const MYSQL_TIME& time) {
  if (time.month < 1 || time.month > 12 || time.day < 1) return false;
  return static_cast<int>(time.day) <=
         detail::days_in_month(static_cast<int>(time.year), static_cast<int>(time.month));
}

// A date, or a time as the column says.
std::optional<BadCell> append_day(const MYSQL_TIME& time, const Field& field, ColumnBuilder* to) {
  if (!is_day(time))
    return BadCell{fault_code(ParseFault::kOutOfRange, field.type), "there is no such day"};
  if (field.type == Type::kTimestamp) {
    to->append(Timestamp{micros_from(time)});
  } else {
    to->append(Date{static_cast<int32_t>(days_from(time))});
  }
  return std::nullopt;
}

std::optional<BadCell> append_integer_as(int64_t value, bool is_beyond, const Field& field,
                                         ColumnBuilder* out) {
  switch (field.type) {
    case Type::kBool:
      if (is_beyond || (value != 0 && value != 1))
        return BadCell{"out_of_range", "it is no bool; for its numbers read it with `query`, as " +
                                           MysqlDialect().quote(field.name) + " + 0"};
      out->append(value == 1);
      return std::nullopt;
    case Type::kInt32:
      if (is_beyond || !std::in_range<int32_t>(value)) return out_of_range(field);
      out->append(static_cast<int32_t>(value));
      return std::nullopt;
    case Type::kDecimal128:
      out->append(is_beyond ? static_cast<Int128>(static_cast<uint64_t>(value)) : Int128{value});
      return std::nullopt;
    default:
      if (is_beyond) return out_of_range(field);
      out->append(value);
      return std::nullopt;
  }
}

std::string shown(const std::string& value) {
  if (!is_utf8(value)) return "a value of " + std::to_string(value.size()) + " bytes";
  const std::string_view start = files::text_start(value);
  return "\"" + std::string(start) + (start.size() < value.size() ? "...\"" : "\"");
}

}  // namespace

bool MysqlRowStream::Cell::is_text() const {
  return how == Carried::kText || how == Carried::kWords || how == Carried::kBytes ||
         how == Carried::kBit || how == Carried::kDecimal;
}

MYSQL_BIND MysqlRowStream::Cell::bind() {
  MYSQL_BIND out{};
  out.is_null = &is_null;
  out.error = &is_cut;
  out.length = &size;
  switch (how) {
    case Carried::kInteger:
    case Carried::kUnsigned:
      out.buffer_type = MYSQL_TYPE_LONGLONG;
      out.buffer = &number;
      out.is_unsigned = how == Carried::kUnsigned ? 1 : 0;
      break;
    case Carried::kReal:
      out.buffer_type = MYSQL_TYPE_DOUBLE;
      out.buffer = &real;
      break;
    case Carried::kSingle:
      out.buffer_type = MYSQL_TYPE_FLOAT;
      out.buffer = &single;
      break;
    case Carried::kDate:
      out.buffer_type = MYSQL_TYPE_DATE;
      out.buffer = &time;
      break;
    case Carried::kTimestamp:
      out.buffer_type = MYSQL_TYPE_DATETIME;
      out.buffer = &time;
      break;
    case Carried::kTime:
      out.buffer_type = MYSQL_TYPE_TIME;
      out.buffer = &time;
      break;
    case Carried::kText:
    case Carried::kWords:
    case Carried::kBytes:
    case Carried::kBit:
    case Carried::kDecimal:
      if (bytes.empty()) bytes.resize(kFirstTextBytes);
      out.buffer_type =
          how == Carried::kBytes || how == Carried::kBit ? MYSQL_TYPE_LONG_BLOB : MYSQL_TYPE_STRING;
      out.buffer = bytes.data();
      out.buffer_length = bytes.size();
      break;
  }
  return out;
}

MysqlRowStream::MysqlRowStream(Connection& connection, const std::string& select,
                               const sql::ReadColumns& columns)
    : connection_(connection), statement_(connection.get()) {
  cells_.resize(columns.all.size());
  for (size_t i = 0; i < cells_.size(); ++i) cells_[i].how = carried(columns.all[i]);
  for (Cell& cell : cells_) binds_.push_back(cell.bind());
  if (!statement_.prepare(select) || !statement_.execute({}) ||
      mysql_stmt_bind_result(statement_.get(), binds_.data()) != 0)
    fail();
}

MysqlRowStream::~MysqlRowStream() {
  if (ended_) return;
  connection_.end_running_select();
  mysql_stmt_free_result(statement_.get());
}

// Where a row cannot be read, the client library notes at the connection why, if it does at all.
void MysqlRowStream::fail() {
  ended_ = true;
  failed_ = true;
  Fault fault = Fault::of(statement_.get());
  if (fault.number == 0) fault = Fault::of(connection_.get());
  if (fault.number == 0)
    fault = {CR_SERVER_LOST, "HY000", "Lost connection to the server while rows came"};
  connection_.fail(fault, "reading rows");
}

bool MysqlRowStream::fetch() {
  const int result = mysql_stmt_fetch(statement_.get());
  if (result == MYSQL_NO_DATA) {
    ended_ = true;
    return false;
  }
  if (result == MYSQL_DATA_TRUNCATED) {
    fetch_what_was_cut();
  } else if (result != 0) {
    fail();
  }
  return true;
}

// Texts that are longer than any before.
void MysqlRowStream::fetch_what_was_cut() {
  for (size_t i = 0; i < cells_.size(); ++i) {
    Cell& cell = cells_[i];
    if (!cell.is_text() || cell.is_null != 0 || cell.size <= cell.bytes.size()) continue;
    cell.bytes.resize(std::max<size_t>(cell.size, cell.bytes.size() * 2));
    binds_[i] = cell.bind();
    if (mysql_stmt_fetch_column(statement_.get(), &binds_[i], static_cast<unsigned>(i), 0) != 0)
      fail();
  }
  if (mysql_stmt_bind_result(statement_.get(), binds_.data()) != 0) fail();
}

bool MysqlRowStream::next(sql::RowOutput& out) {
  if (failed_) fail();
  while (!out.full()) {
    if (ended_ || !fetch()) return false;
    size_t bytes = 0;
    for (size_t i = 0; i < cells_.size(); ++i) bytes += append(i, out);
    out.end_row(bytes);
  }
  return true;
}

size_t MysqlRowStream::append(size_t i, sql::RowOutput& out) {
  const Cell& cell = cells_[i];
  ColumnBuilder& to = out[i];
  if (cell.is_null != 0) {
    to.append_null();
    return 1;
  }
  const Field& field = out.column(i).field;
  std::optional<BadCell> bad;
  std::string value;
  switch (cell.how) {
    case Carried::kInteger:
    case Carried::kUnsigned: {
      const bool is_beyond = cell.how == Carried::kUnsigned && cell.number < 0;
      bad = append_integer_as(cell.number, is_beyond, field, &to);
      if (bad)
        value = is_beyond ? std::to_string(static_cast<uint64_t>(cell.number))
                          : std::to_string(cell.number);
      break;
    }
    case Carried::kReal:
      to.append(cell.real);
      break;
    case Carried::kSingle:
      to.append(sql::widened(cell.single));
      break;
    case Carried::kBit:
      to.append(cell.size > 0 && cell.bytes[cell.size - 1] != 0);
      break;
    case Carried::kBytes:
      to.append(Binary{cell.text()});
      return cell.size;
    case Carried::kText:
    case Carried::kWords:
      if (is_utf8(cell.text())) {
        to.append(cell.text());
        return cell.size;
      }
      bad = {"bad_utf8", "it is not valid UTF-8"};
      value = cell.text();
      break;
    case Carried::kDecimal:
      if (sql::append_parsed(cell.text(), field, &to) != ParseFault::kNone) {
        bad = out_of_range(field);
        value = cell.text();
      }
      break;
    case Carried::kDate:
    case Carried::kTimestamp:
      bad = append_day(cell.time, field, &to);
      if (bad)
        value = date_text(cell.time) +
                (cell.how == Carried::kTimestamp ? " " + clock_text(cell.time, false) : "");
      break;
    case Carried::kTime:
      to.append(std::string_view(clock_text(cell.time, true)));
      return sizeof(MYSQL_TIME);
  }
  if (bad) [[unlikely]] {
    out.bad_value(i, bad->code, "column \"" + field.name + "\": " + shown(value) + ": " + bad->why,
                  value);
    return value.size();
  }
  return std::max<size_t>(1, type_width(field.type));
}

}  // namespace chunkmill::mysql
