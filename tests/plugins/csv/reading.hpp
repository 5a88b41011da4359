// A csv source in a test: files in a folder of its own, and what was read from them as text.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chunkmill/batch.hpp"
#include "chunkmill/format.hpp"
#include "chunkmill/source.hpp"
#include "plugins/sources/csv/csv_source.hpp"
#include "tests/plugins/csv/option_tree.hpp"

namespace chunkmill::csv {

// Removes itself.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "csv-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  Folder(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  std::string path(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

// A record as it came out: a row, or a reject.
struct Outcome {
  std::vector<std::optional<std::string>> values;  // of a row
  std::string code;                                // of a reject; else empty
  std::string column;
  std::string message;
  std::string raw;
  std::string where;
  int64_t line = 0;

  bool is_row() const { return code.empty(); }
};

inline std::optional<std::string> value_text(const ArrowArray& column, Type type, int64_t row) {
  const auto said = [](const auto& value) { return value.has_value(); };
  std::string text;
  switch (type) {
    case Type::kBool: {
      const auto value = ColumnView<bool>(column, 0).get(row);
      if (!said(value)) return std::nullopt;
      return *value ? "true" : "false";
    }
    case Type::kInt32: {
      const auto value = ColumnView<int32_t>(column, 0).get(row);
      if (!said(value)) return std::nullopt;
      return std::to_string(*value);
    }
    case Type::kInt64: {
      const auto value = ColumnView<int64_t>(column, 0).get(row);
      if (!said(value)) return std::nullopt;
      return std::to_string(*value);
    }
    case Type::kFloat64: {
      const auto value = ColumnView<double>(column, 0).get(row);
      if (!said(value)) return std::nullopt;
      append_double(&text, *value);
      return text;
    }
    case Type::kDate32: {
      const auto value = ColumnView<Date>(column, 0).get(row);
      if (!said(value)) return std::nullopt;
      return std::to_string(value->days);
    }
    case Type::kTimestamp: {
      const auto value = ColumnView<Timestamp>(column, 0).get(row);
      if (!said(value)) return std::nullopt;
      return std::to_string(value->micros);
    }
    case Type::kDecimal128: {
      const auto value = ColumnView<Int128>(column, 0).get(row);
      if (!said(value)) return std::nullopt;
      return std::to_string(static_cast<int64_t>(*value));
    }
    case Type::kUtf8:
    case Type::kBinary: {
      const auto value = ColumnView<std::string_view>(column, 0).get(row);
      if (!said(value)) return std::nullopt;
      return std::string(*value);
    }
  }
  return std::nullopt;
}

// One call of next(), in the order of the records; empty at the end.
inline std::vector<Outcome> read_chunk(SourceLane& lane, const std::vector<Type>& types,
                                       uint64_t max_rows, uint64_t max_bytes = 0) {
  std::map<int64_t, Outcome> rejects;
  const cm_row_errors sink{&rejects, [](void* ctx, const cm_row_error* error) {
                             auto& all = *static_cast<std::map<int64_t, Outcome>*>(ctx);
                             if (all.contains(error->row))
                               throw std::logic_error("a record was rejected twice");
                             const auto text = [](cm_str str) {
                               return std::string(from_abi(str));
                             };
                             all[error->row] = {{},
                                                text(error->code),
                                                text(error->column),
                                                text(error->message),
                                                text(error->raw),
                                                text(error->where),
                                                error->line};
                           }};
  RowErrors errors(&sink);
  UniqueArray batch;
  std::vector<Outcome> outcomes;
  if (!lane.next({max_rows, max_bytes, 0}, batch.get(), errors)) return outcomes;
  const int64_t count = batch->length + static_cast<int64_t>(rejects.size());
  int64_t row = 0;
  for (int64_t ordinal = 0; ordinal < count; ++ordinal) {
    const auto reject = rejects.find(ordinal);
    if (reject != rejects.end()) {
      outcomes.push_back(reject->second);
      continue;
    }
    Outcome outcome;
    for (size_t c = 0; c < types.size(); ++c)
      outcome.values.push_back(value_text(*batch->children[c], types[c], row));
    ++row;
    outcomes.push_back(std::move(outcome));
  }
  if (row != batch->length) throw std::logic_error("ordinals do not fit the rows");
  return outcomes;
}

inline const cm_host* quiet_host() {
  static const cm_host host{sizeof(cm_host),
                            CM_ABI_MINOR,
                            nullptr,
                            [](void*, int32_t) { return int32_t{0}; },
                            [](void*, int32_t, cm_str) {},
                            [](void*, int32_t, cm_str, double) {},
                            [](void*) { return int32_t{0}; },
                            nullptr,
                            nullptr,
                            nullptr};
  return &host;
}

inline std::unique_ptr<CsvSource> make_source(const OptionValue& options) {
  const cm_options tree = as_options(options);
  return detail::create_plugin<CsvSource>(quiet_host(), &tree);
}

inline std::vector<Type> types_of(const Schema& schema) {
  std::vector<Type> types;
  for (const Field& field : schema.fields) types.push_back(field.type);
  return types;
}

// All splits, one after the other.
inline std::vector<Outcome> read_source(CsvSource& source, const Schema& schema,
                                        uint64_t max_rows = 1000) {
  std::vector<Outcome> all;
  for (const Split& split : source.plan(2)) {
    const auto lane = source.open(split.id, {});
    while (true) {
      std::vector<Outcome> chunk = read_chunk(*lane, types_of(schema), max_rows);
      if (chunk.empty()) break;
      all.insert(all.end(), chunk.begin(), chunk.end());
    }
  }
  return all;
}

// Everything in one file of that text, with more options.
inline std::vector<Outcome> read_text(
    std::string_view text,
    std::initializer_list<std::pair<std::string, OptionValue>> options = {}) {
  const Folder folder;
  OptionValue all = OptionValue::map(options);
  all.entries.emplace_back("path", folder.write("in.csv", text));
  const auto source = make_source(all);
  return read_source(*source, source->schema());
}

// Rows as lines of "a|b|NULL", rejects as "code@line column".
inline std::vector<std::string> shown_outcomes(const std::vector<Outcome>& outcomes) {
  std::vector<std::string> lines;
  for (const Outcome& outcome : outcomes) {
    std::string line;
    if (outcome.is_row()) {
      for (const auto& value : outcome.values)
        line += (line.empty() ? "" : "|") + value.value_or("NULL");
    } else {
      line = outcome.code + "@" + std::to_string(outcome.line);
      if (!outcome.column.empty()) line += " " + outcome.column;
    }
    lines.push_back(line);
  }
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace chunkmill::csv
