#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace chunkmill::mysql {
namespace {

Map options_in(const Database& look) { return look.options({{"table", "people"}}); }

}  // namespace

TEST_CASE("mysql: the ledger knows no job before a run, and the last run after one", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  std::string text;
  MysqlRun sink(options_in(look));
  REQUIRE(sink.bind({{"main", people()}}).message == "");

  CHECK(sink.ledger(&text).code == CM_OK);
  CHECK(text.empty());
  CHECK(look.rows("show tables").empty());

  REQUIRE(sink.attach().message == "");
  CHECK(sink.ledger(&text).code == CM_OK);
  CHECK(text == "run-1\nfingerprint\nrunning\n");
  REQUIRE(sink.finish().message == "");
  text.clear();
  CHECK(sink.ledger(&text).code == CM_OK);
  CHECK(text == "run-1\nfingerprint\nfinished\n");
}

TEST_CASE("mysql: a run resumes where it was committed, whatever was open when it was killed",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  {
    MysqlRun killed(options_in(look));
    REQUIRE(killed.start(people()).message == "");
    REQUIRE(killed.chunk(0, people_rows({{1, "Ada"}, {2, "Bob"}})).message == "");
    REQUIRE(killed.begin({1, "at 1", "at 2"}).code == CM_OK);
    REQUIRE(killed.write(people_rows({{3, "Cyd"}}).abi()).code == CM_OK);
  }
  MysqlRun sink(options_in(look));
  REQUIRE(sink.as("run-1", 5).start(people()).message == "");
  SplitState state;

  CHECK(sink.committed("other").code == CM_NOT_FOUND);
  REQUIRE(sink.committed("s", &state).code == CM_OK);
  CHECK(state.position == "at 1");
  CHECK(state.next_chunk == 1);
  CHECK(state.counts.rows_in == 2);
  CHECK(state.epoch == 5);

  CHECK(sink.chunk(0, people_rows({{1, "Ada"}})).code == CM_END);
  REQUIRE(sink.chunk(1, people_rows({{3, "Cyd"}}), true).message == "");
  REQUIRE(sink.committed("s", &state).code == CM_OK);
  CHECK(state.done);
  CHECK(look.rows("select group_concat(id order by id) from people") == "1,2,3\n");
}

TEST_CASE("mysql: a chunk that is committed already is answered with END and leaves no trace",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  MysqlRun sink(options_in(look));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}})).message == "");

  CHECK(sink.chunk(0, people_rows({{1, "Ada"}})).code == CM_END);

  REQUIRE(sink.chunk(1, people_rows({{2, "Bob"}})).message == "");
  CHECK(look.rows("select group_concat(id order by id) from people") == "1,2\n");
}

TEST_CASE("mysql: a worker whose split was taken over is fenced, also before its first commit",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  const bool has_commits = GENERATE(true, false);
  MysqlRun old(options_in(look));
  old.run.owner = "old";
  REQUIRE(old.start(people()).message == "");
  REQUIRE(old.committed("s").code == CM_NOT_FOUND);
  if (has_commits) {
    REQUIRE(old.chunk(0, people_rows({{1, "Ada"}})).message == "");
  }
  // As another one would, without ending the old one's connections.
  look.run("update chunkmill_split set epoch = 2");

  const uint64_t next = has_commits ? 1 : 0;
  const Outcome fenced = old.chunk(next, people_rows({{2, "Bob"}}));

  CHECK(fenced.code == CM_FENCED);
  CHECK_FALSE(fenced.retryable);
  CHECK(look.rows("select count(*) from people") == (has_commits ? "1\n" : "0\n"));
}

TEST_CASE("mysql: a worker that is taken over loses its connections, and what it had open",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  MysqlRun old(options_in(look));
  old.run.owner = "old";
  REQUIRE(old.start(people()).message == "");
  REQUIRE(old.begin({0, "", "at 1"}).message == "");
  REQUIRE(old.write(people_rows({{1, "Ada"}}).abi()).message == "");

  MysqlRun successor(options_in(look));
  successor.run.owner = "successor";
  REQUIRE(successor.as("run-1", 2).start(people()).message == "");
  REQUIRE(successor.committed("s").code == CM_NOT_FOUND);
  REQUIRE(successor.chunk(0, people_rows({{1, "Ada"}})).message == "");

  const Outcome ended = old.commit({1, 1, 0, 0});
  CHECK(ended.code == CM_UNAVAILABLE);
  CHECK(ended.retryable);
  CHECK(look.rows("select count(*) from people") == "1\n");
}

}  // namespace chunkmill::mysql
