// Terminal: the one way to standard error, so that log lines and the progress bar do not tear each
// other up.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "chunkmill/mutex.hpp"

namespace chunkmill::host {

// Shows lines, and below them at most one status line that is drawn over and over.
// Threads: any.
class Terminal {
 public:
  // Writes to standard error.
  Terminal();
  // Writes to `out`; for tests.
  explicit Terminal(std::function<void(std::string_view)> out) : out_(std::move(out)) {}

  // Writes `text`, which ends with a newline, above the status line.
  void write(std::string_view text);
  // Draws `line` (one line, no newline, not wider than the terminal) in place of the status line.
  // Empty: clears it.
  void set_status(std::string_view line);

  // Standard error is a terminal that can redraw a line.
  static bool is_interactive();
  // Colours are wanted on standard error: a terminal, not TERM=dumb, and no NO_COLOR in the
  // environment.
  static bool wants_color();
  // The locale says UTF-8.
  static bool speaks_unicode();
  // Columns of standard error; 80 when unknown.
  static int columns();

 private:
  Mutex mutex_;
  std::function<void(std::string_view)> out_ CHUNKMILL_GUARDED_BY(mutex_);
  std::string status_ CHUNKMILL_GUARDED_BY(mutex_);
};

}  // namespace chunkmill::host
