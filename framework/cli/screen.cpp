#include "framework/cli/screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "framework/observe/terminal.hpp"

namespace chunkmill::host::cli {

Screen Screen::of_stdout(bool no_color) {
  Screen screen;
  if (::isatty(STDOUT_FILENO) != 1) return screen;
  screen.unicode = Terminal::speaks_unicode();
  winsize size{};
  screen.columns =
      ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
  const char* term = std::getenv("TERM");
  const char* refused = std::getenv("NO_COLOR");
  screen.color = !no_color && (term == nullptr || std::string_view(term) != "dumb") &&
                 (refused == nullptr || *refused == '\0');
  return screen;
}

}  // namespace chunkmill::host::cli
