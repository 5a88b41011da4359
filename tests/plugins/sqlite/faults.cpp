#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <limits>

#include "fixture.hpp"

namespace chunkmill::sqlite {
namespace {

Map people_in(const std::string& path) {
  return Map{{"path", path}, {"table", "people"}, {"busy_timeout", "0"}};
}

Rows numbered(int64_t count, const std::vector<std::pair<int64_t, int64_t>>& instead) {
  std::vector<CellRow> rows;
  for (int64_t row = 0; row < count; ++row) rows.push_back({row, "n"});
  for (const auto& [at, id] : instead) rows[static_cast<size_t>(at)][0] = id;
  return Rows(people(), rows);
}

// 5 MB.
Rows large_rows() {
  std::vector<CellRow> rows;
  for (int64_t i = 0; i < 5'000; ++i) rows.push_back({i, std::string(1'000, 'x')});
  return Rows(people(), rows);
}

std::vector<int64_t> rows_of(const std::vector<BadRow>& bad) {
  std::vector<int64_t> rows;
  for (const BadRow& row : bad) rows.push_back(row.row);
  return rows;
}

}  // namespace

TEST_CASE(
    "sqlite: bad rows at the start, in the middle and at the end are named, and the batch is "
    "undone",
    "[sqlite]") {
  const int64_t place = GENERATE(int64_t{0}, int64_t{1}, int64_t{499}, int64_t{999});
  const Folder folder;
  Database look(folder.file("a.db"));
  look.run("create table people (id integer check (id >= 0), name text)");
  SqliteRun sink(people_in(folder.file("a.db")));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.begin({0, "", "x"}).code == CM_OK);
  REQUIRE(sink.write(people_rows({{-0, "first"}}).abi()).code == CM_OK);

  const Outcome answer = sink.write(numbered(1000, {{place, -5}}).abi());

  CHECK(answer.code == CM_DATA);
  CHECK(answer.row == place);
  CHECK(answer.vendor_code == SQLITE_CONSTRAINT_CHECK);
  CHECK(answer.where == "people");
  CHECK(answer.says("table \"people\""));
  CHECK(answer.says("id >= 0"));
  CHECK_FALSE(answer.retryable);
  CHECK(rows_of(sink.bad_rows) == std::vector<int64_t>{place});
  REQUIRE(sink.commit({1, 1}).code == CM_OK);
  CHECK(look.rows("select name from people") == "first\n");
}

TEST_CASE("sqlite: every bad row of a batch is named, judged as if the bad ones were not there",
          "[sqlite]") {
  const Folder folder;
  Map options = people_in(folder.file("a.db"));
  options.emplace_back("key", "id");
  SqliteRun sink(options);
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.begin({0, "", "x"}).code == CM_OK);

  const Outcome answer =
      sink.write(numbered(1000, {{3, 2}, {500, 2}, {501, 600}, {999, 501}}).abi());

  // 600 stands at row 501 first, so that its own row is the second; 501 is free then.
  CHECK(answer.code == CM_DATA);
  CHECK(answer.row == 3);
  CHECK(answer.vendor_code == SQLITE_CONSTRAINT_PRIMARYKEY);
  CHECK(rows_of(sink.bad_rows) == std::vector<int64_t>{3, 500, 600});
  CHECK(sink.bad_rows[0].code == "not_unique");
  CHECK(sink.bad_rows[0].column == "id");
  REQUIRE(sink.write(numbered(3, {}).abi()).code == CM_OK);
}

TEST_CASE("sqlite: a batch whose rows are all bad is told row by row", "[sqlite]") {
  const Folder folder;
  Database look(folder.file("a.db"));
  look.run("create table people (id integer, name text check (name = 'y'))");
  SqliteRun sink(people_in(folder.file("a.db")));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.begin({0, "", "x"}).code == CM_OK);

  CHECK(sink.write(numbered(300, {}).abi()).code == CM_DATA);

  CHECK(sink.bad_rows.size() == 300);
}

TEST_CASE("sqlite: a null in a NOT NULL column names the column", "[sqlite]") {
  const Folder folder;
  Database look(folder.file("a.db"));
  look.run("create table people (id integer, name text not null)");
  SqliteRun sink(people_in(folder.file("a.db")));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.begin({0, "", "x"}).code == CM_OK);

  const Outcome answer = sink.write(people_rows({{1, "Ada"}, {2, nullptr}, {3, nullptr}}).abi());

  CHECK(answer.code == CM_DATA);
  CHECK(answer.row == 1);
  CHECK(answer.vendor_code == SQLITE_CONSTRAINT_NOTNULL);
  REQUIRE(rows_of(sink.bad_rows) == std::vector<int64_t>{1, 2});
  CHECK(sink.bad_rows[0].code == "not_null");
  CHECK(sink.bad_rows[0].column == "name");
}

TEST_CASE("sqlite: bad rows are found where triggers and references hide them from the statement",
          "[sqlite]") {
  const Folder folder;
  Database look(folder.file("a.db"));
  const std::string kind = GENERATE("trigger", "reference");
  INFO(kind);
  if (kind == "trigger") {
    look.run("create table people (id integer, name text)");
    look.run(
        "create trigger t before insert on people when new.id in (70, 71, 99) "
        "begin select raise(abort, 'not this one'); end");
  } else {
    look.run("create table parent (id integer primary key)");
    look.run(
        "with recursive n(i) as (select 0 union all select i + 1 from n where i < 98) "
        "insert into parent select i from n where i not in (70, 71)");
    look.run("create table people (id integer references parent (id), name text)");
  }
  SqliteRun sink(people_in(folder.file("a.db")));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.begin({0, "", "x"}).code == CM_OK);

  const Outcome answer = sink.write(numbered(100, {}).abi());

  CHECK(answer.code == CM_DATA);
  CHECK(answer.row == 70);
  CHECK(rows_of(sink.bad_rows) == std::vector<int64_t>{70, 71, 99});
  REQUIRE(sink.commit().code == CM_OK);
  CHECK(look.rows("select count(*) from people") == "0\n");
}

TEST_CASE("sqlite: a table's own ON CONFLICT clause loses no row in silence", "[sqlite]") {
  const std::string clause = GENERATE("ignore", "replace", "rollback", "fail");
  const Folder folder;
  Database look(folder.file("a.db"));
  look.run("create table people (id integer unique on conflict " + clause + ", name text)");
  SqliteRun sink(people_in(folder.file("a.db")));
  INFO(clause);
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.begin({0, "", "x"}).code == CM_OK);

  CHECK(sink.write(people_rows({{1, "a"}, {2, "b"}, {1, "c"}}).abi()).code == CM_DATA);

  CHECK(rows_of(sink.bad_rows) == std::vector<int64_t>{2});
  CHECK(sink.commit().code == CM_OK);
  CHECK(look.rows("select count(*) from people") == "0\n");
}

TEST_CASE("sqlite: NaN is a bad row, for SQLite would store NULL; infinity is stored", "[sqlite]") {
  const Schema schema{{Field{"x", Type::kFloat64}}};
  const Folder folder;
  SqliteRun sink(people_in(folder.file("a.db")));
  REQUIRE(sink.start(schema).message == "");
  REQUIRE(sink.begin({0, "", "x"}).code == CM_OK);

  CHECK(sink.write(Rows(schema, {{nullptr}, {"inf"}}).abi()).code == CM_OK);
  const Outcome answer = sink.write(Rows(schema, {{nullptr}, {"nan"}}).abi());

  CHECK(answer.code == CM_DATA);
  CHECK(answer.row == 1);
  REQUIRE(rows_of(sink.bad_rows) == std::vector<int64_t>{1});
  CHECK(sink.bad_rows[0].code == "not_a_number");
  CHECK(sink.bad_rows[0].column == "x");
}

TEST_CASE("sqlite: upsert refuses a null in its key, which no other row would ever match",
          "[sqlite]") {
  const Folder folder;
  Database look(folder.file("a.db"));
  look.run("create table people (id integer, name text unique)");
  Map options = people_in(folder.file("a.db"));
  options.emplace_back("mode", "upsert");
  options.emplace_back("key", "name");
  SqliteRun sink(options);
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.begin({0, "", "x"}).code == CM_OK);

  CHECK(sink.write(people_rows({{1, "Ada"}, {2, nullptr}}).abi()).code == CM_DATA);

  CHECK(rows_of(sink.bad_rows) == std::vector<int64_t>{1});
}

TEST_CASE("sqlite: a locked database is unavailable for now, and the same call succeeds later",
          "[sqlite]") {
  const Folder folder;
  SqliteRun sink(people_in(folder.file("a.db")));
  REQUIRE(sink.start(people()).message == "");
  Database other(folder.file("a.db"));
  other.run("begin immediate");

  const Outcome answer = sink.chunk(0, people_rows({{1, "Ada"}}));

  CHECK(answer.code == CM_UNAVAILABLE);
  CHECK(answer.retryable);
  CHECK((answer.vendor_code & 0xFF) == SQLITE_BUSY);
  CHECK(answer.says("busy_timeout"));
  CHECK(sink.committed("s").code == CM_UNAVAILABLE);
  CHECK(sink.attach().code == CM_UNAVAILABLE);
  CHECK(sink.finish().code == CM_UNAVAILABLE);
  other.run("rollback");
  CHECK(sink.chunk(0, people_rows({{1, "Ada"}})).message == "");
}

TEST_CASE("sqlite: a commit that readers hold up leaves nothing, and may be tried again",
          "[sqlite]") {
  const Folder folder;
  Map options = people_in(folder.file("a.db"));
  options.emplace_back("journal", "delete");
  SqliteRun sink(options);
  REQUIRE(sink.start(people()).message == "");
  Database reader(folder.file("a.db"));
  reader.run("begin; select * from people");

  const Outcome answer = sink.chunk(0, people_rows({{1, "Ada"}}));

  CHECK(answer.code == CM_UNAVAILABLE);
  CHECK(answer.retryable);
  CHECK(reader.rows("select count(*) from people") == "0\n");
  reader.run("rollback");
  CHECK(sink.chunk(0, people_rows({{1, "Ada"}})).message == "");
  CHECK(reader.rows("select count(*) from people") == "1\n");
}

TEST_CASE("sqlite: interrupt ends the wait for a lock", "[sqlite]") {
  const Folder folder;
  Map options = people_in(folder.file("a.db"));
  options[2].second = Value("10h");
  SqliteRun sink(options);
  REQUIRE(sink.start(people()).message == "");
  Database other(folder.file("a.db"));
  other.run("begin immediate");

  sink.interrupt();

  CHECK(sink.chunk(0, people_rows({{1, "Ada"}})).code == CM_CANCELLED);
}

TEST_CASE("sqlite: a file that is no database, a folder and a missing folder are told apart",
          "[sqlite]") {
  const Folder folder;
  std::ofstream(folder.file("text.db")) << "this is a text file that is longer than a header";
  std::filesystem::create_directory(folder.file("folder.db"));
  const auto attach = [&](const std::string& path) {
    SqliteRun sink(people_in(path));
    REQUIRE(sink.bind({{"main", people()}}).message == "");
    const Outcome checked = sink.check();
    const Outcome attached = sink.attach();
    CHECK(checked.code == attached.code);
    CHECK(attached.where == path);
    CHECK(attached.says(path.substr(0, path.rfind('/'))));
    return attached;
  };

  const Outcome text = attach(folder.file("text.db"));
  CHECK(text.code == CM_INVALID);
  CHECK(text.says("is not a SQLite database"));
  const Outcome directory = attach(folder.file("folder.db"));
  CHECK(directory.code == CM_INVALID);
  CHECK(directory.says("is a folder"));
  const Outcome missing = attach(folder.file("no/such/a.db"));
  CHECK(missing.code == CM_NOT_FOUND);
  CHECK(missing.says("does not exist"));
}

TEST_CASE("sqlite: a file or folder that must not be written is refused by name", "[sqlite]") {
  if (geteuid() == 0) {
    WARN("skipped: root may write everywhere");
    return;
  }
  const Folder folder;
  { Database(folder.file("a.db")).run("create table x (y)"); }
  chmod(folder.file("a.db").c_str(), 0444);
  SqliteRun sink(people_in(folder.file("a.db")));
  REQUIRE(sink.bind({{"main", people()}}).message == "");

  const Outcome answer = sink.attach();

  CHECK(answer.code == CM_PERMISSION);
  CHECK(answer.says(folder.file("a.db")));
}

TEST_CASE("sqlite: a folder of the kernel's, where no file can be made, is refused by name",
          "[sqlite]") {
  SqliteRun sink(people_in("/proc/a.db"));
  REQUIRE(sink.bind({{"main", people()}}).message == "");

  const Outcome answer = sink.attach();

  CHECK(answer.code == CM_PERMISSION);
  CHECK(answer.says("/proc/a.db"));
  CHECK(answer.says("must be writable"));
}

TEST_CASE("sqlite: memory that runs out loses the chunk whole, and a later attempt takes it",
          "[sqlite]") {
  struct HeapLimit {
    HeapLimit() { sqlite3_hard_heap_limit64(4 << 20); }
    ~HeapLimit() { sqlite3_hard_heap_limit64(0); }
  };
  const Folder folder;
  SqliteRun sink(people_in(folder.file("a.db")));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{-1, "Ada"}})).message == "");
  const Rows large = large_rows();
  {
    const HeapLimit limit;
    CHECK(sink.chunk(1, large).code == CM_TOO_LARGE);
  }

  CHECK(sink.chunk(1, large).message == "");
  CHECK(Database(folder.file("a.db")).rows("select count(*) from people") == "5001\n");
}

TEST_CASE("sqlite: a disk that fails in the commit leaves nothing of the chunk", "[sqlite]") {
  struct FileSizeLimit {
    FileSizeLimit() {
      signal(SIGXFSZ, SIG_IGN);
      getrlimit(RLIMIT_FSIZE, &before);
      const rlimit low{1 << 20, before.rlim_max};
      setrlimit(RLIMIT_FSIZE, &low);
    }
    ~FileSizeLimit() {
      setrlimit(RLIMIT_FSIZE, &before);
      signal(SIGXFSZ, SIG_DFL);
    }
    rlimit before{};
  };
  const std::string journal = GENERATE("wal", "delete");
  const Folder folder;
  Map options = people_in(folder.file("a.db"));
  options.emplace_back("journal", journal);
  SqliteRun sink(options);
  INFO(journal);
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{-1, "Ada"}})).message == "");
  const Rows large = large_rows();
  {
    const FileSizeLimit limit;
    const Outcome answer = sink.chunk(1, large);
    CHECK(answer.code == CM_IO);
    CAPTURE(answer.message);
    CHECK(answer.says("disk I/O error"));
    CHECK(answer.says("run again"));
  }

  Database look(folder.file("a.db"));
  CHECK(look.rows("select count(*) from people") == "1\n");
  CHECK(sink.chunk(1, large).message == "");
  CHECK(look.rows("select count(*) from people") == "5001\n");
  CHECK(look.rows("pragma integrity_check") == "ok\n");
}

TEST_CASE("sqlite: a full disk is told as such", "[sqlite]") {
  const Folder folder;
  const std::atomic<bool> interrupted = false;
  Connection db({folder.file("a.db"), true, "normal", 0, &interrupted}, Access::kWrite);
  db.run("create table t (x)");
  db.run("pragma max_page_count = 10");

  try {
    db.execute("insert into t values (zeroblob(100000))", {});
    FAIL("it took more pages than there are");
  } catch (const Error& error) {
    CHECK(error.code() == CM_FULL);
    CHECK(std::string(error.what()).find("make room") != std::string::npos);
  }
}

TEST_CASE("sqlite: a damaged file is told from one that never was a database", "[sqlite]") {
  const Folder folder;
  {
    Database look(folder.file("a.db"));
    look.run("create table people (id integer, name text)");
  }
  std::fstream file(folder.file("a.db"), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(100);
  file.write("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8);
  file.close();
  SqliteRun sink(people_in(folder.file("a.db")));
  REQUIRE(sink.bind({{"main", people()}}).message == "");

  const Outcome answer = sink.attach();

  CHECK(answer.code == CM_INVALID);
  CHECK(answer.says("is damaged"));
}

TEST_CASE("sqlite: what a lost transaction would have held is never committed bit by bit",
          "[sqlite]") {
  const Folder folder;
  Database look(folder.file("a.db"));
  look.run("create table people (id integer, name text)");
  look.run(
      "create trigger t before insert on people when new.id = 13 "
      "begin select raise(rollback, 'all of it'); end");
  SqliteRun sink(people_in(folder.file("a.db")));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.begin({0, "", "x"}).code == CM_OK);
  REQUIRE(sink.write(people_rows({{1, "Ada"}}).abi()).code == CM_OK);

  CHECK(sink.write(people_rows({{13, "Bob"}}).abi()).code == CM_INVALID);

  CHECK(sink.write(people_rows({{2, "Cyd"}}).abi()).code == CM_IO);
  CHECK(sink.commit({2, 2}).code == CM_IO);
  sink.abort();
  CHECK(look.rows("select count(*) from people") == "0\n");
  CHECK(look.rows("select count(*) from chunkmill_split") == "0\n");
}

}  // namespace chunkmill::sqlite
