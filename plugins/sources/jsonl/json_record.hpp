// Reads one JSON object strictly, the parts that nobody asked for included, and hands out the
// values of columns as they stand: numbers as their text, strings unescaped, objects and arrays as
// JSON text.
//
// When a key comes twice the last one counts, as in most JSON parsers. Threads: one at a time.
#pragma once

#include <simdjson.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chunkmill::jsonl {

enum class JsonKind : uint8_t { kMissing, kNull, kBool, kNumber, kString, kNested };

struct JsonValue {
  JsonKind kind = JsonKind::kMissing;
  std::string_view text;  // valid until the next record is read
};

// Which values of a record are wanted: a tree of keys, array elements by their index.
class ColumnPaths {
 public:
  // `path` is "a.b.0", or a JSON pointer "/a/b/0" where keys hold dots.
  void add(std::string_view path, size_t column);
  size_t column_count() const { return column_count_; }

 private:
  friend class JsonRecordReader;
  struct Node {
    std::vector<size_t> columns;
    std::map<std::string, std::unique_ptr<Node>, std::less<>> children;
    const Node* find(std::string_view key) const {
      const auto found = children.find(key);
      return found == children.end() ? nullptr : found->second.get();
    }
  };
  Node root_;
  size_t column_count_ = 0;
};

// What is wrong with a record; empty if nothing is.
struct JsonFault {
  std::string_view code;
  std::string message;
  explicit operator bool() const { return !code.empty(); }
};

class JsonRecordReader {
 public:
  // Reads the record; simdjson::SIMDJSON_PADDING bytes behind it must be readable. values() is then
  // of `paths`, one for each column.
  JsonFault read(std::string_view text, const ColumnPaths& paths);
  const std::vector<JsonValue>& values() const { return values_; }

  // Reads the record and gives its top level, key by key.
  JsonFault read_top_level(std::string_view text,
                           std::vector<std::pair<std::string, JsonValue>>* members);

 private:
  using Node = ColumnPaths::Node;

  JsonFault open_object(std::string_view text, simdjson::ondemand::document* document,
                        simdjson::ondemand::object* object);
  JsonFault close(simdjson::ondemand::document& document);
  simdjson::error_code walk(simdjson::ondemand::value value, const Node* node, int depth,
                            JsonValue* out);
  simdjson::error_code walk_nested(simdjson::ondemand::value value, const Node* node, int depth);
  static bool read_scalar(std::string_view token, JsonValue* out);

  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document* document_ = nullptr;  // in hand
  std::vector<JsonValue> values_;
};

// True for a number as JSON writes it: no plus, no leading zeros, digits on both sides of a point.
bool is_json_number(std::string_view text);

}  // namespace chunkmill::jsonl
