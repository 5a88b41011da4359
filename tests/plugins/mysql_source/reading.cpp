#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace chunkmill::mysql {
namespace {

Lines numbers(int from, int to) {
  Lines out;
  for (int i = from; i <= to; ++i) out.push_back(std::to_string(i) + "|row " + std::to_string(i));
  return out;
}

void fill(Database& look, int count) {
  look.run(
      "create table t (id bigint unsigned auto_increment primary key, name varchar(20)); "
      "insert into t select seq, concat('row ', seq) from seq_1_to_" +
      std::to_string(count));
}

}  // namespace

TEST_CASE("mysql source: a table is read in the order of its key, chunk by chunk", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  fill(look, 25);
  MysqlRead source(look.options({{"table", "t"}}));

  CHECK(source.lines(10) == numbers(1, 25));
}

TEST_CASE("mysql source: reading resumes behind any position, on another connection", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  fill(look, 25);
  const Map options = look.options({{"table", "t"}, {"page_rows", GENERATE(0, 7)}});
  MysqlRead source(options);
  source.plan().expect_ok();
  source.open(source.splits[0].id).expect_ok();
  std::vector<std::string> positions = {""};
  while (source.next(6).outcome.code == CM_OK) positions.push_back(source.position());
  REQUIRE(positions.size() == 6);
  look.run("delete from t where id <= 6");

  for (size_t i = 1; i < positions.size(); ++i) {
    MysqlRead again(options);
    again.plan().expect_ok();
    again.open(again.splits[0].id, positions[i]).expect_ok();
    CHECK(again.rest() == numbers(std::min(static_cast<int>(i) * 6, 25) + 1, 25));
  }
}

TEST_CASE("mysql source: keys of several columns and of any type are resumed behind", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  look.run(
      "create table t (a varchar(20) character set utf8mb4, d date, at datetime(6), "
      "n decimal(10,2), b varbinary(9), primary key (a, d, at, n, b))");
  look.run(
      "insert into t select elt(1 + seq % 4, '', 'O''Brien\\\\', 'x\\0y', '\xF0\x9F\x98\x80'), "
      "'2024-02-28' + interval seq % 3 day, '2024-02-28 12:00:00.000001' + interval seq second,"
      " seq / 4, unhex(concat('00ff', lpad(hex(seq), 2, '0'))) from seq_1_to_40");
  const Map options = look.options({{"table", "t"}});
  MysqlRead whole(options);
  const Lines all = whole.lines();
  REQUIRE(all.size() == 40);

  Lines pieces;
  std::string position;
  while (true) {
    MysqlRead source(options);
    source.plan().expect_ok();
    source.open(source.splits[0].id, position).expect_ok();
    const Read read = source.next(3);
    if (read.outcome.code == CM_END) break;
    read.outcome.expect_ok();
    for (const std::string& line : read.lines()) pieces.push_back(line);
    position = source.position();
  }
  CHECK(pieces == all);
}

TEST_CASE("mysql source: ranges of the key cover each row once", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  fill(look, 100);
  MysqlRead source(look.options({{"table", "t"}, {"split_width", 16}}));

  const Lines all = source.lines(1000, 4);

  CHECK(source.splits.size() == 7);
  CHECK(all == numbers(1, 100));
}

TEST_CASE("mysql source: a lane sees what was there when it began, and no more", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  fill(look, 10'000);
  MysqlRead source(look.options({{"table", "t"}}));
  source.plan().expect_ok();
  source.open(source.splits[0].id).expect_ok();
  REQUIRE(source.next(10).outcome.ok());

  look.run("update t set name = 'changed'; insert into t (name) values ('new')");

  const Lines rest = source.rest(5'000);
  CHECK(rest.size() == 9'990);
  CHECK(rest.back() == "10000|row 10000");
}

TEST_CASE("mysql source: a lane that is given up in the middle ends its SELECT", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  fill(look, 200'000);
  look.run("alter table t add pad varchar(200) default (repeat('x', 200))");
  {
    MysqlRead source(look.options({{"table", "t"}}));
    source.plan(0).expect_ok();
    source.open(source.splits[0].id).expect_ok();
    REQUIRE(source.next(10).outcome.ok());
  }

  look.run("drop table t");
}

TEST_CASE("mysql source: a query is read by its key, with conditions and expressions", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  fill(look, 10);
  MysqlRead source(look.options(
      {{"query", "SELECT id * 2 AS twice, upper(name) AS name FROM t WHERE id > 8 -- comment"},
       {"key", "twice"}}));

  CHECK(source.lines(1) == Lines{"18|ROW 9", "20|ROW 10"});
}

TEST_CASE("mysql source: only rows without a result are pending", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  fill(look, 10);
  look.run(
      "create table results (activity bigint unsigned primary key); "
      "insert into results select id from t where id <= 7");
  MysqlRead source(look.options(
      {{"table", "t"}, {"pending", {{"results", "results"}, {"results_key", "activity"}}}}));

  CHECK(source.lines() == numbers(8, 10));
}

TEST_CASE("mysql source: incremental reads what changed since the cursor, late rows later",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  look.run("create table t (id int primary key, at datetime(6) not null, key (at, id))");
  look.run("insert into t values (1, '2024-01-02'), (2, '2024-01-01'), (3, now(6))");
  const Map options = look.options(
      {{"table", "t"}, {"incremental", {{"cursor", "at"}, {"key", "id"}, {"lag", "10m"}}}});
  MysqlRead first(options);
  first.plan().expect_ok();
  first.open(first.splits[0].id).expect_ok();
  CHECK(first.rest() == Lines{"2|2024-01-01T00:00:00Z", "1|2024-01-02T00:00:00Z"});
  const std::string position = first.position();
  look.run("insert into t values (4, '2024-01-02'), (0, '2024-01-02')");

  MysqlRead next(options);
  next.plan().expect_ok();
  next.open(next.splits[0].id, position).expect_ok();

  // Both: that value is read again, and only row 1 of it was known.
  CHECK(next.rest() == Lines{"0|2024-01-02T00:00:00Z", "4|2024-01-02T00:00:00Z"});
}

TEST_CASE("mysql source: a reject's record is its row, and can be replayed", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  fill(look, 10);
  MysqlRead source(look.options({{"table", "t"}}));
  source.plan().expect_ok();
  source.open(source.splits[0].id).expect_ok();
  REQUIRE(source.next(10).outcome.ok());
  std::vector<Record> records;

  REQUIRE(source.records(source.splits[0].id, "", {0, 4}, &records).message == "");

  REQUIRE(records.size() == 2);
  CHECK(records[1].raw == R"({"id":5,"name":"row 5"})");
  REQUIRE(source.replay(records).message == "");
  CHECK(source.rest() == Lines{"1|row 1", "5|row 5"});
}

TEST_CASE("mysql source: what the job says wrong is told at its option", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  fill(look, 3);
  look.run("create table words (w enum('b','a') primary key); create table loose (n int)");
  const auto outcome = [&](Map more) {
    MysqlRead source(look.options(std::move(more)));
    if (!source.created.ok()) return source.created;
    Schema schema;
    const Outcome schema_outcome = source.schema(&schema);
    if (!schema_outcome.ok()) return schema_outcome;
    const Outcome plan = source.plan();
    return plan.ok() ? source.open(source.splits[0].id) : plan;
  };

  const Outcome no_table = outcome({{"table", "tt"}});
  CHECK(no_table.code == CM_NOT_FOUND);
  CHECK(no_table.where == "table");
  const Outcome mistake = outcome({{"query", "SELECT id\nFORM t"}, {"key", "id"}});
  CHECK(mistake.code == CM_INVALID);
  CHECK(mistake.where == "query");
  CHECK(mistake.says("at line 2"));
  const Outcome no_column = outcome({{"query", "SELECT nope FROM t"}, {"key", "id"}});
  CHECK(no_column.code == CM_INVALID);
  CHECK(no_column.says("nope"));
  const Outcome deletes = outcome({{"query", "DELETE FROM t"}, {"key", "id"}});
  INFO(deletes.message);
  CHECK(deletes.says("must be a SELECT"));
  CHECK(outcome({{"query", "SELECT * FROM t WHERE id = ?"}, {"key", "id"}}).code == CM_INVALID);
  CHECK(outcome({{"table", "t"}, {"where", "id >> "}}).where == "where");
  CHECK(outcome({{"table", "loose"}}).says("no primary key"));
  CHECK(outcome({{"table", "words"}}).says("ordered by its numbers"));
  CHECK(look.rows("select count(*) from t") == "3\n");
}

TEST_CASE("mysql source: hostile names of tables and columns are quoted", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  look.run(
      "create table `t``; drop table x; --` (`select` int primary key, `a``b \"'` text); "
      "insert into `t``; drop table x; --` values (1, 'x'), (2, 'y'); create table x (a int)");
  MysqlRead source(look.options({{"table", "t`; drop table x; --"}, {"page_rows", 1}}));

  CHECK(source.lines(1) == Lines{"1|x", "2|y"});
  CHECK(look.rows("select count(*) from x") == "0\n");
}

TEST_CASE("mysql source: a connection that is ended in the middle may be tried again", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  fill(look, 200'000);
  look.run(
      "alter table t add pad varchar(200) default (repeat('x', 200))");  // more than sockets take
  MysqlRead source(look.options({{"table", "t"}}));
  source.plan(0).expect_ok();
  source.open(source.splits[0].id).expect_ok();
  REQUIRE(source.next(10).outcome.ok());
  const std::string id = look.rows(
      "select id from information_schema.processlist where db = database() and info like "
      "'SELECT%ORDER BY%' and id <> connection_id()");
  REQUIRE(!id.empty());
  look.run("kill connection " + id);

  Outcome last;
  while (last.ok()) last = source.next(10'000).outcome;

  INFO(last.message);
  CHECK(last.code == CM_UNAVAILABLE);
  CHECK(last.retryable);
  CHECK(source.next(10'000).outcome.code == CM_UNAVAILABLE);
}

}  // namespace chunkmill::mysql
