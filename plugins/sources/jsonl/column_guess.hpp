// The columns of records that nobody has described.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json_record.hpp"
#include "jsonl_options.hpp"

namespace chunkmill::jsonl {

// The columns of these records: the union of their keys, in the order of their first appearance.
// Numbers are int64 where all are, float where a float keeps every digit of all of them; true and
// false are bool; all else is text.
class ColumnGuess {
 public:
  // A record that cannot be read says nothing. SIMDJSON_PADDING bytes behind it must be readable.
  void look_at(std::string_view record);
  std::vector<Column> columns() const;

 private:
  struct Seen {
    std::string key;
    bool integers = false, floats = false, bools = false, others = false;
    bool wide_integers = false;  // that no float keeps
  };
  static void look_at_number(std::string_view text, Seen* seen);

  JsonRecordReader reader_;
  std::vector<std::pair<std::string, JsonValue>> members_;
  std::vector<Seen> seen_;
  std::map<std::string, size_t, std::less<>> index_;
};

}  // namespace chunkmill::jsonl
