#include "framework/observe/progress.hpp"

#include <catch2/catch.hpp>
#include <thread>

#include "framework/observe/text.hpp"

namespace chunkmill::host {
namespace {

ProgressSettings plain(ProgressMode mode = ProgressMode::kBar) {
  ProgressSettings settings;
  settings.mode = mode;
  settings.columns = 100;
  settings.title = "supplier-emissions";
  return settings;
}

ProgressFrame halfway() {
  ProgressFrame frame;
  frame.counts.rows = 2'400'000;
  frame.counts.rejected = 12;
  frame.rows_per_second = 812'345;
  frame.elapsed_seconds = 3;
  frame.fraction = 0.5;
  frame.seconds_left = 3;
  return frame;
}

struct ProgressFixture {
  std::string shown;
  Terminal terminal{[this](std::string_view text) { shown += text; }};
  FakeClock clock;
};

}  // namespace

TEST_CASE("progress: a bar on a wide terminal", "[observe]") {
  CHECK(render_bar(halfway(), plain(), 100) ==
        "supplier-emissions  50%  ━━━━━━━━━━━────────────  2,400,000 rows  812,345/s  12 "
        "rejected  0:03 left");
}

TEST_CASE("progress: a bar without unicode", "[observe]") {
  ProgressSettings settings = plain();
  settings.unicode = false;

  CHECK(render_bar(halfway(), settings, 100) ==
        "supplier-emissions  50%  [==========>          ]  2,400,000 rows  812,345/s  12 "
        "rejected  0:03 left");
}

TEST_CASE("progress: a bar in colour has the same width", "[observe]") {
  ProgressSettings settings = plain();
  settings.color = true;

  CHECK(render_bar(halfway(), settings, 100) ==
        "\x1b[1msupplier-emissions\x1b[0m  50%  \x1b[36m━━━━━━━━━━━\x1b[0;2m────────────\x1b[0m "
        " 2,400,000 rows  "
        "812,345/s  \x1b[33m12 rejected\x1b[0m  0:03 left");
}

TEST_CASE("progress: without totals there is no bar, and time runs forward", "[observe]") {
  ProgressFrame frame = halfway();
  frame.fraction = -1;
  frame.seconds_left = -1;
  frame.counts.rejected = 0;

  CHECK(render_bar(frame, plain(), 100) == "supplier-emissions  2,400,000 rows  812,345/s  0:03");
}

TEST_CASE("progress: parts that do not fit are left out, the least important first", "[observe]") {
  CHECK(render_bar(halfway(), plain(), 81) ==
        "supplier-emissions  50%  2,400,000 rows  812,345/s  12 rejected  0:03 left");
  CHECK(render_bar(halfway(), plain(), 70) ==
        "supplier-emissions  50%  2,400,000 rows  12 rejected  0:03 left");
  CHECK(render_bar(halfway(), plain(), 50) == "50%  2,400,000 rows  12 rejected  0:03 left");
  CHECK(render_bar(halfway(), plain(), 40) == "50%  2,400,000 rows  12 rejected");
  CHECK(render_bar(halfway(), plain(), 10) == "50%");
  CHECK(render_bar(halfway(), plain(), 3) == "5…");
}

TEST_CASE("progress: no width is ever exceeded, whatever the title", "[observe]") {
  ProgressSettings settings = plain();
  settings.title = "排出量の計算 🌍 \x1b[2J with a very long name indeed";
  for (int columns = 1; columns < 200; ++columns) {
    for (const bool unicode : {true, false}) {
      settings.unicode = unicode;
      const std::string bar = render_bar(halfway(), settings, columns);
      CHECK(display_width(bar) <= std::max(columns - 1, 1));
      CHECK(bar.find('\x1b') == std::string::npos);
    }
  }
}

TEST_CASE_METHOD(ProgressFixture, "progress: the bar is redrawn at most ten times a second",
                 "[observe]") {
  Progress progress(terminal, clock, plain());
  int draws = 0;
  for (int millisecond = 0; millisecond < 1000; ++millisecond) {
    clock.advance_ms(1);
    shown.clear();
    progress.update({.rows = millisecond});
    if (!shown.empty()) ++draws;
  }

  CHECK(draws == 10);
}

TEST_CASE_METHOD(ProgressFixture,
                 "progress: rate and time left come from what was done now, not before",
                 "[observe]") {
  ProgressSettings settings = plain(ProgressMode::kLines);
  Progress progress(terminal, clock, settings);
  ProgressCounts counts{.rows = 5000, .bytes = 500, .bytes_total = 1000};
  progress.start(counts);

  clock.advance_ms(2000);
  counts.rows = 6000;
  counts.bytes = 600;
  progress.update(counts);

  CHECK(shown == "supplier-emissions: 6,000 rows (60%), 500 rows/s, 0:08 left\n");
}

TEST_CASE_METHOD(ProgressFixture, "progress: the rate follows the last seconds", "[observe]") {
  Progress progress(terminal, clock, plain(ProgressMode::kLines));
  int64_t rows = 0;
  for (int second = 0; second < 20; second += 2) {
    clock.advance_ms(2000);
    rows += second < 10 ? 20'000 : 200;
    shown.clear();
    progress.update({.rows = rows});
  }

  CHECK(shown == "supplier-emissions: 101,000 rows, 100 rows/s, 0:20 elapsed\n");
}

TEST_CASE_METHOD(ProgressFixture, "progress: plain lines come at most every two seconds",
                 "[observe]") {
  Progress progress(terminal, clock, plain(ProgressMode::kLines));
  for (int millisecond = 0; millisecond < 7000; millisecond += 10) {
    clock.advance_ms(10);
    progress.update({.rows = 1, .rejected = 2});
  }

  CHECK(std::count(shown.begin(), shown.end(), '\n') == 3);
  CHECK(shown.find("2 rejected") != std::string::npos);
}

TEST_CASE_METHOD(ProgressFixture, "progress: rows, then splits, stand in where bytes are unknown",
                 "[observe]") {
  Progress progress(terminal, clock, plain(ProgressMode::kLines));
  clock.advance_ms(2000);
  progress.update({.rows = 25, .rows_total = 100});
  CHECK(shown.find("(25%)") != std::string::npos);
  clock.advance_ms(2000);
  progress.update({.rows = 25, .splits = 3, .splits_total = 4});
  CHECK(shown.find("(75%)") != std::string::npos);
  clock.advance_ms(2000);
  progress.update({.rows = 250, .rows_total = 100});  // an estimate that was too low
  CHECK(shown.find("(100%)") != std::string::npos);
}

TEST_CASE_METHOD(ProgressFixture, "progress: the bar is cleared at the end and stays away",
                 "[observe]") {
  Progress progress(terminal, clock, plain());
  clock.advance_ms(200);
  progress.update({.rows = 1});
  shown.clear();

  progress.finish();
  clock.advance_ms(200);
  progress.update({.rows = 2});

  CHECK(shown == "\r\x1b[K");
}

TEST_CASE_METHOD(ProgressFixture, "progress: quiet is quiet, and a short run shows nothing",
                 "[observe]") {
  {
    Progress progress(terminal, clock, plain(ProgressMode::kOff));
    clock.advance_ms(10'000);
    progress.update({.rows = 1});
  }
  {
    Progress progress(terminal, clock, plain());
    clock.advance_ms(50);
    progress.update({.rows = 1});
  }

  CHECK(shown.empty());
}

TEST_CASE_METHOD(ProgressFixture, "progress: threads update and log at once", "[observe]") {
  Progress progress(terminal, clock, plain());
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int step = 0; step < 200; ++step) {
        clock.advance_ms(25);
        progress.update({.rows = step});
        terminal.write("log\n");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  progress.finish();

  CHECK(shown.ends_with("\r\x1b[K"));
}

}  // namespace chunkmill::host
