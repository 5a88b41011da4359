#include "chunkmill/fence.hpp"

#include <catch2/catch.hpp>
#include <string>

namespace {

using chunkmill::ChunkPlace;
using chunkmill::judge;
using chunkmill::SplitPlace;
using chunkmill::Verdict;

// Chunk 5 of run "run", from "p5" to "p6", under epoch 3.
ChunkPlace fifth_chunk() {
  ChunkPlace chunk;
  chunk.run = "run";
  chunk.split = "s";
  chunk.begin = "p5";
  chunk.end = "p6";
  chunk.sequence = 5;
  chunk.epoch = 3;
  return chunk;
}

std::string word(Verdict verdict) {
  switch (verdict) {
    case Verdict::kNext:
      return " next     ";
    case Verdict::kCommitted:
      return " committed";
    case Verdict::kOtherRun:
      return " run      ";
    case Verdict::kOtherEpoch:
      return " epoch    ";
    case Verdict::kOtherPlace:
      return " place    ";
  }
  return " ?";
}

// A line for each number that the ledger may stand at, a word for each of its positions: that of
// the chunk's begin, that of its end, another one, and none.
std::string verdicts(const char* run, uint64_t epoch) {
  std::string table;
  for (const uint64_t next : {0, 4, 5, 6, 7}) {
    table += std::to_string(next) + ":";
    for (const char* const position : {"p5", "p6", "p9", ""})
      table += word(judge(SplitPlace{run, epoch, next, position}, fifth_chunk()));
    table += "\n";
  }
  return table;
}

}  // namespace

TEST_CASE("fence: under its own epoch a chunk is next where the ledger stands at its begin") {
  CHECK(verdicts("run", 3) ==
        "0: place     place     place     place    \n"
        "4: place     place     place     place    \n"
        "5: next      place     place     place    \n"
        "6: place     committed place     place    \n"
        "7: place     place     place     place    \n");
}

TEST_CASE("fence: under another epoch, lower or higher, a chunk is fenced unless it is committed") {
  const std::string fenced =
      "0: epoch     epoch     epoch     epoch    \n"
      "4: epoch     epoch     epoch     epoch    \n"
      "5: epoch     epoch     epoch     epoch    \n"
      "6: epoch     committed epoch     epoch    \n"
      "7: epoch     epoch     epoch     epoch    \n";
  CHECK(verdicts("run", 0) == fenced);
  CHECK(verdicts("run", 2) == fenced);
  CHECK(verdicts("run", 4) == fenced);
}

TEST_CASE("fence: what another run has committed says nothing of this one") {
  const std::string fenced =
      "0: run       run       run       run      \n"
      "4: run       run       run       run      \n"
      "5: run       run       run       run      \n"
      "6: run       run       run       run      \n"
      "7: run       run       run       run      \n";
  for (const uint64_t epoch : {2, 3, 4}) CHECK(verdicts("another run", epoch) == fenced);
}

TEST_CASE("fence: the first chunk begins where a split that nobody has begun stands") {
  ChunkPlace chunk = fifth_chunk();
  chunk.begin = "";
  chunk.sequence = 0;

  CHECK(judge(SplitPlace{"run", 3, 0, ""}, chunk) == Verdict::kNext);
  CHECK(judge(SplitPlace{"run", 3, 1, "p6"}, chunk) == Verdict::kCommitted);
}

TEST_CASE("fence: a chunk whose rows end where they begin is committed once its number is") {
  ChunkPlace chunk = fifth_chunk();
  chunk.end = "p5";

  CHECK(judge(SplitPlace{"run", 3, 5, "p5"}, chunk) == Verdict::kNext);
  CHECK(judge(SplitPlace{"run", 3, 6, "p5"}, chunk) == Verdict::kCommitted);
}

TEST_CASE("fence: a message says who has the split or where it stands") {
  const ChunkPlace chunk = fifth_chunk();
  const auto why = [&](const SplitPlace& at) {
    return fenced_because(judge(at, chunk), at, chunk);
  };

  CHECK(why({"run 2", 3, 5, "p5"}) == "run run is not the one attached");
  CHECK(why({"run", 4, 5, "p5"}) == "it belongs to epoch 4, this is epoch 3");
  CHECK(why({"run", 3, 7, "p7"}) ==
        "the ledger stands before chunk 7, not at the begin of chunk 5");
  CHECK(why({"run", 3, 6, "p6"}) ==
        "the ledger stands before chunk 6, not at the begin of chunk 5");
  CHECK(why({"run", 3, 5, "p5"}).empty());
}
