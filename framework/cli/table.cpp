#include "framework/cli/table.hpp"

#include <algorithm>

#include "framework/observe/text.hpp"

namespace chunkmill::host::cli {
namespace {

constexpr int kGap = 2;
constexpr int kLeastLastColumn = 16;

std::string padded(const std::string& text, int width, bool right) {
  const std::string space(static_cast<size_t>(std::max(width - display_width(text), 0)), ' ');
  return right ? space + text : text + space;
}

}  // namespace

std::vector<std::string> wrap(std::string_view text, int columns) {
  if (columns <= 0 || display_width(text) <= columns) return {std::string(text)};
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    std::string word(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && display_width(line) + 1 + display_width(word) > columns) {
      lines.push_back(std::move(line));
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  lines.push_back(std::move(line));
  return lines;
}

Table& Table::below_header(std::vector<std::string> cells) {
  add(std::move(cells));
  ++headers_;
  return *this;
}

Table& Table::add(std::vector<std::string> cells) {
  cells.resize(right_.size());
  for (std::string& cell : cells) cell = printable(cell);
  rows_.push_back(std::move(cells));
  return *this;
}

std::string Table::block(const Screen& screen, int indent, const std::vector<size_t>& columns,
                         const std::vector<int>& widths) const {
  std::string out;
  const std::string margin(static_cast<size_t>(indent), ' ');
  for (size_t row = 0; row < rows_.size(); ++row) {
    int at = indent;
    std::string line;
    std::vector<std::string> rest;
    for (const size_t column : columns) {
      const bool last = column == columns.back();
      std::string cell = rows_[row][column];
      const int room = screen.columns > 0 ? screen.columns - at : 0;
      const bool too_wide = room > 0 && display_width(cell) > room;
      if (last && too_wide && overflow_ == Overflow::kWrap) {
        rest = wrap(cell, std::max(room, kLeastLastColumn));
        cell = rest.front();
      } else if (too_wide) {
        cell = fit(cell, std::max(room, 1), screen.unicode);
      }
      if (!last || right_[column]) cell = padded(cell, widths[column], right_[column]);
      line += cell;
      if (!last) line += std::string(kGap, ' ');
      at += widths[column] + kGap;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += margin;
    out += row == 0 ? screen.bold(line) : row < headers_ ? screen.dim(line) : line;
    out += '\n';
    for (size_t i = 1; i < rest.size(); ++i)
      out += std::string(static_cast<size_t>(at - kGap - widths[columns.back()]), ' ') + rest[i] +
             '\n';
  }
  return out;
}

std::string Table::text(const Screen& screen, int indent) const {
  std::vector<int> widths(right_.size(), 0);
  for (const std::vector<std::string>& row : rows_)
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));

  std::vector<size_t> columns;
  if (overflow_ != Overflow::kBlocks || screen.columns <= 0) {
    for (size_t i = 0; i < widths.size(); ++i) columns.push_back(i);
    return block(screen, indent, columns, widths);
  }
  std::string out;
  int at = indent;
  for (size_t i = 0; i < widths.size(); ++i) {
    if (columns.size() > 1 && at + widths[i] > screen.columns) {
      out += block(screen, indent, columns, widths) + '\n';
      columns = {0};
      at = indent + widths[0] + kGap;
    }
    columns.push_back(i);
    at += widths[i] + kGap;
  }
  return out + block(screen, indent, columns, widths);
}

}  // namespace chunkmill::host::cli
