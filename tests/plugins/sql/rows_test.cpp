// What comes out of a statement, and from which row.
#include <catch2/catch.hpp>

#include "tests/plugins/sql/select_run.hpp"

namespace {
const std::string kSpend = "id:int64,code,spend:float; 1,A,10; 2,B,20; 3,A,; 4,C,40";
}

TEST_CASE("sql: columns are renamed, derived and left out", "[sql]") {
  SelectRun run("SELECT id AS number, spend * 2 AS twice, upper(code) || '!' AS name FROM chunk");

  run.feed(kSpend);

  CHECK(run.lines() == Lines{"1|20|A!", "2|40|B!", "3|null|A!", "4|80|C!"});
  CHECK(run.run.parents() == std::vector<int64_t>{0, 1, 2, 3});
}

TEST_CASE("sql: rows that WHERE does not keep have no results", "[sql]") {
  SelectRun run("SELECT id FROM chunk WHERE code = 'A'");

  run.feed(kSpend);

  CHECK(run.lines() == Lines{"1", "3"});
  CHECK(run.run.parents() == std::vector<int64_t>{0, 2});
  CHECK(run.run.rejects.empty());
}

TEST_CASE("sql: a join gives as many results as there are matches, each with its row as parent",
          "[sql]") {
  SelectRun run("SELECT c.id, f.value * c.spend AS kg FROM chunk c JOIN factors f USING (code)",
                {{"factors", "code,value:float; A,0.5; B,2; B,3; D,4"}});

  run.feed(kSpend, 3);

  CHECK(run.lines() == Lines{"1|5", "2|40", "2|60", "3|null"});
  CHECK(run.run.parents() == std::vector<int64_t>{0, 1, 1, 2});
}

TEST_CASE("sql: a left join keeps rows without a match", "[sql]") {
  SelectRun run("SELECT id, f.name FROM chunk LEFT JOIN f ON f.code = chunk.code",
                {{"f", "code,name; A,alpha"}});

  run.feed(kSpend);

  CHECK(run.lines() == Lines{"1|alpha", "2|null", "3|alpha", "4|null"});
}

TEST_CASE("sql: UNION ALL turns columns into rows, next to each other", "[sql]") {
  SelectRun run(
      "SELECT id, 'CO2' AS gas, co2 AS kg FROM chunk UNION ALL "
      "SELECT id, 'CH4', ch4 FROM chunk WHERE ch4 IS NOT NULL");

  run.feed("id,co2:float,ch4:float; A,1,2; B,3,");

  CHECK(run.lines() == Lines{"A|CO2|1", "A|CH4|2", "B|CO2|3"});
  CHECK(run.run.parents() == std::vector<int64_t>{0, 0, 1});
}

TEST_CASE("sql: the best match of a lookup is the first by ORDER BY and LIMIT, for each row",
          "[sql]") {
  SelectRun run(
      "SELECT id, f.year FROM chunk JOIN f ON f.code = chunk.code ORDER BY f.year DESC LIMIT 1",
      {{"f", "code,year:int64; A,2021; A,2024; B,2020"}});

  run.feed(kSpend);

  CHECK(run.lines() == Lines{"1|2024", "2|2020", "3|2024"});
}

TEST_CASE("sql: rows of a lookup are summed up in a query of their own", "[sql]") {
  SelectRun run(
      "SELECT id, (SELECT avg(value) FROM f WHERE f.code = chunk.code) AS mean FROM chunk",
      {{"f", "code,value:float; A,1; A,2; B,7"}});

  run.feed(kSpend);

  CHECK(run.lines() == Lines{"1|1.5", "2|7", "3|1.5", "4|null"});
}

TEST_CASE("sql: a query in front of the statement may be over rows of chunk", "[sql]") {
  SelectRun run(
      "WITH paid AS (SELECT id, spend FROM chunk WHERE spend > 0) "
      "SELECT id, spend + 1 AS more FROM paid WHERE spend < 30");

  run.feed(kSpend);

  CHECK(run.lines() == Lines{"1|11", "2|21"});
  CHECK(run.run.parents() == std::vector<int64_t>{0, 1});
}

TEST_CASE("sql: a list in a text becomes rows", "[sql]") {
  SelectRun run("SELECT chunk.id, j.value AS tag FROM chunk, json_each(chunk.tags) AS j", {},
                {{"types", {{"tag", "string"}}}});

  run.feed("id,tags; 1,'[\"a\",\"b\"]'; 2,'[]'");

  CHECK(run.lines() == Lines{"1|a", "1|b"});
}

TEST_CASE("sql: all columns and one more", "[sql]") {
  SelectRun run("SELECT *, id + 1 AS next FROM chunk");

  run.feed("id:int64,name; 1,x");

  CHECK(run.lines() == Lines{"1|x|2"});
}

TEST_CASE("sql: only columns that the statement reads are needed", "[sql]") {
  SelectRun run("SELECT id FROM chunk NATURAL JOIN f WHERE spend > 1", {{"f", "code; A"}});

  run.feed("note,id:int64,spend:float,code; x,1,5,A; y,2,5,B");

  std::string needed;
  for (const auto& need : run.run.needs) needed += need.column + " " + need.option + ";";
  CHECK(needed == "id select;spend select;code select;");
  CHECK(run.lines() == Lines{"1"});
}

// The same results in one pass over all rows as in a pass for each: a statement over this query
// means the same, and is not run in one pass.
TEST_CASE("sql: one pass over many rows gives what a pass for each row gives", "[sql]") {
  const SelectRun::Tables tables = {{"f", "code,value:float; A,0.5; B,2; B,3; D,4"}};
  const std::string kUnited = "(SELECT * FROM chunk UNION ALL SELECT * FROM chunk WHERE 1 = 0)";
  const std::pair<std::string, std::string> kPairs[] = {
      {"SELECT id, code, spend FROM ", " AS c WHERE spend > 10"},
      {"SELECT c.*, f.value FROM ", " AS c JOIN f ON f.code = c.code"},
      {"SELECT code AS a, code AS b, id FROM ", " AS c WHERE code IN (SELECT code FROM f)"},
      {"SELECT (SELECT c.spend FROM f WHERE f.code = c.code LIMIT 1) AS x, id FROM ", " AS c"},
      {"SELECT day, flag, price, number(text) AS n FROM ", " AS c"},
      {"SELECT day, day AS d2, c.id FROM ",
       " AS c LEFT JOIN f USING (code) WHERE day > '2024-02-15'"},
      {"WITH a AS (SELECT *, spend * 2 AS twice FROM ",
       " AS c WHERE id <> 7) SELECT id, day, twice FROM a WHERE day <> '2024-02-12'"},
      {"SELECT a.price, a.code FROM (SELECT price, code, flag FROM ",
       " AS c) AS a WHERE a.flag AND a.code <> 'B'"},
      {"WITH a AS (SELECT id, f.value FROM ",
       " AS c LEFT JOIN f USING (code)), b AS (SELECT value, id AS n FROM a) "
       "SELECT b.*, g.code AS other FROM b JOIN f AS g ON g.value = b.value"},
  };
  std::string rows = "id:int64,code,spend:float,day:date,flag:bool,price:decimal(9,2),text;";
  for (int i = 0; i < 100; ++i)
    rows += std::to_string(i) + "," + std::string(1, static_cast<char>('A' + i % 5)) + "," +
            (i % 7 == 0 ? "" : std::to_string(i * 3 % 41)) + ",2024-02-" +
            std::to_string(10 + i % 19) + "," + (i % 3 == 0 ? "true" : "false") + "," +
            std::to_string(i) + ".25," + (i % 11 == 0 ? "x" : std::to_string(i)) + ";";

  for (const auto& [before, behind] : kPairs) {
    const std::string one_pass = before + "chunk" + behind;
    SelectRun first(one_pass, tables);
    SelectRun second(before + kUnited + behind, tables);

    first.feed(rows, 17);
    second.feed(rows, 17);

    INFO(one_pass);
    CHECK(first.lines() == second.lines());
    CHECK(first.run.parents() == second.run.parents());
    CHECK(first.run.reject_codes() == second.run.reject_codes());
    CHECK_FALSE(first.lines().empty());
  }
}

TEST_CASE("sql: results do not depend on how rows are cut into batches", "[sql]") {
  const std::string statement = "SELECT id, spend / 3 AS third FROM chunk WHERE id <> 2";
  SelectRun whole(statement);
  SelectRun single(statement);

  whole.feed(kSpend);
  single.feed(kSpend, 1);

  CHECK(whole.lines() == single.lines());
  CHECK(whole.run.parents() == single.run.parents());
}

TEST_CASE("sql: two lanes read the same lookups", "[sql]") {
  SelectRun run("SELECT id, f.value FROM chunk JOIN f USING (code)",
                {{"f", "code,value:float; A,0.5"}});
  run.feed(kSpend);

  run.run.open().expect_ok();
  run.feed(kSpend);

  CHECK(run.lines() == Lines{"1|0.5", "3|0.5", "1|0.5", "3|0.5"});
}
