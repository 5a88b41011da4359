#include <thread>

#include "store_fixture.hpp"

namespace chunkmill::host {
namespace {

// How many splits somebody else sees on disk.
size_t splits_on_disk(StoreFixture& fixture) {
  return fixture.open(OpenMode::kReadOnly)->splits("r1")->size();
}

}  // namespace

TEST_CASE_METHOD(StoreFixture, "state: chunks move their split and add up", "[state]") {
  auto store = open_with_run();
  REQUIRE(store->record_chunk(chunk_of("b", 0, 10)).ok());
  REQUIRE(store->record_chunk(chunk_of("a", 0, 20)).ok());
  REQUIRE(store->record_chunk(chunk_of("b", 1, 5, true)).ok());

  auto splits = store->splits("r1");

  REQUIRE(splits.ok());
  REQUIRE(splits->size() == 2);
  CHECK((*splits)[0].split == "b");
  CHECK((*splits)[0].position == "200");
  CHECK((*splits)[0].next_chunk == 2);
  CHECK((*splits)[0].done);
  CHECK((*splits)[0].counts == RowCounts{15, 13, 2, 0, 0});
  CHECK_FALSE((*splits)[1].done);
  CHECK(*store->committed_counts("r1") == RowCounts{35, 32, 3, 0, 0});
  CHECK(store->committed_counts("r1")->adds_up());
}

TEST_CASE_METHOD(StoreFixture, "state: chunks wait in memory until a flush is due", "[state]") {
  auto store = open_with_run();

  REQUIRE(store->record_chunk(chunk_of("a", 0, 10)).ok());
  CHECK(splits_on_disk(*this) == 0);
  clock.advance_ms(199);
  REQUIRE(store->record_chunk(chunk_of("b", 0, 10)).ok());
  CHECK(splits_on_disk(*this) == 0);

  clock.advance_ms(1);
  REQUIRE(store->record_chunk(chunk_of("c", 0, 10)).ok());
  CHECK(splits_on_disk(*this) == 3);
}

TEST_CASE_METHOD(StoreFixture, "state: the end of a run and of the store flush", "[state]") {
  auto store = open_with_run();
  REQUIRE(store->record_chunk(chunk_of("a", 0, 10)).ok());
  REQUIRE(store->end_run("r1", RunStatus::kSuccess, {}).ok());
  CHECK(splits_on_disk(*this) == 1);

  REQUIRE(store->record_chunk(chunk_of("b", 0, 10)).ok());
  store.reset();
  CHECK(splits_on_disk(*this) == 2);
}

TEST_CASE_METHOD(StoreFixture,
                 "state: the history keeps the newest chunks, within a flush and across",
                 "[state]") {
  StoreSettings settings;
  settings.history = 3;
  auto store = open_with_run(settings);
  for (uint64_t chunk = 0; chunk < 5; ++chunk)
    REQUIRE(store->record_chunk(chunk_of("a", chunk, 10)).ok());
  REQUIRE(store->flush().ok());
  REQUIRE(store->record_chunk(chunk_of("a", 5, 10, true)).ok());

  auto chunks = store->chunks("r1", 100);

  REQUIRE(chunks.ok());
  REQUIRE(chunks->size() == 3);
  CHECK((*chunks)[0].sequence == 5);
  CHECK((*chunks)[0].last);
  CHECK((*chunks)[1].sequence == 4);
  CHECK((*chunks)[2].sequence == 3);
  CHECK(store->committed_counts("r1")->read == 60);
}

TEST_CASE_METHOD(StoreFixture, "state: a chunk in the history comes back as it was recorded",
                 "[state]") {
  auto store = open_with_run();
  ChunkRecord chunk = chunk_of("a", 0, 10);
  chunk.bytes = 4096;
  chunk.attempts = 2;
  chunk.time_seconds = 1.5;
  chunk.read_seconds = 0.1;
  chunk.calculate_seconds = 0.2;
  chunk.write_seconds = 0.3;
  chunk.commit_seconds = 0.4;
  REQUIRE(store->record_chunk(chunk).ok());

  const ChunkRecord found = store->chunks("r1", 1)->front();

  CHECK(found.run == "r1");
  CHECK(found.split == "a");
  CHECK(found.begin == "0");
  CHECK(found.end == "100");
  CHECK(found.counts == chunk.counts);
  CHECK(found.bytes == 4096);
  CHECK(found.attempts == 2);
  CHECK(found.time_seconds == 1.5);
  CHECK(found.read_seconds == 0.1);
  CHECK(found.calculate_seconds == 0.2);
  CHECK(found.write_seconds == 0.3);
  CHECK(found.commit_seconds == 0.4);
}

TEST_CASE_METHOD(StoreFixture, "state: sums of chunks add up over flushes and hosts", "[state]") {
  ChunkRecord chunk = chunk_of("a", 0, 10);
  chunk.sums = {{"emissions_kgco2e", 1.5}, {"cost_usd", 1}};
  {
    auto store = open_with_run();
    REQUIRE(store->record_chunk(chunk).ok());
    REQUIRE(store->record_chunk(chunk).ok());
    REQUIRE(store->flush().ok());
  }
  auto store = open();
  REQUIRE(store->record_chunk(chunk).ok());
  REQUIRE(store->flush().ok());

  auto run = store->find_run("r1");

  CHECK(run->sums ==
        std::vector<std::pair<std::string, double>>{{"cost_usd", 3.0}, {"emissions_kgco2e", 4.5}});
  CHECK(run->sums_complete);
}

TEST_CASE_METHOD(StoreFixture,
                 "state: the sinks' word replaces the mirror's, and sums that lag are said to",
                 "[state]") {
  auto store = open_with_run();
  REQUIRE(store->record_chunk(chunk_of("a", 0, 10)).ok());
  const SplitRecord behind{"a", "100", 1, false, {10, 9, 1, 0, 0}};
  REQUIRE(store->save_splits("r1", {&behind, 1}).ok());
  CHECK(store->find_run("r1")->sums_complete);

  const SplitRecord ahead{"a", "300", 3, true, {30, 27, 3, 0, 0}};
  REQUIRE(store->save_splits("r1", {&ahead, 1}).ok());

  auto splits = store->splits("r1");
  REQUIRE(splits->size() == 1);
  CHECK(splits->front().position == "300");
  CHECK(splits->front().next_chunk == 3);
  CHECK(splits->front().done);
  CHECK(splits->front().counts == ahead.counts);
  CHECK_FALSE(store->find_run("r1")->sums_complete);
}

TEST_CASE_METHOD(StoreFixture, "state: a flush that fails keeps its chunks for the next one",
                 "[state]") {
  auto store = open();
  REQUIRE(store->record_chunk(chunk_of("a", 0, 10)).ok());
  CHECK(store->flush().code() == Code::kNotFound);  // run r1 has not begun
  REQUIRE(store->record_chunk(chunk_of("b", 0, 10)).ok());
  REQUIRE(store->record_chunk(chunk_of("a", 1, 10)).ok());

  REQUIRE(store->begin_run(run_named("r1")).ok());
  REQUIRE(store->flush().ok());

  auto splits = store->splits("r1");
  REQUIRE(splits->size() == 2);
  CHECK((*splits)[0].split == "a");
  CHECK((*splits)[0].next_chunk == 2);
  CHECK(store->committed_counts("r1")->read == 30);
  CHECK(store->chunks("r1", 100)->size() == 3);
}

TEST_CASE_METHOD(StoreFixture,
                 "state: only the newest runs keep their chunks, all keep their splits",
                 "[state]") {
  StoreSettings settings;
  settings.history_runs = 2;
  auto store = open_with_run(settings);
  REQUIRE(store->record_chunk(chunk_of("a", 0, 10)).ok());
  REQUIRE(store->flush().ok());
  REQUIRE(store->begin_run(run_named("r2")).ok());
  CHECK(store->chunks("r1", 10)->size() == 1);

  REQUIRE(store->begin_run(run_named("r3")).ok());

  CHECK(store->chunks("r1", 10)->empty());
  CHECK(store->splits("r1")->size() == 1);
}

TEST_CASE_METHOD(StoreFixture,
                 "state: many threads record, flush and reject at once and nothing is lost",
                 "[state]") {
  constexpr int kThreads = 4;
  constexpr uint64_t kChunks = 500;
  auto store = open_with_run();
  std::atomic<int> failures{0};

  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      const std::string split = "split-" + std::to_string(thread);
      for (uint64_t chunk = 0; chunk < kChunks; ++chunk) {
        clock.advance_ms(1);
        const Reject reject = reject_of(0, "bad_number");
        if (chunk % 100 == 0 && !store->store_rejects("r1", split, chunk, {&reject, 1}).ok())
          ++failures;
        if (!store->record_chunk(chunk_of(split, chunk, 10)).ok()) ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  CHECK(failures == 0);
  CHECK(store->committed_counts("r1")->read == kThreads * static_cast<int64_t>(kChunks) * 10);
  CHECK(store->chunks("r1", 10'000)->size() == kThreads * kChunks);
  CHECK(store->count_rejects("r1")->open == kThreads * 5);
}

}  // namespace chunkmill::host
