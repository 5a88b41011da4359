#include "framework/plugin/isolated.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace chunkmill::host::test {
namespace {

constexpr std::chrono::seconds kLong(30);

TEST_CASE("isolated: what the body writes comes back", "[plugin]") {
  const IsolatedOutcome outcome = run_isolated(kLong, [](const IsolatedWrite& write) {
    write("a");
    write("b");
  });

  CHECK(outcome.fault.empty());
  CHECK(outcome.output == "ab");
}

TEST_CASE("isolated: what was written before a crash comes back, with what was printed",
          "[plugin]") {
  const IsolatedOutcome outcome = run_isolated(kLong, [](const IsolatedWrite& write) {
    write("so far");
    std::fputs("last words\n", stderr);
    _exit(7);
  });

  CHECK(outcome.output == "so far");
  CHECK(outcome.fault == "ended the process with exit code 7; it printed: last words");
}

TEST_CASE("isolated: an exception is a fault with its text", "[plugin]") {
  const IsolatedOutcome outcome =
      run_isolated(kLong, [](const IsolatedWrite&) { throw std::runtime_error("oh"); });

  CHECK_THAT(outcome.fault, Catch::Contains("threw: oh"));
}

TEST_CASE("isolated: a body that never ends is killed", "[plugin]") {
  const IsolatedOutcome outcome =
      run_isolated(std::chrono::milliseconds(50), [](const IsolatedWrite&) {
        while (true) pause();
      });

  CHECK(outcome.fault == "did not come back within 50 ms");
}

TEST_CASE("isolated: a signal is named", "[plugin]") {
  const IsolatedOutcome outcome = run_isolated(kLong, [](const IsolatedWrite&) { std::abort(); });

  CHECK_THAT(outcome.fault, Catch::StartsWith("crashed with signal 6 ("));
}

}  // namespace
}  // namespace chunkmill::host::test
