// Table: rows of text in columns that line up.
#pragma once

#include <string>
#include <vector>

#include "framework/cli/screen.hpp"

namespace chunkmill::host::cli {

// What becomes of a table that is wider than the screen. Nothing is lost where the screen has no
// limit.
enum class Overflow {
  kCut,     // the last column is cut
  kWrap,    // the last column goes on in lines below
  kBlocks,  // columns that do not fit follow in a table below, with the first column repeated
};

class Table {
 public:
  explicit Table(std::vector<std::string> header, Overflow overflow = Overflow::kCut)
      : overflow_(overflow), right_(header.size(), false) {
    rows_.push_back(std::move(header));
  }

  // Numbers stand at the right of their column.
  Table& right(size_t column) {
    right_[column] = true;
    return *this;
  }
  // A second header row, shown dim: types, units.
  Table& below_header(std::vector<std::string> cells);
  // Missing cells are empty. Control characters are made visible.
  Table& add(std::vector<std::string> cells);
  bool empty() const { return rows_.size() == headers_; }

  // Lines, each with a newline, indented by `indent` spaces.
  std::string text(const Screen& screen, int indent = 2) const;

 private:
  std::string block(const Screen& screen, int indent, const std::vector<size_t>& columns,
                    const std::vector<int>& widths) const;

  const Overflow overflow_;
  std::vector<bool> right_;
  size_t headers_ = 1;
  std::vector<std::vector<std::string>> rows_;  // the headers first
};

// `text` in lines of at most `columns`, broken at spaces where there are some.
std::vector<std::string> wrap(std::string_view text, int columns);

}  // namespace chunkmill::host::cli
