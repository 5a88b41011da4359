#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace chunkmill::postgres {
namespace {

// What schema() or plan() answers, whichever fails first.
Outcome start(Reader& reader) {
  Schema schema;
  const Outcome answer = reader->schema(&schema);
  return answer.ok() ? reader->plan() : answer;
}

}  // namespace

TEST_CASE("postgres source: faults of a job name its option and what to do", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(
      "create table orders (id int primary key, v text, f double precision); "
      "create table no_key (a int, b int); insert into no_key values (1, 1), (1, 2), (2, null);"
      "insert into orders values (1, 'ünï', 1)");
  const auto answer = [&](const Map& options) {
    Reader reader(look, options);
    return start(reader);
  };
  const auto check = [](const Outcome& outcome, const std::string& where, const std::string& says) {
    INFO(outcome.message);
    CHECK((outcome.code == CM_INVALID || outcome.code == CM_NOT_FOUND));
    CHECK_FALSE(outcome.retryable);
    CHECK(outcome.where == where);
    CHECK(outcome.says(says));
  };

  check(answer({{"table", "order"}}), "table", "did you mean \"orders\"?");
  check(answer({{"table", "no_key"}}), "table", "has no primary key");
  check(answer({{"table", "no_key"}, {"key", List{"a"}}}), "key", "2 rows have a = 1");
  check(answer({{"table", "no_key"}, {"key", List{"b"}}}), "key", "NULL");
  check(answer({{"table", "orders"}, {"key", List{"f"}}}), "key", "float");
  check(answer({{"query", "select id,\n'ü' || nix from orders"}, {"key", List{"id"}}}), "query",
        "\"nix\" does not exist (SQLSTATE 42703), at line 2, column ");
  check(answer({{"query", "selec 1"}, {"key", List{"id"}}}), "query", "SQLSTATE 42601");
  check(answer({{"query", "select id from orders; drop table orders"}, {"key", List{"id"}}}),
        "query", "SQLSTATE 42601");
  check(answer({{"table", "orders"}, {"where", "vv = 1"}}), "where", "SQLSTATE 42703");
  CHECK(look.rows("select count(*) from orders") == "1\n");
}

TEST_CASE("postgres source: a query that fails on a row says so and is not tried again",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run("create table t (id int primary key, v text); insert into t values (1, '5'), (2, 'x')");
  Reader reader(look, {{"query", "select id, v::int from t"}, {"key", List{"id"}}});
  REQUIRE(start(reader).message == "");
  REQUIRE(reader->open(reader->splits[0].id).message == "");

  const Outcome answer = reader->next(100).outcome;

  CHECK(answer.code == CM_INVALID);
  CHECK_FALSE(answer.retryable);
  CHECK(answer.says("mend the query"));
}

TEST_CASE("postgres source: a query with an effect is refused, for connections are read-only",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run("create table t (id int primary key); insert into t values (1); create sequence s");
  Reader reader(look, {{"query", "select id, nextval('s') from t"}, {"key", List{"id"}}});

  const Outcome answer = start(reader);

  CHECK(answer.code == CM_PERMISSION);
  CHECK(answer.sqlstate == "25006");
}

TEST_CASE("postgres source: a connection that the server ends is retryable, and a new lane goes on",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(
      "create table t (id int primary key, v text); "
      "insert into t select i, repeat('x', 1000) from generate_series(1, 50000) i");
  Reader reader(look, {{"table", "t"}});
  REQUIRE(reader->plan(0).message == "");
  REQUIRE(reader->open(reader->splits[0].id).message == "");
  REQUIRE(reader->next(1).outcome.message == "");
  const std::string position = reader->position();
  look.run(
      "select pg_terminate_backend(pid) from pg_stat_activity "
      "where application_name = 'chunkmill source' and query like '%" +
      look.schema() + "%'");
  Outcome answer;
  do {
    answer = reader->next(1000).outcome;
  } while (answer.ok());

  CHECK(answer.code == CM_UNAVAILABLE);
  CHECK(answer.retryable);
  REQUIRE(reader->open(reader->splits[0].id, position).message == "");
  CHECK(reader->rest().size() == 49'999);
}

TEST_CASE("postgres source: interrupt ends what runs", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run("create table t (id int primary key)");
  Reader reader(look, {{"query", "select 1 as id, pg_sleep(3600)::text"}, {"key", List{"id"}}});
  REQUIRE(reader->created.message == "");

  reader->interrupt();

  CHECK(start(reader).code == CM_CANCELLED);
}

}  // namespace chunkmill::postgres
