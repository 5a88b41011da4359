#include "framework/run/ahead.hpp"

#include <catch2/catch.hpp>

namespace chunkmill::host {
namespace {

// How many chunks in a row are not written ahead.
int pause_of(Ahead& ahead) {
  int chunks = 0;
  while (!ahead.may_write()) ++chunks;
  return chunks;
}

TEST_CASE("ahead: where no sink can, nothing is written ahead", "[run]") {
  Ahead ahead;

  CHECK_FALSE(ahead.may_write());
}

TEST_CASE("ahead: a chunk that was given up is followed by a pause, and each pause is longer",
          "[run]") {
  Ahead ahead(true);
  CHECK(pause_of(ahead) == 0);

  ahead.given_up();
  const int first = pause_of(ahead);
  ahead.given_up();
  const int second = pause_of(ahead);

  CHECK(first > 0);
  CHECK(second > first);
}

TEST_CASE("ahead: pauses grow shorter again when chunks get their turns", "[run]") {
  Ahead ahead(true);
  ahead.given_up();
  const int first = pause_of(ahead);
  for (int i = 0; i < 8; ++i) ahead.given_up();
  pause_of(ahead);

  for (int i = 0; i < 200; ++i) ahead.went_well();
  ahead.given_up();

  CHECK(pause_of(ahead) == first);
}

TEST_CASE("ahead: of chunks that share all their rows few are given up", "[run]") {
  Ahead ahead(true);
  int given_up = 0;
  // Of those that are written ahead every second one stands in the way of an earlier one.
  bool is_in_the_way = false;
  for (int chunk = 0; chunk < 400; ++chunk) {
    if (!ahead.may_write()) continue;
    is_in_the_way = !is_in_the_way;
    if (is_in_the_way) ++given_up;
    is_in_the_way ? ahead.given_up() : ahead.went_well();
  }

  CHECK(given_up <= 5);
}

TEST_CASE("ahead: a chunk that waited for locks does not make the next ones wait longer", "[run]") {
  Ahead ahead(true);
  ahead.wrote(1000, 100'000'000);
  const std::chrono::milliseconds usual = ahead.patience(1000);

  ahead.wrote(1000, 2'000'000'000);

  CHECK(usual == std::chrono::milliseconds(400));
  CHECK(ahead.patience(1000) <= std::chrono::milliseconds(440));
  CHECK(ahead.patience(10) == std::chrono::milliseconds(200));
}

TEST_CASE("ahead: without locks every chunk is written ahead", "[run]") {
  Ahead ahead(false);
  ahead.given_up();

  CHECK(ahead.may_write());
}

}  // namespace
}  // namespace chunkmill::host
