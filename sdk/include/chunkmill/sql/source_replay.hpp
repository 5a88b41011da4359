// Rejected rows as text, and back: a row is a JSON object of its columns, and a replay reads it as
// the columns are typed now.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "chunkmill/source.hpp"
#include "chunkmill/sql/source_parse.hpp"
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
  if (value.kind == Kind::kNull) {
    out->append_null();
    return {};
  }
  if ((field.type == Type::kBinary) != (value.kind == Kind::kBytes))
    return {"wrong_type", field.type == Type::kBinary ? "it is no bytes like {\"hex\": \"00ff\"}"
                                                      : "these bytes are no " + field.type_text()};
  const ParseFault parse = append_parsed(value.text, field, out);
  if (parse == ParseFault::kNone) return {};
  return {std::string(fault_code(parse, field.type)),
          "\"" + value.text + "\" is no " + field.type_text()};
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
