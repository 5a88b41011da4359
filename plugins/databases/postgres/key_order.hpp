// Puts the rows of a batch in the order of their keys, and finds those whose key comes again.
//
// Every connection that writes rows in one order of keys waits for another one's rows, and no two
// wait for each other: upserts of several lanes do not deadlock. The server's index is also walked
// once instead of row by row.
//
// Threads: one at a time.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "chunkmill/batch.hpp"

namespace chunkmill::postgres {

class KeyOrder {
 public:
  // `keys` are the columns of the stream that make the key, in its order.
  explicit KeyOrder(std::vector<std::pair<size_t, Type>> keys) : keys_(std::move(keys)) {}

  // Sorts rows [begin, end); rows of one key keep their order. No key may be null.
  void sort(const Batch& batch, int64_t begin, int64_t end);

  const std::vector<uint32_t>& rows() const { return rows_; }
  // For each of rows(): whether its key is also that of the one before or after it.
  const std::vector<bool>& repeated() const { return repeated_; }
  bool has_repeated() const { return has_repeated_; }

 private:
  struct Key {
    Type type;
    ColumnRef values;
  };
  struct Entry {
    uint64_t prefix;  // orders as the key does, where it differs
    uint32_t row;
  };
  static int compare(const Key& key, int64_t a, int64_t b);
  int compare(int64_t a, int64_t b) const;
  static uint64_t prefix_of(const Key& key, int64_t row);

  std::vector<std::pair<size_t, Type>> keys_;
  std::vector<Key> shown_;
  std::vector<Entry> entries_;
  std::vector<uint32_t> rows_;
  std::vector<bool> repeated_;
  bool has_repeated_ = false;
};

}  // namespace chunkmill::postgres
