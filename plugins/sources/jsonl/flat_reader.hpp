// Reads records as most files have them: flat objects without escapes, whose keys follow one
// another as in the record before. One pass takes them from their bytes into the columns.
//
// What it takes is JSON, and gives the values that JsonRecordReader gives; it leaves all else to
// that one: nested values, escapes, a key twice, and whatever is wrong with a record.
// Threads: one at a time.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "json_record.hpp"
#include "unread_keys.hpp"
#include "value_columns.hpp"

namespace chunkmill::jsonl {

class FlatReader {
 public:
  // Bytes behind a record that must be readable.
  static constexpr size_t kPadding = 64;

  // `paths` must outlive it.
  explicit FlatReader(const ColumnPaths& paths) : paths_(paths) {}

  // Puts the values of the record that begins at `text` into the row in hand, and returns what is
  // behind it and the blanks that follow it. Null: the row must be dropped, and the record read in
  // the other way. `unread` says which keys nobody reads.
  // A line feed or NUL must end the line, and kPadding bytes more be readable.
  const char* read(const char* text, ValueColumns& out, const UnreadKeys& unread);
  // Counts the keys of the record read last that nobody reads.
  void count_unread(UnreadKeys* unread) const {
    for (const Step* step : unread_now_) unread->add(step->key);
  }

 private:
  // What stands between two values: `,"spend":`. The one that followed last time is tried first.
  struct Step {
    std::string text;
    std::string key;
    std::span<const size_t> columns;  // that the value goes to
    bool unread = false;
    Step* next = nullptr;

    bool stands_at(const char* p) const;
    void set(std::string_view words);

   private:
    static constexpr size_t kBlock = 16;
    char blocks_[2 * kBlock] = {};  // the beginning of the text
    unsigned first_ = 0;            // which bytes of a block are text
    unsigned second_ = 0;
  };

  Step* find_step(const char* p, char opening, const UnreadKeys& unread);
  bool take_value(const Step& step, const char** p, ValueColumns& out);
  bool take_string(const Step& step, const char** p, ValueColumns& out);
  bool take_number(const Step& step, const char** p, ValueColumns& out);
  bool take_word(const Step& step, const char** p, ValueColumns& out);

  const ColumnPaths& paths_;
  std::unordered_map<std::string, std::unique_ptr<Step>> steps_;  // by their text
  Step start_;
  bool has_high_ = false;                // a byte beyond ASCII in the record in hand
  std::vector<const Step*> unread_now_;  // in the record in hand
};

}  // namespace chunkmill::jsonl
