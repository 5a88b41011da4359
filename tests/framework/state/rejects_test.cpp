#include "store_fixture.hpp"

namespace chunkmill::host {
namespace {

struct RejectsFixture : StoreFixture {
  std::unique_ptr<StateStore> store = open_with_run();

  void reject(const std::string& split, uint64_t chunk, std::vector<Reject> rejects,
              const char* run = "r1") {
    REQUIRE(store->store_rejects(run, split, chunk, rejects).ok());
  }
  std::vector<Reject> all() { return store->find_rejects({}).take(); }
  void begin_replay(const char* id) {
    RunRecord replay = run_named(id);
    replay.command = "replay";
    REQUIRE(store->begin_run(replay).ok());
  }
};

}  // namespace

TEST_CASE_METHOD(RejectsFixture, "rejects: one comes back as it was stored", "[state]") {
  Reject reject = reject_of(7, "bad_number", RejectStage::kCalculate);
  reject.raw = std::string("S1,\0\xff,\"", 7);
  reject.fields_json = R"({"id":"S1"})";
  reject.attempt = 3;
  reject.parent = 42;
  this->reject("a", 2, {reject});

  const Reject found = all().front();

  CHECK(found.run == "r1");
  CHECK(found.split == "a");
  CHECK(found.chunk == 2);
  CHECK(found.ordinal == 7);
  CHECK(found.where == "suppliers.csv");
  CHECK(found.line == 9);
  CHECK(found.stage == RejectStage::kCalculate);
  CHECK(found.plugin == "csv");
  CHECK(found.plugin_version == "1.0.0");
  CHECK(found.code == "bad_number");
  CHECK(found.column == "spend_usd");
  CHECK(found.message == "not a number");
  CHECK(found.attempt == 3);
  CHECK(found.raw == reject.raw);
  CHECK(found.fields_json == reject.fields_json);
  CHECK(found.parent == 42);
  CHECK(found.state == RejectState::kOpen);
  CHECK(found.created_ms == clock.now_ms());
}

TEST_CASE_METHOD(RejectsFixture,
                 "rejects: a chunk that is done again replaces its own and no others", "[state]") {
  reject("a", 0, {reject_of(0, "bad_number"), reject_of(1, "bad_number")});
  reject("a", 1, {reject_of(0, "bad_number")});
  reject("b", 0, {reject_of(0, "bad_number")});

  reject("a", 0, {reject_of(5, "bad_date")});

  CHECK(all().size() == 3);
  RejectFilter dates;
  dates.code = "bad_date";
  CHECK(store->find_rejects(dates)->size() == 1);

  reject("a", 0, {});
  CHECK(all().size() == 2);
}

TEST_CASE_METHOD(RejectsFixture, "rejects: ids are not used twice", "[state]") {
  reject("a", 0, {reject_of(0, "bad_number")});
  const int64_t before = all().front().id;

  reject("a", 0, {reject_of(0, "bad_number")});

  CHECK(all().front().id > before);
}

TEST_CASE_METHOD(RejectsFixture, "rejects: those of chunks that were never committed are dropped",
                 "[state]") {
  for (uint64_t chunk = 0; chunk < 4; ++chunk) reject("a", chunk, {reject_of(0, "bad_number")});
  reject("b", 3, {reject_of(0, "bad_number")});

  REQUIRE(store->drop_rejects_from("r1", "a", 2).ok());

  const std::vector<Reject> left = all();
  REQUIRE(left.size() == 3);
  CHECK(left[0].chunk == 0);
  CHECK(left[1].chunk == 1);
  CHECK(left[2].split == "b");
}

TEST_CASE_METHOD(RejectsFixture, "rejects: filters narrow, and pages follow each other",
                 "[state]") {
  reject("a", 0,
         {reject_of(0, "bad_number"), reject_of(1, "unknown_factor", RejectStage::kCalculate),
          reject_of(2, "constraint", RejectStage::kWrite), reject_of(3, "bad_number")});
  const std::vector<Reject> rejects = all();

  RejectFilter filter;
  filter.code = "bad_number";
  CHECK(store->find_rejects(filter)->size() == 2);
  filter.run = "nobody";
  CHECK(store->find_rejects(filter)->empty());

  RejectFilter stages;
  stages.stages = {RejectStage::kCalculate, RejectStage::kWrite};
  CHECK(store->find_rejects(stages)->size() == 2);

  RejectFilter ids;
  ids.ids = {rejects[1].id, rejects[3].id};
  CHECK(store->find_rejects(ids)->size() == 2);

  RejectFilter page;
  page.limit = 3;
  CHECK(store->find_rejects(page)->back().id == rejects[2].id);
  page.after_id = rejects[2].id;
  REQUIRE(store->find_rejects(page)->size() == 1);
  CHECK(store->find_rejects(page)->front().id == rejects[3].id);

  RejectFilter column;
  column.column = "spend_usd";
  CHECK(store->find_rejects(column)->size() == 4);
}

TEST_CASE_METHOD(RejectsFixture,
                 "rejects: groups tell the causes, the most frequent first, with the first example",
                 "[state]") {
  reject("a", 0,
         {reject_of(0, "unknown_factor", RejectStage::kCalculate), reject_of(1, "bad_number"),
          reject_of(2, "bad_number")});

  auto groups = store->reject_groups({});

  REQUIRE(groups.ok());
  REQUIRE(groups->size() == 2);
  CHECK((*groups)[0].code == "bad_number");
  CHECK((*groups)[0].count == 2);
  CHECK((*groups)[0].first.line == 3);
  CHECK((*groups)[1].stage == RejectStage::kCalculate);
}

TEST_CASE_METHOD(
    RejectsFixture,
    "rejects: a replay resolves what it wrote and keeps the history of what failed again",
    "[state]") {
  reject("a", 0,
         {reject_of(0, "bad_number"), reject_of(1, "bad_number"), reject_of(2, "bad_number")});
  const std::vector<Reject> before = all();
  begin_replay("p1");

  REQUIRE(store->end_run("r1", RunStatus::kPartialSuccess, {}).ok());
  RejectFilter two;
  two.limit = 2;
  auto taken = store->take_up("p1", two);
  REQUIRE(taken.ok());
  CHECK(*taken == 2);
  CHECK(*store->count_replay_records("p1") == 2);
  CHECK(store->replay_records("p1", 1, 10, 1000)->front().id == before[1].id);
  CHECK((*store->unsettled_replay())->run == "p1");
  CHECK(store->count_rejects("r1")->replayed == 2);
  Reject again = reject_of(0, "bad_number");
  again.parent = before[1].id;
  reject("rejects", 0, {again}, "p1");
  REQUIRE(store->settle_replay("p1", 2).ok());
  CHECK_FALSE(*store->unsettled_replay());

  const std::vector<Reject> after = all();
  REQUIRE(after.size() == 4);
  CHECK(after[0].state == RejectState::kResolved);
  CHECK(after[0].replay_run == "p1");
  CHECK(after[1].state == RejectState::kReplayed);
  CHECK(after[2].state == RejectState::kOpen);
  CHECK(after[3].state == RejectState::kOpen);
  auto history = store->reject_history(after[3].id);
  REQUIRE(history->size() == 2);
  CHECK((*history)[0].id == before[1].id);
  CHECK((*history)[1].id == after[3].id);
}

TEST_CASE_METHOD(RejectsFixture, "rejects: what is resolved is not taken up again", "[state]") {
  reject("a", 0, {reject_of(0, "bad_number")});
  REQUIRE(store->end_run("r1", RunStatus::kPartialSuccess, {}).ok());
  begin_replay("p1");
  REQUIRE(*store->take_up("p1", RejectFilter()) == 1);
  REQUIRE(store->settle_replay("p1", 1).ok());
  begin_replay("p2");

  auto taken = store->take_up("p2", RejectFilter());

  CHECK(*taken == 0);
  CHECK(all().front().state == RejectState::kResolved);
}

TEST_CASE_METHOD(RejectsFixture, "rejects: a replay that is given up leaves them open", "[state]") {
  reject("a", 0, {reject_of(0, "bad_number")});
  REQUIRE(store->end_run("r1", RunStatus::kPartialSuccess, {}).ok());
  begin_replay("p1");
  REQUIRE(*store->take_up("p1", RejectFilter()) == 1);

  REQUIRE(store->settle_replay("p1", 0).ok());

  CHECK(all().front().state == RejectState::kOpen);
  CHECK(all().front().replay_run.empty());
}

TEST_CASE_METHOD(
    RejectsFixture,
    "rejects: those of a chunk that is not committed, and those whose text was cut, are "
    "left by a replay",
    "[state]") {
  reject("a", 0, {reject_of(0, "bad_number"), reject_of(1, "record_too_large")});
  begin_replay("p1");

  CHECK(*store->take_up("p1", RejectFilter()) == 0);
  CHECK(store->count_unreadable(RejectFilter())->not_committed == 2);
  REQUIRE(store->end_run("r1", RunStatus::kPartialSuccess, {}).ok());

  CHECK(*store->take_up("p1", RejectFilter()) == 1);
  CHECK(store->count_unreadable(RejectFilter())->cut == 1);
}

TEST_CASE_METHOD(RejectsFixture,
                 "rejects: an edited text is what a replay reads, and its id names the reject",
                 "[state]") {
  reject("a", 0, {reject_of(0, "bad_number"), reject_of(1, "bad_number")});
  REQUIRE(store->end_run("r1", RunStatus::kPartialSuccess, {}).ok());
  begin_replay("p1");
  const int64_t second = all()[1].id;
  bool given = false;

  const auto taken = store->take_up("p1", [&]() -> Result<std::optional<EditedRecord>> {
    if (std::exchange(given, true)) return std::optional<EditedRecord>();
    return std::optional<EditedRecord>(EditedRecord{second, "mended"});
  });

  CHECK(*taken == 1);
  const auto records = store->replay_records("p1", 0, 10, 1000);
  REQUIRE(records->size() == 1);
  CHECK(records->front().id == second);
  CHECK(records->front().raw == "mended");
}

TEST_CASE_METHOD(RejectsFixture, "rejects: what is dismissed is not taken up", "[state]") {
  reject("a", 0, {reject_of(0, "bad_number"), reject_of(1, "bad_number")});
  REQUIRE(store->end_run("r1", RunStatus::kPartialSuccess, {}).ok());
  begin_replay("p1");
  RejectFilter first;
  first.ids = {all().front().id};

  CHECK(*store->dismiss_rejects(first, "a test order") == 1);

  CHECK(store->count_rejects("r1")->dismissed == 1);
  CHECK(*store->take_up("p1", RejectFilter()) == 1);
}

TEST_CASE_METHOD(RejectsFixture,
                 "rejects: those of an unknown run are refused and nothing is stored", "[state]") {
  const Reject reject = reject_of(0, "bad_number");

  CHECK(store->store_rejects("nobody", "a", 0, {&reject, 1}).code() == Code::kNotFound);
  CHECK(all().empty());
}

}  // namespace chunkmill::host
