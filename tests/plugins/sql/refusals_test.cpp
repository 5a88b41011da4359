// Statements that are not taken, and what a person is told.
#include <catch2/catch.hpp>

#include "tests/plugins/sql/select_run.hpp"

namespace {

const SelectRun::Tables kTables = {{"factors", "code,value:float; A,1"}};

std::string refusal(const std::string& select, SelectRun::Map more = {}) {
  return SelectRun(select, kTables, std::move(more)).refusal("id,code,spend:float,note");
}

}  // namespace

TEST_CASE("sql: a column or table that is not there is named with the nearest one", "[sql]") {
  CHECK(refusal("SELECT idd FROM chunk") ==
        "select: there is no column \"idd\"; did you mean \"id\"? columns of chunk: id, code, "
        "spend, note; columns of factors: code, value");
  CHECK(refusal("SELECT f.valeu FROM chunk\nJOIN factors f USING (code)") ==
        "select: there is no column \"f.valeu\" (line 1 of the statement); did you mean "
        "\"value\"? columns of chunk: id, code, spend, note; columns of factors: code, value");
  CHECK(refusal("SELECT id FROM chunk JOIN factor USING (code)") ==
        "select: there is no table \"factor\"; did you mean \"factors\"? tables: chunk, factors; "
        "a lookup is one where `lookups` names it");
}

TEST_CASE("sql: an error of grammar is told with its line", "[sql]") {
  CHECK(refusal("SELECT id\nFORM chunk\nWHERE id") ==
        "select: near \"chunk\": syntax error (line 2 of the statement)");
  CHECK(refusal("SELECT 'x FROM chunk") == "select: a quote ' does not end");
  CHECK(refusal("") == "select: the statement is empty");
}

TEST_CASE("sql: anything but one SELECT is refused", "[sql]") {
  for (const std::string statement :
       {"DELETE FROM chunk", "PRAGMA user_version", "ATTACH 'x' AS y", "VALUES (1)"})
    CHECK(refusal(statement).find("it must be one SELECT") != std::string::npos);
  CHECK(refusal("WITH a AS (SELECT id FROM chunk) DELETE FROM factors") != "");
  CHECK(refusal("SELECT id FROM chunk; DROP TABLE factors") ==
        "select: there is a second statement behind the ;");
  CHECK(refusal("SELECT id FROM chunk;") == "");
  CHECK(refusal("SELECT ?1 AS x FROM chunk") == "select: there is nothing that ?1 could stand for");
}

TEST_CASE("sql: tables of SQLite itself are none of the statement's", "[sql]") {
  CHECK(refusal("SELECT name FROM sqlite_schema") != "");
  CHECK(refusal("SELECT id FROM chunk, pragma_table_list") != "");
  CHECK(refusal("SELECT load_extension('x') AS y FROM chunk") != "");
}

TEST_CASE("sql: what would differ from run to run is refused", "[sql]") {
  for (const std::string expression :
       {"random()", "randomblob(4)", "current_timestamp", "date('now')", "date()",
        "datetime(id, 'localtime')", "strftime('%Y', 'NOW')"}) {
    INFO(expression);
    CHECK(refusal("SELECT " + expression + " AS x FROM chunk").find("results would differ") !=
          std::string::npos);
  }
}

TEST_CASE("sql: rows of chunk are not gathered, compared or cut off", "[sql]") {
  for (const std::string statement :
       {"SELECT sum(spend) AS s FROM chunk", "SELECT code FROM chunk GROUP BY code",
        "SELECT DISTINCT code FROM chunk", "SELECT code FROM chunk UNION SELECT note FROM chunk",
        "SELECT id FROM chunk LIMIT 5", "SELECT id FROM chunk ORDER BY spend",
        "SELECT id, row_number() OVER (ORDER BY id) AS n FROM chunk",
        "SELECT c.code, max(f.value) AS m FROM chunk c JOIN factors f USING (code)",
        "WITH c AS (SELECT * FROM chunk) SELECT count(*) AS n FROM c",
        "SELECT count(*) AS n FROM (SELECT id FROM chunk)",
        "SELECT id, spend / (SELECT sum(spend) FROM chunk) AS share FROM chunk"}) {
    INFO(statement);
    CHECK(refusal(statement).find("`select` sees one row of chunk at a time") != std::string::npos);
  }
  CHECK(refusal("SELECT id, max(spend, 1) AS m FROM chunk") == "");
  CHECK(refusal("SELECT rowid AS r FROM chunk") ==
        "select: chunk has no rowid: which row of its chunk a row is says nothing of it");
}

TEST_CASE("sql: every result is of a row of chunk", "[sql]") {
  for (const std::string statement :
       {"SELECT code FROM factors", "SELECT 1 AS one",
        "SELECT id FROM chunk UNION ALL SELECT code FROM factors",
        "SELECT f.code FROM factors f LEFT JOIN chunk USING (code)",
        "SELECT f.code FROM chunk RIGHT JOIN factors f USING (code)",
        "SELECT f.code FROM chunk FULL JOIN factors f USING (code)",
        "SELECT f.code FROM factors f FULL OUTER JOIN chunk USING (code)",
        "SELECT a.id FROM chunk a JOIN chunk b ON a.code = b.code",
        "SELECT id FROM chunk WHERE id IN (SELECT id FROM chunk WHERE spend > 1)",
        "WITH a AS (SELECT id FROM chunk UNION ALL SELECT code FROM factors) SELECT id FROM a"}) {
    INFO(statement);
    CHECK(refusal(statement).find("chunk") != std::string::npos);
  }
  CHECK(refusal("SELECT id, value FROM factors JOIN chunk USING (code)") == "");
  CHECK(refusal("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) "
                "SELECT id, i FROM chunk JOIN n",
                {{"types", {{"i", "int64"}}}}) == "");
  CHECK(refusal("WITH RECURSIVE w(id, n) AS (SELECT id, length(note) FROM chunk UNION ALL "
                "SELECT id, n - 1 FROM w WHERE n > 0) SELECT id, n FROM w",
                {{"types", {{"n", "int64"}}}}) == "");
}

TEST_CASE("sql: text where true or false is meant is refused, with its place", "[sql]") {
  CHECK(refusal("SELECT id FROM chunk WHERE note") ==
        "select: note is a string and stands where true or false is meant: SQL takes text that is "
        "not a number for 0, which is false; compare it with a value");
  for (const std::string statement :
       {"SELECT id FROM chunk WHERE spend > 1 AND note",
        "SELECT id FROM chunk WHERE note OR spend > 1", "SELECT id FROM chunk WHERE NOT note",
        "SELECT id FROM chunk WHERE (note)",
        "SELECT CASE WHEN note THEN 1 ELSE 0 END AS x FROM chunk",
        "SELECT CASE WHEN spend = 1 THEN 0 WHEN trim(note) THEN 1 END AS x FROM chunk",
        "SELECT iif(note, 1, 0) AS x FROM chunk", "SELECT id FROM chunk WHERE 'yes'",
        "SELECT id FROM chunk JOIN factors f ON f.code"}) {
    INFO(statement);
    CHECK(refusal(statement).find("stands where true or false is meant") != std::string::npos);
  }
  for (const std::string statement :
       {"SELECT id FROM chunk WHERE note = 'a' AND spend > 1", "SELECT id FROM chunk WHERE spend",
        "SELECT id FROM chunk WHERE note IS NOT 'a'", "SELECT id FROM chunk WHERE NOT note = 'a'",
        "SELECT id FROM chunk WHERE note BETWEEN 'a' AND 'b' AND spend > 1",
        "SELECT id FROM chunk WHERE note NOT LIKE 'a%' OR note IS NULL",
        "SELECT CASE note WHEN 'a' THEN 1 END AS x FROM chunk",
        "SELECT iif(note = 'a', 1, 0) AS x FROM chunk",
        "SELECT id FROM chunk WHERE note IN ('a', 'b') AND (spend > 1 OR note <> 'c')",
        "WITH a AS (SELECT note || '!' AS n, spend - 1 AS i FROM chunk) SELECT n, i FROM a"}) {
    INFO(statement);
    CHECK(refusal(statement) == "");
  }
}

TEST_CASE("sql: text is calculated with nowhere, and equal to a number nowhere", "[sql]") {
  for (const std::string statement :
       {"SELECT id FROM chunk WHERE CAST(note AS INTEGER) > 1",
        "SELECT id FROM chunk WHERE CAST(note AS NUMERIC) > 1",
        "SELECT id FROM chunk WHERE length(note) > 1 AND id IN (round(note), 2)",
        "SELECT id FROM chunk WHERE coalesce(note + 1, 0) IS NULL"}) {
    INFO(statement);
    CHECK(refusal(statement).find("number") != std::string::npos);
  }
  CHECK(refusal("SELECT id FROM chunk WHERE note IN (1, 2)") ==
        "select: of note and 1 one is a string and one a number: to SQL they are never equal; "
        "write number(...) for the string, or quote the number");
  CHECK(refusal("SELECT CASE note WHEN 1 THEN 'a' END AS x FROM chunk").find("never equal") !=
        std::string::npos);
  CHECK(refusal("SELECT id FROM chunk WHERE spend IN (1, 2)") == "");
}

TEST_CASE("sql: text that is compared with a number is refused", "[sql]") {
  CHECK(refusal("SELECT id FROM chunk WHERE note > 100") ==
        "select: note is a string and is compared with 100, a number: SQL compares both as texts, "
        "where '10' is less than '9'; write number(note)");
  for (const std::string condition :
       {"note <> 0", "5 < trim(note)", "note BETWEEN 1 AND 2", "(note) = spend + 1",
        "id IS NULL OR note >= 1.5", "note < spend", "CASE WHEN note = 0 THEN 1 ELSE 0 END",
        "note * 2 > 4"}) {
    INFO(condition);
    CHECK(refusal("SELECT id FROM chunk WHERE " + condition) != "");
  }
  for (const std::string condition :
       {"note = '5'", "spend > 5", "number(note) > 5", "note = spend", "length(note) > 3",
        "note > 'a' AND spend < 2", "id IN ('1', '2') AND spend <> 0", "note LIKE '5%'"}) {
    INFO(condition);
    CHECK(refusal("SELECT id FROM chunk WHERE " + condition) == "");
  }
}

TEST_CASE("sql: parentheses that do not match, or are too deep, are told", "[sql]") {
  CHECK(refusal("SELECT (id FROM chunk") == "select: there is a ( without its )");
  CHECK(refusal("SELECT id) FROM chunk") == "select: there is a ) without its (");
  CHECK(refusal("SELECT " + std::string(100'000, '(') + "id FROM chunk") ==
        "select: its parentheses are too deep");
}

TEST_CASE("sql: text that is calculated with is refused, since SQL takes it for 0", "[sql]") {
  CHECK(refusal("SELECT note * 2 AS x FROM chunk") ==
        "select: note is a string and is calculated with as a number: SQL takes text that is none "
        "for 0; write number(note)");
  CHECK(refusal("SELECT CAST(note AS REAL) AS x FROM chunk") != "");
  CHECK(refusal("SELECT round(c.note) AS x FROM chunk c") != "");
  CHECK(refusal("SELECT 1 + trim(note) AS x FROM chunk", {{"types", {{"x", "float"}}}}) != "");
}

TEST_CASE("sql: results need names and types", "[sql]") {
  CHECK(refusal("SELECT id, spend * 2 FROM chunk") ==
        "select: the column 2, spend * 2, has no name; give it one: spend * 2 AS name");
  CHECK(refusal("SELECT id, c.id FROM chunk c") ==
        "select: two results are called \"id\"; name one of them with AS");
  CHECK(refusal("SELECT json(note) AS x FROM chunk")
            .starts_with("select: which type column \"x\" has cannot be seen"));
  CHECK(refusal("SELECT id FROM chunk", {{"types", {{"idd", "float"}}}}) ==
        "types.idd: there is no result \"idd\"; did you mean \"id\"? results: id");
  CHECK(refusal("SELECT id FROM chunk", {{"types", {{"id", "flaot"}}}})
            .starts_with("types.id: \"flaot\" is not a type"));
}

TEST_CASE("sql: a text in double quotes is a column that is not there", "[sql]") {
  CHECK(refusal("SELECT id FROM chunk WHERE note = \"x\"")
            .starts_with("select: there is no column \"x\""));
}

TEST_CASE("sql: columns that differ in case alone are refused", "[sql]") {
  CHECK(SelectRun("SELECT 1 AS x FROM chunk").refusal("year,Year") ==
        "select: the columns \"year\" and \"Year\" of chunk differ in case alone, and SQL does not "
        "tell them apart");
}

TEST_CASE("sql: a lookup is not called chunk", "[sql]") {
  CHECK(SelectRun("SELECT 1 AS x FROM chunk", {{"chunk", "a; 1"}}).refusal("id") ==
        "lookups: a lookup cannot be called chunk: that are the rows");
}
