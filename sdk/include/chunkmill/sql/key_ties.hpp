// The rows that an incremental source has read of its last cursor value, so that the next run can
// read that value again and take what is new: a row whose key it does not know, or whose content
// is another. They go with the position, into the sink's ledger: a hash of the key and one of the
// content for each row, of kMost rows at most.
//
// Threads: one at a time.
#pragma once

#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "chunkmill/hash.hpp"
#include "chunkmill/sql/key_position.hpp"

namespace chunkmill::sql {

class KeyTies {
 public:
  // A position has room for twice as many: those known, and as many new ones.
  static constexpr size_t kMost = 70;

  // `columns`: names and types of what a row's content is made of. What was read with other ones is
  // known by its key alone.
  explicit KeyTies(std::string_view columns = {})
      : columns_(static_cast<uint32_t>(hash(columns))) {}

  // The rows are of this cursor value from now on.
  void at(const std::string& cursor) {
    if (cursor == cursor_) return;
    cursor_ = cursor;
    rows_.clear();
    met_.clear();
    too_many_ = is_partial_ = false;
  }
  // Rows of this cursor value were read before, and are not known: to note only those that come now
  // would make the next run read the others again.
  void know_none() { is_partial_ = true; }
  // Notes a row; false: it was known, and is the same.
  bool add(const KeyText& key, std::string_view content) {
    if (too_many_ || is_partial_) return true;
    const uint64_t its = hash(write_position(key));
    const auto its_content = static_cast<uint32_t>(hash(content));
    met_.insert(its);
    const auto [row, is_new] = rows_.try_emplace(its, its_content);
    if (is_new) return true;
    const bool is_same = row->second == its_content || !knows_content_;
    row->second = its_content;
    return !is_same;
  }
  // All rows of the cursor value were added: those that were not are of another one by now.
  void forget_others() {
    std::erase_if(rows_, [&](const auto& row) { return !met_.contains(row.first); });
    knows_content_ = true;
  }
  // More rows than are kept: none is known from now on.
  void give_up() {
    rows_.clear();
    too_many_ = true;
  }
  bool empty() const { return rows_.empty(); }
  bool is_full() const { return rows_.size() > kMost; }
  // How many rows were added.
  size_t met() const { return met_.size(); }
  bool too_many() const { return too_many_; }

  // "rows:" and 8 digits of the columns, and for each row 16 digits of the key and 8 of the
  // content.
  std::string text() const {
    std::string out = std::string(kMark) + digits(columns_, 8);
    for (const auto& [key, content] : rows_) out += digits(key, 16) + digits(content, 8);
    return out;
  }
  // Takes up what text() gave. False for any other text.
  bool read(const std::string& cursor, std::string_view text) {
    at(cursor);
    if (!text.starts_with(kMark)) return false;
    text.remove_prefix(kMark.size());
    const std::optional<uint64_t> columns = take(&text, 8);
    if (!columns || text.size() % 24 != 0) return false;
    knows_content_ = *columns == columns_;
    while (!text.empty()) {
      const std::optional<uint64_t> key = take(&text, 16);
      const std::optional<uint64_t> content = take(&text, 8);
      if (!key || !content) return false;
      rows_[*key] = static_cast<uint32_t>(*content);
    }
    return true;
  }

 private:
  static constexpr std::string_view kMark = "rows:";

  // With its bits mixed.
  static uint64_t hash(std::string_view text) {
    uint64_t out = stable_hash(text);
    out = (out ^ out >> 33) * 0xff51afd7ed558ccdU;
    out = (out ^ out >> 33) * 0xc4ceb9fe1a85ec53U;
    return out ^ out >> 33;
  }
  static std::string digits(uint64_t value, size_t count) {
    return hex64(value).substr(16 - count);
  }
  static std::optional<uint64_t> take(std::string_view* text, size_t count) {
    uint64_t out = 0;
    if (text->size() < count) return std::nullopt;
    const auto read = std::from_chars(text->data(), text->data() + count, out, 16);
    if (read.ec != std::errc() || read.ptr != text->data() + count) return std::nullopt;
    text->remove_prefix(count);
    return out;
  }

  uint32_t columns_;
  bool knows_content_ = true;
  bool too_many_ = false;
  bool is_partial_ = false;
  std::string cursor_;
  std::map<uint64_t, uint32_t> rows_;  // by the key's hash: the content's
  std::set<uint64_t> met_;
};

}  // namespace chunkmill::sql
