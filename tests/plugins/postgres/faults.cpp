#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "fixture.hpp"

namespace chunkmill::postgres {
namespace {

Rows numbered(int64_t count, const std::vector<std::pair<int64_t, int64_t>>& instead) {
  std::vector<CellRow> rows;
  for (int64_t row = 0; row < count; ++row) rows.push_back({row, "n"});
  for (const auto& [at, id] : instead) rows[static_cast<size_t>(at)][0] = id;
  return Rows(people(), rows);
}

// The server's url with another user, password, host or database.
std::string url_with(const std::string& what, const std::string& instead) {
  std::string url = server_url();
  const size_t begin = url.find("://") + 3;
  const size_t colon = url.find(':', begin);
  const size_t at = url.find('@', begin);
  const size_t slash = url.find('/', at);
  if (what == "user") return url.replace(begin, colon - begin, instead);
  if (what == "password") return url.replace(colon + 1, at - colon - 1, instead);
  if (what == "host") return url.replace(at + 1, slash - at - 1, instead);
  return url.replace(slash + 1, std::string::npos, instead);
}

}  // namespace

TEST_CASE("postgres: 0, 1, 10, 100 and all bad rows of 10,000 are each named, and undone",
          "[postgres]") {
  REQUIRE_SERVER();
  const int64_t count = GENERATE(0, 1, 10, 100, 10'000);
  const std::string mode = GENERATE("insert", "upsert");
  INFO(count << " " << mode);
  Database look;
  look.run(
      "create table people (id bigint primary key constraint positive check (id >= 0), "
      "name text)");
  PostgresRun sink(writing(look, "people", {{"mode", mode}, {"key", List{"id"}}}));
  REQUIRE(sink.start(people()).message == "");
  std::vector<std::pair<int64_t, int64_t>> instead;
  std::vector<int64_t> expected;
  for (int64_t i = 0; i < count; ++i) {
    expected.push_back(i * (10'000 / count) + (count < 10'000 ? 7 : 0));
    instead.emplace_back(expected.back(), -1 - i);
  }
  REQUIRE(sink.begin({0, "", "x"}).code == CM_OK);

  const Outcome answer = sink.write(numbered(10'000, instead).abi());

  CHECK(answer.code == (count == 0 ? CM_OK : CM_DATA));
  CHECK(rows_of(sink.bad_rows) == expected);
  for (const BadRow& bad : sink.bad_rows) {
    CHECK(bad.code == "check_failed");
    CHECK(bad.column == "id");
    CHECK(bad.message ==
          "the row breaks the table's check constraint \"positive\" (SQLSTATE 23514)");
  }
  if (count > 0) CHECK(answer.sqlstate == "23514");
  REQUIRE(sink.commit({1, 1}).message == "");
  CHECK(look.rows("select count(*) from people") == (count == 0 ? "10000\n" : "0\n"));
}

TEST_CASE("postgres: each kind of bad row has its code and its column", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  const std::string mode = GENERATE("insert", "upsert");
  look.run("create table parent (p bigint primary key); insert into parent values (1)");
  look.run(
      "create table t (k bigint primary key, a text not null, b varchar(3), c bigint "
      "references parent, d bigint unique, e smallint, f uuid)");
  const Schema schema{{Field{"k", Type::kInt64}, Field{"a", Type::kUtf8}, Field{"b", Type::kUtf8},
                       Field{"c", Type::kInt64}, Field{"d", Type::kInt64}, Field{"e", Type::kInt64},
                       Field{"f", Type::kUtf8}}};
  PostgresRun sink(writing(look, "t", {{"mode", mode}, {"key", List{"k"}}}));
  INFO(mode);
  REQUIRE(sink.start(schema).message == "");
  REQUIRE(sink.begin({0, "", "x"}).code == CM_OK);
  const auto row = [](int64_t k, testing::Cell a, const char* b, int64_t c, int64_t d, int64_t e,
                      testing::Cell f) { return CellRow{k, std::move(a), b, c, d, e, f}; };

  const Outcome answer = sink.write(
      Rows(schema, {row(1, "x", "y", 1, 1, 1, nullptr), row(2, nullptr, "y", 1, 2, 1, nullptr),
                    row(3, "x", "long", 1, 3, 1, nullptr), row(4, "x", "y", 99, 4, 1, nullptr),
                    row(5, "x", "y", 1, 1, 1, nullptr), row(6, "x", "y", 1, 6, 70'000, nullptr),
                    row(7, "x", "y", 1, 7, 1, "nonsense")})
          .abi());

  CHECK(answer.code == CM_DATA);
  std::map<int64_t, std::string> found;
  for (const BadRow& bad : sink.bad_rows) {
    found[bad.row] = bad.code + " " + bad.column;
    CHECK(bad.message.find("SQLSTATE") != std::string::npos);
  }
  CHECK(found == std::map<int64_t, std::string>{{1, "not_null a"},
                                                {2, "too_large b"},
                                                {3, "no_such_reference c"},
                                                {4, "not_unique d"},
                                                {5, "out_of_range e"},
                                                {6, "wrong_type f"}});
}

TEST_CASE("postgres: rows are judged as if the bad ones before them were not there", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  PostgresRun sink(writing(look, "people", {{"key", List{"id"}}}));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.begin({0, "", "x"}).code == CM_OK);

  const Outcome answer =
      sink.write(numbered(1000, {{3, 2}, {500, 2}, {501, 600}, {999, 501}}).abi());

  // 600 stands at row 501 first, so that its own row is the second; 501 is free then.
  CHECK(answer.code == CM_DATA);
  CHECK(answer.row == 3);
  CHECK(rows_of(sink.bad_rows) == std::vector<int64_t>{3, 500, 600});
  REQUIRE(sink.write(numbered(3, {}).abi()).code == CM_OK);
}

TEST_CASE("postgres: bad rows are found where only the end of the statement shows them",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  const std::string kind = GENERATE("reference", "deferred", "trigger");
  INFO(kind);
  if (kind == "trigger") {
    look.run("create table people (id bigint, name text)");
    look.run(
        "create function f() returns trigger language plpgsql as 'begin if new.id in "
        "(70, 71, 99) then raise ''not this one''; end if; return new; end'");
    look.run("create trigger t after insert on people for each row execute function f()");
  } else {
    look.run(
        "create table parent (id bigint primary key); insert into parent select i from "
        "generate_series(0, 98) i where i not in (70, 71)");
    look.run("create table people (id bigint references parent " +
             std::string(kind == "deferred" ? "deferrable initially deferred" : "") +
             ", name text)");
  }
  PostgresRun sink(writing(look, "people"));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.begin({0, "", "x"}).code == CM_OK);

  const Outcome answer = sink.write(numbered(100, {}).abi());

  CHECK(answer.code == CM_DATA);
  CHECK(rows_of(sink.bad_rows) == std::vector<int64_t>{70, 71, 99});
  CHECK(sink.bad_rows[0].code == (kind == "trigger" ? "constraint" : "no_such_reference"));
}

TEST_CASE("postgres: upsert refuses a null in its key", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run("create table people (id bigint, name text unique)");
  PostgresRun sink(writing(look, "people", {{"mode", "upsert"}, {"key", List{"name"}}}));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.begin({0, "", "x"}).code == CM_OK);

  CHECK(sink.write(people_rows({{1, "Ada"}, {2, nullptr}}).abi()).code == CM_DATA);

  CHECK(rows_of(sink.bad_rows) == std::vector<int64_t>{1});
  CHECK(sink.bad_rows[0].code == "not_null");
}

TEST_CASE("postgres: what cannot be reached or is not allowed is told apart, without a password",
          "[postgres]") {
  REQUIRE_SERVER();
  const auto check = [](const std::string& url, const Map& more = {}) {
    Map options{{"url", url}, {"table", "people"}, {"connect_timeout", "5s"}};
    for (const auto& entry : more) options.push_back(entry);
    PostgresRun sink(options);
    REQUIRE(sink.created.message == "");
    REQUIRE(sink.bind({{"main", people()}}).message == "");
    const Outcome answer = sink.check();
    CHECK_FALSE(answer.says("canary"));
    return answer;
  };

  const Outcome password = check(url_with("password", "canary"));
  CHECK(password.code == CM_PERMISSION);
  CHECK_FALSE(password.retryable);
  CHECK(password.says("`password`"));
  CHECK(password.sqlstate == "28P01");
  CHECK(check(url_with("user", "nobody_here")).code == CM_PERMISSION);
  const Outcome database = check(url_with("database", "no_such_database"));
  CHECK(database.code == CM_NOT_FOUND);
  CHECK(database.sqlstate == "3D000");
  const Outcome host = check(url_with("host", "no-such-host.invalid:5432"));
  CHECK(host.code == CM_UNAVAILABLE);
  CHECK(host.retryable);
  const Outcome refused = check(url_with("host", "127.0.0.1:1"));
  CHECK(refused.code == CM_UNAVAILABLE);
  CHECK(refused.says("is the server running"));
  const Outcome insecure = check(server_url(), {{"sslmode", "require"}});
  CHECK((insecure.ok() || insecure.code == CM_INVALID));
}

TEST_CASE("postgres: a password comes from a file's first line", "[postgres]") {
  REQUIRE_SERVER();
  const std::string url = server_url();
  const size_t colon = url.find(':', url.find("://") + 3);
  const size_t at = url.find('@');
  const std::string path = (std::filesystem::temp_directory_path() /
                            ("chunkmill_test_password_" + std::to_string(getpid())))
                               .string();
  std::ofstream(path) << url.substr(colon + 1, at - colon - 1) << "\nanother line\n";
  Database look;
  Map options = writing(look, "people", {{"password_file", path}});
  options[0].second = Value(url.substr(0, colon) + url.substr(at));

  PostgresRun sink(options);
  REQUIRE(sink.bind({{"main", people()}}).message == "");
  const Outcome answer = sink.check();
  std::remove(path.c_str());

  CHECK(answer.message == "");
}

TEST_CASE("postgres: a user without the right to write is told which right it was", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  const std::string role = look.schema() + "_reader";
  look.run("create role " + role + " login password 'canary1'");
  look.run("grant usage, create on schema " + look.schema() + " to " + role);
  look.run("create table people (id bigint, name text)");
  Map options = writing(look, "people");
  std::string url = url_with("user", role);
  const size_t at = url.find('@');
  const size_t colon = url.find(':', url.find("://") + 3);
  options[0].second = Value(url.replace(colon + 1, at - colon - 1, "canary1"));
  {
    PostgresRun sink(options);
    const Outcome answer = sink.start(people());

    CHECK(answer.code == CM_PERMISSION);
    CHECK_FALSE(answer.retryable);
    CHECK(answer.says("GRANT INSERT ON " + look.schema() + ".people TO " + role));
    CHECK_FALSE(answer.says("canary1"));
  }
  look.run("grant " + role + " to current_user; drop owned by " + role + "; drop role " + role);
}

TEST_CASE("postgres: views and tables of another shape are refused by name", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run("create view people as select 1 as id");
  look.run("create table other (id text, must bigint not null)");
  PostgresRun view(writing(look, "people"));
  PostgresRun other(writing(look, "other"));

  CHECK(view.start(people()).code == CM_UNSUPPORTED);
  const Outcome answer = other.start(people());
  CHECK(answer.code == CM_INVALID);
  CHECK(answer.says("\"id\": the stream has int64, the table's type is text"));
  CHECK(answer.says("\"name\": the table has no such column"));
  CHECK(answer.says("\"must\": it is NOT NULL without a default"));
}

TEST_CASE(
    "postgres: a connection that the server ends is retryable, and the chunk can be written "
    "by another lane",
    "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  PostgresRun sink(writing(look, "people"));
  sink.run.job = look.schema();
  REQUIRE(sink.start(people()).message == "");
  const auto chunk = [&](uint64_t sequence) {
    TestChunk facts{sequence, sequence == 0 ? "" : "at 1", sequence == 0 ? "at 1" : "at 2"};
    facts.job = look.schema();
    return facts;
  };
  REQUIRE(sink.begin(chunk(0)).message == "");
  REQUIRE(sink.write(people_rows({{1, "Ada"}}).abi()).message == "");
  look.run(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = "
      "'chunkmill " +
      look.schema() + "' and state = 'idle in transaction'");

  const Outcome write = sink.write(people_rows({{2, "Bob"}}).abi());

  CHECK(write.code != CM_OK);
  CHECK(write.retryable);
  sink.abort();
  REQUIRE(sink.open().message == "");
  REQUIRE(sink.begin(chunk(0)).message == "");
  REQUIRE(sink.write(people_rows({{1, "Ada"}}).abi()).message == "");
  REQUIRE(sink.commit({1, 1}).message == "");
  CHECK(look.rows("select * from people") == "1|Ada\n");
}

TEST_CASE("postgres: a statement that waits too long for a lock is given up, retryable",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  PostgresRun sink(writing(look, "people", {{"timeout", "300ms"}}));
  REQUIRE(sink.start(people()).message == "");
  look.run("begin; lock table people in access exclusive mode");

  const Outcome answer = sink.chunk(0, people_rows({{1, "Ada"}}));

  CHECK(answer.code == CM_UNAVAILABLE);
  CHECK(answer.retryable);
  CHECK(answer.says("300 ms (`timeout`)"));
  look.run("rollback");
  REQUIRE(sink.open().message == "");
  CHECK(sink.chunk(0, people_rows({{1, "Ada"}})).message == "");
}

TEST_CASE("postgres: interrupt ends what waits, and what would", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  PostgresRun sink(writing(look, "people"));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.begin({0, "", "x"}).code == CM_OK);

  sink.interrupt();

  CHECK(sink.write(people_rows({{1, "Ada"}}).abi()).code == CM_CANCELLED);
  CHECK(sink.open().code == CM_CANCELLED);
}

}  // namespace chunkmill::postgres
