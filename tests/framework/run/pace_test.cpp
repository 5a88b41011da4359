// What decides how large, how fast and how often: ChunkSize, Pacer, Backoff.
#include <catch2/catch.hpp>

#include "framework/core/clock.hpp"
#include "framework/run/chunk_size.hpp"
#include "framework/run/pacer.hpp"
#include "framework/run/retry.hpp"

namespace chunkmill::host {
namespace {

constexpr int64_t kMiB = 1 << 20;

Status failure(bool retryable, cm_code code = CM_UNAVAILABLE, int64_t retry_after_ms = -1) {
  PluginFacts facts;
  facts.code = code;
  facts.retryable = retryable;
  facts.retry_after_ms = retry_after_ms;
  return Status(Code::kUnavailable, "no answer", facts);
}

ChunkSpec fixed(int64_t rows, int64_t bytes) {
  ChunkSpec spec;
  spec.rows = rows;
  spec.bytes = bytes;
  return spec;
}

TEST_CASE("chunk size: a fixed one stays, whatever commits cost and sinks say", "[run]") {
  ChunkSize size(fixed(700, 0), 256 * kMiB, 4);

  size.committed(700, 9.0, 9.0);
  size.too_large(700);

  CHECK(size.rows() == 700);
}

TEST_CASE("chunk size: it grows by a step while commits are a good part of a short time", "[run]") {
  ChunkSize size(ChunkSpec{}, 256 * kMiB, 4);
  REQUIRE(size.rows() == 10'000);

  size.committed(10'000, 0.1, 0.3);
  CHECK(size.rows() == 11'000);

  size.committed(11'000, 0.01, 0.3);  // commits hardly count
  CHECK(size.rows() == 11'000);

  for (int i = 0; i < 100; ++i) size.committed(size.rows(), 0.1, 0.3);
  CHECK(size.rows() == 20'000);
}

TEST_CASE("chunk size: a slow commit halves it, down to one row", "[run]") {
  ChunkSize size(ChunkSpec{}, 256 * kMiB, 4);

  size.committed(10'000, 1.5, 2.0);
  CHECK(size.rows() == 5'000);

  for (int i = 0; i < 50; ++i) size.committed(size.rows(), 1.5, 2.0);
  CHECK(size.rows() == 1);
}

TEST_CASE("chunk size: one that a sink would not take is halved, and not grown to again", "[run]") {
  ChunkSize size(ChunkSpec{}, 256 * kMiB, 4);

  size.too_large(10'000);
  size.too_large(10'000);  // another worker's, of the same size
  CHECK(size.rows() == 5'000);

  for (int i = 0; i < 100; ++i) size.committed(size.rows(), 0.1, 0.3);
  CHECK(size.rows() == 9'999);

  for (int i = 0; i < 50; ++i) size.too_large(size.rows());
  CHECK(size.rows() == 1);
  size.committed(1, 0.1, 0.3);
  CHECK(size.rows() == 1);
}

TEST_CASE("chunk size: a chunk that came short says nothing of a full one", "[run]") {
  ChunkSize size(ChunkSpec{}, 256 * kMiB, 4);

  size.committed(9'999, 5.0, 6.0);

  CHECK(size.rows() == 10'000);
}

TEST_CASE("chunk size: a batch may take an eighth of its worker's share of the memory", "[run]") {
  CHECK(ChunkSize(ChunkSpec{}, 256 * kMiB, 4).max_bytes() == 8 * kMiB);
  CHECK(ChunkSize(fixed(0, 5000), 256 * kMiB, 4).max_bytes() == 5000);
  CHECK(ChunkSize(ChunkSpec{}, kMiB, 1000).max_bytes() == 64 << 10);
}

TEST_CASE("pacer: without a rate nobody waits", "[run]") {
  FakeClock clock;
  const std::atomic<bool> cancelled{false};
  Pacer pacer(0);

  CHECK(pacer.wait(1'000'000, clock, cancelled));
  CHECK(clock.slept_ms() == 0);
}

TEST_CASE("pacer: the first rows go at once, the next ones when theirs are paid for", "[run]") {
  FakeClock clock;
  const std::atomic<bool> cancelled{false};
  Pacer pacer(100);

  CHECK(pacer.wait(50, clock, cancelled));
  CHECK(clock.slept_ms() == 0);
  CHECK(pacer.wait(200, clock, cancelled));
  CHECK(clock.slept_ms() == 500);
  CHECK(pacer.wait(1, clock, cancelled));
  CHECK(clock.slept_ms() == 2500);
}

TEST_CASE("pacer: time in which nothing was read is not saved up for a burst", "[run]") {
  FakeClock clock;
  const std::atomic<bool> cancelled{false};
  Pacer pacer(100);
  pacer.wait(100, clock, cancelled);

  clock.advance_ms(60'000);

  CHECK(pacer.wait(100, clock, cancelled));
  CHECK(pacer.wait(100, clock, cancelled));
  CHECK(clock.slept_ms() == 1000);
}

TEST_CASE("pacer: who is cancelled does not go on", "[run]") {
  FakeClock clock;
  const std::atomic<bool> cancelled{true};
  Pacer pacer(100);
  pacer.wait(100, clock, cancelled);

  CHECK_FALSE(pacer.wait(100, clock, cancelled));
}

TEST_CASE("backoff: the first attempt counts", "[run]") {
  RetrySpec spec;
  spec.attempts = 3;
  Backoff backoff(spec, 1);

  CHECK(backoff.again());
  CHECK(backoff.again());
  CHECK_FALSE(backoff.again());

  backoff.reset();
  CHECK(backoff.again());
}

TEST_CASE("backoff: waits lie around a step that doubles up to the longest delay", "[run]") {
  const RetrySpec spec{.attempts = 100, .initial_delay_ms = 200, .max_delay_ms = 3000};
  const int64_t steps[] = {200, 400, 800, 1600, 3000, 3000};
  int64_t longest[6] = {};
  int64_t shortest[6] = {10'000, 10'000, 10'000, 10'000, 10'000, 10'000};
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Backoff backoff(spec, seed);
    for (int i = 0; i < 6; ++i) {
      REQUIRE(backoff.again());
      const int64_t delay = backoff.delay_ms(failure(true));
      REQUIRE(delay >= steps[i] / 2);
      REQUIRE(delay <= std::min<int64_t>(steps[i] * 3 / 2, 3000));
      longest[i] = std::max(longest[i], delay);
      shortest[i] = std::min(shortest[i], delay);
    }
  }
  // Jitter: the whole range is used.
  for (int i = 0; i < 6; ++i) {
    CHECK(longest[i] > std::min<int64_t>(steps[i] * 14 / 10, 2900));
    CHECK(shortest[i] < steps[i] * 6 / 10);
  }
}

TEST_CASE("backoff: with the defaults a trouble of one and a half seconds is always waited out",
          "[run]") {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Backoff backoff(RetrySpec{}, seed);
    int64_t waited = 0;
    while (backoff.again()) waited += backoff.delay_ms(failure(true));
    REQUIRE(waited >= 1500);
    REQUIRE(waited <= 4500);
  }
}

TEST_CASE("backoff: two processes do not wait in step", "[run]") {
  CHECK(random_seed() != random_seed());
}

TEST_CASE("backoff: what the other side asks for is the least it gets", "[run]") {
  Backoff backoff(RetrySpec{}, 1);
  backoff.again();

  CHECK(backoff.delay_ms(failure(true, CM_UNAVAILABLE, 60'000)) == 60'000);
}

TEST_CASE("backoff: only what the plugin calls retryable is tried again, and never bad rows",
          "[run]") {
  CHECK(is_transient(failure(true)));
  CHECK_FALSE(is_transient(failure(false)));
  CHECK_FALSE(is_transient(failure(true, CM_DATA)));
  CHECK_FALSE(is_transient(Status()));
}

}  // namespace
}  // namespace chunkmill::host
