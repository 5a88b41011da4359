#include "framework/core/clock.hpp"

#include <catch2/catch.hpp>

namespace chunkmill::host {

TEST_CASE("clock: a fake clock moves only when told to, and at once when it sleeps", "[core]") {
  FakeClock clock(1000);
  const std::atomic<bool> cancelled{false};

  CHECK(clock.now_ms() == 1000);
  CHECK(clock.sleep_ms(250, cancelled));

  CHECK(clock.now_ms() == 1250);
  CHECK(clock.steady_ns() == 250'000'000);
  CHECK(clock.slept_ms() == 250);
}

TEST_CASE("clock: a wait that is cancelled says so and does not wait", "[core]") {
  const std::atomic<bool> cancelled{true};
  FakeClock fake;
  RealClock real;

  CHECK_FALSE(fake.sleep_ms(1'000'000'000, cancelled));
  CHECK(fake.slept_ms() == 0);
  CHECK_FALSE(real.sleep_ms(1'000'000'000, cancelled));
}

}  // namespace chunkmill::host
