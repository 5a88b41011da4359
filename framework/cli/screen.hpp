// Standard output, where the verbs print their data: how wide it is and whether it shows colours.
#pragma once

#include <string>
#include <string_view>

namespace chunkmill::host::cli {

// Plain values; what is not a terminal has neither a width nor colours, so that a pipe or a file
// gets whole lines.
struct Screen {
  int columns = 0;  // 0: no limit
  bool color = false;
  bool unicode = true;

  static Screen of_stdout(bool no_color);

  std::string bold(std::string_view text) const { return paint("\x1b[1m", text); }
  std::string dim(std::string_view text) const { return paint("\x1b[2m", text); }
  std::string green(std::string_view text) const { return paint("\x1b[1;32m", text); }
  std::string yellow(std::string_view text) const { return paint("\x1b[33m", text); }
  std::string red(std::string_view text) const { return paint("\x1b[1;31m", text); }

 private:
  std::string paint(std::string_view code, std::string_view text) const {
    if (!color || text.empty()) return std::string(text);
    return std::string(code) + std::string(text) + "\x1b[0m";
  }
};

}  // namespace chunkmill::host::cli
