#include "split_lane.hpp"

#include <algorithm>

#include "transcode.hpp"

namespace chunkmill::csv {
namespace {

// A batch's text must stay below the 2 GiB that Arrow's offsets reach, whatever the host asks for.
constexpr uint64_t kMaxChunkBytes = uint64_t{1} << 30;

struct OddFault {
  const char* code;
  std::string message;
};

OddFault odd_fault(Ahead ahead, const OddRecord& odd, size_t max_record_bytes) {
  if (ahead == Ahead::kUnterminated)
    return {"unterminated_quote", "the quote opened on line " + std::to_string(odd.quote_line) +
                                      " is never closed; all up to the end of the file is in it"};
  return {"record_too_large", "the record has more than " + std::to_string(max_record_bytes) +
                                  " bytes; raise max_record_bytes if that is meant"};
}

}  // namespace

std::string LanePlan::kept(std::string_view raw) const {
  return text_with_bytes(raw, file.charset);
}

std::vector<size_t> LanePlan::positions() const {
  std::vector<size_t> positions;
  for (const OutputColumn& column : columns) {
    const int at = file.find(column.field.name);
    // A file without names has no records either.
    positions.push_back(at < 0 ? 0 : static_cast<size_t>(at));
  }
  return positions;
}

SplitLane::SplitLane(const LanePlan& plan, std::unique_ptr<files::ByteStream> stream, Place begin)
    : plan_(plan),
      positions_(plan.positions()),
      reader_(std::move(stream), plan.file.dialect, plan.options.reader_limits(), begin),
      screen_(plan.file.names.size(), plan.options.ragged),
      writer_(plan.file.dialect, plan.options.rules, plan.columns, plan.file.names.size()) {}

bool SplitLane::next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) {
  const uint64_t max_bytes =
      limits.max_bytes == 0 ? kMaxChunkBytes : std::min(limits.max_bytes, kMaxChunkBytes);
  const std::string& where = plan_.file.path;
  uint64_t ordinal = 0;
  uint64_t bytes = 0;
  // Blank lines and comments alone make no chunk, however many bytes they are.
  while (ordinal < limits.max_rows && (ordinal == 0 || bytes < max_bytes)) {
    const Ahead ahead = reader_.look();
    if (ahead == Ahead::kEnd) break;
    if (ahead != Ahead::kRecords) {
      take_odd(ahead, ordinal++, errors);
      continue;
    }
    const uint64_t bytes_left = bytes < max_bytes ? max_bytes - bytes : 1;
    bytes += screen_.take(
        reader_, {limits.max_rows - ordinal, bytes_left, plan_.options.max_record_bytes}, &ordinal);
    for (const BadRecord& bad : screen_.bad())
      errors.report_record(bad.ordinal, bad.code, bad.message, {},
                           plan_.kept(reader_.raw(bad.record)), where,
                           static_cast<int64_t>(reader_.place_of(bad.record).line));
    writer_.append(reader_, positions_, screen_.rows());
    for (const BadValue& bad : writer_.bad())
      errors.report_record(bad.ordinal, bad.code, bad.message, bad.column,
                           plan_.kept(reader_.raw(bad.record)), where,
                           static_cast<int64_t>(reader_.place_of(bad.record).line));
  }
  if (ordinal == 0) return false;
  writer_.finish(out);
  return true;
}

void SplitLane::take_odd(Ahead ahead, uint64_t ordinal, RowErrors& errors) {
  const OddRecord& odd = reader_.odd();
  const OddFault fault = odd_fault(ahead, odd, plan_.options.max_record_bytes);
  errors.report_record(static_cast<int64_t>(ordinal), fault.code, fault.message, {},
                       plan_.kept(odd.raw), plan_.file.path, static_cast<int64_t>(odd.begin.line));
}

std::string SplitLane::position() const { return files::place_text(reader_.place()); }

ReplayLane::ReplayLane(std::vector<LanePlan> plans, std::vector<Record> records)
    : plans_(std::move(plans)),
      records_(std::move(records)),
      screen_(plans_[0].file.names.size(), plans_[0].options.ragged),
      writer_(plans_[0].file.dialect, plans_[0].options.rules, plans_[0].columns,
              plans_[0].file.names.size()) {}

const LanePlan& ReplayLane::plan_of(const Record& record) const {
  for (const LanePlan& plan : plans_)
    if (plan.file.path == record.where) return plan;
  return plans_.front();
}

bool ReplayLane::next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) {
  const uint64_t max_bytes =
      limits.max_bytes == 0 ? kMaxChunkBytes : std::min(limits.max_bytes, kMaxChunkBytes);
  uint64_t ordinal = 0;
  uint64_t bytes = 0;
  for (; ordinal < limits.max_rows && bytes < max_bytes && at_ < records_.size(); ++at_) {
    bytes += records_[at_].raw.size();
    replay(records_[at_], ordinal++, errors);
  }
  if (ordinal == 0) return false;
  writer_.finish(out);
  return true;
}

// One record is read on its own, as if it were a file.
void ReplayLane::replay(const Record& record, uint64_t ordinal, RowErrors& errors) {
  const auto report = [&](std::string_view code, std::string_view message,
                          std::string_view column = {}) {
    errors.report_record(static_cast<int64_t>(ordinal), code, message, column, record.raw,
                         record.where, record.line);
  };
  const LanePlan& plan = plan_of(record);
  const std::string text = decoded_record(record.raw, plan.options.rules.encoding, plan.file.path);
  ReaderLimits limits = plan.options.reader_limits();
  limits.buffer_bytes = text.size() + 1;
  const auto line = static_cast<uint64_t>(std::max<int64_t>(record.line, 1));
  RecordReader reader(open_text(text), plan.file.dialect, limits, Place{0, line});
  const Ahead ahead = reader.look();
  if (ahead == Ahead::kTooLarge || ahead == Ahead::kUnterminated) {
    const OddFault fault = odd_fault(ahead, reader.odd(), limits.max_record_bytes);
    return report(fault.code, fault.message);
  }
  uint64_t taken = 0;
  if (ahead == Ahead::kRecords)
    screen_.take(reader, {SIZE_MAX, SIZE_MAX, limits.max_record_bytes}, &taken);
  if (ahead == Ahead::kEnd || taken == 0) return report("ragged_row", "the record is blank");
  if (taken > 1 || reader.place().offset != text.size())
    return report("ragged_row", "the text holds more than one record");
  for (const BadRecord& bad : screen_.bad()) report(bad.code, bad.message);
  writer_.append(reader, plan.positions(), screen_.rows());
  for (const BadValue& bad : writer_.bad()) report(bad.code, bad.message, bad.column);
}

void read_records(const LanePlan& plan, std::unique_ptr<files::ByteStream> stream, Place begin,
                  std::span<const uint64_t> ordinals, RecordSink& out) {
  const ReaderLimits reader_limits = plan.options.reader_limits();
  RecordReader reader(std::move(stream), plan.file.dialect, reader_limits, begin);
  RecordScreen screen(plan.file.names.size(), plan.options.ragged);
  const std::string& where = plan.file.path;
  uint64_t ordinal = 0;
  auto wanted = ordinals.begin();
  while (wanted != ordinals.end()) {
    const Ahead ahead = reader.look();
    if (ahead == Ahead::kEnd) return;
    if (ahead != Ahead::kRecords) {
      const OddRecord& odd = reader.odd();
      if (*wanted == ordinal) {
        out.add(ordinal, plan.kept(odd.raw), where, static_cast<int64_t>(odd.begin.line));
        ++wanted;
      }
      ++ordinal;
      continue;
    }
    screen.take(reader, {ordinals.back() + 1 - ordinal, SIZE_MAX, reader_limits.max_record_bytes},
                &ordinal);
    const auto add = [&](size_t record) {
      out.add(*wanted, plan.kept(reader.raw(record)), where,
              static_cast<int64_t>(reader.place_of(record).line));
    };
    const RowSet& rows = screen.rows();
    const std::vector<BadRecord>& bad = screen.bad();
    for (; wanted != ordinals.end() && *wanted < ordinal; ++wanted) {
      const uint32_t* const end = rows.ordinals.data() + rows.size();
      const uint32_t* const row = std::lower_bound(rows.ordinals.data(), end, *wanted);
      if (row != end && *row == *wanted) {
        add(rows.records.data()[row - rows.ordinals.data()]);
        continue;
      }
      const auto found = std::find_if(bad.begin(), bad.end(), [&](const BadRecord& record) {
        return record.ordinal == *wanted;
      });
      if (found != bad.end()) add(found->record);
    }
  }
}

}  // namespace chunkmill::csv
