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

constexpr SplitBoard::Rules kOrdered{true, false, 0};
constexpr SplitBoard::Rules kShared{false, true, 0};
constexpr SplitBoard::Rules kWaiting{true, false, 100};  // chunks of 100 bytes may wait

ReadyChunk chunk_of(size_t split, uint64_t sequence, int64_t bytes = 60) {
  ReadyChunk ready;
  ready.chunk.split = split;
  ready.chunk.sequence = sequence;
  ready.chunk.bytes = bytes;
  return ready;
}

// The worker that calls it reads a chunk of `split`.
void read_chunk(SplitBoard& board, size_t split, bool more) {
  const auto turn = board.take(std::nullopt);
  REQUIRE(turn);
  REQUIRE(turn->split == split);
  board.give_back(*turn, more);
}

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

TEST_CASE("split board: in order, a later split is read while the one before it is being read",
          "[run]") {
  Board made(2, kWaiting);
  SplitBoard& board = *made.board;

  CHECK(split_of(board.take(std::nullopt)) == 0U);
  CHECK(split_of(board.take(std::nullopt)) == 1U);
}

TEST_CASE("split board: a chunk that is left is handed out when the split before it has ended",
          "[run]") {
  Board made(2, kWaiting);
  SplitBoard& board = *made.board;
  const auto first = board.take(std::nullopt);
  read_chunk(board, 1, false);
  ReadyChunk later = chunk_of(1, 0);

  REQUIRE(board.leave(&later));
  board.give_back(*first, false);
  board.committed(0, true);

  const auto turn = board.take(std::nullopt);
  REQUIRE(turn);
  REQUIRE(turn->ready);
  CHECK(turn->ready->chunk.split == 1);
  board.committed(1, true);
  CHECK_FALSE(board.take(std::nullopt));
}

TEST_CASE("split board: chunks that are left come in the order of the source, not of their coming",
          "[run]") {
  Board made(2, kWaiting);
  SplitBoard& board = *made.board;
  const auto first = board.take(std::nullopt);
  read_chunk(board, 1, true);
  read_chunk(board, 1, false);
  for (const uint64_t sequence : {1U, 0U}) {
    ReadyChunk ready = chunk_of(1, sequence, 10);
    REQUIRE(board.leave(&ready));
  }
  board.give_back(*first, false);
  board.committed(0, true);

  std::vector<uint64_t> order;
  while (const auto turn = board.take(std::nullopt)) {
    REQUIRE(turn->ready);
    order.push_back(turn->ready->chunk.sequence);
    board.committed(1, turn->ready->chunk.sequence == 1);
  }

  CHECK(order == std::vector<uint64_t>{0, 1});
}

TEST_CASE("split board: a chunk whose turn it is cannot be left", "[run]") {
  Board made(2, kWaiting);
  SplitBoard& board = *made.board;
  read_chunk(board, 0, true);
  ReadyChunk ready = chunk_of(0, 0);

  CHECK_FALSE(board.leave(&ready));
  CHECK(board.has_turn(0, 0, 0));
}

TEST_CASE("split board: past the bytes that may wait only the split whose turn it is is read",
          "[run]") {
  Board made(3, kWaiting);
  SplitBoard& board = *made.board;
  const auto first = board.take(std::nullopt);
  for (const uint64_t sequence : {0U, 1U}) {
    read_chunk(board, 1, true);
    ReadyChunk ready = chunk_of(1, sequence);
    REQUIRE(board.leave(&ready));
  }
  std::optional<size_t> got;

  std::thread waiting([&] { got = split_of(board.take(std::nullopt)); });
  board.give_back(*first, true);
  waiting.join();

  CHECK(got == 0U);
}

TEST_CASE("split board: chunks do not pile up behind one whose commit takes long", "[run]") {
  Board made(1, kWaiting);
  SplitBoard& board = *made.board;
  read_chunk(board, 0, true);  // it stays in hand
  for (const uint64_t sequence : {1U, 2U}) {
    read_chunk(board, 0, true);
    ReadyChunk ready = chunk_of(0, sequence);
    REQUIRE(board.leave(&ready));
  }
  std::optional<SplitBoard::Turn> got;

  std::thread waiting([&] { got = board.take(std::nullopt); });
  board.committed(0, false);
  waiting.join();

  REQUIRE(got);
  CHECK(got->ready);
}

TEST_CASE("split board: after a stop a chunk is left out when none before it will come", "[run]") {
  Board made(2, kWaiting);
  SplitBoard& board = *made.board;
  const auto first = board.take(std::nullopt);
  read_chunk(board, 1, true);
  ReadyChunk later = chunk_of(1, 0);
  REQUIRE(board.leave(&later));

  board.stop(false);
  board.give_back(*first, true, false);

  CHECK_FALSE(board.take(std::nullopt));
  CHECK(board.splits_done() == 0);
}

TEST_CASE("split board: after a stop a chunk that is left still follows one that is in hand",
          "[run]") {
  Board made(2, kWaiting);
  SplitBoard& board = *made.board;
  const auto first = board.take(std::nullopt);
  read_chunk(board, 1, true);
  ReadyChunk later = chunk_of(1, 0);
  REQUIRE(board.leave(&later));
  board.give_back(*first, false);
  board.stop(false);
  bool came = false;

  std::thread waiting([&] {
    const auto turn = board.take(std::nullopt);
    came = turn && turn->ready;
  });
  board.committed(0, true);
  waiting.join();

  CHECK(came);
}

TEST_CASE("split board: a turn that is long in coming is waited for no longer than asked",
          "[run]") {
  Board made(1, kOrdered);
  SplitBoard& board = *made.board;

  CHECK_FALSE(board.await_turn_for(0, 0, 1, std::chrono::milliseconds(1)));
  board.committed(0, false);
  CHECK(board.await_turn_for(0, 0, 1, std::chrono::milliseconds(1)));
}

TEST_CASE("split board: of a shared run in order, what follows a lost split is claimed anew too",
          "[run]") {
  Board made(2, {true, true, 0});
  SplitBoard& board = *made.board;
  std::vector<uint64_t> claims;
  for (size_t split = 0; split < 2; ++split) {
    auto turn = board.take(std::nullopt);
    REQUIRE(turn->must_claim);
    board.claimed(&*turn, 0);
    claims.push_back(turn->claim);
    board.give_back(*turn, false);
  }

  board.lost(0, claims[0]);

  CHECK_FALSE(board.holds(1, claims[1]));
  const auto again = board.take(std::nullopt);
  CHECK(split_of(again) == 0U);
  CHECK(again->must_claim);
}

}  // namespace
}  // namespace chunkmill::host
