#include "jsonl_options.hpp"

namespace chunkmill::jsonl {

void JsonlOptions::configure(Options& options) {
  std::vector<Path> files;
  Bytes split{split_bytes};
  Bytes max_record{max_record_bytes};

  options.required("path", files, "file or files to read; * ? [abc] are patterns");
  options.optional("columns", columns,
                   "types by name: string, int32, int64, float, bool, date, timestamp, "
                   "decimal(18,2); or {type, path, unit}, path being like address.city or "
                   "/address/city; if not given, they are found in the first records");
  options.optional(
      "infer_records", infer_records,
      "how many records of each file are looked at to find the columns; 0: 1000, and all "
      "within the first 1 MiB of the input");
  options.choice(
      "fractions", fractions,
      {{"reject", Fractions::kReject}, {"round", Fractions::kRound}, {"cut", Fractions::kCut}},
      "times that are finer than a microsecond, which is what is kept: reject, round or "
      "cut them");
  options.choice("compression", compression,
                 {{"auto", files::Compression::kAuto},
                  {"none", files::Compression::kNone},
                  {"gzip", files::Compression::kGzip}},
                 "auto looks at the first bytes of each file");
  options.optional("split_bytes", split,
                   "size of the parts of a large file that are read in parallel; 0: by its size");
  options.optional("max_record_bytes", max_record, "a larger record is rejected");
  if (options.describing()) return;

  for (Path& file : files) paths.push_back(std::move(file.value));
  for (const auto& [name, spec] : columns) column_of(name, spec);
  constexpr uint64_t kMost = uint64_t{1} << 30;
  if (max_record.count == 0 || max_record.count > kMost)
    throw Error(CM_INVALID, "it must be between 1B and 1GiB").at("max_record_bytes");
  split_bytes = split.count;
  max_record_bytes = static_cast<size_t>(max_record.count);
}

Column column_of(const std::string& name, const ColumnSpec& spec) {
  return {files::field_of(name, spec), spec.path.empty() ? path_of_key(name) : spec.path, false};
}

std::string path_of_key(std::string_view key) {
  std::string path = "/";
  for (const char c : key) {
    if (c == '~') {
      path += "~0";
    } else if (c == '/') {
      path += "~1";
    } else {
      path += c;
    }
  }
  return path;
}

}  // namespace chunkmill::jsonl
