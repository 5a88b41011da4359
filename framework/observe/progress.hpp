// Progress: how far a run is, as a bar on a terminal or as plain lines elsewhere.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "chunkmill/mutex.hpp"
#include "framework/core/clock.hpp"
#include "framework/observe/terminal.hpp"

namespace chunkmill::host {

enum class ProgressMode {
  kBar,    // one line, redrawn at most ten times a second
  kLines,  // a line at most every two seconds
  kOff,
};

struct ProgressSettings {
  ProgressMode mode = ProgressMode::kOff;
  bool color = false;
  bool unicode = true;
  int columns = 0;    // 0: ask the terminal at each draw
  std::string title;  // the job's name

  // From the terminal and the environment.
  static ProgressSettings detect(std::string title, bool quiet, bool no_color);
};

// Where a run stands. Totals are estimates; 0: unknown.
struct ProgressCounts {
  int64_t rows = 0;  // read and settled
  int64_t rejected = 0;
  int64_t rows_total = 0;
  int64_t bytes = 0;
  int64_t bytes_total = 0;
  int64_t splits = 0;
  int64_t splits_total = 0;
};

// What is drawn, once the numbers are known.
struct ProgressFrame {
  ProgressCounts counts;
  double rows_per_second = 0;
  double elapsed_seconds = 0;
  double fraction = -1;      // done, from 0 to 1; negative: unknown
  double seconds_left = -1;  // negative: unknown
};

// One line at most `columns` wide, no newline. Parts that do not fit are left out, the least
// important first.
std::string render_bar(const ProgressFrame& frame, const ProgressSettings& settings, int columns);
// One plain line, no newline.
std::string render_line(const ProgressFrame& frame, const ProgressSettings& settings);

// Threads: any.
class Progress {
 public:
  // `terminal` and `clock` must outlive it.
  Progress(Terminal& terminal, const Clock& clock, ProgressSettings settings);
  // Clears the bar.
  ~Progress();

  // Where the run begins when it resumes an earlier one, so that rates count only what is done
  // now.
  void start(const ProgressCounts& already_done);
  // Draws when it is time to; otherwise costs one look at the clock. To be called after every
  // chunk, and may be called idly.
  void update(const ProgressCounts& counts);
  // Clears the bar; nothing is drawn after it.
  void finish();

 private:
  ProgressFrame frame_of(const ProgressCounts& counts, int64_t now_ns) CHUNKMILL_REQUIRES(mutex_);

  Terminal& terminal_;
  const Clock& clock_;
  const ProgressSettings settings_;
  // Looked at before mutex_ is taken, so that a call that draws nothing waits for nobody.
  std::atomic<int64_t> next_draw_ns_{0};
  Mutex mutex_;
  ProgressCounts first_ CHUNKMILL_GUARDED_BY(mutex_);
  int64_t started_ns_ CHUNKMILL_GUARDED_BY(mutex_) = 0;
  bool finished_ CHUNKMILL_GUARDED_BY(mutex_) = false;
  // Times and rows: the rate is that of the last seconds.
  std::deque<std::pair<int64_t, int64_t>> samples_ CHUNKMILL_GUARDED_BY(mutex_);
};

}  // namespace chunkmill::host
