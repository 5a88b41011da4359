// What a calculator's bind() declares: columns that are read, streams and columns that are put out.
// Included by calculator.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chunkmill/abi/calculator.h"
#include "chunkmill/batch.hpp"
#include "chunkmill/error.hpp"

namespace chunkmill {

namespace detail {
template <typename T>
struct Unwrap {
  using Type = T;
  static constexpr bool kOptional = false;
};
template <typename T>
struct Unwrap<std::optional<T>> {
  using Type = T;
  static constexpr bool kOptional = true;
};
}  // namespace detail

template <typename T>
concept CellType = ColumnType<typename detail::Unwrap<T>::Type>;

// A column of the input. In<double>: rows where it is null are rejected before row() sees them;
// In<std::optional<double>>: they are handed over.
template <CellType T>
class In {
 public:
  // Index in the input batch, -1 for an optional column that is not there.
  int column() const { return column_; }
  bool present() const { return column_ >= 0; }

 private:
  friend class Columns;
  friend class Row;
  int slot_ = -1;
  int column_ = -1;
};

// A column of an output stream.
template <ColumnType T>
class Out {
 public:
  size_t stream() const { return stream_; }
  size_t column() const { return column_; }

 private:
  friend class Stream;
  friend class RowOut;
  size_t stream_ = 0;
  size_t column_ = 0;
};

// An output stream while it is being declared.
class Stream {
 public:
  Stream(std::string name, size_t index, uint32_t flags)
      : name_(std::move(name)), index_(index), flags_(flags) {}

  template <ColumnType T>
  Out<T> out(std::string_view name, std::string_view unit = {}) {
    Field field{std::string(name), TypeOf<T>::kType, true, std::string(unit)};
    return add<T>(std::move(field));
  }
  // A column with all its details: of a decimal its precision and scale.
  template <ColumnType T>
  Out<T> add(Field field) {
    Out<T> out;
    out.stream_ = index_;
    out.column_ = schema_.size();
    schema_.fields.push_back(std::move(field));
    return out;
  }
  // The stream's rows are its own: not appended to the input's columns.
  Stream& only_outputs() {
    flags_ &= ~static_cast<uint32_t>(CM_STREAM_APPEND);
    return *this;
  }
  // Input rows may be left out or give several rows: every output row names its parent.
  Stream& any_rows() {
    flags_ &= ~static_cast<uint32_t>(CM_STREAM_ROW_FOR_ROW);
    return *this;
  }

  const std::string& name() const { return name_; }
  const Schema& schema() const { return schema_; }
  uint32_t flags() const { return flags_; }
  bool row_for_row() const { return (flags_ & CM_STREAM_ROW_FOR_ROW) != 0; }

 private:
  std::string name_;
  size_t index_;
  uint32_t flags_;
  Schema schema_;
};

// What bind() declares: columns that are read, and streams that are put out. The main stream has
// one row for each input row and is appended to the input's columns, unless main() is told
// otherwise.
class Columns {
 public:
  explicit Columns(const Schema* available) : available_(available) {
    streams_.reserve(kMaxStreams);
    streams_.emplace_back("main", 0, CM_STREAM_ROW_FOR_ROW | CM_STREAM_APPEND);
  }

  // What there is. Types may still be changed to those that in() asks for.
  const Schema& available() const { return *available_; }
  bool has(std::string_view name) const { return available_->find(name) >= 0; }

  // A column that must be there. `option` is the path of the option that named it
  // ("columns.spend"), for messages.
  template <CellType T>
  In<T> in(std::string_view name, std::string_view unit = {}, std::string_view option = {}) {
    return need<T>(name, false, unit, option);
  }
  // A column that may be missing: ask present(). Its rows read as null then.
  template <CellType T>
  requires detail::Unwrap<T>::kOptional In<T> in_if_present(std::string_view name,
                                                            std::string_view unit = {},
                                                            std::string_view option = {}) {
    return need<T>(name, true, unit, option);
  }

  // A column that must be there, in whatever type it has; its rows may be null. For calculators
  // that hand columns on, or find out their types themselves. Returns its index, -1 while it is not
  // there: the host reports that.
  int in_any_type(std::string_view name, std::string_view option = {}) {
    Need need{Field{std::string(name)}, false, std::string(option), available_->find(name), true};
    if (need.column >= 0) need.field = (*available_)[static_cast<size_t>(need.column)];
    need.field.nullable = true;
    needs_.push_back(std::move(need));
    return needs_.back().column;
  }

  Stream& main() { return streams_[0]; }
  template <ColumnType T>
  Out<T> out(std::string_view name, std::string_view unit = {}) {
    return main().out<T>(name, unit);
  }
  // A further stream. Its rows are its own, and each names its parent.
  Stream& stream(std::string name) {
    if (streams_.size() == kMaxStreams) throw Error(CM_INVALID, "more than 64 streams");
    return streams_.emplace_back(std::move(name), streams_.size(), 0);
  }

  struct Need {
    Field field;  // nullable: row() takes nulls
    bool optional = false;
    std::string option{};
    int column = -1;
    bool any_type = false;
  };
  const std::vector<Need>& needs() const { return needs_; }
  const std::vector<Stream>& streams() const { return streams_; }

 private:
  static constexpr size_t kMaxStreams = 64;

  template <CellType T>
  In<T> need(std::string_view name, bool optional, std::string_view unit, std::string_view option) {
    using Value = typename detail::Unwrap<T>::Type;
    In<T> in;
    in.slot_ = static_cast<int>(needs_.size());
    in.column_ = available_->find(name);
    needs_.push_back(Need{Field{std::string(name), TypeOf<Value>::kType,
                                detail::Unwrap<T>::kOptional, std::string(unit)},
                          optional, std::string(option), in.column_});
    return in;
  }

  const Schema* available_;
  std::vector<Need> needs_;
  std::vector<Stream> streams_;
};

}  // namespace chunkmill
