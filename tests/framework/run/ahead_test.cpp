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

  for (int i = 0; i < 16; ++i) ahead.went_well();
  ahead.given_up();

  CHECK(pause_of(ahead) == first);
}

TEST_CASE("ahead: without locks every chunk is written ahead", "[run]") {
  Ahead ahead(false);
  ahead.given_up();

  CHECK(ahead.may_write());
}

}  // namespace
}  // namespace chunkmill::host
