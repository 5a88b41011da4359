// Page: what a verb prints for people, lines under right-aligned labels, as the summary of a run
// has them.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "framework/cli/screen.hpp"
#include "framework/cli/table.hpp"

namespace chunkmill::host::cli {

class Page {
 public:
  static constexpr int kLabelColumns = 10;
  static constexpr int kMargin = kLabelColumns + 2;

  explicit Page(const Screen& screen) : screen_(screen) {}

  const Screen& screen() const { return screen_; }

  // `text` under `label`, or under the line before where that is empty; wrapped to the screen.
  // Colours may be in the label alone.
  void line(std::string_view label, std::string_view text, bool good = false) {
    const std::string padding(
        static_cast<size_t>(std::max<int>(kLabelColumns - static_cast<int>(label.size()), 0)), ' ');
    std::string left = padding + (good ? screen_.green(label) : screen_.bold(label)) + "  ";
    const int room = screen_.columns > 0 ? std::max(screen_.columns - kMargin, 24) : 0;
    for (const std::string& part : wrap(text, room)) {
      text_ += part.empty() ? left.substr(0, left.find_last_not_of(' ') + 1) : left + part;
      text_ += '\n';
      left.assign(kMargin, ' ');
    }
  }
  void table(const Table& table, int indent = kMargin) { text_ += table.text(screen_, indent); }
  void heading(std::string_view text) {
    text_ += (text_.empty() ? "" : "\n") + screen_.bold(text) + '\n';
  }
  void text(std::string_view text) { text_ += text; }
  void gap() { text_ += '\n'; }

  const std::string& str() const { return text_; }

 private:
  const Screen screen_;
  std::string text_;
};

}  // namespace chunkmill::host::cli
