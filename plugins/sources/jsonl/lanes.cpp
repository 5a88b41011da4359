#include "lanes.hpp"

namespace chunkmill::jsonl {
namespace {

static_assert(LineReader::kPadding >= simdjson::SIMDJSON_PADDING);

// A call that names no limit still gives a batch that fits into memory, and text that fits into
// Arrow's 32-bit offsets.
constexpr uint64_t kMaxChunkBytes = uint64_t{64} << 20;

uint64_t chunk_bytes(const ReadLimits& limits) {
  return limits.max_bytes == 0 ? kMaxChunkBytes : std::min(limits.max_bytes, kMaxChunkBytes);
}

RecordFault too_large(size_t max_record_bytes) {
  return {"record_too_large",
          "the record has more than " + std::to_string(max_record_bytes) +
              " bytes; raise max_record_bytes if it is meant to be",
          {}};
}

void report(RowErrors& errors, uint64_t ordinal, const RecordFault& fault, std::string_view raw,
            std::string_view where, int64_t line) {
  errors.report_record(
      static_cast<int64_t>(ordinal), fault.code, fault.message, fault.column,
      std::string_view(fault.code) == "record_too_large" ? raw.substr(0, kMaxRaw) : raw, where,
      line);
}

}  // namespace

SplitLane::SplitLane(LanePlan plan, LineReader reader, std::string path,
                     std::function<uint64_t()> first_line)
    : plan_(std::move(plan)),
      reader_(std::move(reader)),
      path_(std::move(path)),
      first_line_(std::move(first_line)),
      columns_(plan_.columns, plan_.options.fractions, plan_.known) {}

bool SplitLane::next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) {
  const uint64_t max_bytes = chunk_bytes(limits);
  uint64_t ordinal = 0;
  uint64_t bytes = 0;
  Line line;
  while (ordinal < limits.max_rows && bytes < max_bytes) {
    if (const size_t size =
            columns_.append_first(reader_.ahead(), plan_.options.max_record_bytes)) {
      reader_.take(size);
      bytes += size + 1;
      ++ordinal;
      continue;
    }
    if (!reader_.next(&line)) break;
    bytes += line.text.size() + 1;
    const RecordFault fault =
        line.too_large ? too_large(plan_.options.max_record_bytes) : columns_.append(line.text);
    if (fault)
      report(errors, ordinal, fault, line.text, path_,
             static_cast<int64_t>(first_line_() + line.place.line - 1));
    ++ordinal;
  }
  if (ordinal == 0) return false;
  columns_.finish(out);
  if (!columns_.unread().counts().empty()) plan_.report_unread(columns_.unread(), path_);
  columns_.unread().clear();
  return true;
}

ReplayLane::ReplayLane(LanePlan plan, std::vector<Record> records)
    : plan_(std::move(plan)),
      records_(std::move(records)),
      columns_(plan_.columns, plan_.options.fractions, plan_.known) {}

bool ReplayLane::next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) {
  const uint64_t max_bytes = chunk_bytes(limits);
  uint64_t ordinal = 0;
  uint64_t bytes = 0;
  for (; ordinal < limits.max_rows && bytes < max_bytes && at_ < records_.size(); ++at_) {
    Record& record = records_[at_];
    const size_t size = record.raw.size();
    bytes += size;
    record.raw.append(LineReader::kPadding, '\0');
    const std::string_view raw(record.raw.data(), size);
    const RecordFault fault = size > plan_.options.max_record_bytes
                                  ? too_large(plan_.options.max_record_bytes)
                                  : columns_.append(raw);
    if (fault) report(errors, ordinal, fault, raw, record.where, record.line);
    if (!columns_.unread().counts().empty()) plan_.report_unread(columns_.unread(), record.where);
    columns_.unread().clear();
    ++ordinal;
  }
  if (ordinal == 0) return false;
  columns_.finish(out);
  return true;
}

}  // namespace chunkmill::jsonl
