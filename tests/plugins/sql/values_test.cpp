// Types of results, and values that do not fit.
#include <catch2/catch.hpp>

#include "tests/plugins/sql/select_run.hpp"

TEST_CASE("sql: an unchanged column keeps its type, its unit and every digit", "[sql]") {
  SelectRun run("SELECT flag, day, at, price, raw FROM chunk");

  run.feed(
      "flag:bool,day:date,at:timestamp,price:decimal(38,2),raw:binary;"
      "true,2024-02-29,2024-02-29T12:30:00Z,123456789012345678901234567890123456.78,xyz; ,,,,");

  CHECK(run.lines() ==
        Lines{"true|2024-02-29|2024-02-29T12:30:00Z|123456789012345678901234567890123456.78|xyz",
              "null|null|null|null|null"});
  CHECK(run.type("price") == "decimal(38,2)");
}

TEST_CASE("sql: the type of an expression is seen from its shape", "[sql]") {
  SelectRun run(
      "SELECT i + 1 AS a, i * x AS b, i || s AS c, i > 1 AS d, CAST(i AS TEXT) AS e, 'x' AS f, "
      "number(s) AS g, CASE WHEN i = 1 THEN i ELSE x END AS h, coalesce(s, 'none') AS j, "
      "length(s) AS k, date(t) AS l, -x AS m, (i + i) % 2 AS n, round(x, 1) AS o, "
      "p * 2 AS q, iif(i = 1, s, NULL) AS r, (SELECT i) AS u, NOT b AS v, t AS w FROM chunk");

  run.feed("i:int64,x:float,s,t:date,b:bool,p:decimal(9,2); 1,2.25,3,2024-05-06,true,1.25");

  CHECK(run.lines() ==
        Lines{"2|2.25|13|false|1|x|3|1|3|1|2024-05-06|-2.25|0|2.3|2.5|3|1|false|2024-05-06"});
  std::string types;
  for (const auto& field : run.run.streams[0].schema.fields) types += field.type_text() + " ";
  CHECK(types ==
        "int64 float string bool string string float float string int64 date float int64 float "
        "float string int64 bool date ");
}

TEST_CASE("sql: types says what the statement does not show", "[sql]") {
  SelectRun run("SELECT json_extract(j, '$.x') AS x, id AS id FROM chunk", {},
                {{"types", {{"x", "decimal(5,2)"}, {"id", "int32"}}}, {"units", {{"x", "km"}}}});

  run.feed("id,j; 7,'{\"x\":1.5}'; 8,'{}'");

  CHECK(run.lines() == Lines{"1.50|7", "null|8"});
  CHECK(run.type("id") == "int32");
  CHECK(run.run.streams[0].schema[0].unit == "km");
}

TEST_CASE("sql: a value that does not fit its type is a reject, and its row has no results",
          "[sql]") {
  SelectRun run("SELECT id, x AS whole, s AS day FROM chunk", {},
                {{"types", {{"whole", "int32"}, {"day", "date"}}}});

  run.feed(
      "id:int64,x:float,s; 1,5,2024-01-31; 2,5.5,2024-01-31; 3,3e9,2024-01-31; 4,6,2024-02-30;"
      "5,7,2024-02-01");

  CHECK(run.lines() == Lines{"1|5|2024-01-31", "5|7|2024-02-01"});
  CHECK(run.run.reject_codes() == "number_out_of_range number_out_of_range date_out_of_range");
  CHECK(run.run.rejects[0].row == 1);
  CHECK(run.run.rejects[0].column == "whole");
  CHECK(run.run.rejects[0].message == "\"whole\": \"5.5\" does not fit into int32");
}

TEST_CASE("sql: of a row with several results none is left when one of them does not fit",
          "[sql]") {
  SelectRun run("SELECT id, f.value FROM chunk JOIN f USING (code)",
                {{"f", "code,value; A,1; A,x; A,3; B,4"}}, {{"types", {{"value", "float"}}}});

  run.feed("id,code; 1,B; 2,A; 3,B");

  CHECK(run.lines() == Lines{"1|4", "3|4"});
  CHECK(run.run.reject_codes() == "bad_number");
  CHECK(run.run.rejects[0].row == 1);
}

TEST_CASE("sql: number() takes the whole of a text for a number, or rejects its row", "[sql]") {
  SelectRun run("SELECT number(s, ',') AS x FROM chunk");

  run.feed(
      "s; 1.5; '1,234'; '-1,234,567.5'; 12A; '1,23'; ''; null; '12,34,567'; nan; ' 5'; 1e3;"
      "',123'");

  CHECK(run.lines() == Lines{"1.5", "1234", "-1234567.5", "null", "1000"});
  CHECK(run.run.reject_codes() ==
        "bad_number bad_number bad_number bad_number not_a_number bad_number bad_number");
  CHECK(run.run.rejects[0].message == "\"12A\" is no number");
}

TEST_CASE("sql: a text that is no number is told with the column that it stands in", "[sql]") {
  SelectRun run("SELECT number(a) + number(b) AS x FROM chunk");

  run.feed("a,b; 1,2; 1,x; y,y; z,1");

  CHECK(run.lines() == Lines{"3"});
  REQUIRE(run.run.rejects.size() == 3);
  CHECK(run.run.rejects[0].column == "b");
  CHECK(run.run.rejects[1].column == "");  // which of both cannot be said
  CHECK(run.run.rejects[2].column == "a");
}

TEST_CASE("sql: number() without a separator takes no thousands", "[sql]") {
  SelectRun run("SELECT number(s) AS x FROM chunk");

  run.feed("s; 7; '1,234'");

  CHECK(run.lines() == Lines{"7"});
  CHECK(run.run.reject_codes() == "bad_number");
}

TEST_CASE("sql: a decimal that is calculated with has at most 15 digits", "[sql]") {
  SelectRun run("SELECT p * 1 AS x FROM chunk");

  run.feed("p:decimal(20,2); 1234567890123.45; 12345678901234.56; 0.10");

  CHECK(run.lines() == Lines{"1234567890123.45", "0.1"});
  CHECK(run.run.reject_codes() == "number_out_of_range");
  CHECK(run.run.rejects[0].column == "p");
}

TEST_CASE("sql: NaN that is calculated with is a reject", "[sql]") {
  SelectRun run("SELECT x + 1 AS y FROM chunk");

  run.feed("x:float; 1; nan; 3");

  CHECK(run.lines() == Lines{"2", "4"});
  CHECK(run.run.reject_codes() == "not_a_number");
}

TEST_CASE("sql: an infinite result is a reject", "[sql]") {
  SelectRun run("SELECT x * 1e308 AS y FROM chunk");

  run.feed("x:float; 1; 100");

  CHECK(run.lines() == Lines{"1e+308"});
  CHECK(run.run.reject_codes() == "number_out_of_range");
}

TEST_CASE("sql: an error of SQLite is the reject of the row that it is about", "[sql]") {
  SelectRun run("SELECT id, json_extract(j, '$.x') AS x FROM chunk", {},
                {{"types", {{"x", "int64"}}}});

  run.feed("id,j; 1,'{\"x\":5}'; 2,'{'; 3,'{\"x\":6}'");

  CHECK(run.lines() == Lines{"1|5", "3|6"});
  CHECK(run.run.reject_codes() == "sql_error");
  CHECK(run.run.rejects[0].row == 1);
  CHECK(run.run.rejects[0].message == "malformed JSON");
}

TEST_CASE("sql: a value of a lookup that cannot be read is the reject of the row that reads it",
          "[sql]") {
  SelectRun run("SELECT id, number(f.value) AS x FROM chunk JOIN f USING (code)",
                {{"f", "code,value; A,1; B,x"}});

  run.feed("id,code; 1,A; 2,B; 3,A");

  CHECK(run.lines() == Lines{"1|1", "3|1"});
  CHECK(run.run.reject_codes() == "bad_number");
}

TEST_CASE("sql: a text that is not a date is a reject, and null stays null", "[sql]") {
  SelectRun run("SELECT id, date(s) AS d, strftime('%Y', s) AS y FROM chunk");

  run.feed(
      "id,s; 1,2024-01-31; 2,31.12.2024; 3,2024-1-5; 4,; 5,now; 6,2024-02-30; 7,2024; 8,12:30; "
      "9,2024-02-29 23:59:59");

  CHECK(run.lines() == Lines{"1|2024-01-31|2024", "4|null|null", "9|2024-02-29|2024"});
  CHECK(run.run.reject_codes() == "bad_date bad_date bad_date bad_date bad_date bad_date");
  CHECK(run.run.rejects[0].message ==
        "date(): \"31.12.2024\" is not a date or a time like 2024-02-29 or 2024-02-29 12:30:00");
  CHECK(run.run.rejects[0].column == "s");
  CHECK(run.run.rejects[3].message == "date(): \"2024-02-30\" is a day that does not exist");
  CHECK(run.run.rejects[5].message == "date(): \"12:30\" is a time without a day");
}

TEST_CASE("sql: every date function, and modifiers of a column, reject what they cannot read",
          "[sql]") {
  for (const char* const call : {"date(s, m)", "time(s, m)", "datetime(s, m)", "julianday(s, m)",
                                 "unixepoch(s, m)", "strftime('%Y', s, m)"}) {
    INFO(call);
    SelectRun run(std::string("SELECT id, ") + call + " IS NULL AS n FROM chunk");
    run.feed("id,s,m; 1,2024-01-31,+1 day; 2,2024-01-31,+1 dya; 3,tomorrow,+1 day; 4,2024-01-31,");
    CHECK(run.lines() == Lines{"1|false", "4|true"});
    CHECK(run.run.reject_codes() == "bad_date bad_date");
  }
}

TEST_CASE("sql: what the README leaves to SQL is as it says", "[sql]") {
  SelectRun run(
      "SELECT x / y AS q, x % y AS r, ln(y) AS l, s || NULL AS j, substr(x, 1, 2) AS part, "
      "x / 2 AS half FROM chunk");

  run.feed("x:int64,y:int64,s; 127,0,abc");

  CHECK(run.lines() == Lines{"null|null|null|null|12|63"});
}

TEST_CASE("sql: a result beyond its type is a reject", "[sql]") {
  SelectRun run("SELECT x + 1 AS a, 1e308 * x AS b FROM chunk");

  run.feed("x:int64; 9223372036854775807; 100; 1");

  CHECK(run.lines() == Lines{"2|1e+308"});
  CHECK(run.run.reject_codes() == "number_out_of_range number_out_of_range");
}

TEST_CASE("sql: seconds are times where a modifier says so", "[sql]") {
  SelectRun run(
      "SELECT datetime(s, 'unixepoch') AS a, datetime(n, 'unixepoch') AS b, date(j) AS c FROM "
      "chunk");

  run.feed("s,n:int64,j:float; 1706659200,1706659200,2460340.5");

  CHECK(run.lines() == Lines{"2024-01-31T00:00:00Z|2024-01-31T00:00:00Z|2024-01-31"});
}

TEST_CASE("sql: types are seen through the names that inner queries give", "[sql]") {
  SelectRun run(
      "WITH a AS (SELECT number(x) * 2 AS twice, upper(s) AS name, day AS t FROM chunk), "
      "b AS (SELECT *, 'one' AS kind FROM a UNION ALL SELECT *, 'two' FROM a) "
      "SELECT twice + 1 AS y, name || '!' AS name, kind, t AS t FROM b");

  run.feed("x,s,day:date; 5,abc,2024-02-29");

  CHECK(run.lines() == Lines{"11|ABC!|one|2024-02-29", "11|ABC!|two|2024-02-29"});
  CHECK(run.type("y") == "float");
  CHECK(run.type("t") == "date");
}
