#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "fixture.hpp"

namespace chunkmill::postgres {
namespace {

// All rows, one at a time and each from the position before, sorted.
Lines one_by_one(Reader& reader, uint32_t parallel = 1) {
  Lines lines;
  REQUIRE(reader->plan(parallel).message == "");
  for (const Split& split : reader->splits) {
    std::string position;
    while (true) {
      REQUIRE(reader->open(split.id, position).message == "");
      const Read read = reader->next(1);
      if (read.outcome.code == CM_END) break;
      REQUIRE(read.outcome.message == "");
      for (const std::string& line : read.lines()) lines.push_back(line);
      position = reader->position();
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace

TEST_CASE("postgres source: each kind of key resumes from every position", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run("create type mood as enum ('zzz', 'aaa', 'it''s')");
  const auto [type, values] = GENERATE(table<std::string, std::string>({
      {"int", "(-5), (0), (2147483647)"},
      {"bigint", "(-9223372036854775808), (-1), (9223372036854775807)"},
      {"numeric(38,3)", "(-12345678901234567890123456789012345.678), (0.001), (0.002)"},
      {"text", "(''), ('it''s'), ('ünï'), ('a\\b'), ('A'), ('a')"},
      {"varchar(5)", "('b'), ('a')"},
      {"uuid",
       "('00000000-0000-0000-0000-00000000000a'), ('ffffffff-0000-0000-0000-000000000000')"},
      {"mood", "('it''s'), ('zzz'), ('aaa')"},
      {"bytea", "('\\x'), ('\\x00'), ('\\xff00')"},
      {"date", "('0045-03-15 BC'), ('0001-01-01'), ('2024-02-29'), ('5874897-12-31')"},
      {"timestamptz", "('2024-02-29 12:00:00.000001Z'), ('1969-12-31 23:59:59.999999Z')"},
  }));
  INFO(type);
  look.run("create table t (k " + type + " primary key, n serial); insert into t values " + values);
  Reader reader(look, {{"table", "t"}});
  Lines expected = reader->lines();

  std::sort(expected.begin(), expected.end());
  CHECK(expected.size() == static_cast<size_t>(std::count(values.begin(), values.end(), '(')));
  CHECK(one_by_one(reader) == expected);
}

TEST_CASE("postgres source: keys of several columns resume from every position", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(
      "create table t (v int, b int, a text, primary key (a, b)); insert into t select i, "
      "i % 5, 'x' || i % 3 from generate_series(0, 14) i");
  Reader reader(look, {{"table", "t"}});
  Lines expected = reader->lines();

  CHECK(expected.front() == "0|0|x0");
  std::sort(expected.begin(), expected.end());
  CHECK(expected.size() == 15);
  CHECK(one_by_one(reader) == expected);
}

TEST_CASE("postgres source: ranges cover all rows once, whatever the number of readers",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(
      "create table t (id int primary key, at timestamptz not null, day date not null);"
      "insert into t select i * 7 - 100000, timestamptz '2024-01-01Z' + i * interval '1 "
      "hour', date '2020-01-01' + i % 1000 from generate_series(1, 30000) i");
  const std::string split_by = GENERATE("id", "at", "day");
  Reader reader(look, {{"table", "t"}, {"split_by", split_by}});
  const uint32_t parallel = GENERATE(0U, 1U, 4U);
  INFO(split_by << " " << parallel);

  const Lines lines = reader->lines(1000, parallel);

  CHECK(lines.size() == 30'000);
  CHECK(std::set<std::string>(lines.begin(), lines.end()).size() == 30'000);
  CHECK((reader->splits.size() > 1) == (parallel > 0));
}

TEST_CASE("postgres source: all lanes read the rows of one moment, pages those of theirs",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(
      "create table t (id int primary key, v text); "
      "insert into t select i, 'old' from generate_series(0, 40000) i");
  const bool paged = GENERATE(false, true);
  Reader reader(look, {{"table", "t"}, {"page_rows", paged ? 5 : 0}});
  REQUIRE(reader->plan(2).message == "");
  REQUIRE(reader->splits.size() > 1);
  REQUIRE(reader->open(reader->splits[0].id).message == "");
  CHECK(reader->next(1).lines() == Lines{"0|old"});

  look.run("update t set v = 'new'; insert into t values (40001, 'new')");

  REQUIRE(reader->open(reader->splits.back().id).message == "");
  const Lines rest = reader->rest();
  CHECK(rest.back() == (paged ? "40001|new" : "40000|old"));
}

TEST_CASE("postgres source: a query is read in key order; a view and a schema too", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(
      "create table t (id int primary key, v int); insert into t values (3, 1), (1, 2), (2, 3);"
      "create view \"my view\" as select id, v * 2 as w from t");
  Reader query(look, {{"query", "select id, v + 1 as w from t where v > 1 -- a comment;"},
                      {"key", List{"id"}}});
  Reader view(look, {{"table", "my view"}, {"key", List{"id"}}});
  Reader where(look, {{"table", "t"}, {"where", "v = 1 or v = 3"}});

  CHECK(query->lines() == Lines{"1|3", "2|4"});
  CHECK(view->lines() == Lines{"1|4", "2|6", "3|2"});
  CHECK(where->lines() == Lines{"2|3", "3|1"});
}

TEST_CASE("postgres source: names are quoted, whatever they hold", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(
      "create table other (x int); create table \"t\"\"; drop table other; --\" (\"select\" "
      "text, \"a\"\"b'c\" int primary key, \"Ünï $1\" text); "
      "insert into \"t\"\"; drop table other; --\" values ('x', 1, 'y'), ('z', 2, 'w')");
  Reader reader(look, {{"table", "t\"; drop table other; --"}});

  CHECK(one_by_one(reader) == Lines{"x|1|y", "z|2|w"});
  CHECK(look.rows("select count(*) from other") == "0\n");
}

TEST_CASE("postgres source: pending rows are those without a result", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(
      "create table t (id int primary key, v text); insert into t values (1, 'a'), (2, 'b'), "
      "(3, 'c'); create table results (activity_id bigint primary key); "
      "insert into results values (2)");
  Reader reader(look, {{"table", "t"},
                       {"pending", Map{{"results", "results"}, {"results_key", "activity_id"}}}});

  CHECK(reader->lines() == Lines{"1|a", "3|c"});
}

TEST_CASE("postgres source: an incremental source resumes behind its cursor, through ties",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  const std::string type = GENERATE("timestamptz", "timestamp", "bigint");
  const std::string one = type == "bigint" ? "1" : "'2024-01-01 00:00:00.000001'";
  const std::string two = type == "bigint" ? "2" : "'2024-01-01 00:00:00.000002'";
  INFO(type);
  look.run("create table t (id int primary key, at " + type + "); create index on t (at, id);" +
           "insert into t values (5, " + one + "), (6, " + one + "), (1, " + two + ")");
  const Map options{{"table", "t"},
                    {"columns", List{"id"}},
                    {"time_zone", "Europe/Berlin"},
                    {"incremental", Map{{"cursor", "at"}, {"key", List{"id"}}}}};
  Reader reader(look, options);
  REQUIRE(reader->plan().message == "");
  REQUIRE(reader->open(reader->splits[0].id).message == "");
  CHECK(reader->next(1).lines() == Lines{"5"});
  const std::string position = reader->position();
  look.run("insert into t values (7, " + two + "), (8, " + one + ")");

  Reader again(look, options);
  REQUIRE(again->plan().message == "");
  REQUIRE(again->open(again->splits[0].id, position).message == "");

  CHECK(again->rest() == Lines{"6", "8", "1", "7"});
}

TEST_CASE("postgres source: rows that are younger than the lag wait", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  const std::string type = GENERATE("timestamptz", "timestamp");
  look.run("set TimeZone = 'Asia/Tokyo'; create table t (id int primary key, at " + type +
           "); create index on t (at, id); insert into t values (1, now() - interval '1 hour'), "
           "(2, now()), (3, now() + interval '1 hour')");
  Reader reader(look, {{"table", "t"},
                       {"columns", List{"id"}},
                       {"time_zone", "Asia/Tokyo"},
                       {"incremental", Map{{"cursor", "at"}, {"lag", "10m"}}}});

  CHECK(reader->lines() == Lines{"1"});
}

TEST_CASE("postgres source: rejected rows are found again, and replayed as they were",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(
      "create table t (id int primary key, v jsonb, b bytea, n numeric(5,2), at timestamptz); "
      "insert into t values (1, '{\"a\": 1}', '\\x00', 1.5, '2024-01-01Z'), "
      "(2, null, null, null, null)");
  Reader reader(look, {{"table", "t"}});
  const Lines expected = reader->lines();
  REQUIRE(reader->open(reader->splits[0].id).message == "");
  REQUIRE(reader->next(2).outcome.message == "");
  std::vector<Record> records;

  REQUIRE(reader->records(reader->splits[0].id, "", {0, 1}, &records).message == "");
  REQUIRE(records.size() == 2);
  REQUIRE(reader->replay(records).message == "");

  CHECK(reader->rest() == expected);
}

TEST_CASE("postgres source: a lane that is closed in the middle leaves the server in peace",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(
      "create table t (id int primary key, v text); "
      "insert into t select i, repeat('x', 1000) from generate_series(1, 20000) i");
  Reader reader(look, {{"table", "t"}});
  REQUIRE(reader->plan().message == "");
  REQUIRE(reader->open(reader->splits[0].id).message == "");
  REQUIRE(reader->next(1).outcome.message == "");

  reader->close();

  REQUIRE(reader->open(reader->splits[0].id).message == "");
  CHECK(reader->next(1).outcome.message == "");
}

}  // namespace chunkmill::postgres
