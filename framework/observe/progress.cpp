#include "framework/observe/progress.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "framework/observe/text.hpp"

namespace chunkmill::host {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;
constexpr int64_t kRedrawNs = kSecondNs / 10;
constexpr int64_t kLineNs = 2 * kSecondNs;
constexpr int64_t kRateWindowNs = 5 * kSecondNs;
constexpr int kLongestTitle = 28;
constexpr int kShortestBar = 8;
constexpr int kLongestBar = 30;

double fraction_of(const ProgressCounts& counts) {
  const auto ratio = [](int64_t done, int64_t total) {
    return std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0);
  };
  if (counts.bytes_total > 0) return ratio(counts.bytes, counts.bytes_total);
  if (counts.rows_total > 0) return ratio(counts.rows, counts.rows_total);
  if (counts.splits_total > 1) return ratio(counts.splits, counts.splits_total);
  return -1;
}

std::string percent_text(double fraction) {
  return std::to_string(static_cast<int>(std::floor(fraction * 100))) + "%";
}

std::string time_text(const ProgressFrame& frame) {
  return frame.seconds_left >= 0 ? clock_text(frame.seconds_left) + " left"
                                 : clock_text(frame.elapsed_seconds);
}

std::string draw_bar(double fraction, int columns, const ProgressSettings& settings) {
  const int full = static_cast<int>(std::floor(fraction * columns));
  std::string filled;
  std::string rest;
  for (int column = 0; column < columns; ++column) {
    if (column < full) {
      filled += settings.unicode ? "━" : "=";
    } else if (!settings.unicode) {
      rest += column == full ? ">" : " ";
    } else {
      rest += "─";
    }
  }
  if (settings.color) return "\x1b[36m" + filled + "\x1b[0;2m" + rest + "\x1b[0m";
  return settings.unicode ? filled + rest : "[" + filled + rest + "]";
}

struct Part {
  std::string text;
  int importance;     // the least important goes first where room is short
  const char* color;  // null: none
};

int width_of(const std::vector<Part>& parts) {
  int width = 0;
  for (const Part& part : parts) width += display_width(part.text) + 2;
  return width - 2;
}

}  // namespace

ProgressSettings ProgressSettings::detect(std::string title, bool quiet, bool no_color) {
  ProgressSettings settings;
  settings.title = std::move(title);
  settings.mode = quiet                        ? ProgressMode::kOff
                  : Terminal::is_interactive() ? ProgressMode::kBar
                                               : ProgressMode::kLines;
  settings.color = !no_color && Terminal::wants_color();
  settings.unicode = Terminal::speaks_unicode();
  return settings;
}

std::string render_bar(const ProgressFrame& frame, const ProgressSettings& settings, int columns) {
  const int room = std::max(columns - 1, 1);  // a full last column wraps on some terminals
  std::vector<Part> parts;
  if (!settings.title.empty()) {
    parts.push_back(
        {fit(printable(settings.title), kLongestTitle, settings.unicode), 2, "\x1b[1m"});
  }
  if (frame.fraction >= 0) parts.push_back({percent_text(frame.fraction), 7, nullptr});
  parts.push_back({with_thousands(frame.counts.rows) + " rows", 6, nullptr});
  if (frame.rows_per_second > 0) {
    parts.push_back(
        {with_thousands(static_cast<int64_t>(std::llround(frame.rows_per_second))) + "/s", 1,
         nullptr});
  }
  if (frame.counts.rejected > 0) {
    parts.push_back({with_thousands(frame.counts.rejected) + " rejected", 5, "\x1b[33m"});
  }
  parts.push_back({time_text(frame), 4, nullptr});
  while (parts.size() > 1 && width_of(parts) > room) {
    parts.erase(std::min_element(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
      return a.importance < b.importance;
    }));
  }
  if (parts.size() == 1 && width_of(parts) > room)
    return fit(parts.front().text, room, settings.unicode);

  const int brackets = settings.unicode || settings.color ? 0 : 2;
  const int bar = std::min(room - width_of(parts) - 2 - brackets, kLongestBar);
  std::string line;
  for (const Part& part : parts) {
    if (!line.empty()) line += "  ";
    line +=
        settings.color && part.color != nullptr ? part.color + part.text + "\x1b[0m" : part.text;
    if (part.importance == 7 && bar >= kShortestBar)
      line += "  " + draw_bar(frame.fraction, bar, settings);
  }
  return line;
}

std::string render_line(const ProgressFrame& frame, const ProgressSettings& settings) {
  std::string line = settings.title.empty() ? "" : printable(settings.title) + ": ";
  line += with_thousands(frame.counts.rows) + " rows";
  if (frame.fraction >= 0) line += " (" + percent_text(frame.fraction) + ")";
  if (frame.rows_per_second > 0) {
    line += ", " + with_thousands(static_cast<int64_t>(std::llround(frame.rows_per_second))) +
            " rows/s";
  }
  if (frame.counts.rejected > 0) line += ", " + with_thousands(frame.counts.rejected) + " rejected";
  line += ", " + time_text(frame);
  if (frame.seconds_left < 0) line += " elapsed";
  return line;
}

Progress::Progress(Terminal& terminal, const Clock& clock, ProgressSettings settings)
    : terminal_(terminal), clock_(clock), settings_(std::move(settings)) {
  start({});
}

Progress::~Progress() { finish(); }

void Progress::start(const ProgressCounts& already_done) {
  const Lock lock(mutex_);
  first_ = already_done;
  started_ns_ = clock_.steady_ns();
  samples_.assign({{started_ns_, already_done.rows}});
  // A run that is over in a moment needs neither a bar nor a line.
  next_draw_ns_ = started_ns_ + (settings_.mode == ProgressMode::kBar ? kRedrawNs : kLineNs);
}

void Progress::update(const ProgressCounts& counts) {
  if (settings_.mode == ProgressMode::kOff) return;
  const int64_t now = clock_.steady_ns();
  if (now < next_draw_ns_.load(std::memory_order_relaxed)) return;
  const Lock lock(mutex_);
  if (finished_ || now < next_draw_ns_.load(std::memory_order_relaxed)) return;
  next_draw_ns_ = now + (settings_.mode == ProgressMode::kBar ? kRedrawNs : kLineNs);
  const ProgressFrame frame = frame_of(counts, now);
  if (settings_.mode == ProgressMode::kLines) {
    terminal_.write(render_line(frame, settings_) + "\n");
    return;
  }
  const int columns = settings_.columns > 0 ? settings_.columns : Terminal::columns();
  terminal_.set_status(render_bar(frame, settings_, columns));
}

void Progress::finish() {
  const Lock lock(mutex_);
  if (finished_) return;
  finished_ = true;
  if (settings_.mode == ProgressMode::kBar) terminal_.set_status({});
}

ProgressFrame Progress::frame_of(const ProgressCounts& counts, int64_t now_ns) {
  samples_.emplace_back(now_ns, counts.rows);
  while (samples_.size() > 2 && samples_.front().first < now_ns - kRateWindowNs)
    samples_.pop_front();
  const auto& [then_ns, then_rows] = samples_.front();

  ProgressFrame frame;
  frame.counts = counts;
  frame.elapsed_seconds = static_cast<double>(now_ns - started_ns_) / kSecondNs;
  if (now_ns > then_ns) {
    frame.rows_per_second = static_cast<double>(counts.rows - then_rows) * kSecondNs /
                            static_cast<double>(now_ns - then_ns);
  }
  frame.fraction = fraction_of(counts);
  ProgressCounts before = counts;
  before.bytes = first_.bytes;
  before.rows = first_.rows;
  before.splits = first_.splits;
  const double done_now = frame.fraction - fraction_of(before);
  // The first second says too little about the rest.
  if (done_now > 0 && frame.elapsed_seconds >= 1) {
    frame.seconds_left = frame.elapsed_seconds * (1 - frame.fraction) / done_now;
  }
  return frame;
}

}  // namespace chunkmill::host
