#include "batch_memory.hpp"

#include <cstring>

namespace chunkmill::csv {
namespace {

// Batches that wait to be used again, and how large one may be to be kept: enough for the few
// batches a lane has in flight, without holding on to an unusual one.
constexpr size_t kMaxSpare = 4;
constexpr size_t kMaxSpareBytes = size_t{16} << 20;

constexpr int64_t kNoValues[2] = {};

// What keeps a column alive, and the struct array's part of it.
struct Held {
  std::shared_ptr<BatchMemory> memory;
  const void* buffers[3] = {};
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> child_pointers;
};

void release(ArrowArray* array) {
  auto* held = static_cast<Held*>(array->private_data);
  for (ArrowArray& child : held->children)
    if (child.release != nullptr) child.release(&child);
  delete held;
  array->release = nullptr;
}

void fill_array(std::unique_ptr<Held> held, size_t rows, int64_t buffers, ArrowArray* out) {
  std::memset(out, 0, sizeof *out);
  out->length = static_cast<int64_t>(rows);
  out->n_buffers = buffers;
  out->buffers = held->buffers;
  out->release = release;
  out->private_data = held.release();
}

void export_column(const std::shared_ptr<BatchMemory>& memory, size_t column, Type type,
                   ArrowArray* out) {
  ColumnMemory& from = memory->columns[column];
  auto held = std::make_unique<Held>();
  held->memory = memory;
  held->buffers[0] = from.nulls > 0 ? from.validity.data() : nullptr;
  const void* bytes = from.bytes.data() != nullptr ? static_cast<const void*>(from.bytes.data())
                                                   : static_cast<const void*>(kNoValues);
  held->buffers[1] = has_offsets(type) ? static_cast<const void*>(from.offsets.data()) : bytes;
  held->buffers[2] = has_offsets(type) ? bytes : nullptr;
  fill_array(std::move(held), from.rows, has_offsets(type) ? 3 : 2, out);
  out->null_count = static_cast<int64_t>(from.nulls);
}

size_t bytes_held(const BatchMemory& memory) {
  size_t bytes = 0;
  for (const ColumnMemory& column : memory.columns)
    bytes += column.validity.capacity() + column.offsets.capacity() * sizeof(int32_t) +
             column.bytes.capacity();
  return bytes;
}

}  // namespace

void ColumnMemory::start(Type type) {
  validity.clear();
  offsets.clear();
  bytes.clear();
  rows = 0;
  nulls = 0;
  if (has_offsets(type)) offsets.push_back(0);
}

void ColumnMemory::set_null(size_t row, size_t upto) {
  if (validity.size() == 0) {
    const size_t size = (upto + 7) / 8;
    std::memset(validity.extend(size), 0xFF, size);
    validity.advance(size);
  }
  validity[row / 8] &= static_cast<uint8_t>(~(1U << (row % 8)));
  ++nulls;
}

void ColumnMemory::expect_rows(size_t upto) {
  const size_t size = (upto + 7) / 8;
  if (validity.size() == 0 || validity.size() >= size) return;
  const size_t more = size - validity.size();
  std::memset(validity.extend(more), 0xFF, more);
  validity.advance(more);
}

void ColumnMemory::truncate(size_t count, size_t nulls_before) {
  for (size_t row = count; row < rows && validity.size() > 0; ++row)
    validity[row / 8] |= static_cast<uint8_t>(1U << (row % 8));
  rows = count;
  nulls = nulls_before;
}

std::shared_ptr<BatchMemory> BatchPool::take() {
  std::unique_ptr<BatchMemory> memory;
  {
    const Lock lock(mutex_);
    if (!spare_.empty()) {
      memory = std::move(spare_.back());
      spare_.pop_back();
    }
  }
  if (memory == nullptr) {
    memory = std::make_unique<BatchMemory>();
    memory->columns.resize(types_.size());
  }
  for (size_t i = 0; i < types_.size(); ++i) memory->columns[i].start(types_[i]);
  return {memory.release(), [pool = shared_from_this()](BatchMemory* done) {
            pool->give_back(std::unique_ptr<BatchMemory>(done));
          }};
}

void BatchPool::give_back(std::unique_ptr<BatchMemory> memory) {
  if (bytes_held(*memory) > kMaxSpareBytes) return;
  const Lock lock(mutex_);
  if (spare_.size() < kMaxSpare) spare_.push_back(std::move(memory));
}

void export_batch(const std::shared_ptr<BatchMemory>& memory, const std::vector<Type>& types,
                  size_t rows, ArrowArray* out) {
  auto held = std::make_unique<Held>();
  held->children.resize(types.size());
  for (size_t i = 0; i < types.size(); ++i) {
    export_column(memory, i, types[i], &held->children[i]);
    held->child_pointers.push_back(&held->children[i]);
  }
  Held* whole = held.get();
  fill_array(std::move(held), rows, 1, out);
  out->n_children = static_cast<int64_t>(types.size());
  out->children = whole->child_pointers.empty() ? nullptr : whole->child_pointers.data();
}

}  // namespace chunkmill::csv
