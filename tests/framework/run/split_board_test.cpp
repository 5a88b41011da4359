#include "framework/run/split_board.hpp"

#include <catch2/catch.hpp>
#include <thread>

namespace chunkmill::host {
namespace {

// Splits of which some are done. Nothing is read: the readers only stand for their splits.
struct Board {
  explicit Board(size_t splits, SplitBoard::Rules rules = {}, std::vector<size_t> done = {}) {
    std::vector<SplitStart> starts(splits);
    for (size_t i : done) starts[i].done = true;
    std::vector<SplitReader> readers;
    for (size_t i = 0; i < splits; ++i) readers.emplace_back(pipeline, i, starts[i]);
    board.emplace(std::move(readers), starts, rules);
  }
  Pipeline pipeline;
  std::optional<SplitBoard> board;
};

constexpr SplitBoard::Rules kOrdered{true, false};
constexpr SplitBoard::Rules kShared{false, true};

std::optional<size_t> split_of(const std::optional<SplitBoard::Turn>& turn) {
  return turn ? std::optional(turn->split) : std::nullopt;
}

TEST_CASE("split board: a worker stays with its split, others get one that nobody reads", "[run]") {
  Board made(3);
  SplitBoard& board = *made.board;

  const auto mine = board.take(std::nullopt);
  const auto theirs = board.take(std::nullopt);
  board.give_back(*mine, true);

  CHECK(split_of(mine) == 0U);
  CHECK(split_of(theirs) == 1U);
  CHECK(split_of(board.take(0)) == 0U);
}

TEST_CASE("split board: a new split comes before a second reader of a begun one", "[run]") {
  Board made(2);
  SplitBoard& board = *made.board;
  board.give_back(*board.take(std::nullopt), true);

  CHECK(split_of(board.take(std::nullopt)) == 1U);
  CHECK(split_of(board.take(std::nullopt)) == 0U);
}

TEST_CASE("split board: what is done already is not read again, and counts as done", "[run]") {
  Board made(3, {}, {0, 2});
  SplitBoard& board = *made.board;

  CHECK(board.splits_done() == 2);
  CHECK(split_of(board.take(std::nullopt)) == 1U);
  board.give_back({1}, false);
  CHECK_FALSE(board.take(std::nullopt));
}

TEST_CASE("split board: in order, the next split is given out when the one before is read out",
          "[run]") {
  Board made(2, kOrdered);
  SplitBoard& board = *made.board;

  CHECK(split_of(board.take(std::nullopt)) == 0U);
  board.give_back({0}, true);
  CHECK(split_of(board.take(1)) == 0U);
  board.give_back({0}, false);
  CHECK(split_of(board.take(std::nullopt)) == 1U);
}

TEST_CASE("split board: chunks of a split have their turns one after the other", "[run]") {
  Board made(1);
  SplitBoard& board = *made.board;
  std::vector<uint64_t> order;
  std::vector<std::thread> workers;

  for (const uint64_t sequence : {3U, 1U, 2U, 0U})
    workers.emplace_back([&, sequence] {
      if (!board.await_turn(0, 0, sequence)) return;
      order.push_back(sequence);  // only whose turn it is comes here
      board.committed(0, sequence == 3);
    });
  for (std::thread& worker : workers) worker.join();

  CHECK(order == std::vector<uint64_t>{0, 1, 2, 3});
  CHECK(board.splits_done() == 1);
}

TEST_CASE("split board: in order, a split's first chunk waits for the end of the split before it",
          "[run]") {
  Board made(2, kOrdered);
  SplitBoard& board = *made.board;
  std::vector<size_t> order;

  std::thread later([&] {
    if (!board.await_turn(1, 0, 0)) return;
    order.push_back(1);
    board.committed(1, true);
  });
  REQUIRE(board.await_turn(0, 0, 0));
  order.push_back(0);
  board.committed(0, true);
  later.join();

  CHECK(order == std::vector<size_t>{0, 1});
}

TEST_CASE("split board: who waits for a turn that cannot come is let go", "[run]") {
  Board made(1);
  SplitBoard& board = *made.board;
  bool came = true;

  std::thread waiting([&] { came = board.await_turn(0, 0, 5); });
  board.stop(true);
  waiting.join();

  CHECK_FALSE(came);
  CHECK_FALSE(board.take(std::nullopt));
}

TEST_CASE("split board: after a stop nothing is given out, but turns still come", "[run]") {
  Board made(2);
  SplitBoard& board = *made.board;
  board.take(std::nullopt);

  board.stop(false);

  CHECK_FALSE(board.take(std::nullopt));
  CHECK(board.await_turn(0, 0, 0));
}

TEST_CASE("split board: a worker that waits for a split gets it when it is given back", "[run]") {
  Board made(1);
  SplitBoard& board = *made.board;
  board.take(std::nullopt);
  std::optional<size_t> got;

  std::thread waiting([&] { got = split_of(board.take(std::nullopt)); });
  board.give_back({0}, true);
  waiting.join();

  CHECK(got == 0U);
}

TEST_CASE("split board: of a shared run each split is claimed once before it is read", "[run]") {
  Board made(1, kShared);
  SplitBoard& board = *made.board;

  auto turn = board.take(std::nullopt);
  REQUIRE(turn);
  CHECK(turn->must_claim);
  board.claimed(&*turn, 4);
  board.give_back(*turn, true);

  const auto again = board.take(std::nullopt);
  REQUIRE(again);
  CHECK_FALSE(again->must_claim);
  CHECK(board.await_turn(0, turn->claim, 4));
}

TEST_CASE("split board: a split that another process has is asked for again, and done in the end",
          "[run]") {
  Board made(2, kShared);
  SplitBoard& board = *made.board;
  board.put_aside(*board.take(std::nullopt));

  const auto other = board.take(std::nullopt);
  CHECK(split_of(other) == 1U);
  board.done(*other);
  const auto first = board.take(std::nullopt);
  CHECK(split_of(first) == 0U);
  board.done(*first);

  CHECK_FALSE(board.take(std::nullopt));
  CHECK(board.splits_done() == 2);
}

TEST_CASE("split board: what was read of a split that is lost has no turn, and it is claimed anew",
          "[run]") {
  Board made(1, kShared);
  SplitBoard& board = *made.board;
  auto turn = board.take(std::nullopt);
  board.claimed(&*turn, 0);
  board.give_back(*turn, false);
  bool came = true;

  std::thread waiting([&] { came = board.await_turn(0, turn->claim, 1); });
  board.lost(0, turn->claim);
  waiting.join();

  CHECK_FALSE(came);
  CHECK_FALSE(board.holds(0, turn->claim));
  const auto again = board.take(std::nullopt);
  REQUIRE(again);
  CHECK(again->must_claim);
}

}  // namespace
}  // namespace chunkmill::host
