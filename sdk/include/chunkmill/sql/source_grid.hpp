// How the values of a column are cut into ranges: the cells of a grid that is aligned at 0.
//
// Cells are named by their bounds and never move, so that a table may grow while a run lasts: the
// same width gives the same cells, and new ones beside them. A value is a whole number: an integer
// as it stands, a date as days, a timestamp as seconds, both since 1970-01-01 UTC. Threads: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chunkmill/error.hpp"
#include "chunkmill/parse.hpp"
#include "chunkmill/sql/key_position.hpp"

namespace chunkmill::sql {

// [begin, end); no end: up to the largest value that there is.
struct KeyRange {
  int64_t begin = 0;
  std::optional<int64_t> end;
};

inline constexpr int64_t kSecondsPerDay = 86'400;

// The value of a cell's bound as text of the column's type.
inline std::string bound_text(Type type, int64_t value) {
  std::string text;
  if (type == Type::kDate32) {
    append_date32(&text, static_cast<int32_t>(value));
  } else if (type == Type::kTimestamp) {
    text = timestamp_text(value * 1'000'000);
  } else {
    append_integer(&text, value);
  }
  return text;
}

inline bool can_split_by(Type type) {
  return type == Type::kInt32 || type == Type::kInt64 || type == Type::kDate32 ||
         type == Type::kTimestamp;
}

// The value of a column as a grid has it, from its text; nothing if it is none.
inline std::optional<int64_t> grid_value(Type type, std::string_view text) {
  int64_t value = 0;
  int32_t days = 0;
  switch (type) {
    case Type::kInt32:
    case Type::kInt64:
      if (parse_int64(text, &value) != ParseFault::kNone) return std::nullopt;
      return value;
    case Type::kDate32:
      if (parse_date32(text, &days) != ParseFault::kNone) return std::nullopt;
      return days;
    case Type::kTimestamp:
      if (parse_timestamp(text, &value) != ParseFault::kNone) return std::nullopt;
      return value >= 0 ? value / 1'000'000 : -((-value + 999'999) / 1'000'000);
    default:
      return std::nullopt;
  }
}

class SplitGrid {
 public:
  static constexpr uint64_t kMostCells = 64;           // of a width that we choose
  static constexpr uint64_t kMostGivenCells = 10'000;  // of one that the job gives
  // So many keys are worth a range of their own.
  static constexpr uint64_t kFewestKeys = 16'384;

  // The grid over the values from `smallest` to `largest`. `given` is the width that the job says,
  // or 0; `unit` is what widths are multiples of, in the column's grid values. Throws
  // Error(CM_INVALID) at split_width.
  SplitGrid(Type type, int64_t smallest, int64_t largest, uint64_t given, uint64_t unit = 1)
      : smallest_(smallest), largest_(largest) {
    const uint64_t span = static_cast<uint64_t>(largest) - static_cast<uint64_t>(smallest);
    if (given == 0) {
      const bool is_number = type == Type::kInt32 || type == Type::kInt64;
      width_ = is_number ? kFewestKeys : unit;
      while (span / width_ > kMostCells) width_ *= 2;
      return;
    }
    width_ = given;
    if (width_ % unit != 0 || width_ > uint64_t{1} << 62)
      throw Error(CM_INVALID,
                  "it must be a multiple of " + std::to_string(unit) + ", and at most 2^62")
          .at("split_width");
    if (span / width_ >= kMostGivenCells)
      throw Error(CM_INVALID, "it cuts the values from " + bound_text(type, smallest) + " to " +
                                  bound_text(type, largest) + " into more than " +
                                  std::to_string(kMostGivenCells) + " ranges; make it larger")
          .at("split_width");
  }

  uint64_t width() const { return width_; }

  // From the cell of the smallest value to the cell of the largest.
  std::vector<KeyRange> cells() const {
    std::vector<KeyRange> cells;
    const auto width = static_cast<Int128>(width_);
    Int128 begin = Int128{smallest_} / width * width;
    if (begin > smallest_) begin -= width;
    for (; begin <= largest_; begin += width) {
      const Int128 end = begin + width;
      KeyRange cell{static_cast<int64_t>(std::max<Int128>(begin, INT64_MIN)), std::nullopt};
      if (end <= INT64_MAX) cell.end = static_cast<int64_t>(end);
      cells.push_back(cell);
    }
    return cells;
  }

 private:
  int64_t smallest_;
  int64_t largest_;
  uint64_t width_ = 1;
};

}  // namespace chunkmill::sql
