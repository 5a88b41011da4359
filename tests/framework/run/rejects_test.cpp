#include <catch2/catch.hpp>

#include "framework/run/reject_records.hpp"
#include "framework/run/resume.hpp"

namespace chunkmill::host {
namespace {

RowReject unreadable(int64_t ordinal) {
  RowReject reject;
  reject.ordinal = ordinal;
  return reject;
}

RowReject refused(int64_t row, RejectStage stage = RejectStage::kWrite, std::string code = "") {
  RowReject reject;
  reject.row = row;
  reject.stage = stage;
  reject.error.code = std::move(code);
  return reject;
}

std::vector<int64_t> ordinals(const Chunk& chunk) {
  std::vector<int64_t> out;
  for (const RowReject& reject : chunk.rejects) out.push_back(reject.ordinal);
  return out;
}

TEST_CASE("ordinal: rows count on behind the records that could not be read", "[run]") {
  // Records 0 to 6, of which 1, 2 and 5 are bad: rows 0, 1, 2, 3 are records 0, 3, 4, 6.
  const std::vector<int64_t> bad = {1, 2, 5};

  CHECK(ordinal_of_row(0, bad) == 0);
  CHECK(ordinal_of_row(1, bad) == 3);
  CHECK(ordinal_of_row(2, bad) == 4);
  CHECK(ordinal_of_row(3, bad) == 6);
  CHECK(ordinal_of_row(5, {}) == 5);
  CHECK(ordinal_of_row(0, {0, 1}) == 2);
}

TEST_CASE("rejects: all stages come in the order of the input", "[run]") {
  Chunk chunk;
  chunk.rejects = {unreadable(5), refused(3), unreadable(1), refused(0, RejectStage::kCalculate)};

  settle_rejects(&chunk);

  CHECK(ordinals(chunk) == std::vector<int64_t>{0, 1, 4, 5});
}

TEST_CASE("rejects: a row that failed twice is one reject, for its first reason", "[run]") {
  Chunk chunk;
  chunk.rejects = {refused(2, RejectStage::kCalculate, "first"), refused(2, RejectStage::kWrite)};

  settle_rejects(&chunk);

  REQUIRE(chunk.rejects.size() == 1);
  CHECK(chunk.rejects[0].error.code == "first");
}

TEST_CASE("rejects: to settle twice changes nothing", "[run]") {
  Chunk chunk;
  chunk.rejects = {unreadable(2), refused(2), refused(7)};
  settle_rejects(&chunk);
  const std::vector<int64_t> once = ordinals(chunk);

  settle_rejects(&chunk);

  CHECK(ordinals(chunk) == once);
}

TEST_CASE("rejects: causes are counted by code and stage, with the first example", "[run]") {
  std::vector<RowReject> rejects = {refused(0, RejectStage::kWrite, "a"),
                                    refused(1, RejectStage::kCalculate, "a"),
                                    refused(2, RejectStage::kWrite, "a")};
  rejects[0].error.message = "first";

  const std::vector<ErrorGroup> groups = error_groups(rejects);

  REQUIRE(groups.size() == 2);
  CHECK(groups[0].count == 2);
  CHECK(groups[0].example == "first");
  CHECK(groups[1].stage == "calculate");
}

TEST_CASE("fingerprint: any part's name or text changes it, and parts do not run together",
          "[run]") {
  const std::string one = fingerprint_of({{"a", "bc"}});

  CHECK(one == fingerprint_of({{"a", "bc"}}));
  CHECK(one != fingerprint_of({{"ab", "c"}}));
  CHECK(one != fingerprint_of({{"a", "bd"}}));
  CHECK(one != fingerprint_of({{"a", "bc"}, {"", ""}}));
}

}  // namespace
}  // namespace chunkmill::host
