#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace chunkmill::postgres {
namespace {

std::string types(Reader& reader) {
  Schema schema;
  const Outcome answer = reader->schema(&schema);
  if (!answer.ok()) return answer.message;
  std::string text;
  for (const Field& field : schema.fields)
    text += (text.empty() ? "" : " ") + field.name + ":" + field.type_text();
  return text;
}

constexpr const char* kEveryType =
    "create type mood as enum ('good', 'bad');"
    "create domain positive as int check (value > 0);"
    "create table t (id int primary key, a boolean, b smallint, c bigint, d real, e double "
    "precision, f numeric(20, 4), g text, h varchar(20), i char(3), j json, k jsonb, l uuid, m "
    "mood, n bytea, o date, p timestamptz, q positive, r oid, s name)";

}  // namespace

TEST_CASE("postgres source: every type is read without loss", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(kEveryType);
  look.run(
      "insert into t values (1, true, -7, 9223372036854775807, 0.5, 0.1, -1234567890123456.7800, "
      "'a|\\b', 'ünï', 'x', '{\"a\": 1}', '{\"a\":   1}', "
      "'00000000-0000-0000-0000-00000000000A', 'bad', '\\x00ff', '0044-03-15', "
      "'2024-02-29 12:30:00.000001+02', 5, 4294967295, 'n'); insert into t (id) values (2)");
  Reader reader(look, {{"table", "t"}});

  CHECK(types(reader) ==
        "id:int32 a:bool b:int32 c:int64 d:float e:float f:decimal(20,4) g:string h:string "
        "i:string j:string k:string l:string m:string n:binary o:date p:timestamp q:int32 r:int64 "
        "s:string");
  CHECK(reader->lines() ==
        Lines{std::string("1|true|-7|9223372036854775807|0.5|0.1|-1234567890123456.7800|a|\\b|ünï|"
                          "x|{\"a\": 1}|{\"a\": 1}|00000000-0000-0000-0000-00000000000a|bad|") +
                  std::string("\0\xFF", 2) + "|0044-03-15|2024-02-29T10:30:00.000001Z|5|" +
                  "4294967295|n",
              "2|null|null|null|null|null|null|null|null|null|null|null|null|null|null|null|null|"
              "null|null|null"});
}

TEST_CASE("postgres source: a type that is not carried is refused with the cast to write",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(
      "create table t (id int primary key, a int[], b numeric, c interval, d numeric(50, 2), "
      "e inet, f timestamp)");
  Reader reader(look, {{"table", "t"}});
  Schema schema;

  const Outcome answer = reader->schema(&schema);

  CHECK(answer.code == CM_INVALID);
  CHECK(
      answer.says("column \"a\" (integer[]): this type is not carried; cast it in `query`: "
                  "CAST(a AS text) AS a"));
  CHECK(answer.says("column \"b\" (numeric): it holds any number of digits"));
  CHECK(answer.says("CAST(b AS numeric(38,10)) AS b"));
  CHECK(answer.says("column \"c\" (interval)"));
  CHECK(answer.says("column \"d\" (numeric(50,2)): a decimal has at most 38 digits"));
  CHECK(answer.says("column \"f\" (timestamp without time zone)"));
  CHECK(answer.says("time_zone: UTC"));
  Reader chosen(look, {{"table", "t"}, {"columns", List{"id"}}});
  CHECK(types(chosen) == "id:int32");
  Reader cast(look, {{"query", "select id, a::text, b::numeric(38,10), c::text from t"},
                     {"key", List{"id"}}});
  CHECK(types(cast) == "id:int32 a:string b:decimal(38,10) c:string");
}

TEST_CASE("postgres source: timestamps without a time zone are read in the one that is named",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(
      "create table t (id int, at timestamp, primary key (at, id));"
      "insert into t values (1, '2024-07-01 12:00'), (2, '2024-10-27 02:30'), "
      "(3, '2024-10-27 02:30'), (4, '2024-10-27 01:59:59.999999')");
  Reader utc(look, {{"table", "t"}, {"time_zone", "utc"}});
  Reader berlin(look, {{"table", "t"}, {"time_zone", "Europe/Berlin"}});
  Reader nowhere(look, {{"table", "t"}, {"time_zone", "Nowhere/At_All"}});

  CHECK(utc->lines() == Lines{"1|2024-07-01T12:00:00Z", "4|2024-10-27T01:59:59.999999Z",
                              "2|2024-10-27T02:30:00Z", "3|2024-10-27T02:30:00Z"});
  const Lines in_berlin{"1|2024-07-01T10:00:00Z", "4|2024-10-26T23:59:59.999999Z",
                        "2|2024-10-27T01:30:00Z", "3|2024-10-27T01:30:00Z"};
  CHECK(berlin->lines() == in_berlin);
  // One row at a time, from every position.
  CHECK(berlin->lines(1) == in_berlin);
  REQUIRE(berlin->plan().message == "");
  std::vector<std::string> all;
  std::string position;
  for (const Split& split : berlin->splits) {
    position.clear();
    while (true) {
      REQUIRE(berlin->open(split.id, position).message == "");
      const Read read = berlin->next(1);
      if (read.outcome.code == CM_END) break;
      for (const std::string& line : read.lines()) all.push_back(line);
      position = berlin->position();
    }
  }
  CHECK(all == in_berlin);
  Schema schema;
  const Outcome answer = nowhere->schema(&schema);
  CHECK(answer.code == CM_INVALID);
  CHECK(answer.where == "time_zone");
}

TEST_CASE("postgres source: values that do not fit are rejects with their row", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(
      "create table t (id int primary key, f double precision, d date, t timestamptz, n "
      "numeric(5,2));"
      "insert into t values (1, 'nan', null, null, null), (2, null, 'infinity', null, null), "
      "(3, null, null, '-infinity', null), (4, null, null, null, 'nan'), "
      "(5, 1, '2024-01-01', '2024-01-01Z', 1)");
  Reader reader(look, {{"table", "t"}});
  REQUIRE(reader->plan().message == "");
  REQUIRE(reader->open(reader->splits[0].id).message == "");

  const Read read = reader->next(100);

  CHECK(read.lines() == Lines{"not_a_number@0 f", "date_out_of_range@0 d", "date_out_of_range@0 t",
                              "not_a_number@0 n", "5|1|2024-01-01|2024-01-01T00:00:00Z|1.00"});
  REQUIRE(read.bad_rows.size() == 4);
  CHECK(read.bad_rows[0].raw.find("\"f\":\"NaN\"") != std::string::npos);
}

TEST_CASE("postgres source: only the columns that are asked for are read, and widened",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(
      "create table t (id int primary key, a smallint, b text); "
      "insert into t values (1, 2, 'x')");
  Reader reader(look, {{"table", "t"}});
  Schema schema;
  REQUIRE(reader->schema(&schema).message == "");

  REQUIRE(reader->select(Schema{{Field{"a", Type::kInt64}}}).message == "");

  CHECK(reader->lines() == Lines{"2"});
}

TEST_CASE("postgres source: a real is the shortest decimal that means it", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(
      "create table t (id int primary key, r real); insert into t values (1, 0.1), (2, 1234.56), "
      "(3, 16777216), (4, 1e-45)");
  Reader reader(look, {{"table", "t"}});

  CHECK(reader->lines() == Lines{"1|0.1", "2|1234.56", "3|16777216", "4|1e-45"});
}

}  // namespace chunkmill::postgres
