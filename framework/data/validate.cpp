#include "framework/data/validate.hpp"

#include <algorithm>
#include <string>

#include "framework/data/bits.hpp"
#include "framework/data/column.hpp"

namespace chunkmill::host {
namespace {

Status broken(const std::string& what) { return Status(Code::kPlugin, what); }

bool in_range(int64_t length, int64_t offset) {
  return length >= 0 && offset >= 0 && length <= kMaxBatchRows && offset <= kMaxBatchRows - length;
}

std::string extent(const ArrowArray& array) {
  return "length " + std::to_string(array.length) + " and offset " + std::to_string(array.offset);
}

bool aligned(const void* buffer, size_t alignment) {
  return reinterpret_cast<uintptr_t>(buffer) % alignment == 0;
}

// Whether count + 1 offsets ascend from 0 or more. Where no offset is negative, a step down is one
// whose difference has its top bit set. No branch inside and blocks of a fixed size, so that -O2
// vectorises it; the row is looked for once it is known to exist.
bool ascends(const int32_t* ends, int64_t count) {
  constexpr int64_t kBlock = 64;
  auto tops = static_cast<uint32_t>(ends[0]);
  const auto check = [&tops](const int32_t* from, int64_t steps) {
    for (int64_t i = 0; i < steps; ++i) {
      const auto next = static_cast<uint32_t>(from[i + 1]);
      tops |= next | (next - static_cast<uint32_t>(from[i]));
    }
  };
  int64_t done = 0;
  for (; done + kBlock <= count; done += kBlock) check(ends + done, kBlock);
  check(ends + done, count - done);
  return tops >> 31 == 0;
}

Status check_offsets(const ArrowArray& child, int64_t first, int64_t rows) {
  const auto* all = static_cast<const int32_t*>(child.buffers[1]);
  if (all == nullptr) return broken("its offsets buffer is NULL");
  if (!aligned(all, alignof(int32_t))) {
    return broken("its offsets buffer is not aligned to 4 bytes");
  }
  const int32_t* ends = all + first;
  if (!ascends(ends, rows)) {
    if (ends[0] < 0) return broken("its first text offset is " + std::to_string(ends[0]));
    int64_t row = 0;
    while (ends[row + 1] >= ends[row]) ++row;
    return broken("its text offsets go down from " + std::to_string(ends[row]) + " to " +
                  std::to_string(ends[row + 1]) + " at row " + std::to_string(row));
  }
  if (ends[rows] != ends[0] && child.buffers[2] == nullptr) {
    return broken("its data buffer is NULL");
  }
  return Status();
}

Status check_values(const ArrowArray& child, Type type, int64_t first, int64_t rows) {
  if (rows == 0) return Status();
  if (has_offsets(type)) return check_offsets(child, first, rows);
  if (child.buffers[1] == nullptr) return broken("its data buffer is NULL");
  const size_t width = type_width(type);
  const size_t alignment = width == 0 ? 1 : std::min<size_t>(width, 8);
  if (!aligned(child.buffers[1], alignment)) {
    return broken("its data buffer is not aligned to " + std::to_string(alignment) + " bytes");
  }
  return Status();
}

// `first`: where the struct's rows begin in the child's buffers.
Status check_null_count(const ArrowArray& child, int64_t first, int64_t rows) {
  if (child.null_count < -1 || child.null_count > child.length) {
    return broken("its null_count is " + std::to_string(child.null_count) + " at length " +
                  std::to_string(child.length));
  }
  const auto* bitmap = static_cast<const uint8_t*>(child.buffers[0]);
  if (bitmap == nullptr) {
    if (child.null_count <= 0) return Status();
    return broken("its null_count is " + std::to_string(child.null_count) +
                  " but it has no validity bitmap");
  }
  if (child.null_count < 0 || rows == 0) return Status();
  // The struct may cover only some of the child's rows: then the others may hold further nulls.
  const int64_t nulls = rows - count_bits(bitmap, first, rows);
  const int64_t rest = child.length - rows;
  if (nulls > child.null_count || child.null_count - nulls > rest) {
    return broken("its null_count is " + std::to_string(child.null_count) + " but its bitmap has " +
                  std::to_string(nulls) + " nulls");
  }
  return Status();
}

Status check_child(const ArrowArray* child, Type type, const ArrowArray& parent) {
  if (child == nullptr) return broken("the child array is NULL");
  if (child->release == nullptr) return broken("the child array is released or was never filled");
  const int64_t wanted_buffers = has_offsets(type) ? 3 : 2;
  if (child->n_buffers != wanted_buffers || child->buffers == nullptr) {
    return broken("it has " + std::to_string(child->buffers == nullptr ? 0 : child->n_buffers) +
                  " buffers, its type has " + std::to_string(wanted_buffers));
  }
  if (child->n_children != 0 || child->dictionary != nullptr) {
    return broken("it has children or a dictionary, its type has none");
  }
  if (!in_range(child->length, child->offset)) {
    return broken("impossible " + extent(*child));
  }
  if (child->length < parent.offset + parent.length) {
    return broken("it has " + std::to_string(child->length) + " rows, the batch needs " +
                  std::to_string(parent.offset + parent.length));
  }
  // Inside what in_range() allows, because the child is long enough.
  const int64_t first = child->offset + parent.offset;
  RETURN_IF_ERROR(check_null_count(*child, first, parent.length));
  return check_values(*child, type, first, parent.length);
}

Status check_struct(const ArrowArray& array, size_t columns, int64_t max_rows) {
  if (array.release == nullptr) return broken("the batch is released or was never filled");
  if (!in_range(array.length, array.offset)) {
    return broken("the batch has impossible " + extent(array));
  }
  if (max_rows >= 0 && array.length > max_rows) {
    return broken("the batch has " + std::to_string(array.length) + " rows, at most " +
                  std::to_string(max_rows) + " were asked for");
  }
  if (array.n_children < 0 || static_cast<uint64_t>(array.n_children) != columns) {
    return broken("the batch has " + std::to_string(array.n_children) +
                  " columns, its schema has " + std::to_string(columns));
  }
  if (columns > 0 && array.children == nullptr) {
    return broken("the batch's list of columns is NULL");
  }
  if (array.n_buffers != 1 || array.buffers == nullptr || array.dictionary != nullptr) {
    return broken("the batch is not a struct array (one buffer, no dictionary)");
  }
  const auto* bitmap = static_cast<const uint8_t*>(array.buffers[0]);
  if (array.null_count < -1 || array.null_count > 0 ||
      (bitmap != nullptr && array.length > 0 &&
       count_bits(bitmap, array.offset, array.length) != array.length)) {
    return broken("whole rows of the batch are null; nulls belong into columns");
  }
  return Status();
}

}  // namespace

Status validate_array(const ArrowArray& array, const Schema& schema, int64_t max_rows) {
  RETURN_IF_ERROR(check_struct(array, schema.fields.size(), max_rows));
  for (size_t i = 0; i < schema.fields.size(); ++i) {
    const Field& field = schema.fields[i];
    Status status = check_child(array.children[i], field.type, array);
    if (!status.ok()) return status.with_context("column \"" + field.name + "\"");
  }
  return Status();
}

}  // namespace chunkmill::host
