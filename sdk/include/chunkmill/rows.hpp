// A calculator's input row, its output row, and the output of a whole batch. Included by
// calculator.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/builder.hpp"
#include "chunkmill/columns.hpp"
#include "chunkmill/host.hpp"

namespace chunkmill {

// One row of the input.
class Row {
 public:
  template <CellType T>
  T operator[](In<T> handle) const {
    using Value = typename detail::Unwrap<T>::Type;
    const ColumnRef& ref = refs_[handle.slot_];
    if constexpr (detail::Unwrap<T>::kOptional) {
      if (ref.values == nullptr) return std::nullopt;
      return ColumnView<Value>(ref).get(row_);
    } else {
      return ColumnView<Value>(ref)[row_];
    }
  }
  int64_t index() const { return row_; }

  Row(const ColumnRef* refs, int64_t row) : refs_(refs), row_(row) {}

 private:
  const ColumnRef* refs_;
  int64_t row_;
};

// The output of one row. A column that is not set is null.
class RowOut {
 public:
  template <ColumnType T>
  class Cell {
   public:
    void operator=(const T& value) {
      if (builder_->size() != row_) align();
      builder_->append(value);
    }
    // Nothing is null.
    template <typename U>
    requires std::is_convertible_v<const U&, T>
    void operator=(const std::optional<U>& value) {
      if (value) {
        *this = static_cast<T>(*value);
      } else {
        *this = std::nullopt;
      }
    }
    void operator=(std::nullopt_t) { builder_->truncate(row_); }

   private:
    friend class RowOut;
    Cell(ColumnBuilder* builder, int64_t row) : builder_(builder), row_(row) {}
    void align() {
      builder_->truncate(row_);
      builder_->fill_to(row_);
    }
    ColumnBuilder* builder_;
    int64_t row_;
  };

  template <ColumnType T>
  Cell<T> operator[](Out<T> handle) {
    return Cell<T>(&(*builder_)[handle.column_], row_);
  }
  // The row goes to the rejects with this code (snake_case, stable) and message.
  void reject(std::string_view code, std::string_view message, std::string_view column = {}) {
    errors_->report(input_row_, code, message, column);
    kept_ = false;
  }
  // The row is left out and counts as filtered. Needs columns.main().any_rows() in bind().
  void skip() { kept_ = false; }

  RowOut(BatchBuilder* builder, RowErrors* errors, int64_t row, int64_t input_row)
      : builder_(builder), errors_(errors), row_(row), input_row_(input_row) {}
  bool kept() const { return kept_; }

 private:
  BatchBuilder* builder_;
  RowErrors* errors_;
  int64_t row_;
  int64_t input_row_;
  bool kept_ = true;
};

// The output of a batch: a builder for each stream.
class Outputs {
 public:
  explicit Outputs(const std::vector<Stream>* streams)
      : streams_(streams), parents_(streams->size()) {
    for (const Stream& stream : *streams) builders_.emplace_back(stream.schema());
  }

  BatchBuilder& stream(size_t index) { return builders_[index]; }
  template <ColumnType T>
  ColumnBuilder& operator[](Out<T> handle) {
    return builders_[handle.stream()][handle.column()];
  }
  // Says that the next output row of `stream` came from `input_row`; -1: from no single one. Once a
  // row, for streams that are not row for row.
  void parent(size_t stream, int64_t input_row) { parents_[stream].push_back(input_row); }

  // For process(): hands what is built of `stream` so far to the host, so that a calculator which
  // makes many rows of one holds few of them. Not for row-for-row streams.
  void hand_over(size_t stream) {
    if (to_ == nullptr || (*streams_)[stream].row_for_row()) return;
    emit_stream(to_, stream, 0);
  }
  // Where hand_over() hands to; null: nowhere.
  void hand_to(const cm_emit* out) { to_ = out; }

  // Hands all that was built from `input_rows` rows to the host.
  void emit(const cm_emit* out, int64_t input_rows) {
    for (size_t i = 0; i < builders_.size(); ++i) emit_stream(out, i, input_rows);
  }
  // Forgets what was built: a call before threw.
  void clear() {
    builders_.clear();
    for (const Stream& stream : *streams_) builders_.emplace_back(stream.schema());
    for (std::vector<int64_t>& parents : parents_) parents.clear();
  }

 private:
  void emit_stream(const cm_emit* out, size_t i, int64_t input_rows) {
    const bool row_for_row = (*streams_)[i].row_for_row();
    // A stream without columns, of a calculator that checks or filters, still has rows.
    if (builders_[i].column_count() == 0)
      builders_[i].fill_to(row_for_row ? input_rows : static_cast<int64_t>(parents_[i].size()));
    const int64_t rows = builders_[i].row_count();
    if (!row_for_row && static_cast<int64_t>(parents_[i].size()) != rows)
      throw Error(CM_INTERNAL, "stream \"" + (*streams_)[i].name() + "\": " + std::to_string(rows) +
                                   " rows with " + std::to_string(parents_[i].size()) + " parents");
    if (rows == 0) return;
    UniqueArray array;
    builders_[i].finish(array.get());
    out->batch(out->ctx, static_cast<uint32_t>(i), array.get(),
               row_for_row ? nullptr : parents_[i].data());
    parents_[i].clear();
  }

  const std::vector<Stream>* streams_;
  std::vector<BatchBuilder> builders_;
  std::vector<std::vector<int64_t>> parents_;
  const cm_emit* to_ = nullptr;
};

}  // namespace chunkmill
