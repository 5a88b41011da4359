#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace chunkmill::sqlite {
namespace {

Map options_in(const Folder& folder) {
  return Map{{"path", folder.file("a.db")}, {"table", "people"}, {"busy_timeout", "0"}};
}

}  // namespace

TEST_CASE("sqlite: the ledger knows no job before a run, and the last run after one", "[sqlite]") {
  const Folder folder;
  std::string text;
  SqliteRun sink(options_in(folder));
  REQUIRE(sink.bind({{"main", people()}}).message == "");

  CHECK(sink.ledger(&text).code == CM_OK);
  CHECK(text.empty());
  CHECK_FALSE(std::filesystem::exists(folder.file("a.db")));

  REQUIRE(sink.attach().message == "");
  CHECK(sink.ledger(&text).code == CM_OK);
  CHECK(text == "run-1\nfingerprint\nrunning\n");
  REQUIRE(sink.finish().message == "");
  text.clear();
  CHECK(sink.ledger(&text).code == CM_OK);
  CHECK(text == "run-1\nfingerprint\nfinished\n");
  REQUIRE(sink.as("run-2").attach().message == "");
  text.clear();
  CHECK(sink.ledger(&text).code == CM_OK);
  CHECK(text == "run-2\nfingerprint\nrunning\n");
}

TEST_CASE("sqlite: committed says how far a split is, and nothing of one that is not begun",
          "[sqlite]") {
  const Folder folder;
  {
    SqliteRun killed(options_in(folder));
    REQUIRE(killed.start(people()).message == "");
    REQUIRE(killed.chunk(0, people_rows({{1, "Ada"}, {2, "Bob"}})).message == "");
    REQUIRE(killed.begin({1, "at 1", "at 2"}).code == CM_OK);
    REQUIRE(killed.write(people_rows({{3, "Cyd"}}).abi()).code == CM_OK);
  }
  SqliteRun sink(options_in(folder));
  REQUIRE(sink.as("run-1", 5).start(people()).message == "");
  SplitState state;

  CHECK(sink.committed("other").code == CM_NOT_FOUND);
  REQUIRE(sink.committed("s", &state).code == CM_OK);
  CHECK(state.position == "at 1");
  CHECK(state.next_chunk == 1);
  CHECK(state.counts.rows_in == 2);
  CHECK(state.counts.rows_out == 2);
  CHECK_FALSE(state.done);
  CHECK(state.epoch == 5);

  REQUIRE(sink.chunk(1, people_rows({{3, "Cyd"}}), true).message == "");
  REQUIRE(sink.committed("s", &state).code == CM_OK);
  CHECK(state.done);
  CHECK(Database(folder.file("a.db")).rows("select group_concat(id) from people") == "1,2,3\n");
}

TEST_CASE("sqlite: a chunk that is committed already is answered with END and leaves no trace",
          "[sqlite]") {
  const Folder folder;
  SqliteRun sink(options_in(folder));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}})).message == "");

  CHECK(sink.chunk(0, people_rows({{1, "Ada"}})).code == CM_END);

  REQUIRE(sink.chunk(1, people_rows({{2, "Bob"}})).message == "");
  CHECK(Database(folder.file("a.db")).rows("select group_concat(id) from people") == "1,2\n");
}

TEST_CASE("sqlite: a chunk that does not follow the ledger is fenced", "[sqlite]") {
  const Folder folder;
  SqliteRun sink(options_in(folder));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}})).message == "");

  CHECK(sink.begin({2, "at 2", "at 3"}).code == CM_FENCED);
  CHECK(sink.begin({1, "elsewhere", "at 2"}).code == CM_FENCED);
  CHECK(sink.begin({0, "", "another end"}).code == CM_FENCED);
  CHECK(sink.begin({1, "at 1", "at 2"}).code == CM_OK);
}

TEST_CASE("sqlite: a split's first chunk begins at its start", "[sqlite]") {
  const Folder folder;
  SqliteRun sink(options_in(folder));
  REQUIRE(sink.start(people()).message == "");

  CHECK(sink.begin({3, "at 3", "at 4"}).code == CM_FENCED);
  CHECK(sink.begin({0, "at 3", "at 4"}).code == CM_FENCED);
}

TEST_CASE("sqlite: a worker whose split was taken over is fenced, also before its first commit",
          "[sqlite]") {
  const Folder folder;
  SqliteRun old(options_in(folder));
  REQUIRE(old.start(people()).message == "");
  const bool has_commits = GENERATE(true, false);
  REQUIRE(old.committed("s").code == CM_NOT_FOUND);
  if (has_commits) {
    REQUIRE(old.chunk(0, people_rows({{1, "Ada"}})).message == "");
  }
  SqliteRun successor(options_in(folder));
  REQUIRE(successor.as("run-1", 2).start(people()).message == "");
  REQUIRE(successor.committed("s").code == (has_commits ? CM_OK : CM_NOT_FOUND));

  const uint64_t next = has_commits ? 1 : 0;
  const Outcome fenced = old.chunk(next, people_rows({{2, "Bob"}}));

  CHECK(fenced.code == CM_FENCED);
  CHECK(fenced.says("epoch 2"));
  CHECK_FALSE(fenced.retryable);
  CHECK(old.committed("s").code == CM_FENCED);
  CHECK(successor.chunk(next, people_rows({{2, "Cyd"}})).message == "");
  CHECK(Database(folder.file("a.db")).rows("select name from people where id = 2") == "Cyd\n");
}

TEST_CASE("sqlite: the ledger that was moved under a chunk in hand rolls the chunk back",
          "[sqlite]") {
  const Folder folder;
  SqliteRun sink(options_in(folder));
  REQUIRE(sink.start(people()).message == "");
  // A trigger stands for the other worker: the write lock keeps every real one out.
  Database look(folder.file("a.db"));
  look.run(
      "create trigger other after insert on people begin "
      "update chunkmill_split set epoch = epoch + 1; end");

  const Outcome answer = sink.chunk(0, people_rows({{1, "Ada"}}));

  CHECK(answer.code == CM_FENCED);
  CHECK(look.rows("select count(*) from people") == "0\n");
}

TEST_CASE("sqlite: a new run of a job stops the workers of the old one and starts from nothing",
          "[sqlite]") {
  const Folder folder;
  SqliteRun old(options_in(folder));
  REQUIRE(old.start(people()).message == "");
  REQUIRE(old.chunk(0, people_rows({{1, "Ada"}})).message == "");

  SqliteRun restarted(options_in(folder));
  REQUIRE(restarted.as("run-2").start(people()).message == "");

  CHECK(restarted.committed("s").code == CM_NOT_FOUND);
  CHECK(old.chunk(1, people_rows({{2, "Bob"}})).code == CM_FENCED);
  old.split = "another split";
  CHECK(old.chunk(0, people_rows({{3, "Cyd"}})).code == CM_FENCED);
  CHECK(old.committed("a third").code == CM_FENCED);
  CHECK(old.finish().code == CM_FENCED);
  CHECK(restarted.chunk(0, people_rows({{4, "Dee"}}), true).message == "");
  CHECK(restarted.finish().message == "");
  CHECK(
      Database(folder.file("a.db")).rows("select run, state from chunkmill_run order by ordinal") ==
      "run-1|superseded\nrun-2|finished\n");
}

TEST_CASE("sqlite: a finished run stays in the ledger as history", "[sqlite]") {
  const Folder folder;
  SqliteRun sink(options_in(folder));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}}), true).message == "");
  REQUIRE(sink.finish().message == "");

  REQUIRE(sink.as("run-2").attach().message == "");

  CHECK(sink.committed("s").code == CM_NOT_FOUND);
  CHECK(Database(folder.file("a.db")).rows("select run, state from chunkmill_run order by run") ==
        "run-1|finished\nrun-2|running\n");
}

TEST_CASE("sqlite: two sinks of one job in one file keep their places apart", "[sqlite]") {
  const Folder folder;
  Map other = options_in(folder);
  other[1].second = Value("others");
  SqliteRun a(options_in(folder));
  SqliteRun b(other);
  REQUIRE(a.start(people()).message == "");
  REQUIRE(b.start(people()).message == "");

  REQUIRE(a.chunk(0, people_rows({{1, "Ada"}}), true).message == "");
  REQUIRE(b.chunk(0, people_rows({{1, "Ada"}}), true).message == "");

  CHECK(Database(folder.file("a.db")).rows("select count(*) from people, others") == "1\n");
}

TEST_CASE("sqlite: abort leaves nothing of the chunk, and the next attempt may come", "[sqlite]") {
  const Folder folder;
  SqliteRun sink(options_in(folder));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.begin({0, "", "at 1"}).code == CM_OK);
  REQUIRE(sink.write(people_rows({{1, "Ada"}}).abi()).code == CM_OK);

  sink.abort();

  Database look(folder.file("a.db"));
  CHECK(look.rows("select count(*) from people") == "0\n");
  CHECK(look.rows("select count(*) from chunkmill_split") == "0\n");
  CHECK(sink.chunk(0, people_rows({{1, "Ada"}})).message == "");
}

TEST_CASE("sqlite: with journal delete the same rows and ledger are there", "[sqlite]") {
  const Folder folder;
  Map options = options_in(folder);
  options.emplace_back("journal", "delete");
  options.emplace_back("synchronous", "full");
  SqliteRun sink(options);
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}}), true).message == "");
  REQUIRE(sink.finish().message == "");

  Database look(folder.file("a.db"));
  CHECK(look.rows("pragma journal_mode") == "delete\n");
  CHECK(look.rows("select state from chunkmill_run") == "finished\n");
}

}  // namespace chunkmill::sqlite
