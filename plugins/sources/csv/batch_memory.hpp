// The memory of batches: columns as Arrow wants them, kept for the next batch when the host lets go
// of one, so that a lane that runs steadily allocates no column again.
//
// Ownership: an exported array shares the BatchMemory; the last release gives it back to the pool,
// from any thread and even after the lane is gone. Threads: BatchPool any; the rest one at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "chunkmill/arrow.hpp"
#include "chunkmill/builder.hpp"
#include "chunkmill/mutex.hpp"

namespace chunkmill::csv {

// One column that grows. Unlike the SDK's ColumnBuilder it gives its buffers out raw, for loops
// over many rows, and can be used again.
struct ColumnMemory {
  Buffer<uint8_t> validity;  // empty while there is no null; bits behind the last row are set
  Buffer<int32_t> offsets;   // of text: rows + 1
  Buffer<uint8_t> bytes;
  size_t rows = 0;
  size_t nulls = 0;

  void start(Type type);
  // Makes `row` null; `upto` rows will be in the column when the loop in hand is over.
  void set_null(size_t row, size_t upto);
  // Sets the bits of [rows, upto) when there is a bitmap: before a loop adds rows.
  void expect_rows(size_t upto);
  // Forgets rows from `count` on, which had `nulls_before` nulls before them. Not for text.
  void truncate(size_t count, size_t nulls_before);
};

class BatchPool;

struct BatchMemory {
  std::vector<ColumnMemory> columns;
};

class BatchPool : public std::enable_shared_from_this<BatchPool> {
 public:
  explicit BatchPool(std::vector<Type> types) : types_(std::move(types)) {}

  // Empty columns.
  std::shared_ptr<BatchMemory> take();

 private:
  void give_back(std::unique_ptr<BatchMemory> memory);

  const std::vector<Type> types_;
  Mutex mutex_;
  std::vector<std::unique_ptr<BatchMemory>> spare_ CHUNKMILL_GUARDED_BY(mutex_);
};

// `memory` with `rows` rows as a struct array.
void export_batch(const std::shared_ptr<BatchMemory>& memory, const std::vector<Type>& types,
                  size_t rows, ArrowArray* out);

}  // namespace chunkmill::csv
