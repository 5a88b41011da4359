// The parts of a run one by one, over plugins that the test wrote down: reading a split, calculating,
// writing, deciding where to begin, and a run as a whole.
#include <catch2/catch.hpp>

#include "framework/run/calculate.hpp"
#include "framework/run/split_reader.hpp"
#include "framework/run/write.hpp"
#include "scripted.hpp"

namespace chunkmill::host {
namespace {

using scripted::Script;
using scripted::ScriptedJob;
using Rows = std::vector<int64_t>;

constexpr const char* kKeepTogether = "chunk: {rows: 2, keep_together: v}\nworkers: 1\n";

Rows rows_of(const Chunk& chunk) {
  Rows rows;
  const Column column = chunk.input.column(0);
  for (int64_t row = 0; row < chunk.input.row_count(); ++row)
    rows.push_back(static_cast<const int64_t*>(column.abi().buffers[1])[column.abi().offset + row]);
  return rows;
}

SplitReader reader_of(ScriptedJob& job, size_t split = 0, std::string position = "",
                      uint64_t next_chunk = 0) {
  SplitStart start;
  start.split = (*job.pipeline().source->plan(1))[split];
  start.position = std::move(position);
  start.next_chunk = next_chunk;
  return SplitReader(job.pipeline(), split, start);
}

std::optional<Chunk> next(SplitReader& reader, uint64_t rows = 3) {
  Result<std::optional<Chunk>> chunk = reader.next({rows, 0, 0});
  REQUIRE(chunk.ok());
  return chunk.take();
}

}  // namespace

TEST_CASE("split reader: chunks follow each other, and the last one is marked", "[run]") {
  Script script;
  ScriptedJob job(script);
  REQUIRE(job.status.ok());
  SplitReader reader = reader_of(job);

  const auto first = next(reader);
  const auto second = next(reader);

  REQUIRE((first && second));
  CHECK(rows_of(*first) == Rows{1, 2, 3});
  CHECK(rows_of(*second) == Rows{4, 5});
  CHECK((first->begin.empty() && first->end == "3" && !first->last));
  CHECK((second->begin == "3" && second->end == "5" && second->last && second->sequence == 1));
  CHECK_FALSE(next(reader));
}

TEST_CASE("split reader: a chunk that fails half-way is read again from its begin", "[run]") {
  Script script;
  script.on_next = [](int64_t call) {
    if (call == 1) throw Error(CM_UNAVAILABLE, "gone");
  };
  ScriptedJob job(script);
  SplitReader reader = reader_of(job);
  REQUIRE(rows_of(*next(reader)) == Rows{1, 2, 3});

  CHECK_FALSE(reader.next({3, 0, 0}).ok());

  const auto again = next(reader);
  CHECK(rows_of(*again) == Rows{4, 5});
  CHECK((again->begin == "3" && again->sequence == 1));
}

TEST_CASE("split reader: it begins at a position, under the number of the chunk that is next",
          "[run]") {
  Script script;
  ScriptedJob job(script);
  SplitReader reader = reader_of(job, 0, "4", 7);

  const auto chunk = next(reader);

  CHECK(rows_of(*chunk) == Rows{5});
  CHECK((chunk->begin == "4" && chunk->sequence == 7));
}

TEST_CASE("split reader: records that cannot be read are rejects of their chunk", "[run]") {
  Script script;
  script.unreadable = {2, 5};
  ScriptedJob job(script);
  SplitReader reader = reader_of(job);

  const auto first = next(reader);
  const auto second = next(reader);

  CHECK(rows_of(*first) == Rows{1, 3});
  CHECK(first->records == 3);
  REQUIRE(first->rejects.size() == 1);
  CHECK((first->rejects[0].ordinal == 1 && first->rejects[0].error.code == "unreadable"));
  CHECK(rows_of(*second) == Rows{4});
  CHECK(second->rejects.at(0).ordinal == 1);
}

TEST_CASE("split reader: rows of one value stay together, however few a chunk is to have",
          "[run]") {
  Script script;
  script.splits = {{1, 1, 1, 2, 3, 3}};
  ScriptedJob job(script, kKeepTogether);
  REQUIRE(job.status.ok());
  SplitReader reader = reader_of(job);

  std::vector<Rows> chunks;
  while (const auto chunk = next(reader, 2)) chunks.push_back(rows_of(*chunk));

  CHECK(chunks == std::vector<Rows>{{1, 1, 1}, {2, 3, 3}});
}

TEST_CASE("calculate: rejected rows are named, and the others keep their columns", "[run]") {
  Script script;
  script.bad = {2};
  ScriptedJob job(script);
  SplitReader reader = reader_of(job);
  Chunk chunk = *next(reader);
  Result<CalculatorLanes> lanes = CalculatorLanes::open(job.pipeline());
  REQUIRE(lanes.ok());
  Streams streams;
  cm_chunk facts{};
  facts.struct_size = sizeof facts;

  REQUIRE(lanes->calculate(facts, chunk, &streams).ok());

  REQUIRE(chunk.rejects.size() == 1);
  CHECK(chunk.rejects[0].row == 1);
  CHECK(chunk.rejects[0].stage == RejectStage::kCalculate);
  CHECK(streams.filtered == 0);
  REQUIRE(streams.pieces.size() == 1);
  int64_t rows = 0;
  for (const Piece& piece : streams.pieces[0]) rows += piece.batch.row_count();
  CHECK(rows == 2);
}

namespace {

// Writes all rows of a split as one chunk; the rows of each call of the sink.
struct Written {
  Status status;
  std::vector<Rows> writes;
  Rows rejected;  // input rows
  std::string fallback;
};

Written write_all(Script& script, const std::string& sink = "", bool write_row = false) {
  ScriptedJob job(script, "chunk: {rows: 100}\nworkers: 1\n", write_row, sink);
  REQUIRE(job.status.ok());
  SplitReader reader = reader_of(job);
  Chunk chunk = *next(reader, 100);
  Result<CalculatorLanes> lanes = CalculatorLanes::open(job.pipeline());
  Streams streams;
  cm_chunk facts{};
  facts.struct_size = sizeof facts;
  REQUIRE(lanes->calculate(facts, chunk, &streams).ok());
  BoundSink& bound = job.pipeline().sinks[0];
  REQUIRE(bound.sink.attach(Run{"scripted", "r1", "f", "me", 1}).ok());
  Result<SinkLane> lane = bound.sink.open();
  REQUIRE(lane.ok());
  cm_chunk begun{};
  begun.struct_size = sizeof begun;
  begun.attempt = 1;
  begun.run = to_abi("r1");
  begun.split = to_abi("0");
  begun.end = to_abi("8");
  REQUIRE(lane->begin(begun).ok());
  Written written;
  written.status = write_streams(bound, *lane, streams, chunk,
                                 [&](const char* name, const Status&) { written.fallback = name; });
  written.writes = script.writes;
  for (const RowReject& reject : chunk.rejects) written.rejected.push_back(reject.row);
  lane->abort();
  return written;
}

Script of_eight(std::set<int64_t> refused, uint32_t abilities) {
  Script script;
  script.splits = {{1, 2, 3, 4, 5, 6, 7, 8}};
  script.refused = std::move(refused);
  script.abilities = abilities;
  return script;
}

}  // namespace

TEST_CASE("write: a batch that goes in is one call", "[run]") {
  Script script = of_eight({}, CM_SINK_ATOMIC_WRITE);
  const Written written = write_all(script);
  CHECK(written.status.ok());
  CHECK(written.writes == std::vector<Rows>{{1, 2, 3, 4, 5, 6, 7, 8}});
  CHECK(written.fallback.empty());
}

TEST_CASE("write: bisect finds the bad rows, and every good row goes in once", "[run]") {
  Script script = of_eight({3, 8}, CM_SINK_ATOMIC_WRITE);
  const Written written = write_all(script);
  CHECK(written.status.ok());
  CHECK(written.fallback == "bisect");
  CHECK(written.rejected == Rows{2, 7});
  Rows stored;
  for (const Rows& write : written.writes)
    if (std::none_of(write.begin(), write.end(), [&](int64_t v) { return v == 3 || v == 8; }))
      stored.insert(stored.end(), write.begin(), write.end());
  CHECK(stored == Rows{1, 2, 4, 5, 6, 7});
}

TEST_CASE("write: the row that a failure names is cut out first", "[run]") {
  Script script = of_eight({6}, CM_SINK_ATOMIC_WRITE);
  script.names_row = true;
  const Written written = write_all(script);
  CHECK(written.writes ==
        std::vector<Rows>{{1, 2, 3, 4, 5, 6, 7, 8}, {1, 2, 3, 4, 5}, {6}, {7, 8}});
  CHECK(written.rejected == Rows{5});
}

TEST_CASE("write: a sink that names all its bad rows needs no second call", "[run]") {
  Script script = of_eight({2, 4}, CM_SINK_PER_ROW_RESULT);
  const Written written = write_all(script);
  CHECK(written.writes == std::vector<Rows>{{1, 2, 3, 4, 5, 6, 7, 8}});
  CHECK(written.rejected == Rows{1, 3});
  CHECK(written.fallback.empty());
}

TEST_CASE("write: sequential goes row by row once a batch has failed", "[run]") {
  Script script = of_eight({2}, CM_SINK_ATOMIC_WRITE);
  const Written written = write_all(script, ", fallback: sequential");
  CHECK(written.fallback == "sequential");
  CHECK(written.writes.size() == 9);
  CHECK(written.rejected == Rows{1});
}

TEST_CASE("write: none stops at the first bad row and says so", "[run]") {
  Script script = of_eight({2}, CM_SINK_ATOMIC_WRITE);
  const Written written = write_all(script, ", fallback: none");
  CHECK(written.status.code() == Code::kThreshold);
  CHECK_THAT(written.status.message(), Catch::Contains("`fallback: none` stops"));
}

TEST_CASE(
    "write: a sink without whole batches is given single rows, by write_row where it has that",
    "[run]") {
  Script script = of_eight({4}, 0);
  const Written by_batches = write_all(script);
  CHECK(by_batches.writes.size() == 8);
  CHECK(by_batches.rejected == Rows{3});
  script.writes.clear();
  const Written by_rows = write_all(script, "", true);
  CHECK(by_rows.writes == by_batches.writes);
  CHECK(by_rows.rejected == Rows{3});
}

TEST_CASE("run chunk: a commit whose answer is lost is asked for, and not done twice", "[run]") {
  for (const bool is_done : {false, true}) {
    Script script;
    bool lost = false;
    script.on_commit = [&](int64_t call) {
      if (call != 0) return;
      lost = true;
      // What the server did before the connection went.
      if (is_done) {
        chunkmill::SplitState& state = script.ledger["0"];
        state.next_chunk = 1;
        state.position = "3";
        state.counts = {3, 3, 0, 0};
        script.committed = {1, 2, 3};
      }
      throw Error(CM_COMMIT_UNKNOWN, "connection lost in commit");
    };
    ScriptedJob job(script);
    const RunOutcome outcome = job.run();
    CHECK(lost);
    CHECK(outcome.end == RunEnd::kSuccess);
    CHECK(script.committed == Rows{1, 2, 3, 4, 5});
    CHECK(script.asked > 0);
  }
}

TEST_CASE("run chunk: a transient failure is tried again as often as the job says", "[run]") {
  for (const int64_t failures : {2, 3}) {
    Script script;
    script.on_commit = [&](int64_t call) {
      if (call < failures) throw Error(CM_UNAVAILABLE, "not now").retryable_if(true);
    };
    ScriptedJob job(script,
                    "chunk: {rows: 3}\nworkers: 1\nretry: {attempts: 3, initial_delay: 1ms}\n");
    const RunOutcome outcome = job.run();
    INFO(outcome.failure.message());
    CHECK(outcome.end == (failures == 2 ? RunEnd::kSuccess : RunEnd::kStopped));
    CHECK(script.committed == (failures == 2 ? Rows{1, 2, 3, 4, 5} : Rows{}));
  }
}

TEST_CASE("scheduler: a budget of rows stops the run, and the next one reads the rest", "[run]") {
  Script script;
  ScriptedJob job(script);
  RunOptions limited;
  limited.limit = 3;
  const RunOutcome first = job.run(std::move(limited));
  CHECK(first.budget_used);
  CHECK(script.committed == Rows{1, 2, 3});

  job.open();
  const RunOutcome second = job.run();

  CHECK(second.end == RunEnd::kSuccess);
  CHECK(second.resumed);
  CHECK(second.run == first.run);
  CHECK(script.committed == Rows{1, 2, 3, 4, 5});
  CHECK(second.totals.successful == 5);
  CHECK(second.totals.adds_up());
}

TEST_CASE("scheduler: a run that is cancelled before it begins has read nothing", "[run]") {
  Script script;
  ScriptedJob job(script);
  job.session().cancelled() = true;
  const RunOutcome outcome = job.run();
  CHECK(outcome.end == RunEnd::kStopped);
  CHECK(script.committed.empty());
}

TEST_CASE("resume: a finished run over the same input is up to date", "[run]") {
  Script script;
  ScriptedJob job(script);
  REQUIRE(job.run().end == RunEnd::kSuccess);
  job.open();
  CHECK(job.run().end == RunEnd::kUpToDate);
  CHECK(script.committed.size() == 5);
}

TEST_CASE("resume: an unfinished run over another input is refused, and --restart begins anew",
          "[run]") {
  Script script;
  ScriptedJob job(script);
  RunOptions limited;
  limited.limit = 3;
  job.run(std::move(limited));
  script.splits.push_back({6});

  job.open();
  const RunOutcome refused = job.run();
  CHECK(refused.failure.code() == Code::kJob);
  CHECK(script.committed == Rows{1, 2, 3});

  job.open();
  script.committed.clear();
  RunOptions anew;
  anew.start.restart = true;
  CHECK(job.run(std::move(anew)).end == RunEnd::kSuccess);
  CHECK(script.committed == Rows{1, 2, 3, 4, 5, 6});
}

}  // namespace chunkmill::host
