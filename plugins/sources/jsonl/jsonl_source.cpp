#include "jsonl_source.hpp"

#include <algorithm>
#include <cmath>

#include "chunkmill/files/gunzip.hpp"
#include "chunkmill/nearest.hpp"
#include "column_guess.hpp"

namespace chunkmill::jsonl {
namespace {

// Without `infer_records`: of each file so many records are looked at, and of small inputs all.
constexpr uint64_t kRecordsLookedAt = 1000;
constexpr uint64_t kBytesLookedAt = uint64_t{1} << 20;
// How many keys that nobody reads are named one by one.
constexpr size_t kMostKeysNamed = 100;

// JSON is UTF-8. Some programs write UTF-16 all the same, with a mark or so that every other byte is
// zero; its lines would be rejected one by one.
void refuse_utf16(const std::string& path, std::string_view head) {
  const bool marked = head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF");
  const bool zeros = head.size() >= 2 && (head[0] == '\0') != (head[1] == '\0');
  if (!marked && !zeros) return;
  throw Error(CM_INVALID, path +
                              " is UTF-16, and JSON lines are UTF-8; write it anew, such as by "
                              "iconv -f UTF-16 -t UTF-8")
      .at(path);
}

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
    file.is_gzip = files::is_unpacked(file.path, {head, size}, options_.compression);
    refuse_utf16(file.path, {head, size});
    const std::string odd =
        files::plain_text_warning(file.path, {head, size}, options_.compression);
    if (!odd.empty()) host().warn(odd);
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
  const uint64_t wanted = options_.infer_records;
  uint64_t records = 0;
  uint64_t bytes = 0;
  bool saw_all = true;
  for (const File& file : files_) {
    LineReader reader = reader_of(file, Place(), file.facts.size);
    const auto more = [&](uint64_t seen) {
      return seen < (wanted > 0 ? wanted : kRecordsLookedAt) ||
             (wanted == 0 && bytes < kBytesLookedAt);
    };
    uint64_t seen = 0;
    Line line;
    bool at_end = false;
    while (!at_end && more(seen)) {
      at_end = !reader.next(&line);
      if (at_end) break;
      bytes += line.text.size();
      if (!line.too_large) guess.look_at(line.text);
      ++seen;
    }
    saw_all &= at_end || !reader.next(&line);
    records += seen;
  }
  columns_ = guess.columns();
  for (const Column& column : columns_) keys_.insert(column.field.name);
  if (!saw_all)
    host().warn("the columns were found in the first " + std::to_string(records) +
                " records; a key that only later ones have is not read, but counted as "
                "unread_keys: name it in `columns`, or raise infer_records");
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
    selected.push_back({field, column->path, column->found && field.type == column->field.type});
  }
  selected_ = std::move(selected);
  return true;
}

// The cuts depend on the files alone: a run can be resumed by any number of workers.
std::vector<Split> JsonlSource::plan(uint32_t parallel) {
  find_input();
  parts_.clear();
  for (size_t i = 0; i < files_.size(); ++i) plan_file(i, parallel > 0);
  const Lock lock(lines_mutex_);
  first_lines_.assign(parts_.size(), 0);
  return files::splits_of(parts_);
}

void JsonlSource::plan_file(size_t index, bool may_cut) {
  const File& file = files_[index];
  const uint64_t size = file.facts.size;
  const uint64_t target = options_.split_bytes > 0 ? options_.split_bytes : files::part_bytes(size);
  std::vector<uint64_t> cuts{0};
  if (may_cut && !file.is_gzip && size > target) cuts = find_cuts(file, target);
  const double line_bytes = file.is_gzip ? 0 : bytes_per_line(file);
  for (size_t i = 0; i < cuts.size(); ++i) {
    const uint64_t end = i + 1 == cuts.size() ? size : cuts[i + 1];
    // Lines are counted from the beginning of the part: see first_line().
    files::FilePart part(index, file.name, file.path, Place{cuts[i], 1}, end);
    if (cuts.size() > 1) part.name_bytes();
    const uint64_t bytes = end - cuts[i];
    if (line_bytes > 0)
      part.split.estimated_rows = std::llround(static_cast<double>(bytes) / line_bytes);
    part.split.estimated_bytes = static_cast<int64_t>(bytes);
    parts_.push_back(std::move(part));
  }
}

// Behind the first line end at or behind each multiple of `target`; the rest of the file is not
// read.
std::vector<uint64_t> JsonlSource::find_cuts(const File& file, uint64_t target) const {
  std::vector<uint64_t> cuts{0};
  const uint64_t size = file.facts.size;
  std::string block(size_t{64} << 10, '\0');
  while (size - cuts.back() > target) {
    if (interrupted_ || host().cancelled())
      throw Error(CM_CANCELLED, "interrupted while the parts of " + file.path + " were found");
    uint64_t at = cuts.back() + target - 1;
    files::FileRange stream(file.path, file.facts, at, size);
    size_t feed = std::string::npos;
    while (feed == std::string::npos) {
      const size_t got = stream.read(block.data(), block.size());
      if (got == 0) return cuts;
      feed = std::string_view(block.data(), got).find('\n');
      at += feed == std::string::npos ? got : feed + 1;
    }
    if (at >= size) break;
    cuts.push_back(at);
  }
  return cuts;
}

// As the first lines of the file are; 0 when none of them ends.
double JsonlSource::bytes_per_line(const File& file) {
  std::string head(static_cast<size_t>(std::min<uint64_t>(file.facts.size, 64U << 10)), '\0');
  head.resize(
      files::read_at(files::open_for_reading(file.path), file.path, 0, head.data(), head.size()));
  const auto lines = std::count(head.begin(), head.end(), '\n');
  return lines == 0 ? 0 : static_cast<double>(head.size()) / static_cast<double>(lines);
}

// The line of the file at which a part begins. Only rejects name lines, so that the lines are
// counted when the first one wants to know.
uint64_t JsonlSource::first_line(size_t part) {
  const Lock lock(lines_mutex_);
  size_t known = part;
  while (first_lines_[known] == 0 && parts_[known].begin.offset > 0) --known;
  if (first_lines_[known] == 0) first_lines_[known] = 1;
  std::string block(size_t{256} << 10, '\0');
  for (; known < part; ++known) {
    const files::FilePart& before = parts_[known];
    const File& file = files_[before.file];
    files::FileRange stream(file.path, file.facts, before.begin.offset, before.end);
    uint64_t lines = first_lines_[known];
    while (const size_t got = stream.read(block.data(), block.size()))
      lines += static_cast<uint64_t>(
          std::count(block.begin(), block.begin() + static_cast<ptrdiff_t>(got), '\n'));
    first_lines_[known + 1] = lines;
  }
  return first_lines_[part];
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
  const auto index = static_cast<size_t>(&part - parts_.data());
  return std::make_unique<SplitLane>(lane_plan(), reader_of(file, begin, part.end), file.path,
                                     [this, index] { return first_line(index); });
}

void JsonlSource::records(std::string_view split, std::string_view begin,
                          std::span<const uint64_t> ordinals, RecordSink& out) {
  const files::FilePart& part = files::part_of(parts_, split);
  const File& file = files_[part.file];
  const uint64_t before = first_line(static_cast<size_t>(&part - parts_.data())) - 1;
  LineReader reader =
      reader_of(file, begin.empty() ? part.begin : files::parse_place(begin, kInfo.name), part.end);
  auto wanted = ordinals.begin();
  Line line;
  for (uint64_t ordinal = 0; wanted != ordinals.end() && reader.next(&line); ++ordinal) {
    if (*wanted != ordinal) continue;
    out.add(ordinal, line.too_large ? line.text.substr(0, kMaxRaw) : line.text, file.path,
            static_cast<int64_t>(before + line.place.line));
    ++wanted;
  }
}

std::unique_ptr<SourceLane> JsonlSource::replay(std::vector<Record> records) {
  find_input();
  return std::make_unique<ReplayLane>(lane_plan(), std::move(records));
}

LanePlan JsonlSource::lane_plan() {
  return {selected_, options_.columns.empty() ? &keys_ : nullptr, options_,
          [this](const UnreadKeys& unread, const std::string& path) { tell(unread, path); }};
}

void JsonlSource::tell(const UnreadKeys& unread, const std::string& path) {
  for (const auto& [key, count] : unread.counts()) {
    std::string name = key;
    bool is_new = false;
    {
      const Lock lock(unread_mutex_);
      if (told_.size() < kMostKeysNamed) is_new = told_.insert(key).second;
      if (!told_.contains(key)) name = UnreadKeys::kOthers;
    }
    host().add("unread_keys", static_cast<double>(count));
    host().add("unread_keys." + name, static_cast<double>(count));
    if (is_new)
      host().warn(
          path + ": values of the key \"" + key +
          "\" are not read, because the records in which the columns were looked for do not "
          "have it; name it in `columns`, or raise infer_records");
  }
}

}  // namespace chunkmill::jsonl
