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
#include <utility>
#include <vector>

#include "json_value.hpp"

namespace chunkmill::jsonl {

// Which values of a record are wanted: a tree of keys, array elements by their index.
class ColumnPaths {
 public:
  // `path` is "a.b.0", or a JSON pointer "/a/b/0" where keys hold dots.
  void add(std::string_view path, size_t column);
  size_t column_count() const { return column_count_; }

  struct Node {
    std::vector<size_t> columns;
    std::map<std::string, std::unique_ptr<Node>, std::less<>> children;
    const Node* find(std::string_view key) const {
      const auto found = children.find(key);
      return found == children.end() ? nullptr : found->second.get();
    }
  };
  // Of a top-level key; null if nothing of it is wanted.
  const Node* find(std::string_view key) const { return root_.find(key); }

 private:
  Node root_;
  size_t column_count_ = 0;
};

class JsonRecordReader {
 public:
  // Reads the record; simdjson::SIMDJSON_PADDING bytes behind it must be readable. values() is then
  // of `paths`, one for each column.
  RecordFault read(std::string_view text, const ColumnPaths& paths);
  const std::vector<JsonValue>& values() const { return values_; }
  // The top-level keys of which nothing is wanted, with their values. Valid until the next call.
  const std::vector<std::pair<std::string_view, JsonKind>>& others() const { return others_; }

  // Reads the record and gives its top level, key by key.
  RecordFault read_top_level(std::string_view text,
                             std::vector<std::pair<std::string, JsonValue>>* members);

 private:
  using Node = ColumnPaths::Node;

  RecordFault open_object(std::string_view text, simdjson::ondemand::document* document,
                          simdjson::ondemand::object* object);
  RecordFault close(simdjson::ondemand::document& document, std::string_view text);
  simdjson::error_code walk(simdjson::ondemand::value value, const Node* node, int depth,
                            JsonValue* out);
  void forget(const Node& node);
  simdjson::error_code walk_nested(simdjson::ondemand::value value, const Node* node, int depth);
  static bool read_scalar(std::string_view token, JsonValue* out);

  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document* document_ = nullptr;  // in hand
  std::vector<JsonValue> values_;  // their texts are valid until the next record is read
  std::vector<std::pair<std::string_view, JsonKind>> others_;
};

}  // namespace chunkmill::jsonl
