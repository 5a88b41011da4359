// What the tests of file plugins stand on: options as a job file gives them, a host that keeps what
// it is told, a folder that removes itself, and batches from text.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "chunkmill/builder.hpp"
#include "chunkmill/options.hpp"
#include "chunkmill/parse.hpp"
#include "chunkmill/sink.hpp"
#include "chunkmill/source.hpp"

namespace chunkmill::rig {

// A plain scalar, a list or a map.
struct Value {
  using Entries = std::vector<std::pair<std::string, Value>>;

  Value(const char* value) : text(value) {}
  Value(std::string value) : text(std::move(value)) {}
  Value(int value) : text(std::to_string(value)) {}
  Value(double value) { append_double(&text, value); }
  Value(bool value) : text(value ? "true" : "false") {}

  static Value list(std::initializer_list<Value> values) {
    Value out("");
    out.kind = CM_LIST;
    for (const Value& value : values) out.entries.emplace_back("", value);
    return out;
  }
  static Value map(Entries entries) {
    Value out("");
    out.kind = CM_MAP;
    out.entries = std::move(entries);
    return out;
  }

  int32_t kind = CM_STRING;
  std::string text;
  Entries entries;
};

// Valid as long as `root`.
inline cm_options as_options(const Value& root) {
  static const auto at = [](const void* node) { return static_cast<const Value*>(node); };
  return {sizeof(cm_options),
          0,
          &root,
          [](const void* node) { return node == nullptr ? int32_t{CM_NULL} : at(node)->kind; },
          [](const void* node) { return at(node)->entries.size(); },
          [](const void* node, size_t i) {
            return static_cast<const void*>(&at(node)->entries[i].second);
          },
          [](const void* node, size_t i, cm_str* out) {
            *out = to_abi(at(node)->entries[i].first);
            return int32_t{1};
          },
          [](const void* node, cm_str key) {
            for (const auto& [name, entry] : at(node)->entries)
              if (name == from_abi(key)) return static_cast<const void*>(&entry);
            return static_cast<const void*>(nullptr);
          },
          [](const void* node, int32_t* out) {
            *out = at(node)->text == "true";
            return int32_t{at(node)->text == "true" || at(node)->text == "false"};
          },
          [](const void* node, int64_t* out) {
            return int32_t{parse_int64(at(node)->text, out) == ParseFault::kNone};
          },
          [](const void* node, double* out) {
            return int32_t{parse_double(at(node)->text, out) == ParseFault::kNone};
          },
          [](const void* node, cm_str* out) {
            *out = to_abi(at(node)->text);
            return int32_t{at(node)->kind < CM_LIST};
          }};
}

// Keeps the log.
class TestHost {
 public:
  const cm_host* abi() const { return &host_; }
  std::vector<std::string> log;

 private:
  cm_host host_{sizeof(cm_host),
                CM_ABI_MINOR,
                this,
                [](void*, int32_t) { return int32_t{1}; },
                [](void* self, int32_t, cm_str message) {
                  static_cast<TestHost*>(self)->log.emplace_back(from_abi(message));
                },
                [](void*, int32_t, cm_str, double) {},
                [](void*) { return int32_t{0}; },
                nullptr,
                nullptr,
                nullptr};
};

inline TestHost& test_host() {
  static TestHost host;
  return host;
}

// A plugin object with these options.
template <typename T>
std::unique_ptr<T> make(const Value::Entries& options) {
  const Value root = Value::map(options);
  const cm_options tree = as_options(root);
  return detail::create_plugin<T>(test_host().abi(), &tree);
}

// Removes itself.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "chunkmill-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  Folder(const Folder&) = delete;
  ~Folder() {
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
    std::filesystem::remove_all(path_);
  }

  std::string path(const std::string& name = {}) const { return (path_ / name).string(); }
  std::string write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path(name);
  }
  std::string read(const std::string& name) const {
    std::ifstream in(path_ / name, std::ios::binary);
    if (!in) throw std::runtime_error("there is no file " + name);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  bool has(const std::string& name) const { return std::filesystem::exists(path_ / name); }

 private:
  std::filesystem::path path_;
};

using Row = std::vector<std::optional<std::string>>;  // nullopt: null

inline void append_value(ColumnBuilder& column, const Field& field, const std::string& text) {
  const auto must = [&](ParseFault fault) {
    if (fault != ParseFault::kNone) throw std::runtime_error("not a value: " + text);
  };
  const auto number = [&]<typename T>(T value, auto parse) {
    must(parse(text, &value));
    return value;
  };
  switch (field.type) {
    case Type::kBool:
      return column.append(number(false, parse_bool));
    case Type::kInt32:
      return column.append(number(int32_t{0}, parse_int32));
    case Type::kInt64:
      return column.append(number(int64_t{0}, parse_int64));
    case Type::kFloat64:
      return column.append(text == "nan"   ? std::numeric_limits<double>::quiet_NaN()
                           : text == "inf" ? std::numeric_limits<double>::infinity()
                                           : number(0.0, parse_double));
    case Type::kUtf8:
      return column.append(std::string_view(text));
    case Type::kBinary:
      return column.append(Binary{text});
    case Type::kDate32:
      return column.append(Date{number(int32_t{0}, parse_date32)});
    case Type::kTimestamp:
      return column.append(Timestamp{number(int64_t{0}, parse_timestamp)});
    case Type::kDecimal128: {
      Int128 value = 0;
      must(parse_decimal128(text, field.precision, field.scale, &value));
      return column.append(value);
    }
  }
}

inline UniqueArray batch_of(const Schema& schema, const std::vector<Row>& rows) {
  BatchBuilder builder(schema);
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (row[i]) {
        append_value(builder[i], schema[i], *row[i]);
      } else {
        builder[i].append_null();
      }
    }
  }
  UniqueArray array;
  builder.finish(array.get());
  return array;
}

// What row errors were reported.
struct Reports {
  struct Report {
    int64_t row;
    std::string code, column, message, raw, where;
    int64_t line;
  };
  std::vector<Report> all;

  cm_row_errors abi() {
    return {&all, [](void* ctx, const cm_row_error* error) {
              const auto text = [](cm_str str) { return std::string(from_abi(str)); };
              static_cast<std::vector<Report>*>(ctx)->push_back(
                  {error->row, text(error->code), text(error->column), text(error->message),
                   text(error->raw), text(error->where), error->line});
            }};
  }
};

// A chunk of a test's run. A value that abi() refers to.
struct TestChunk {
  uint64_t sequence = 0;
  std::string begin, end;
  bool last = false;
  std::string split = "s";
  std::string run = "run-1";
  uint64_t epoch = 1;

  cm_chunk abi() const {
    cm_chunk chunk{};
    chunk.struct_size = sizeof chunk;
    chunk.attempt = 1;
    chunk.sequence = sequence;
    chunk.epoch = epoch;
    chunk.job = to_abi("job");
    chunk.run = to_abi(run);
    chunk.split = to_abi(split);
    chunk.begin = to_abi(begin);
    chunk.end = to_abi(end);
    chunk.last = last ? 1 : 0;
    return chunk;
  }
};

inline Run run_of(const std::string& run = "run-1", uint64_t epoch = 1,
                  const std::string& job = "job") {
  return {job, run, "fingerprint", "test", epoch};
}

// Writes a batch; the errors that were reported.
inline Reports write_batch(SinkLane& lane, const Schema& schema, const UniqueArray& array) {
  Reports reports;
  const cm_row_errors sink = reports.abi();
  RowErrors errors(&sink);
  try {
    lane.write(0, Batch(array.get(), &schema), errors);
  } catch (const Error& error) {
    if (error.code() != CM_DATA) throw;
  }
  return reports;
}

// Writes and commits one chunk; false when it was committed already.
inline bool write_chunk(SinkLane& lane, const TestChunk& chunk, const Schema& schema,
                        const std::vector<Row>& rows) {
  const cm_chunk abi = chunk.abi();
  if (!lane.begin(Chunk(&abi))) return false;
  write_batch(lane, schema, batch_of(schema, rows));
  lane.commit({rows.size(), rows.size(), 0, 0});
  return true;
}

// The message of the Error that `call` throws.
template <typename F>
std::string message_of(F&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}
template <typename F>
cm_code code_of(F&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return CM_OK;
}

}  // namespace chunkmill::rig
