// The options of the jsonl source.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "chunkmill/options.hpp"

namespace chunkmill::jsonl {

// An entry of the option `columns`.
struct ColumnSpec {
  std::string type = "string";
  std::string path;  // empty: the column's name is the key
  std::string unit;
};
using ColumnSpecs = std::vector<std::pair<std::string, ColumnSpec>>;  // in the order of the file

enum class Compression { kAuto, kNone, kGzip };

struct JsonlOptions {
  std::vector<std::string> paths;
  ColumnSpecs columns;
  uint64_t infer_records = 1000;
  Compression compression = Compression::kAuto;
  uint64_t split_bytes = 0;  // 0: by the size of the file
  size_t max_record_bytes = size_t{16} << 20;

  // Describes or reads them. Throws Error(CM_INVALID) at the option's path.
  void configure(Options& options);
};

// Where the values of a column come from, and what they become.
struct Column {
  Field field;
  std::string path;  // as ColumnPaths takes it
};

// The column that an entry of `columns` asks for. Throws Error(CM_INVALID).
Column column_of(const std::string& name, const ColumnSpec& spec);

// The path of a top-level key, whatever is in it.
std::string path_of_key(std::string_view key);

}  // namespace chunkmill::jsonl

namespace chunkmill::detail {

// `columns: {spend: float, city: {type: string, path: address.city}}`, in the order of the file.
template <>
struct OptionType<jsonl::ColumnSpecs> {
  static constexpr std::string_view kExpected =
      "a map from column names to types, or to {type, path, unit}";
  static void describe(JsonWriter* json);
  static bool read(const OptionNode& node, jsonl::ColumnSpecs* out);
  static void write_default(JsonWriter* json, const jsonl::ColumnSpecs& value);
};

}  // namespace chunkmill::detail
