#include "jsonl_source.hpp"

#include <algorithm>

#include "chunkmill/files/gunzip.hpp"
#include "chunkmill/nearest.hpp"
#include "record_columns.hpp"

namespace chunkmill::jsonl {
namespace {

static_assert(LineReader::kPadding >= simdjson::SIMDJSON_PADDING);

// A call that names no limit still gives a batch that fits into memory, and text that fits into
// Arrow's 32-bit offsets.
constexpr uint64_t kMaxChunkBytes = uint64_t{64} << 20;
// How much of a bad record its reject keeps.
constexpr size_t kMaxRaw = size_t{64} << 10;

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
  errors.report_record(static_cast<int64_t>(ordinal), fault.code, fault.message, fault.column,
                       raw.substr(0, kMaxRaw), where, line);
}

class SplitLane final : public SourceLane {
 public:
  SplitLane(LineReader reader, std::string path, const std::vector<Column>& columns,
            const JsonlOptions& options)
      : reader_(std::move(reader)),
        path_(std::move(path)),
        max_record_bytes_(options.max_record_bytes),
        columns_(columns, options.fractions) {}

  bool next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) override {
    const uint64_t max_bytes = chunk_bytes(limits);
    uint64_t ordinal = 0;
    uint64_t bytes = 0;
    Line line;
    while (ordinal < limits.max_rows && bytes < max_bytes && reader_.next(&line)) {
      bytes += line.text.size() + 1;
      const RecordFault fault =
          line.too_large ? too_large(max_record_bytes_) : columns_.append(line.text);
      if (fault)
        report(errors, ordinal, fault, line.text, path_, static_cast<int64_t>(line.place.line));
      ++ordinal;
    }
    if (ordinal == 0) return false;
    columns_.finish(out);
    return true;
  }
  std::string position() const override { return files::place_text(reader_.place()); }

 private:
  LineReader reader_;
  const std::string path_;
  const size_t max_record_bytes_;
  RecordColumns columns_;
};

class ReplayLane final : public SourceLane {
 public:
  ReplayLane(std::vector<Record> records, const std::vector<Column>& columns,
             const JsonlOptions& options)
      : records_(std::move(records)),
        max_record_bytes_(options.max_record_bytes),
        columns_(columns, options.fractions) {}

  bool next(const ReadLimits& limits, ArrowArray* out, RowErrors& errors) override {
    const uint64_t max_bytes = chunk_bytes(limits);
    uint64_t ordinal = 0;
    uint64_t bytes = 0;
    for (; ordinal < limits.max_rows && bytes < max_bytes && at_ < records_.size(); ++at_) {
      Record& record = records_[at_];
      const size_t size = record.raw.size();
      bytes += size;
      record.raw.append(simdjson::SIMDJSON_PADDING, '\0');
      const std::string_view raw(record.raw.data(), size);
      const RecordFault fault =
          size > max_record_bytes_ ? too_large(max_record_bytes_) : columns_.append(raw);
      if (fault) report(errors, ordinal, fault, raw, record.where, record.line);
      ++ordinal;
    }
    if (ordinal == 0) return false;
    columns_.finish(out);
    return true;
  }
  std::string position() const override { return std::to_string(at_); }

 private:
  std::vector<Record> records_;
  size_t at_ = 0;
  const size_t max_record_bytes_;
  RecordColumns columns_;
};

}  // namespace

void JsonlSource::find_input() {
  if (found_) return;
  const std::vector<std::string> paths = files::find_files(options_.paths);
  const std::vector<std::string> names = files::short_names(options_.paths, paths);
  files_.clear();
  for (size_t i = 0; i < paths.size(); ++i) {
    File file{paths[i], names[i], files::file_facts(paths[i]), false};
    char head[files::kPackedHead];
    const size_t size =
        files::read_at(files::open_for_reading(file.path), file.path, 0, head, sizeof head);
    const bool packed = files::looks_like_gzip({head, size});
    files::refuse_foreign(file.path, {head, size});
    if (options_.compression == Compression::kGzip && !packed)
      throw Error(CM_INVALID, file.path + " is not a gzip file; leave compression at auto")
          .at(file.path);
    file.is_gzip = packed && options_.compression != Compression::kNone;
    files_.push_back(std::move(file));
  }
  find_columns();
  selected_ = columns_;
  found_ = true;
}

void JsonlSource::find_columns() {
  columns_.clear();
  for (const auto& [name, spec] : options_.columns) columns_.push_back(column_of(name, spec));
  if (!columns_.empty()) return;
  ColumnGuess guess;
  uint64_t left = options_.infer_records;
  for (const File& file : files_) {
    LineReader reader = reader_of(file, Place(), file.facts.size);
    for (Line line; left > 0 && reader.next(&line); --left)
      if (!line.too_large) guess.look_at(line.text);
  }
  columns_ = guess.columns();
}

LineReader JsonlSource::reader_of(const File& file, Place begin, uint64_t end) const {
  std::unique_ptr<files::ByteStream> stream;
  if (file.is_gzip) {
    stream = std::make_unique<files::GunzipStream>(
        std::make_unique<files::FileRange>(file.path, file.facts, 0, file.facts.size), file.path);
    files::skip(*stream, begin.offset, file.path);
  } else {
    stream =
        std::make_unique<files::FileRange>(file.path, file.facts, std::min(begin.offset, end), end);
  }
  return LineReader(std::move(stream), begin, options_.max_record_bytes);
}

Schema JsonlSource::schema() {
  find_input();
  Schema schema;
  for (const Column& column : columns_) schema.fields.push_back(column.field);
  return schema;
}

const Column* JsonlSource::find_column(std::string_view name) const {
  const auto found = std::find_if(columns_.begin(), columns_.end(),
                                  [&](const Column& column) { return column.field.name == name; });
  return found == columns_.end() ? nullptr : &*found;
}

bool JsonlSource::select(const Schema& wanted) {
  std::vector<std::string> names = schema().names();
  std::vector<Column> selected;
  for (const Field& field : wanted.fields) {
    if (field.type == Type::kBinary) return false;
    const Column* column = find_column(field.name);
    if (column == nullptr) {
      const std::string near = nearest(field.name, names);
      throw Error(CM_NOT_FOUND, "there is no column \"" + field.name + "\"" +
                                    (near.empty() ? "" : "; did you mean \"" + near + "\"?") +
                                    (options_.columns.empty()
                                         ? "; a key that the first records do not have can be "
                                           "named in `columns`"
                                         : ""))
          .at("columns." + field.name);
    }
    selected.push_back({field, column->path});
  }
  selected_ = std::move(selected);
  return true;
}

// The cuts depend on the files alone: a run can be gone on with by any number of workers.
std::vector<Split> JsonlSource::plan(uint32_t) {
  find_input();
  parts_.clear();
  for (size_t i = 0; i < files_.size(); ++i) plan_file(i);
  return files::splits_of(parts_);
}

void JsonlSource::plan_file(size_t index) {
  const File& file = files_[index];
  const uint64_t size = file.facts.size;
  const uint64_t target = options_.split_bytes > 0 ? options_.split_bytes : files::part_bytes(size);
  std::vector<Place> cuts{Place()};
  if (!file.is_gzip && size > target) cuts = find_cuts(file, target);
  for (size_t i = 0; i < cuts.size(); ++i) {
    const bool last = i + 1 == cuts.size();
    const uint64_t end = last ? size : cuts[i + 1].offset;
    files::FilePart part(index, file.name, file.path, cuts[i], end);
    if (cuts.size() > 1) part.name_bytes();
    if (!last) part.split.estimated_rows = static_cast<int64_t>(cuts[i + 1].line - cuts[i].line);
    part.split.estimated_bytes = static_cast<int64_t>(end - cuts[i].offset);
    parts_.push_back(std::move(part));
  }
}

// Reads the file once, to know at which line each part begins: rejects name lines.
std::vector<Place> JsonlSource::find_cuts(const File& file, uint64_t target) const {
  std::vector<Place> cuts{Place()};
  files::FileRange stream(file.path, file.facts, 0, file.facts.size);
  std::string block(size_t{256} << 10, '\0');
  uint64_t offset = 0;
  uint64_t line = 1;
  uint64_t wanted = target;
  while (const size_t size = stream.read(block.data(), block.size())) {
    if (interrupted_ || host().cancelled())
      throw Error(CM_CANCELLED, "interrupted while the parts of " + file.path + " were found");
    const char* at = block.data();
    const char* const end = at + size;
    // The first line end at or behind each wanted offset is a cut.
    while (offset + size >= wanted) {
      const char* const from = block.data() + (wanted > offset ? wanted - offset - 1 : 0);
      const char* const feed = std::find(std::max(at, from), end, '\n');
      line += static_cast<uint64_t>(std::count(at, feed, '\n'));
      at = feed;
      if (feed == end) break;
      at = feed + 1;
      ++line;
      const uint64_t cut = offset + static_cast<uint64_t>(at - block.data());
      if (cut < file.facts.size) cuts.push_back({cut, line});
      wanted = cut + target;
    }
    line += static_cast<uint64_t>(std::count(at, end, '\n'));
    offset += size;
  }
  return cuts;
}

std::string JsonlSource::identity() {
  find_input();
  std::string text;
  for (const File& file : files_) text += files::identity_line(file.name, file.facts);
  return text;
}

std::unique_ptr<SourceLane> JsonlSource::open(std::string_view split, std::string_view position) {
  const files::FilePart& part = files::part_of(parts_, split);
  const File& file = files_[part.file];
  const Place begin = position.empty() ? part.begin : files::parse_place(position, kInfo.name);
  return std::make_unique<SplitLane>(reader_of(file, begin, part.end), file.path, selected_,
                                     options_);
}

void JsonlSource::records(std::string_view split, std::string_view begin,
                          std::span<const uint64_t> ordinals, RecordSink& out) {
  const files::FilePart& part = files::part_of(parts_, split);
  const File& file = files_[part.file];
  LineReader reader =
      reader_of(file, begin.empty() ? part.begin : files::parse_place(begin, kInfo.name), part.end);
  auto wanted = ordinals.begin();
  Line line;
  for (uint64_t ordinal = 0; wanted != ordinals.end() && reader.next(&line); ++ordinal) {
    if (*wanted != ordinal) continue;
    out.add(ordinal, line.text.substr(0, kMaxRaw), file.path,
            static_cast<int64_t>(line.place.line));
    ++wanted;
  }
}

std::unique_ptr<SourceLane> JsonlSource::replay(std::vector<Record> records) {
  find_input();
  return std::make_unique<ReplayLane>(std::move(records), selected_, options_);
}

}  // namespace chunkmill::jsonl
