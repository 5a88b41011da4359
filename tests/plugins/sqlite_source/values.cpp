// Types of columns, and values that are of another.
#include <catch2/catch.hpp>

#include "tests/plugins/sqlite_source/fixture.hpp"

namespace chunkmill::sqlite {
namespace {

std::string types_of(const File& file, Map options) {
  Reader reader(file, std::move(options));
  Schema schema;
  reader->schema(&schema).expect_ok();
  std::string text;
  for (const Field& field : schema.fields)
    text += (text.empty() ? "" : ", ") + field.name + " " + field.type_text();
  return text;
}

}  // namespace

TEST_CASE("sqlite source: declared types", "[sqlite]") {
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a BIGINT, b DOUBLE PRECISION, c VARCHAR(20), d "
      "BLOB, "
      "e BOOLEAN, f DATE, g TIMESTAMP WITH TIME ZONE, h DATETIME, i DECIMAL(18, 4), j NUMERIC(9), "
      "k NUMERIC, l JSON, m uuid, n TIME, o FLOAT)");

  CHECK(types_of(file, {{"table", "t"}}) ==
        "id int64, a int64, b float, c string, d binary, e bool, f date, g timestamp, h timestamp, "
        "i decimal(18,4), j decimal(9,0), k float, l string, m string, n string, o float");
}

TEST_CASE("sqlite source: a column without a declared type must be given one", "[sqlite]") {
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b GEOMETRY);"
      "INSERT INTO t VALUES (1, 1.5, X'00'), (2, 1, X'01')");

  const Outcome outcome = first_fault(file, {{"table", "t"}});
  CHECK(outcome.code == CM_INVALID);
  CHECK(outcome.where == "table");
  CHECK(outcome.says("column \"a\" (of no type)"));
  CHECK(outcome.says("`types: {a: float}`"));
  CHECK(outcome.says("column \"b\" (GEOMETRY)"));
  CHECK(outcome.says("`types: {b: binary}`"));
  CHECK(first_fault(file, {{"table", "t"}, {"columns", List{"id"}}}).ok());
  CHECK(types_of(file, {{"table", "t"}, {"types", {{"a", "decimal(9,2)"}, {"b", "binary"}}}}) ==
        "id int64, a decimal(9,2), b binary");
}

TEST_CASE("sqlite source: every type is read", "[sqlite]") {
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, b REAL, c TEXT, d BLOB, e BOOLEAN, f DATE, g "
      "TIMESTAMP, i DECIMAL(18,4));"
      "INSERT INTO t VALUES (-7, 0.1, 'h\xC3\xA9llo', X'00ff', 1, '2024-02-29', '2024-02-29 "
      "12:30:00.25', '12.5'), (9223372036854775807, -1e300, '', X'', 0, '0001-01-01', "
      "'2024-02-29T12:30:00+02:00', 7), (1, NULL, NULL, NULL, NULL, NULL, NULL, NULL)");
  Reader reader(file, {{"table", "t"}});
  reader->plan(0).expect_ok();
  reader->open(reader->splits.at(0).id).expect_ok();

  const Lines lines = reader->rest();
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].starts_with("-7|0.1|h\xC3\xA9llo|"));
  CHECK(lines[0].ends_with("|true|2024-02-29|2024-02-29T12:30:00.250000Z|12.5000"));
  CHECK(lines[1] == "1|null|null|null|null|null|null|null");
  CHECK(lines[2].ends_with("|false|0001-01-01|2024-02-29T10:30:00Z|7.0000"));
}

TEST_CASE("sqlite source: a value that is not its column's is a reject with its row", "[sqlite]") {
  struct Case {
    std::string declared, value, code;
  };
  const auto [declared, value, code] = GENERATE(values<Case>({
      {"INTEGER", "'abc'", "bad_number"},
      {"INTEGER", "1.5", "number_out_of_range"},
      {"INTEGER", "1e300", "number_out_of_range"},
      {"INTEGER", "X'01'", "wrong_type"},
      {"REAL", "'n/a'", "bad_number"},
      {"REAL", "9e999", "not_a_number"},
      {"TEXT", "X'41'", "wrong_type"},
      {"TEXT", "CAST(X'ff41' AS TEXT)", "bad_utf8"},
      {"BLOB", "'text'", "wrong_type"},
      {"BOOLEAN", "2", "bad_bool"},
      {"BOOLEAN", "'maybe'", "bad_bool"},
      {"DATE", "'2024-02-30'", "date_out_of_range"},
      {"DATE", "'yesterday'", "bad_date"},
      {"DATE", "19000", "wrong_type"},
      {"TIMESTAMP", "1700000000", "wrong_type"},
      {"TIMESTAMP", "'10:30'", "bad_timestamp"},
      {"DECIMAL(4,1)", "1.25", "too_precise"},
      {"DECIMAL(4,1)", "12345", "number_out_of_range"},
      {"DECIMAL(4,1)", "'x'", "bad_number"},
  }));
  INFO(declared << " holding " << value);
  File file("CREATE TABLE t (id INTEGER PRIMARY KEY, v " + declared +
            "); INSERT INTO t VALUES (1, NULL), (2, " + value + "), (3, NULL)");
  Reader reader(file, {{"table", "t"}});
  reader->plan().expect_ok();
  reader->open(reader->splits.at(0).id).expect_ok();

  const Read read = reader->next(100);

  CHECK(read.lines() == Lines{"1|null", code + "@0 v", "3|null"});
  REQUIRE(read.bad_rows.size() == 1);
  const BadRow& bad = read.bad_rows[0];
  CHECK(bad.message.find("(id = 2)") != std::string::npos);
  CHECK(bad.where == "table \"t\"");
  CHECK(bad.raw.starts_with("{\"id\":2,\"v\":"));
  CHECK(reader->position() == "[\"3\"]");
}

TEST_CASE("sqlite source: a bad value that ends a batch is not read again", "[sqlite]") {
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER);"
      "INSERT INTO t VALUES (1, 1), (2, 'x'), (3, 'y'), (4, 4)");
  Reader reader(file, {{"table", "t"}});
  reader->plan().expect_ok();
  reader->open(reader->splits.at(0).id).expect_ok();

  reader->next(2).outcome.expect_ok();
  CHECK(reader->position() == "[\"2\"]");
  CHECK(reader->next(1).lines() == Lines{"bad_number@0 v"});
  CHECK(reader->rest() == Lines{"4|4"});
}

TEST_CASE("sqlite source: a key that cannot be read stops, and says which", "[sqlite]") {
  File file(
      "CREATE TABLE t (k TEXT NOT NULL UNIQUE, v TEXT); INSERT INTO t VALUES ('a', 'a'), (X'41', "
      "'b')");
  Reader reader(file, {{"table", "t"}, {"key", "k"}});
  reader->plan().expect_ok();
  reader->open(reader->splits.at(0).id).expect_ok();

  const Read read = reader->next(100);

  CHECK(read.outcome.code == CM_INVALID);
  CHECK(read.outcome.says("\"k\", which orders the rows"));
}

TEST_CASE("sqlite source: what is no number cuts no ranges", "[sqlite]") {
  File file("CREATE TABLE t (k INTEGER NOT NULL UNIQUE); INSERT INTO t VALUES (1), ('x')");

  CHECK(first_fault(file, {{"table", "t"}, {"key", "k"}}).says("holds \"x\", which is no int64"));
}

TEST_CASE("sqlite source: only the columns that are wanted are read", "[sqlite]") {
  // A column that is not wanted may hold anything.
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c REAL);"
      "INSERT INTO t VALUES (1, 'bad', 'x', 1.5), (2, 'worse', 'y', 2)");
  Reader reader(file, {{"table", "t"}});
  Schema wanted{{{"c", Type::kFloat64}, {"b", Type::kUtf8}}};

  reader->select(wanted).expect_ok();

  CHECK(reader->lines() == Lines{"1.5|x", "2|y"});
}

TEST_CASE("sqlite source: columns are given as wanted where that changes no value", "[sqlite]") {
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, g TIMESTAMP);"
      "INSERT INTO t VALUES (1, 5, '2.50', '2024-01-01'), (2, 9007199254740993, 'x', NULL)");
  Reader reader(file, {{"table", "t"}});
  Field price{"b", Type::kDecimal128};
  price.precision = 9;
  price.scale = 2;

  reader->select({{{"a", Type::kFloat64}, price}}).expect_ok();
  CHECK(reader->lines() == Lines{"5|2.50", "number_out_of_range@0 a"});
  // The host writes timestamps in a form of its own.
  CHECK(reader->select({{{"g", Type::kUtf8}}}).code == CM_UNSUPPORTED);
}

TEST_CASE("sqlite source: text of a UTF-16 file is read as UTF-8", "[sqlite]") {
  File file;
  const std::string path = file.path() + "16";
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  REQUIRE(sqlite3_exec(db,
                       "PRAGMA encoding = 'UTF-16'; CREATE TABLE t (k TEXT PRIMARY KEY NOT NULL);"
                       "INSERT INTO t VALUES ('h\xC3\xA9llo'), ('w')",
                       nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
  SourceRun source(testing::source_api<SqliteSource>(), {{"path", path}, {"table", "t"}});

  CHECK(source.lines(1) == Lines{"h\xC3\xA9llo", "w"});
}

}  // namespace chunkmill::sqlite
