// The options of the jsonl source.
#pragma once

#include <string>
#include <vector>

#include "chunkmill/files/column_specs.hpp"
#include "chunkmill/files/packed.hpp"
#include "chunkmill/parse.hpp"

namespace chunkmill::jsonl {

// An entry of the option `columns`: `spend: float`, or `city: {type: string, path: address.city}`.
struct ColumnSpec {
  std::string type = "string";
  std::string path;  // empty: the column's name is the key
  std::string unit;

  static constexpr std::string_view kExpected =
      "a map from column names to types, or to {type, path, unit}";
  static constexpr files::ColumnKey<ColumnSpec> kKeys[] = {
      {"type", &ColumnSpec::type, "type of the values"},
      {"path", &ColumnSpec::path, "where they are: a.b.0 or /a/b/0"},
      {"unit", &ColumnSpec::unit, "unit of the values"}};
};
using ColumnSpecs = files::ColumnSpecs<ColumnSpec>;

struct JsonlOptions {
  std::vector<std::string> paths;
  ColumnSpecs columns;
  uint64_t infer_records = 0;                // of each file; 0: by their size
  Fractions fractions = Fractions::kReject;  // of seconds, behind the microsecond
  files::Compression compression = files::Compression::kAuto;
  uint64_t split_bytes = 0;  // 0: by the size of the file
  size_t max_record_bytes = size_t{16} << 20;

  // Describes or reads them. Throws Error(CM_INVALID) at the option's path.
  void configure(Options& options);
};

// Where the values of a column come from, and what they become.
struct Column {
  Field field;
  std::string path;    // as ColumnPaths takes it
  bool found = false;  // its type was found in the first records, nobody asked for it
};

// The column that an entry of `columns` asks for. Throws Error(CM_INVALID).
Column column_of(const std::string& name, const ColumnSpec& spec);

// The path of a top-level key, whatever is in it.
std::string path_of_key(std::string_view key);

}  // namespace chunkmill::jsonl
