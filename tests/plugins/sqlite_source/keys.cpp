// Reading in key order, by ranges, and resuming from a position.
#include <catch2/catch.hpp>

#include "tests/plugins/sqlite_source/fixture.hpp"

namespace chunkmill::sqlite {
namespace {

// Every position of a split gives the rows that are left, whatever the batches.
void goes_on_everywhere(Reader& reader, const std::string& split) {
  reader->open(split).expect_ok();
  const Lines whole = reader->rest();
  reader->open(split).expect_ok();
  std::vector<std::string> positions = {reader->position()};
  while (reader->next(1).outcome.ok()) positions.push_back(reader->position());
  REQUIRE(positions.size() == whole.size() + 1);
  for (size_t i = 0; i < positions.size(); ++i) {
    INFO("from " << positions[i]);
    reader->open(split, positions[i]).expect_ok();
    CHECK(reader->rest(3) == Lines(whole.begin() + static_cast<std::ptrdiff_t>(i), whole.end()));
  }
}

std::string numbers(const std::string& table, int64_t count) {
  return "INSERT INTO " + table +
         " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n " + "WHERE i < " +
         std::to_string(count) + ") SELECT i, 'row ' || i FROM n;";
}

}  // namespace

TEST_CASE("sqlite source: a table is read in the order of its primary key", "[sqlite]") {
  File file(
      "CREATE TABLE t (name TEXT, id INTEGER PRIMARY KEY);"
      "INSERT INTO t (id, name) VALUES (3, 'c'), (1, 'a'), (2, NULL)");
  Reader reader(file, {{"table", "t"}});

  CHECK(reader->lines() == Lines{"a|1", "null|2", "c|3"});
}

TEST_CASE("sqlite source: each kind of key resumes from every position", "[sqlite]") {
  const auto [definition, rows] = GENERATE(table<std::string, std::string>(
      {{"k INTEGER NOT NULL", "(-5), (0), (9223372036854775807), (-9223372036854775808)"},
       {"k TEXT NOT NULL",
        "('a'), (''), ('O''Brien'), ('\xC3\xA9'), ('%_\\ \"'), ('a' || char(0) || 'b')"},
       {"k TEXT NOT NULL COLLATE NOCASE", "('b'), ('A'), ('C'), ('a b')"},
       {"k BLOB NOT NULL", "(X''), (X'00'), (X'00ff'), (X'27')"},
       {"k DATE NOT NULL", "('2024-02-29'), ('0001-01-01'), ('1969-12-31')"},
       {"k TIMESTAMP NOT NULL",
        "('2024-01-01 10:00:00'), ('2024-01-01T09:00:00Z'), ('2024-01-01'), "
        "('2024-01-01 10:00:00.25')"},
       {"k DECIMAL(10,0) NOT NULL", "(5), (-3), (12)"}}));
  INFO(definition);
  File file("CREATE TABLE t (" + definition + " PRIMARY KEY); INSERT INTO t VALUES " + rows);
  Reader reader(file, {{"table", "t"}});
  reader->plan(0).expect_ok();

  goes_on_everywhere(reader, reader->splits.at(0).id);
}

TEST_CASE("sqlite source: keys of several columns resume from every position", "[sqlite]") {
  File file(
      "CREATE TABLE t (v REAL, b INTEGER NOT NULL, a TEXT NOT NULL, PRIMARY KEY (a, b)) WITHOUT "
      "ROWID; INSERT INTO t VALUES (1, 1, 'x'), (2, 2, 'x'), (3, 1, 'y'), (4, 7, ''), (5, 2, 'y')");
  Reader reader(file, {{"table", "t"}});
  reader->plan(2).expect_ok();

  REQUIRE(reader->splits.size() == 1);
  CHECK(reader->lines() == Lines{"4|7|", "1|1|x", "2|2|x", "3|1|y", "5|2|y"});
  goes_on_everywhere(reader, reader->splits[0].id);
}

TEST_CASE("sqlite source: hostile names of tables and columns", "[sqlite]") {
  File file(
      "CREATE TABLE \"t\"\"; DROP TABLE other; --\" (\"select\" TEXT, \"a\"\"b'c\" INTEGER PRIMARY "
      "KEY); INSERT INTO \"t\"\"; DROP TABLE other; --\" VALUES ('x', 1), ('y', 2);"
      "CREATE TABLE other (id INTEGER PRIMARY KEY)");
  Reader reader(file, {{"table", "t\"; DROP TABLE other; --"}});

  CHECK(reader->lines() == Lines{"x|1", "y|2"});
  goes_on_everywhere(reader, reader->splits.at(0).id);
  CHECK(first_fault(file, {{"table", "other"}}).ok());
}

TEST_CASE("sqlite source: ranges cover all rows once, whatever the number of readers", "[sqlite]") {
  File file("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);" + numbers("t", 40'000));
  Reader reader(file, {{"table", "t"}});

  reader->plan(1).expect_ok();
  const Lines ids = {reader->splits.at(0).id, reader->splits.at(1).id, reader->splits.at(2).id};
  CHECK(ids == Lines{"id [0, 16384)", "id [16384, 32768)", "id [32768, 49152)"});
  CHECK(reader->splits.size() == 3);
  const Lines in_ranges = reader->lines(1000, 8);
  reader->plan(0).expect_ok();
  REQUIRE(reader->splits.size() == 1);
  reader->open(reader->splits[0].id).expect_ok();
  CHECK(in_ranges == reader->rest());
  CHECK(in_ranges.size() == 40'000);
}

TEST_CASE("sqlite source: ranges of dates and timestamps cover rows of every form", "[sqlite]") {
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, day DATE NOT NULL, at TIMESTAMP NOT NULL);"
      "INSERT INTO t VALUES (1, '2024-01-01', '2024-01-01'), (2, '2024-01-01', "
      "'2024-01-01T00:00:00Z'),"
      "(3, '2024-03-05', '2023-12-31 23:59:59.5'), (4, '2020-02-29', '2024-01-01T01:00:00+05:00')");
  const std::string column = GENERATE("day", "at");
  Reader reader(file, {{"table", "t"}, {"split_by", column}, {"columns", List{"id"}}});

  Lines lines = reader->lines();
  CHECK(reader->splits.size() > 1);
  std::sort(lines.begin(), lines.end());
  CHECK(lines == Lines{"1", "2", "3", "4"});
  for (const Split& split : std::vector<Split>(reader->splits))
    goes_on_everywhere(reader, split.id);
}

TEST_CASE("sqlite source: rows that arrive in a range are read, and new ranges are new splits",
          "[sqlite]") {
  File file("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);" + numbers("t", 10));
  Reader before(file, {{"table", "t"}});
  before->plan().expect_ok();
  REQUIRE(before->splits.size() == 1);
  const std::string identity = before->identity();

  file.run("INSERT INTO t VALUES (16000, 'late'), (20000, 'later')");
  Reader after(file, {{"table", "t"}});
  after->plan().expect_ok();

  CHECK(after->identity() == identity);
  REQUIRE(after->splits.size() == 2);
  CHECK(after->splits[0].id == before->splits[0].id);
  before->open(before->splits[0].id).expect_ok();
  CHECK(before->rest().size() == 11);
  after->open(after->splits[1].id).expect_ok();
  CHECK(after->rest() == Lines{"20000|later"});
}

TEST_CASE("sqlite source: another width is another identity, and the given one stays", "[sqlite]") {
  File file("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO t VALUES (1, 'a')");
  Reader before(file, {{"table", "t"}});
  Reader fixed(file, {{"table", "t"}, {"split_width", 65536}});
  const std::string identity = before->identity();
  const std::string fixed_identity = fixed->identity();

  file.run("INSERT INTO t VALUES (5000000, 'z')");

  CHECK(Reader(file, {{"table", "t"}})->identity() != identity);
  CHECK(Reader(file, {{"table", "t"}, {"split_width", 65536}})->identity() == fixed_identity);
}

TEST_CASE("sqlite source: pages read what one SELECT reads", "[sqlite]") {
  File file("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);" + numbers("t", 100));
  Reader whole(file, {{"table", "t"}});
  const uint64_t rows = GENERATE(1, 7, 50, 100, 1000);
  Reader paged(file, {{"table", "t"}, {"page_rows", rows}});

  CHECK(paged->lines(30) == whole->lines(30));
  goes_on_everywhere(paged, paged->splits.at(0).id);
}

TEST_CASE("sqlite source: a lane reads the rows of its first moment, pages those of theirs",
          "[sqlite]") {
  File file("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);" + numbers("t", 4));
  const bool paged = GENERATE(false, true);
  Reader reader(file, {{"table", "t"}, {"page_rows", paged ? 2 : 0}});
  reader->plan().expect_ok();
  reader->open(reader->splits.at(0).id).expect_ok();
  reader->next(2).outcome.expect_ok();

  file.run("INSERT INTO t VALUES (5, 'new'); DELETE FROM t WHERE id = 3");

  CHECK(reader->rest() == (paged ? Lines{"4|row 4", "5|new"} : Lines{"3|row 3", "4|row 4"}));
}

TEST_CASE("sqlite source: an empty table has no rows and keeps its ids", "[sqlite]") {
  File file("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)");
  Reader reader(file, {{"table", "t"}});

  CHECK(reader->lines().empty());
  CHECK(reader->splits.at(0).id == "id [0, 16384)");
}

TEST_CASE("sqlite source: a limit of bytes ends a batch early", "[sqlite]") {
  File file("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);" + numbers("t", 100));
  Reader reader(file, {{"table", "t"}});
  reader->plan().expect_ok();
  reader->open(reader->splits.at(0).id).expect_ok();

  const Read read = reader->next(1000, 100);

  CHECK(read.rows->row_count() < 20);
  CHECK(reader->rest().size() == 100 - static_cast<size_t>(read.rows->row_count()));
}

}  // namespace chunkmill::sqlite
