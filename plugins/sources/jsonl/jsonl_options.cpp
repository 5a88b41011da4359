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
  options.optional("infer_records", infer_records,
                   "how many records are looked at to find the columns");
  options.choice(
      "compression", compression,
      {{"auto", Compression::kAuto}, {"none", Compression::kNone}, {"gzip", Compression::kGzip}},
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
  if (infer_records == 0 && columns.empty())
    throw Error(CM_INVALID, "without `columns` at least one record must be looked at")
        .at("infer_records");
  split_bytes = split.count;
  max_record_bytes = static_cast<size_t>(max_record.count);
}

Column column_of(const std::string& name, const ColumnSpec& spec) {
  Column column;
  column.field.name = name;
  column.field.unit = spec.unit;
  column.path = spec.path.empty() ? path_of_key(name) : spec.path;
  if (!type_from_name(spec.type, &column.field) || column.field.type == Type::kBinary)
    throw Error(CM_INVALID, "\"" + spec.type +
                                "\" is not a type; there are string, int32, int64, float, bool, "
                                "date, timestamp and decimal(precision,scale)")
        .at("columns." + name);
  return column;
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

namespace chunkmill::detail {

void OptionType<jsonl::ColumnSpecs>::describe(JsonWriter* json) {
  json->field("type", "object").key("additionalProperties").begin_object();
  json->key("type").begin_array().value("string").value("object").end_array();
  json->key("properties").begin_object();
  for (const auto& [name, doc] : {std::pair("type", "type of the values"),
                                  std::pair("path", "where they are: a.b.0 or /a/b/0"),
                                  std::pair("unit", "unit of the values")})
    json->key(name).begin_object().field("type", "string").field("description", doc).end_object();
  json->end_object().field("additionalProperties", false).end_object();
}

bool OptionType<jsonl::ColumnSpecs>::read(const OptionNode& node, jsonl::ColumnSpecs* out) {
  if (node.kind() != CM_MAP) return false;
  out->clear();
  for (size_t i = 0; i < node.size(); ++i) {
    auto& [name, spec] = out->emplace_back(node.key(i), jsonl::ColumnSpec{});
    const OptionNode value = node.at(i);
    if (value.kind() != CM_MAP) {
      if (!value.text(&spec.type)) return false;
      continue;
    }
    for (size_t k = 0; k < value.size(); ++k) {
      const std::string key = value.key(k);
      std::string* to = key == "type"   ? &spec.type
                        : key == "path" ? &spec.path
                        : key == "unit" ? &spec.unit
                                        : nullptr;
      if (to == nullptr || !value.at(k).text(to)) return false;
    }
  }
  return true;
}

void OptionType<jsonl::ColumnSpecs>::write_default(JsonWriter* json, const jsonl::ColumnSpecs&) {
  json->begin_object().end_object();
}

}  // namespace chunkmill::detail
