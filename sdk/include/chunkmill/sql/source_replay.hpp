// Rejected rows as text, and back: a row is a JSON object of its columns, and a replay reads it as
// the columns are typed now.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "chunkmill/parse.hpp"
#include "chunkmill/source.hpp"
#include "chunkmill/sql/source_rows.hpp"

namespace chunkmill::sql {

// Why a value of a record is not one of its column; empty if it is.
struct RecordFault {
  std::string code;
  std::string message;
};

// Appends the value of a record to its column, or says why not and appends nothing.
inline RecordFault append_scalar(const JsonScalar& value, const Field& field, ColumnBuilder* out) {
  using Kind = JsonScalar::Kind;
  const auto fault = [&](ParseFault parse) {
    return RecordFault{std::string(fault_code(parse, field.type)),
                       "\"" + value.text + "\" is no " + field.type_text()};
  };
  if (value.kind == Kind::kNull) {
    out->append_null();
    return {};
  }
  if ((field.type == Type::kBinary) != (value.kind == Kind::kBytes))
    return {"wrong_type", field.type == Type::kBinary ? "it is no bytes like {\"hex\": \"00ff\"}"
                                                      : "these bytes are no " + field.type_text()};
  const auto read = [&]<typename Value>(Value parsed, ParseFault parse) {
    if (parse != ParseFault::kNone) return fault(parse);
    out->append(parsed);
    return RecordFault();
  };
  const std::string_view text = value.text;
  switch (field.type) {
    case Type::kBool: {
      bool truth = false;
      const ParseFault parse = parse_bool(text, &truth);
      return read(truth, parse);
    }
    case Type::kInt32: {
      int32_t number = 0;
      const ParseFault parse = parse_int32(text, &number);
      return read(number, parse);
    }
    case Type::kInt64: {
      int64_t number = 0;
      const ParseFault parse = parse_int64(text, &number);
      return read(number, parse);
    }
    case Type::kFloat64: {
      double number = 0;
      const ParseFault parse = parse_double(text, &number);
      return read(number, parse);
    }
    case Type::kDate32: {
      Date date;
      const ParseFault parse = parse_date32(text, &date.days);
      return read(date, parse);
    }
    case Type::kTimestamp: {
      Timestamp time;
      const ParseFault parse = parse_timestamp(text, &time.micros);
      return read(time, parse);
    }
    case Type::kDecimal128: {
      Int128 number = 0;
      const ParseFault parse = parse_decimal128(text, field.precision, field.scale, &number);
      return read(number, parse);
    }
    case Type::kUtf8:
      out->append(text);
      return {};
    case Type::kBinary:
      out->append(Binary{text});
      return {};
  }
  return {};
}

class ReplayLane final : public SourceLane {
 public:
  ReplayLane(Schema schema, std::vector<Record> records)
      : schema_(std::move(schema)), records_(std::move(records)) {}

  bool next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) override {
    if (at_ == records_.size()) return false;
    BatchBuilder batch(schema_);
    int64_t rows = 0;
    for (uint64_t ordinal = 0; ordinal < limits.max_rows && at_ < records_.size(); ++ordinal) {
      const Record& record = records_[at_++];
      std::string column;
      const RecordFault fault = read(record.raw, &batch, &column);
      if (fault.code.empty()) {
        ++rows;
        continue;
      }
      for (size_t i = 0; i < batch.column_count(); ++i) batch[i].truncate(rows);
      errors.report_record(static_cast<int64_t>(ordinal), fault.code, fault.message, column,
                           record.raw, record.where, record.line);
    }
    batch.finish(out);
    return true;
  }
  std::string position() const override { return std::to_string(at_); }

 private:
  RecordFault read(const std::string& raw, BatchBuilder* batch, std::string* column) const {
    const std::optional<JsonMembers> members = FlatJsonReader(raw).object();
    if (!members) return {"bad_record", "it is not a JSON object of plain values, one a column"};
    for (size_t i = 0; i < schema_.size(); ++i) {
      const Field& field = schema_[i];
      *column = field.name;
      const auto found = std::find_if(members->begin(), members->end(), [&](const auto& member) {
        return member.first == field.name;
      });
      if (found == members->end()) return {"bad_record", "it has no column \"" + field.name + "\""};
      if (RecordFault fault = append_scalar(found->second, field, &(*batch)[i]);
          !fault.code.empty())
        return fault;
    }
    return {};
  }

  const Schema schema_;
  const std::vector<Record> records_;
  size_t at_ = 0;
};

}  // namespace chunkmill::sql
