// What is wrong with a job: which option, and what to do.
#include <catch2/catch.hpp>

#include "tests/plugins/sqlite_source/fixture.hpp"

namespace chunkmill::sqlite {
namespace {

const char* const kTables =
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT, amount REAL, day DATE, at "
    "TIMESTAMP,"
    " at2 TIMESTAMP NOT NULL);"
    "INSERT INTO orders VALUES (1, 'a', 1.5, '2024-01-01', '2024-01-01', '2024-01-01'),"
    " (2, 'a', 1, NULL, NULL, '2024-01-01');"
    "CREATE TABLE heap (a INTEGER, b TEXT); INSERT INTO heap VALUES (1, 'x'), (NULL, 'y');"
    "CREATE TABLE results (order_id INTEGER, v REAL)";

}  // namespace

TEST_CASE("sqlite source: faults of a job name its option and what to do", "[sqlite]") {
  struct Case {
    Map options;
    std::string where, says;
  };
  const std::vector<Case> cases = {
      {{}, "table", "give `table: NAME`, or `query: SELECT ...`"},
      {{{"table", "orders"}, {"query", "SELECT 1"}}, "query", "exclude each other"},
      {{{"query", "SELECT * FROM orders"}, {"key", "id"}, {"where", "1"}},
       "where",
       "belongs to `table`"},
      {{{"table", "order"}}, "table", "did you mean \"orders\"?"},
      {{{"table", "orders"}, {"columns", List{"idd"}}}, "columns", "did you mean \"id\"?"},
      {{{"table", "orders"}, {"columns", List{"id", "id"}}}, "columns", "named twice"},
      {{{"table", "orders"}, {"where", "customr = 'a'"}},
       "where",
       "no such column: customr (line 1, column 1"},
      {{{"table", "orders"}, {"key", "nope"}},
       "key",
       "has no column \"nope\"; it has id, customer"},
      {{{"table", "orders"}, {"key", "amount"}}, "key", "orders rows badly"},
      {{{"table", "orders"}, {"key", List{"id", "id"}}}, "key", "named twice"},
      {{{"table", "orders"}, {"key", "customer"}},
       "key",
       "without a value (NULL)|2 rows have customer = \"a\""},
      {{{"table", "heap"}}, "table", "has no primary key: name the columns"},
      {{{"table", "heap"}, {"key", "a"}}, "key", "like the one with a = NULL, b = \"y\""},
      {{{"query", "SELECT id FROM orders"}}, "query", "a query has no primary key"},
      {{{"query", "SELECT id\nFORM orders"}, {"key", "id"}},
       "query",
       "near \"orders\": syntax error (line 2, column 6"},
      {{{"query", "SELECT a.id, b.id FROM orders a, orders b"}, {"key", "id"}},
       "query",
       "two columns are called \"id\""},
      {{{"query", "DELETE FROM orders"}, {"key", "id"}}, "query", "must be a SELECT"},
      {{{"query", "SELECT 1 AS a; DROP TABLE orders"}, {"key", "a"}}, "query", "one statement"},
      {{{"table", "orders"}, {"split_by", "customer"}}, "split_by", "is a TEXT"},
      {{{"table", "orders"}, {"split_by", "day"}}, "split_by", "day = NULL, id = 2"},
      {{{"table", "orders"}, {"split_width", 0}, {"split_by", "idd"}},
       "split_by",
       "did you mean \"id\"?"},
      {{{"query", "SELECT id FROM orders"}, {"key", "id"}, {"split_width", 5}},
       "split_width",
       "nothing to cut"},
      {{{"table", "orders"}, {"types", {{"amount", "money"}}}}, "types.amount", "is not a type"},
      {{{"table", "orders"}, {"types", {{"amuont", "float"}}}},
       "types.amuont",
       "did you mean \"amount\"?"},
      {{{"table", "orders"}, {"pending", {{"key", "id"}}}}, "pending.results", "it is missing"},
      {{{"table", "orders"}, {"pending", {{"results", "results"}}}},
       "pending.results",
       "has no column \"id\""},
      {{{"table", "orders"}, {"pending", {{"results", "results"}, {"results_key", "orderid"}}}},
       "pending.results_key",
       "did you mean \"order_id\"?"},
      {{{"table", "orders"}, {"pending", {{"results", "results"}, {"key", "nope"}}}},
       "pending.key",
       "has no column \"nope\""},
      {{{"table", "orders"}, {"incremental", {{"cursor", "at"}}}, {"split_by", "id"}},
       "split_by",
       "in one piece"},
      {{{"table", "orders"}, {"incremental", {{"cursor", "a_t"}}}},
       "incremental.cursor",
       "did you mean \"at\"?"},
      {{{"table", "orders"}, {"incremental", {{"cursor", "id"}, {"lag", "1s"}}}},
       "incremental.lag",
       "a timestamp"},
      {{{"table", "orders"}, {"incremental", {{"key", "id"}}}},
       "incremental.cursor",
       "it is missing"},
      {{{"table", "orders"},
        {"incremental", {{"cursor", "at"}}},
        {"pending", {{"results", "results"}}}},
       "incremental",
       "exclude each other"},
  };
  File file(kTables);
  for (const Case& one : cases) {
    const Outcome outcome = first_fault(file, one.options);
    INFO(one.where << ": " << one.says << "\nsaid at " << outcome.where << ": " << outcome.message);
    CHECK((outcome.code == CM_INVALID || outcome.code == CM_NOT_FOUND));
    CHECK(outcome.where == one.where);
    const size_t bar = one.says.find('|');
    CHECK((outcome.says(one.says.substr(0, bar)) ||
           (bar != one.says.npos && outcome.says(one.says.substr(bar + 1)))));
  }
}

TEST_CASE("sqlite source: a file that is not there or is none", "[sqlite]") {
  File file(kTables);
  const auto fault = [&](const std::string& path) {
    SourceRun source(testing::source_api<SqliteSource>(), {{"path", path}, {"table", "orders"}});
    Schema schema;
    return source.schema(&schema);
  };

  CHECK(fault(file.path() + "x").says("there is no file"));
  CHECK(fault(file.path() + "x").code == CM_NOT_FOUND);
  CHECK(fault(std::filesystem::path(file.path()).parent_path().string()).says("is a folder"));
}

TEST_CASE("sqlite source: a key is proved by an index, else by the rows", "[sqlite]") {
  File file(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT, c TEXT NOT NULL);"
      "CREATE UNIQUE INDEX t_a ON t (a); CREATE UNIQUE INDEX t_c ON t (c) WHERE id > 1;"
      "INSERT INTO t VALUES (1, 'x', 'x', 'x'), (2, 'y', 'y', 'x'), (3, 'z', NULL, 'y')");

  CHECK(first_fault(file, {{"table", "t"}, {"key", "a"}}).ok());
  CHECK(first_fault(file, {{"table", "t"}, {"key", List{"a", "c"}}}).ok());
  CHECK(first_fault(file, {{"table", "t"}, {"key", "b"}}).says("NULL"));
  CHECK(first_fault(file, {{"table", "t"}, {"key", "c"}}).says("2 rows have c = \"x\""));
  CHECK(first_fault(file, {{"table", "t"}, {"key", "b"}, {"where", "b IS NOT NULL -- all"}}).ok());
}

TEST_CASE("sqlite source: a primary key that takes NULL is looked at", "[sqlite]") {
  File file(
      "CREATE TABLE t (k TEXT PRIMARY KEY, v INTEGER); INSERT INTO t VALUES ('a', 1), (NULL, 2)");

  const Outcome outcome = first_fault(file, {{"table", "t"}});

  CHECK(outcome.says("k = NULL, v = 2"));
}

TEST_CASE("sqlite source: an index over another collation proves nothing", "[sqlite]") {
  File file(
      "CREATE TABLE t (k TEXT NOT NULL COLLATE NOCASE, v INTEGER);"
      "CREATE UNIQUE INDEX t_k ON t (k COLLATE BINARY); INSERT INTO t VALUES ('a', 1), ('A', 2)");

  CHECK(first_fault(file, {{"table", "t"}, {"key", "k"}}).says("2 rows have k = "));
}

TEST_CASE("sqlite source: a missing index is told of, with the statement that makes it",
          "[sqlite]") {
  File file(kTables);
  const auto warned = [&](Map options) {
    Reader reader(file, std::move(options));
    reader->plan().expect_ok();
    std::string text;
    for (const auto& line : reader.log()) text += line.text + "\n";
    return text;
  };

  CHECK(warned({{"table", "orders"}}).empty());
  CHECK_THAT(warned({{"table", "orders"}, {"split_by", "at2"}}),
             Catch::Contains("CREATE INDEX \"orders_at2\" ON \"orders\" (\"at2\", \"id\")"));
  CHECK_THAT(warned({{"table", "orders"},
                     {"pending", {{"results", "results"}, {"results_key", "order_id"}}}}),
             Catch::Contains("CREATE INDEX \"results_order_id\" ON \"results\" (\"order_id\")"));
  file.run("CREATE INDEX i ON results (order_id); CREATE INDEX j ON orders (at2)");
  CHECK(warned({{"table", "orders"},
                {"split_by", "at2"},
                {"pending", {{"results", "results"}, {"results_key", "order_id"}}}})
            .empty());
}

TEST_CASE("sqlite source: what runs ends when the host interrupts it", "[sqlite]") {
  File file(kTables);
  Reader reader(file, {{"query",
                        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                        "SELECT i FROM n WHERE i < 0"},
                       {"key", "i"},
                       {"types", {{"i", "int64"}}}});
  Schema schema;
  reader->schema(&schema).expect_ok();
  reader->interrupt();

  CHECK(reader->plan().code == CM_CANCELLED);
}

}  // namespace chunkmill::sqlite
