#include "framework/data/column_builder.hpp"

#include <cassert>
#include <limits>

namespace chunkmill::host {
namespace {

constexpr size_t kMaxData = std::numeric_limits<int32_t>::max();

// What a built column owns: its buffers and the pointer array that Arrow wants.
struct BuiltMemory {
  Buffer validity;
  Buffer values;
  Buffer data;
  const void* pointers[3];
};

void grow_bits(Buffer& bits, int64_t rows) {
  const auto wanted = static_cast<size_t>(bytes_for_bits(rows));
  // Zeroed, so that the bits behind the last row are the same in every run.
  if (wanted > bits.size()) {
    const size_t more = wanted - bits.size();
    std::memset(bits.grow(more), 0, more);
  }
}

}  // namespace

ColumnBuilder::ColumnBuilder(Type type, int64_t expected_rows)
    : type_(type), width_(type_width(type)) {
  const auto rows = static_cast<size_t>(expected_rows);
  if (has_offsets(type)) {
    values_.reserve((rows + 1) * sizeof(int32_t));
    const int32_t start = 0;
    values_.append(&start, sizeof start);
    data_.reserve(0);
  } else if (type == Type::kBool) {
    values_.reserve(static_cast<size_t>(bytes_for_bits(expected_rows)));
  } else {
    values_.reserve(rows * width_);
  }
}

void ColumnBuilder::end_rows(int64_t count) {
  if (nulls_ > 0) {
    grow_bits(validity_, rows_ + count);
    fill_bits(validity_.data(), rows_, count, true);
  }
  rows_ += count;
}

void ColumnBuilder::append_ends(const Column& from, int64_t first, int64_t count) {
  const int32_t* ends = from.offsets() + first;
  const int32_t begin = ends[0];
  auto bytes = static_cast<size_t>(ends[count] - begin);
  auto base = static_cast<int32_t>(data_.size());
  if (bytes > kMaxData - data_.size()) too_large_ = true;
  uint8_t* out = values_.grow(static_cast<size_t>(count) * sizeof(int32_t));
  if (too_large_) {
    std::memset(out, 0, static_cast<size_t>(count) * sizeof(int32_t));
    return;
  }
  auto* out_ends = reinterpret_cast<int32_t*>(out);
  for (int64_t i = 0; i < count; ++i) out_ends[i] = ends[i + 1] - begin + base;
  if (bytes > 0) {
    data_.append(static_cast<const uint8_t*>(from.abi().buffers[2]) + begin, bytes);
  }
}

void ColumnBuilder::append_run(const Column& from, int64_t first, int64_t count) {
  assert(from.type() == type_ && first >= 0 && first + count <= from.row_count());
  if (count == 0) return;
  if (has_offsets(type_)) {
    append_ends(from, first, count);
  } else if (type_ == Type::kBool) {
    grow_bits(values_, rows_ + count);
    copy_bits(static_cast<const uint8_t*>(from.abi().buffers[1]), from.abi().offset + first,
              values_.data(), rows_, count);
  } else {
    values_.append(from.values(first, width_), static_cast<size_t>(count) * width_);
  }

  const int64_t source_bit = from.abi().offset + first;
  const int64_t nulls =
      from.may_have_nulls() ? count - count_bits(from.validity(), source_bit, count) : 0;
  if (nulls > 0 && nulls_ == 0) {
    grow_bits(validity_, rows_);
    fill_bits(validity_.data(), 0, rows_, true);
  }
  nulls_ += nulls;
  end_rows(count);
  if (nulls > 0) copy_bits(from.validity(), source_bit, validity_.data(), rows_ - count, count);
}

void ColumnBuilder::append_rows(const Column& from, std::span<const int64_t> ascending) {
  for (size_t i = 0; i < ascending.size();) {
    size_t end = i + 1;
    while (end < ascending.size() && ascending[end] == ascending[end - 1] + 1) ++end;
    append_run(from, ascending[i], static_cast<int64_t>(end - i));
    i = end;
  }
}

void ColumnBuilder::append_null() {
  if (nulls_ == 0) {
    grow_bits(validity_, rows_);
    fill_bits(validity_.data(), 0, rows_, true);
  }
  ++nulls_;
  if (has_offsets(type_)) {
    append_text({});
  } else if (type_ == Type::kBool) {
    append_bool(false);
  } else {
    std::memset(values_.grow(width_), 0, width_);
    end_rows(1);
  }
  set_bit(validity_.data(), rows_ - 1, false);
}

void ColumnBuilder::append_bool(bool value) {
  grow_bits(values_, rows_ + 1);
  set_bit(values_.data(), rows_, value);
  end_rows(1);
}

void ColumnBuilder::append_text(std::string_view text) {
  if (text.size() > kMaxData - data_.size()) too_large_ = true;
  if (!too_large_) data_.append(text.data(), text.size());
  const auto end = static_cast<int32_t>(data_.size());
  values_.append(&end, sizeof end);
  end_rows(1);
}

Result<Column> ColumnBuilder::finish() {
  if (too_large_) {
    PluginFacts facts;
    facts.code = CM_TOO_LARGE;
    return Status(Code::kPlugin,
                  "more than 2 GiB of text in one column of one batch; make chunks smaller "
                  "(chunk: {rows: N})",
                  facts);
  }
  auto memory = std::make_shared<BuiltMemory>();
  memory->validity = std::move(validity_);
  memory->values = std::move(values_);
  memory->data = std::move(data_);
  memory->pointers[0] = nulls_ > 0 ? memory->validity.data() : nullptr;
  memory->pointers[1] = memory->values.data();
  memory->pointers[2] = memory->data.data();
  ArrowArray view{};
  view.length = rows_;
  view.null_count = nulls_;
  view.n_buffers = has_offsets(type_) ? 3 : 2;
  view.buffers = memory->pointers;
  return Column(type_, view, std::move(memory));
}

}  // namespace chunkmill::host
