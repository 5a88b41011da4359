#include "generate.hpp"

#include <algorithm>
#include <charconv>

#include "chunkmill/json.hpp"
#include "chunkmill/nearest.hpp"

namespace chunkmill::generate {
namespace {

// A call that names no limit still gives a batch that fits into memory.
constexpr uint64_t kMaxBatchBytes = uint64_t{64} << 20;

struct Range {
  uint64_t begin = 0;
  uint64_t end = 0;
};

bool read_number(std::string_view text, uint64_t* out) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return fault == std::errc() && end == text.data() + text.size();
}

// A split's id is its rows: "0-62500", the end not in it.
Range range_of(std::string_view split) {
  Range range;
  const size_t dash = split.find('-');
  if (dash == split.npos || !read_number(split.substr(0, dash), &range.begin) ||
      !read_number(split.substr(dash + 1), &range.end) || range.begin > range.end)
    throw Error(CM_NOT_FOUND, "there is no split \"" + std::string(split) + "\"");
  return range;
}

uint64_t row_of(std::string_view position, const Range& range) {
  uint64_t row = range.begin;
  if (!position.empty() && (!read_number(position, &row) || row < range.begin || row > range.end))
    throw Error(CM_INVALID, "\"" + std::string(position) +
                                "\" is not a position of this split, which is a row's number");
  return row;
}

size_t bytes_per_row(const std::vector<Column>& columns) {
  size_t bytes = 1;
  for (const Column& column : columns) bytes += column.width();
  return bytes;
}

void fill_batch(const std::vector<Column>& columns, uint64_t first, uint64_t count,
                std::vector<ArrowArray>* arrays) {
  for (size_t i = 0; i < columns.size(); ++i) {
    ColumnBuilder builder(columns[i].field().type);
    columns[i].fill(first, count, &builder);
    builder.finish(&(*arrays)[i]);
  }
}

class RangeLane final : public SourceLane {
 public:
  RangeLane(const std::vector<Column>& columns, uint64_t row, uint64_t end)
      : columns_(columns), row_bytes_(bytes_per_row(columns)), row_(row), end_(end) {}

  bool next(const ReadLimits& limits, ArrowArray* out, RowErrors&) override {
    if (row_ == end_) return false;
    const uint64_t bytes =
        limits.max_bytes == 0 ? kMaxBatchBytes : std::min(limits.max_bytes, kMaxBatchBytes);
    const uint64_t count =
        std::min({end_ - row_, limits.max_rows, std::max<uint64_t>(bytes / row_bytes_, 1)});
    std::vector<ArrowArray> arrays(columns_.size());
    fill_batch(columns_, row_, count, &arrays);
    make_struct_array(std::move(arrays), static_cast<int64_t>(count), out);
    row_ += count;
    return true;
  }
  std::string position() const override { return std::to_string(row_); }

 private:
  const std::vector<Column>& columns_;
  const size_t row_bytes_;
  uint64_t row_;
  const uint64_t end_;
};

// A record names its row, and the row is made again.
class ReplayLane final : public SourceLane {
 public:
  ReplayLane(const std::vector<Column>& columns, Schema schema, std::vector<Record> records)
      : columns_(columns), schema_(std::move(schema)), records_(std::move(records)) {}

  bool next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) override {
    if (at_ == records_.size()) return false;
    BatchBuilder batch(schema_);
    for (uint64_t ordinal = 0; ordinal < limits.max_rows && at_ < records_.size(); ++ordinal) {
      const Record& record = records_[at_++];
      uint64_t row = 0;
      if (read_row_number(record.raw, &row)) {
        for (size_t i = 0; i < columns_.size(); ++i) columns_[i].fill(row, 1, &batch[i]);
      } else {
        errors.report_record(static_cast<int64_t>(ordinal), "bad_record",
                             "it does not begin with {\"row\":N, the number of a row", {},
                             record.raw, record.where, record.line);
      }
    }
    batch.finish(out);
    return true;
  }
  std::string position() const override { return std::to_string(at_); }

 private:
  static bool read_row_number(std::string_view raw, uint64_t* row) {
    constexpr std::string_view kHead = "{\"row\":";
    if (!raw.starts_with(kHead)) return false;
    raw.remove_prefix(kHead.size());
    return read_number(raw.substr(0, raw.find_first_of(",}")), row);
  }

  const std::vector<Column>& columns_;
  const Schema schema_;
  const std::vector<Record> records_;
  size_t at_ = 0;
};

}  // namespace

void GenerateSource::configure(Options& options) {
  std::vector<std::pair<std::string, ColumnSpec>> specs;
  options.required("rows", rows_, "how many rows to make");
  options.optional("seed", seed_, "another seed makes other rows");
  options.each("columns", specs, "what each column holds",
               [](Options& inner, ColumnSpec& spec) { spec.configure(inner); });
  if (options.describing()) return;
  if (specs.empty())
    throw Error(CM_INVALID, "name at least one column, like {id: {sequence: 1}}").at("columns");
  for (const auto& [name, spec] : specs) columns_.emplace_back(name, spec, seed_);
  selected_ = columns_;
}

Schema GenerateSource::schema() {
  Schema schema;
  for (const Column& column : columns_) schema.fields.push_back(column.field());
  return schema;
}

bool GenerateSource::select(const Schema& wanted) {
  std::vector<Column> selected;
  for (const Field& field : wanted.fields) {
    const auto found = std::find_if(columns_.begin(), columns_.end(), [&](const Column& column) {
      return column.field().name == field.name;
    });
    if (found == columns_.end()) {
      const std::string near = nearest(field.name, schema().names());
      throw Error(CM_NOT_FOUND, "no column \"" + field.name + "\" is generated" +
                                    (near.empty() ? "" : "; did you mean \"" + near + "\"?"))
          .at("columns." + field.name);
    }
    std::optional<Column> column = found->as(field);
    if (!column) return false;
    selected.push_back(std::move(*column));
  }
  selected_ = std::move(selected);
  return true;
}

// The cuts depend on the number of rows alone: a run can be resumed by any number of workers.
std::vector<Split> GenerateSource::plan(uint32_t) {
  constexpr uint64_t kParts = 16;
  constexpr uint64_t kFewest = 50'000;
  const uint64_t step = std::max((rows_ + kParts - 1) / kParts, kFewest);
  std::vector<Split> splits;
  for (uint64_t begin = 0; begin < rows_ || splits.empty(); begin += step) {
    const uint64_t end = std::min(rows_, begin + step);
    const std::string id = std::to_string(begin) + "-" + std::to_string(end);
    const auto count = static_cast<int64_t>(end - begin);
    splits.push_back({id, "generated rows " + id, count,
                      count * static_cast<int64_t>(bytes_per_row(selected_))});
  }
  return splits;
}

// The options are in the job's fingerprint; there is nothing else.
std::string GenerateSource::identity() { return std::to_string(rows_) + " generated rows\n"; }

std::unique_ptr<SourceLane> GenerateSource::open(std::string_view split,
                                                 std::string_view position) {
  const Range range = range_of(split);
  return std::make_unique<RangeLane>(selected_, row_of(position, range), range.end);
}

std::string GenerateSource::row_as_json(uint64_t row) const {
  std::string text;
  JsonWriter json(&text);
  json.begin_object().field("row", row);
  for (const Column& column : columns_) {
    json.key(column.field().name);
    std::string value;
    if (!column.is_null(row)) column.append_text(row, &value);
    if (column.is_null(row)) {
      json.null();
    } else if (column.field().type == Type::kUtf8 || !column.is_number()) {
      json.value(value);
    } else {
      json.raw(value);
    }
  }
  json.end_object();
  return text;
}

void GenerateSource::records(std::string_view split, std::string_view begin,
                             std::span<const uint64_t> ordinals, RecordSink& out) {
  const uint64_t first = row_of(begin, range_of(split));
  for (const uint64_t ordinal : ordinals) {
    const uint64_t row = first + ordinal;
    out.add(ordinal, row_as_json(row), "generated rows", static_cast<int64_t>(row + 1));
  }
}

std::unique_ptr<SourceLane> GenerateSource::replay(std::vector<Record> records) {
  Schema schema;
  for (const Column& column : selected_) schema.fields.push_back(column.field());
  return std::make_unique<ReplayLane>(selected_, std::move(schema), std::move(records));
}

}  // namespace chunkmill::generate
