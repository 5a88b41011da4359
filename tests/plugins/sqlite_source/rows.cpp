// Which rows: queries, conditions, what is pending, what changed; rejects and their replay.
#include <catch2/catch.hpp>

#include "tests/plugins/sqlite_source/fixture.hpp"

namespace chunkmill::sqlite {
namespace {

std::string warnings(const Reader& reader) {
  std::string text;
  for (const auto& line : reader.log()) text += line.text + "\n";
  return text;
}

}  // namespace

TEST_CASE("sqlite source: a query is read in key order and in ranges", "[sqlite]") {
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v REAL);"
      "INSERT INTO t VALUES (1, 1.5), (2, 2.5), (40000, 3.5)");
  Map options = {{"query", "SELECT id, v * 2 AS twice, v\nFROM t -- all of it\nORDER BY id DESC;"},
                 {"key", "id"},
                 {"types", {{"twice", "float"}}}};
  Reader whole(file, options);
  CHECK(whole->lines() == Lines{"1|3|1.5", "2|5|2.5", "40000|7|3.5"});
  CHECK(whole->splits.size() == 1);

  options.emplace_back("split_by", "id");
  Reader ranges(file, options);
  CHECK(ranges->lines() == Lines{"1|3|1.5", "2|5|2.5", "40000|7|3.5"});
  CHECK(ranges->splits.size() == 3);
}

TEST_CASE("sqlite source: a view is read like a table", "[sqlite]") {
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER); INSERT INTO t VALUES (1, 5), (2, 6);"
      "CREATE VIEW w AS SELECT id, v FROM t WHERE v > 5");
  Reader reader(file, {{"table", "w"}, {"key", "id"}});

  CHECK(reader->lines() == Lines{"2|6"});
}

TEST_CASE("sqlite source: a condition holds for every row and cannot break out", "[sqlite]") {
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER); INSERT INTO t VALUES (1, 1), (2, 2), "
      "(3, 3)");
  Reader reader(file, {{"table", "t"}, {"where", "v = 1 OR t.v = 3 -- not 2"}});
  reader->plan().expect_ok();
  reader->open(reader->splits.at(0).id, "[\"1\"]").expect_ok();

  CHECK(reader->rest() == Lines{"3|3"});
}

TEST_CASE("sqlite source: pending rows are those without a result", "[sqlite]") {
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER); INSERT INTO t VALUES (1, 1), (2, 2), "
      "(3, 3)");
  const Map options = {{"table", "t"},
                       {"pending", {{"results", "results"}, {"results_key", "t_id"}}}};
  // The sink makes the table in its first run.
  CHECK(Reader(file, options)->lines() == Lines{"1|1", "2|2", "3|3"});

  file.run(
      "CREATE TABLE results (t_id INTEGER PRIMARY KEY, r REAL); INSERT INTO results VALUES (2, 0)");
  CHECK(Reader(file, options)->lines() == Lines{"1|1", "3|3"});

  file.run("INSERT INTO results VALUES (1, 0), (3, NULL)");
  CHECK(Reader(file, options)->lines().empty());
}

TEST_CASE("sqlite source: a pending run resumes behind its position, results or not", "[sqlite]") {
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER); INSERT INTO t VALUES (1, 1), (2, 2), "
      "(3, 3);"
      "CREATE TABLE results (id INTEGER PRIMARY KEY); INSERT INTO results VALUES (3)");
  Reader reader(file, {{"table", "t"}, {"pending", {{"results", "results"}}}});
  reader->plan().expect_ok();
  reader->open(reader->splits.at(0).id, "[\"1\"]").expect_ok();

  CHECK(reader->rest() == Lines{"2|2"});
}

TEST_CASE("sqlite source: keys of several columns can be pending", "[sqlite]") {
  File file(
      "CREATE TABLE t (a INTEGER NOT NULL, b TEXT NOT NULL, PRIMARY KEY (a, b));"
      "INSERT INTO t VALUES (1, 'x'), (1, 'y'), (2, 'x');"
      "CREATE TABLE results (b TEXT, a INTEGER, PRIMARY KEY (b, a)); INSERT INTO results VALUES "
      "('y', 1)");
  Reader reader(file, {{"table", "t"}, {"pending", {{"results", "results"}}}});

  CHECK(reader->lines() == Lines{"1|x", "2|x"});
  CHECK(warnings(reader).empty());
}

TEST_CASE("sqlite source: an incremental source resumes behind its cursor, through ties",
          "[sqlite]") {
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, at TIMESTAMP NOT NULL); CREATE INDEX i ON t (at, "
      "id);"
      "INSERT INTO t VALUES (5, '2024-01-01 10:00:00'), (1, '2024-01-01 10:00:00'),"
      " (9, '2024-01-01 10:00:00'), (2, '2024-01-01 09:00:00')");
  const Map options = {{"table", "t"}, {"incremental", {{"cursor", "at"}, {"key", "id"}}}};
  Reader reader(file, options);
  reader->plan(4).expect_ok();
  REQUIRE(reader->splits.size() == 1);
  const std::string split = reader->splits[0].id;
  reader->open(split).expect_ok();

  CHECK(reader->next(1).lines() == Lines{"2|2024-01-01T09:00:00Z"});
  const std::string position = reader->position();
  // Behind the key stands what is known of the rows with that value.
  CHECK_THAT(position, Catch::StartsWith("[\"2024-01-01 09:00:00\",\"2\",\"rows:"));
  reader->open(split, position).expect_ok();
  CHECK(reader->rest(1) ==
        Lines{"1|2024-01-01T10:00:00Z", "5|2024-01-01T10:00:00Z", "9|2024-01-01T10:00:00Z"});
  const std::string end = reader->position();

  file.run(
      "INSERT INTO t VALUES (3, '2024-01-02 00:00:00'); UPDATE t SET at = '2024-01-03 00:00:00' "
      "WHERE id = 1");
  Reader later(file, options);
  later->plan().expect_ok();
  later->open(split, end).expect_ok();
  CHECK(later->rest() == Lines{"3|2024-01-02T00:00:00Z", "1|2024-01-03T00:00:00Z"});
  CHECK(later->identity() == reader->identity());
  CHECK(warnings(later).empty());
}

TEST_CASE("sqlite source: rows without a cursor are left out and told of", "[sqlite]") {
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, at TIMESTAMP);"
      "INSERT INTO t VALUES (1, '2024-01-01'), (2, NULL), (3, NULL)");
  Reader reader(file, {{"table", "t"}, {"incremental", {{"cursor", "at"}}}});

  CHECK(reader->lines() == Lines{"1|2024-01-01T00:00:00Z"});
  CHECK_THAT(warnings(reader), Catch::Contains("2 rows have no value (NULL) in \"at\"") &&
                                   Catch::Contains("at = NULL, id = 2") &&
                                   Catch::Contains("coalesce(at, ...)"));
}

TEST_CASE("sqlite source: rows that are younger than the lag wait", "[sqlite]") {
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, at TIMESTAMP NOT NULL); CREATE INDEX i ON t (at);"
      "INSERT INTO t VALUES (1, datetime('now', '-2 hours')), (2, datetime('now', '-30 minutes')),"
      " (3, datetime('now', '-3 hours')), (4, datetime('now', '+1 day'))");
  Reader reader(file, {{"table", "t"},
                       {"columns", List{"id"}},
                       {"incremental", {{"cursor", "at"}, {"lag", "1h"}}}});

  Lines lines = reader->lines();
  std::sort(lines.begin(), lines.end());
  CHECK(lines == Lines{"1", "3"});
}

TEST_CASE("sqlite source: what a finished job does again", "[sqlite]") {
  const auto rerun = [](Map options) {
    SqliteSource source;
    options.emplace_back("path", "x");
    const testing::Value values(std::move(options));
    const cm_options abi = values.abi();
    Options opt(&abi);
    source.configure(opt);
    return source.rerun();
  };
  CHECK(rerun({{"table", "t"}}) == Rerun::kUnknown);
  CHECK(rerun({{"table", "t"}, {"pending", {{"results", "r"}}}}) == Rerun::kAnew);
  CHECK(rerun({{"table", "t"}, {"incremental", {{"cursor", "c"}}}}) == Rerun::kContinue);
}

namespace {
const char* const kMixed =
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a REAL, b BLOB, c TEXT, d DATE, e TIMESTAMP, f "
    "DECIMAL(6,2), g BOOLEAN);"
    "INSERT INTO t VALUES (1, 0.1, X'00ff', 'q\"\\' || char(10), '2024-02-29', '2024-02-29 "
    "12:00:00.5', 12.5, 1), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL), (3, 'bad', X'', '', "
    "'2024-01-01', '2024-01-01', 1, 0), (4, 4, X'01', 'four', '2024-01-04', '2024-01-04', 4, 0)";
}  // namespace

TEST_CASE("sqlite source: rows are found again by their key, and replayed as they were",
          "[sqlite]") {
  File file(kMixed);
  Reader reader(file, {{"table", "t"}});
  reader->plan().expect_ok();
  const std::string split = reader->splits.at(0).id;
  reader->open(split).expect_ok();
  const Read read = reader->next(10);
  const Lines lines = read.lines();
  REQUIRE(lines.size() == 4);

  std::vector<Record> records;
  reader->records(split, "", {0, 1, 3}, &records).expect_ok();
  REQUIRE(records.size() == 3);
  CHECK(records[2].ordinal == 3);
  CHECK(records[2].where == "table \"t\"");
  CHECK(records[1].raw ==
        "{\"id\":2,\"a\":null,\"b\":null,\"c\":null,\"d\":null,\"e\":null,\"f\":null,\"g\":null}");
  reader->replay(records).expect_ok();
  CHECK(reader->rest() == Lines{lines[0], lines[1], lines[3]});

  // What could not be read tells its row by itself, and fails again until it is mended.
  Record bad{0, 0, "", read.bad_rows.at(0).raw};
  reader->replay({bad}).expect_ok();
  CHECK(reader->rest() == Lines{"bad_number@0 a"});
  bad.raw.replace(bad.raw.find("\"bad\""), 5, "7.5");
  reader->replay({bad}).expect_ok();
  CHECK(reader->rest().at(0).starts_with("3|7.5|"));
}

TEST_CASE("sqlite source: rows are found again though others came and went", "[sqlite]") {
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (10, 'a'), (20, 'b'), "
      "(30, 'c'), (40, 'd')");
  Reader reader(file, {{"table", "t"}});
  reader->plan().expect_ok();
  const std::string split = reader->splits.at(0).id;
  reader->open(split).expect_ok();
  reader->next(1).outcome.expect_ok();
  const std::string begin = reader->position();
  reader->next(1).outcome.expect_ok();
  reader->next(2).outcome.expect_ok();
  file.run("INSERT INTO t VALUES (15, 'new'), (25, 'new'); DELETE FROM t WHERE id = 30");

  // One chunk of two batches: the second row of the second one is its third record.
  std::vector<Record> records;
  reader->records(split, begin, {0, 1, 2}, &records).expect_ok();

  REQUIRE(records.size() == 2);
  CHECK(records[0].raw == "{\"id\":20,\"v\":\"b\"}");
  CHECK(records[1].ordinal == 2);
  CHECK(records[1].raw == "{\"id\":40,\"v\":\"d\"}");
}

TEST_CASE("sqlite source: what is committed is forgotten, what is read again is not mixed up",
          "[sqlite]") {
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'a'), (2, 'b'), "
      "(3, 'c')");
  Reader reader(file, {{"table", "t"}});
  reader->plan().expect_ok();
  const std::string split = reader->splits.at(0).id;
  reader->open(split).expect_ok();
  reader->next(1).outcome.expect_ok();
  const std::string first = reader->position();
  reader->next(1).outcome.expect_ok();
  const auto found = [&](const std::string& begin) {
    std::vector<Record> records;
    reader->records(split, begin, {0}, &records).expect_ok();
    return records.empty() ? std::string() : records[0].raw;
  };
  CHECK(found("") == "{\"id\":1,\"v\":\"a\"}");

  reader->committed(first).expect_ok();
  CHECK(found("").empty());
  CHECK(found(first) == "{\"id\":2,\"v\":\"b\"}");

  // The second row goes while a lane that failed is opened again.
  file.run("DELETE FROM t WHERE id = 2");
  reader->open(split, first).expect_ok();
  reader->next(1).outcome.expect_ok();
  CHECK(found(first) == "{\"id\":3,\"v\":\"c\"}");
}

TEST_CASE("sqlite source: a record that is no row is rejected again", "[sqlite]") {
  File file(kMixed);
  Reader reader(file, {{"table", "t"}, {"columns", List{"id", "a", "b"}}});

  reader
      ->replay({{0, 0, "", "nonsense"},
                {1, 0, "", "{\"id\":1,\"a\":2}"},
                {2, 0, "", "{\"id\":1,\"a\":2,\"b\":\"text\"}"},
                {3, 0, "", "{\"id\":1,\"a\":2,\"b\":{\"hex\":\"00\"},\"more\":1}"}})
      .expect_ok();

  const Lines lines = reader->rest();
  REQUIRE(lines.size() == 4);
  CHECK(Lines(lines.begin(), lines.begin() + 3) ==
        Lines{"bad_record@0", "bad_record@0 b", "wrong_type@0 b"});
  CHECK(lines[3].starts_with("1|2|"));
}

TEST_CASE("sqlite source: many rows are found again in a few statements", "[sqlite]") {
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t WITH RECURSIVE n(i) AS "
      "(SELECT "
      "1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i, 'v' || i FROM n");
  Reader reader(file, {{"table", "t"}});
  reader->plan().expect_ok();
  reader->open(reader->splits.at(0).id).expect_ok();
  reader->next(1000).outcome.expect_ok();
  std::vector<uint64_t> ordinals;
  for (uint64_t i = 0; i < 1000; ++i) ordinals.push_back(i);

  std::vector<Record> records;
  reader->records(reader->splits[0].id, "", ordinals, &records).expect_ok();

  REQUIRE(records.size() == 1000);
  for (uint64_t i = 0; i < 1000; ++i) {
    CHECK(records[i].ordinal == i);
    CHECK(records[i].raw.ends_with("\"v" + std::to_string(i + 1) + "\"}"));
  }
}

}  // namespace chunkmill::sqlite
