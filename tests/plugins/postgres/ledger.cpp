#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace chunkmill::postgres {

TEST_CASE("postgres: the ledger knows no job before a run, and the last run after one",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  std::string text;
  PostgresRun sink(writing(look, "people"));
  REQUIRE(sink.bind({{"main", people()}}).message == "");

  CHECK(sink.ledger(&text).code == CM_OK);
  CHECK(text.empty());
  REQUIRE(sink.check().message == "");
  CHECK(look.rows("select count(*) from pg_class where relnamespace = "
                  "current_schema()::regnamespace") == "0\n");

  REQUIRE(sink.attach().message == "");
  CHECK(sink.ledger(&text).code == CM_OK);
  CHECK(text == "run-1\nfingerprint\nrunning\n");
  REQUIRE(sink.finish().message == "");
  text.clear();
  CHECK(sink.ledger(&text).code == CM_OK);
  CHECK(text == "run-1\nfingerprint\nfinished\n");
}

TEST_CASE("postgres: positions are bytes, and come back as they were", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  const std::string position("\0\\x'\xFF\n", 6);
  PostgresRun sink(writing(look, "people"));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.begin({0, "", position}).code == CM_OK);
  REQUIRE(sink.write(people_rows({{1, "Ada"}}).abi()).message == "");
  REQUIRE(sink.commit({1, 1}).message == "");
  SplitState state;

  REQUIRE(sink.committed("s", &state).code == CM_OK);

  CHECK(state.position == position);
  CHECK(state.next_chunk == 1);
}

TEST_CASE("postgres: a chunk that is in the ledger is not written again", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  PostgresRun sink(writing(look, "people"));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}})).message == "");

  CHECK(sink.begin({0, "", "at 1"}).code == CM_END);

  CHECK(look.rows("select count(*) from people") == "1\n");
}

TEST_CASE("postgres: a worker whose split went to another one commits no more", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  const Map options = writing(look, "people");
  PostgresRun old_worker(options);
  REQUIRE(old_worker.start(people()).message == "");
  REQUIRE(old_worker.chunk(0, people_rows({{1, "Ada"}})).message == "");

  PostgresRun new_worker(options);
  REQUIRE(new_worker.as("run-1", 2).start(people()).message == "");
  SplitState state;
  REQUIRE(new_worker.committed("s", &state).code == CM_OK);
  const Outcome late = old_worker.chunk(1, people_rows({{2, "late"}}));

  CHECK(late.code != CM_OK);
  REQUIRE(old_worker.open().message == "");
  CHECK(old_worker.begin({1, "at 1", "at 2"}).code == CM_FENCED);
  REQUIRE(new_worker.chunk(1, people_rows({{2, "Bob"}}), true).message == "");
  CHECK(look.rows("select * from people order by id") == "1|Ada\n2|Bob\n");
}

TEST_CASE("postgres: a lane that is closed in the middle of a chunk leaves nothing", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  PostgresRun sink(writing(look, "people"));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.begin({0, "", "at 1"}).code == CM_OK);
  REQUIRE(sink.write(people_rows({{1, "Ada"}}).abi()).message == "");

  sink.close();

  SplitState state;
  CHECK(sink.committed("s", &state).code == CM_NOT_FOUND);
  CHECK(look.rows("select count(*) from people") == "0\n");
}

}  // namespace chunkmill::postgres
