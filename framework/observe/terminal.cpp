#include "framework/observe/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace chunkmill::host {
namespace {

constexpr std::string_view kClearLine = "\r\x1b[K";

void write_to_stderr(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    // There is nowhere left to complain to.
    if (written <= 0) return;
    text.remove_prefix(static_cast<size_t>(written));
  }
}

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

Terminal::Terminal() : out_(write_to_stderr) {}

void Terminal::write(std::string_view text) {
  const Lock lock(mutex_);
  if (status_.empty()) {
    out_(text);
    return;
  }
  // In one piece, so that nothing flickers.
  std::string all(kClearLine);
  all += text;
  all += status_;
  out_(all);
}

void Terminal::set_status(std::string_view line) {
  const Lock lock(mutex_);
  if (line == status_) return;
  std::string all(kClearLine);
  all += line;
  status_ = line;
  out_(all);
}

bool Terminal::is_interactive() {
  return ::isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb";
}

bool Terminal::wants_color() { return is_interactive() && environment("NO_COLOR").empty(); }

bool Terminal::speaks_unicode() {
  // Read from the environment as setlocale would: the host itself stays in the C locale, so that
  // numbers have a point.
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string_view locale = environment(name);
    if (locale.empty()) continue;
    for (const std::string_view codeset : {"UTF-8", "utf-8", "UTF8", "utf8"}) {
      if (locale.find(codeset) != std::string_view::npos) return true;
    }
    return false;
  }
  return false;
}

int Terminal::columns() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace chunkmill::host
