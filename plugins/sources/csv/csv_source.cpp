#include "csv_source.hpp"

#include <algorithm>
#include <cmath>

#include "chunkmill/nearest.hpp"
#include "input_file.hpp"
#include "split_plan.hpp"

namespace chunkmill::csv {
namespace {

Error missing_column(const std::string& name, const CsvFile& file) {
  const std::string near = nearest(name, file.names);
  std::string all;
  for (const std::string& other : file.names) all += (all.empty() ? "" : ", ") + other;
  return Error(CM_NOT_FOUND, file.path + " has no column \"" + name + "\"" +
                                 (near.empty() ? "" : "; did you mean \"" + near + "\"?") +
                                 (all.empty() ? "; it has no columns" : "; it has " + all))
      .at("columns." + name);
}

}  // namespace

void CsvSource::find_input() {
  if (found_) return;
  const std::vector<std::string> paths = find_input_files(options_.paths);
  const std::vector<std::string> names = files::short_names(options_.paths, paths);
  for (size_t i = 0; i < paths.size(); ++i) {
    files_.push_back(inspect(paths[i], options_));
    files_.back().name = names[i];
  }
  warn_of_oddities();
  check_same_columns(files_);
  schema_ = make_schema();
  for (const Field& field : schema_.fields) {
    columns_.push_back({field, {}});
    for (const auto& [name, spec] : options_.columns)
      if (name == field.name) columns_.back().format = spec.format;
  }
  found_ = true;
}

// Of many files a few are enough.
void CsvSource::warn_of_oddities() {
  constexpr size_t kMost = 5;
  size_t count = 0;
  for (const CsvFile& file : files_)
    for (const std::string& warning : file.warnings)
      if (++count <= kMost) host().warn(warning);
  if (count > kMost)
    host().warn("and " + std::to_string(count - kMost) + " more of its files are like that");
}

Schema CsvSource::make_schema() const {
  const auto first = std::find_if(files_.begin(), files_.end(),
                                  [](const CsvFile& file) { return !file.names.empty(); });
  Schema schema;
  if (first == files_.end()) {
    for (const auto& [name, spec] : options_.columns) schema.fields.push_back(field_of(name, spec));
    return schema;
  }
  for (const std::string& name : first->names) schema.fields.push_back(field_of(name, {}));
  for (const auto& [name, spec] : options_.columns) {
    const int at = schema.find(name);
    if (at < 0) throw missing_column(name, *first);
    schema.fields[static_cast<size_t>(at)] = field_of(name, spec);
  }
  return schema;
}

Schema CsvSource::schema() {
  find_input();
  return schema_;
}

bool CsvSource::select(const Schema& wanted) {
  find_input();
  std::vector<OutputColumn> columns;
  for (const Field& field : wanted.fields) {
    if (field.type == Type::kBinary) return false;
    const int at = schema_.find(field.name);
    if (at < 0) throw missing_column(field.name, files_.front());
    OutputColumn column{field, {}};
    // The format goes with the column; asked for as text it needs none.
    for (const auto& [name, spec] : options_.columns)
      if (name == field.name && (field.type == Type::kDate32 || field.type == Type::kTimestamp))
        column.format = spec.format;
    columns.push_back(std::move(column));
  }
  columns_ = std::move(columns);
  return true;
}

std::vector<Split> CsvSource::plan(uint32_t parallel) {
  find_input();
  parts_.clear();
  for (size_t i = 0; i < files_.size(); ++i) plan_file(i, parallel);
  return files::splits_of(parts_);
}

void CsvSource::plan_file(size_t index, uint32_t parallel) {
  const CsvFile& file = files_[index];
  const bool can_be_cut = parallel > 0 && file.can_be_cut(options_);
  const uint64_t size = file.facts.size;
  const uint64_t target = options_.split_bytes > 0 ? options_.split_bytes : part_bytes(size);
  CutPlan cuts{{file.data}, 0};
  if (can_be_cut && size > file.data.offset && size - file.data.offset > target)
    cuts = find_cuts({file.path, file.data, size, target, parallel}, file.dialect, best_scanner(),
                     [this] { return interrupted_ || host().cancelled(); });
  for (size_t i = 0; i < cuts.parts.size(); ++i) {
    const Place begin = cuts.parts[i];
    const bool last = i + 1 == cuts.parts.size();
    const uint64_t end = last ? std::max(size, begin.offset) : cuts.parts[i + 1].offset;
    files::FilePart part(index, file.name, file.path, begin, end);
    if (cuts.parts.size() > 1) {
      part.name_bytes();
      part.split.estimated_rows =
          static_cast<int64_t>((last ? cuts.last_line : cuts.parts[i + 1].line) - begin.line);
    }
    if (!file.is_standard_input)
      part.split.estimated_bytes = static_cast<int64_t>(end - begin.offset);
    if (can_be_cut && cuts.parts.size() == 1)
      part.split.estimated_rows =
          file.bytes_per_record > 0
              ? std::llround(static_cast<double>(end - begin.offset) / file.bytes_per_record)
              : 0;
    parts_.push_back(std::move(part));
  }
}

std::string CsvSource::identity() {
  find_input();
  std::string text;
  for (const CsvFile& file : files_)
    text += file.is_standard_input ? file.name + "\n" : files::identity_line(file.name, file.facts);
  return text;
}

std::unique_ptr<SourceLane> CsvSource::open(std::string_view split, std::string_view position) {
  const files::FilePart& part = files::part_of(parts_, split);
  const CsvFile& file = files_[part.file];
  if (file.is_standard_input && standard_input_open_)
    throw Error(CM_UNSUPPORTED,
                "standard input can be read once only; write it to a file to read it again");
  standard_input_open_ = file.is_standard_input;
  const Place begin = position.empty() ? part.begin : files::parse_place(position, kInfo.name);
  return std::make_unique<SplitLane>(lane_plan(part.file),
                                     open_text_of(file, options_, begin.offset, part.end), begin);
}

void CsvSource::records(std::string_view split, std::string_view begin,
                        std::span<const uint64_t> ordinals, RecordSink& out) {
  const files::FilePart& part = files::part_of(parts_, split);
  const CsvFile& file = files_[part.file];
  if (file.is_standard_input)
    throw Error(CM_UNSUPPORTED, "records of standard input cannot be read again");
  if (ordinals.empty()) return;
  const Place place = begin.empty() ? part.begin : files::parse_place(begin, kInfo.name);
  read_records(lane_plan(part.file), open_text_of(file, options_, place.offset, part.end), place,
               ordinals, out);
}

std::unique_ptr<SourceLane> CsvSource::replay(std::vector<Record> records) {
  find_input();
  // The columns may stand in another order in each file. Files without names have no records.
  std::vector<LanePlan> plans;
  for (size_t i = 0; i < files_.size(); ++i)
    if (!files_[i].names.empty() || i + 1 == files_.size()) plans.push_back(lane_plan(i));
  return std::make_unique<ReplayLane>(std::move(plans), std::move(records));
}

}  // namespace chunkmill::csv
