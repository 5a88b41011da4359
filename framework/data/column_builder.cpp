#include "framework/data/column_builder.hpp"

#include <cassert>
#include <limits>

namespace chunkmill::host {
namespace {

constexpr size_t kMaxData = std::numeric_limits<int32_t>::max();

// One row in so many may be left out for the others to be copied as runs.
constexpr int64_t kSparse = 8;

template <size_t kWidth>
void gather_values(const uint8_t* in, std::span<const int64_t> rows, uint8_t* out) {
  for (size_t i = 0; i < rows.size(); ++i)
    std::memcpy(out + i * kWidth, in + static_cast<size_t>(rows[i]) * kWidth, kWidth);
}

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
  if (ascending.empty()) return;
  // Where few rows are left out they are long runs; else each row is a step of its own.
  const int64_t range = ascending.back() - ascending.front() + 1;
  if (static_cast<int64_t>(ascending.size()) < range - range / kSparse)
    return gather(from, ascending);
  for (size_t i = 0; i < ascending.size();) {
    size_t end = i + 1;
    while (end < ascending.size() && ascending[end] == ascending[end - 1] + 1) ++end;
    append_run(from, ascending[i], static_cast<int64_t>(end - i));
    i = end;
  }
}

void ColumnBuilder::gather(const Column& from, std::span<const int64_t> rows) {
  assert(from.type() == type_ && rows.front() >= 0 && rows.back() < from.row_count());
  const auto count = static_cast<int64_t>(rows.size());
  if (has_offsets(type_)) {
    gather_text(from, rows);
  } else if (type_ == Type::kBool) {
    grow_bits(values_, rows_ + count);
    for (int64_t i = 0; i < count; ++i)
      set_bit(values_.data(), rows_ + i, from.boolean(rows[static_cast<size_t>(i)]));
  } else {
    uint8_t* const out = values_.grow(rows.size() * width_);
    const uint8_t* const in = from.values(0, width_);
    if (width_ == 4) {
      gather_values<4>(in, rows, out);
    } else if (width_ == 8) {
      gather_values<8>(in, rows, out);
    } else {
      assert(width_ == 16);
      gather_values<16>(in, rows, out);
    }
  }
  if (!from.may_have_nulls()) return end_rows(count);

  const auto valid = [&](int64_t row) {
    return get_bit(from.validity(), from.abi().offset + row) ? 1 : 0;
  };
  int64_t nulls = count;
  for (const int64_t row : rows) nulls -= valid(row);
  if (nulls == 0) return end_rows(count);
  if (nulls_ == 0) {
    grow_bits(validity_, rows_);
    fill_bits(validity_.data(), 0, rows_, true);
  }
  nulls_ += nulls;
  grow_bits(validity_, rows_ + count);
  // Bits behind the last row are 0.
  uint8_t* const bits = validity_.data();
  for (const int64_t row : rows) {
    bits[rows_ >> 3] = static_cast<uint8_t>(bits[rows_ >> 3] | valid(row) << (rows_ & 7));
    ++rows_;
  }
}

void ColumnBuilder::gather_text(const Column& from, std::span<const int64_t> rows) {
  const int32_t* const ends = from.offsets();
  auto* const out_ends = reinterpret_cast<int32_t*>(values_.grow(rows.size() * sizeof(int32_t)));
  size_t size = data_.size();
  for (size_t i = 0; i < rows.size(); ++i) {
    size += static_cast<size_t>(ends[rows[i] + 1] - ends[rows[i]]);
    out_ends[i] = static_cast<int32_t>(size);
  }
  if (size > kMaxData) too_large_ = true;
  if (too_large_) {
    std::memset(out_ends, 0, rows.size() * sizeof(int32_t));
    return;
  }
  // Most texts are short: one move of fixed size each, where that many bytes may be read.
  constexpr size_t kMove = 16;
  const size_t begin = data_.size();
  data_.reserve(size + kMove);
  uint8_t* out = data_.grow(size - begin);
  const auto* const bytes = static_cast<const uint8_t*>(from.abi().buffers[2]);
  const auto last = static_cast<size_t>(ends[from.row_count()]);
  for (const int64_t row : rows) {
    const auto first = static_cast<size_t>(ends[row]);
    const size_t length = static_cast<size_t>(ends[row + 1]) - first;
    if (length <= kMove && first + kMove <= last) [[likely]] {
      std::memcpy(out, bytes + first, kMove);
    } else if (length > 0) {
      std::memcpy(out, bytes + first, length);
    }
    out += length;
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
