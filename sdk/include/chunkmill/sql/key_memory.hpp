// The keys of rows that were read and are not committed yet, so that a rejected row can be found
// again by its key: reading on from where its chunk began might count other rows, because the table
// may have changed.
//
// Threads: any; one lock guards it.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/builder.hpp"
#include "chunkmill/mutex.hpp"
#include "chunkmill/sql/source_rows.hpp"

namespace chunkmill::sql {

class KeyMemory {
 public:
  // What one call of next() read.
  struct Part {
    std::string begin;  // position before it
    uint64_t records = 0;
    std::vector<int64_t> bad;         // ordinals of rows that are in no batch, ascending
    std::vector<ColumnBuilder> keys;  // of the rows that are
    size_t bytes = 0;
  };

  // The split is read from `position` on: what was read behind it is forgotten.
  void restart(const std::string& split, std::string_view position) {
    const Lock lock(mutex_);
    Parts& parts = splits_[split];
    for (size_t i = 0; i < parts.list.size(); ++i)
      if (parts.list[i].begin == position) return parts.shrink(i);
  }

  void add(const std::string& split, Part part) {
    const Lock lock(mutex_);
    Parts& parts = splits_[split];
    parts.bytes += part.bytes;
    parts.list.push_back(std::move(part));
    // Whoever never says what is committed has only the latest.
    while (parts.bytes > kMostBytes && parts.list.size() > kFewestParts) parts.pop_front();
  }

  // All before `position` is committed.
  void committed(const std::string& split, std::string_view position) {
    const Lock lock(mutex_);
    Parts& parts = splits_[split];
    size_t known = 0;
    while (known < parts.list.size() && parts.list[known].begin != position) ++known;
    for (size_t i = 0; i < known; ++i) parts.pop_front();
  }

  // The keys of records of the chunk that began at `begin`; empty ones where they are not known.
  // `fields` are those of the key columns.
  std::vector<KeyText> find(const std::string& split, std::string_view begin,
                            std::span<const uint64_t> ordinals,
                            const std::vector<Field>& fields) const {
    const Lock lock(mutex_);
    std::vector<KeyText> found(ordinals.size());
    const auto parts = splits_.find(split);
    if (parts == splits_.end()) return found;
    auto part = parts->second.list.begin();
    const auto end = parts->second.list.end();
    while (part != end && part->begin != begin) ++part;
    uint64_t before = 0;  // records of the chunk in earlier parts
    for (size_t i = 0; i < ordinals.size(); ++i) {
      while (part != end && ordinals[i] >= before + part->records) before += (part++)->records;
      if (part == end) break;
      found[i] = key_of(*part, static_cast<int64_t>(ordinals[i] - before), fields);
    }
    return found;
  }

 private:
  static constexpr size_t kMostBytes = size_t{8} << 20;
  static constexpr size_t kFewestParts = 4;

  struct Parts {
    std::deque<Part> list;
    size_t bytes = 0;
    void pop_front() {
      bytes -= list.front().bytes;
      list.pop_front();
    }
    void shrink(size_t count) {
      while (list.size() > count) {
        bytes -= list.back().bytes;
        list.pop_back();
      }
    }
  };

  static KeyText key_of(const Part& part, int64_t ordinal, const std::vector<Field>& fields) {
    const auto bad = std::lower_bound(part.bad.begin(), part.bad.end(), ordinal);
    if (bad != part.bad.end() && *bad == ordinal) return {};
    const int64_t row = ordinal - (bad - part.bad.begin());
    KeyText key;
    for (size_t i = 0; i < fields.size(); ++i) {
      const ColumnRef values = part.keys[i].view();
      if (values.is_null(row)) return {};
      key.push_back(value_text(fields[i], values, row));
    }
    return key;
  }

  mutable Mutex mutex_;
  std::map<std::string, Parts, std::less<>> splits_ CHUNKMILL_GUARDED_BY(mutex_);
};

}  // namespace chunkmill::sql
