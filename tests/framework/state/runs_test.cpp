#include "store_fixture.hpp"

namespace chunkmill::host {

using Catch::Matchers::Contains;

TEST_CASE_METHOD(StoreFixture, "state: a run comes back as it was stored", "[state]") {
  RunRecord run = run_named("r1");
  run.fingerprint_parts = {{"plugin csv", "1.0.0"}, {"suppliers.csv", "12 bytes, a1b2"}};
  {
    auto store = open();
    REQUIRE(store->begin_run(run).ok());
  }

  auto found = open()->latest_run();

  REQUIRE(found.ok());
  REQUIRE(found->has_value());
  CHECK((*found)->job == "supplier-emissions");
  CHECK((*found)->job_path == "examples/job.yaml");
  CHECK((*found)->fingerprint == "f1");
  CHECK((*found)->fingerprint_parts == run.fingerprint_parts);
  CHECK((*found)->status == RunStatus::kRunning);
  CHECK((*found)->started_ms == clock.now_ms());
  CHECK((*found)->ended_ms == 0);
}

TEST_CASE_METHOD(StoreFixture, "state: an empty state has no latest run", "[state]") {
  auto found = open()->latest_run();

  REQUIRE(found.ok());
  CHECK_FALSE(found->has_value());
}

TEST_CASE_METHOD(StoreFixture, "state: the latest run is that of the same command", "[state]") {
  auto store = open_with_run();
  RunRecord replay = run_named("p1");
  replay.command = "replay";
  REQUIRE(store->begin_run(replay).ok());

  CHECK((*store->latest_run())->run == "r1");
  CHECK((*store->latest_run("replay"))->run == "p1");
  CHECK(store->runs(10)->front().run == "p1");
  CHECK(store->runs(1)->size() == 1);
}

TEST_CASE_METHOD(StoreFixture, "state: a run that ended keeps status, totals and reason",
                 "[state]") {
  auto store = open_with_run();
  clock.advance_ms(5000);

  REQUIRE(store->end_run("r1", RunStatus::kStopped, {100, 80, 5, 5, 10}, "interrupted").ok());

  auto run = store->find_run("r1");
  REQUIRE(run.ok());
  CHECK(run->status == RunStatus::kStopped);
  CHECK(run->totals == RowCounts{100, 80, 5, 5, 10});
  CHECK(run->totals.adds_up());
  CHECK(run->ended_ms - run->started_ms == 5000);
  CHECK(run->message == "interrupted");
}

TEST_CASE_METHOD(StoreFixture, "state: a resumed run is running under its new epoch", "[state]") {
  auto store = open_with_run();
  REQUIRE(store->end_run("r1", RunStatus::kStopped, {}, "interrupted").ok());

  REQUIRE(store->resume_run("r1", 2).ok());

  auto run = store->find_run("r1");
  CHECK(run->status == RunStatus::kRunning);
  CHECK(run->epoch == 2);
  CHECK(run->ended_ms == 0);
  CHECK(run->message.empty());
}

TEST_CASE_METHOD(StoreFixture, "state: an unknown run is not found, by name", "[state]") {
  auto store = open();

  const Status status = store->resume_run("nobody", 2);

  CHECK(status.code() == Code::kNotFound);
  CHECK_THAT(status.message(), Contains("\"nobody\""));
}

TEST_CASE_METHOD(StoreFixture, "state: two runs never share an id", "[state]") {
  auto store = open_with_run();

  const Status status = store->begin_run(run_named("r1"));

  CHECK(status.code() == Code::kState);
  CHECK(store->runs(10)->size() == 1);
}

TEST_CASE_METHOD(StoreFixture, "state: cursors live on between runs", "[state]") {
  const std::string value("a\0b", 3);
  {
    auto store = open();
    CHECK_FALSE(store->cursor("orders")->has_value());
    REQUIRE(store->set_cursor("orders", "1").ok());
    REQUIRE(store->set_cursor("orders", value).ok());
  }

  CHECK(*open()->cursor("orders") == value);
}

}  // namespace chunkmill::host
