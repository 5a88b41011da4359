#include <catch2/catch.hpp>
#include <thread>

#include "fixture.hpp"

namespace chunkmill::mysql {
namespace {

std::shared_ptr<Interrupts> nobody() { return std::make_shared<Interrupts>(); }

Outcome checked(Map options) {
  MysqlRun sink(std::move(options));
  sink.created.expect_ok();
  sink.bind({{"main", people()}}).expect_ok();
  return sink.check();
}

}  // namespace

TEST_CASE("mysql: a connection changes no value in silence, and speaks UTC and utf8mb4",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  Connection db(look.endpoint(), Access::kWrite, nobody());

  const auto text = [&](const std::string& sql) {
    return std::get<std::string>((*db.first(sql, {}))[0]);
  };
  CHECK(text("select @@time_zone") == "+00:00");
  CHECK(text("select @@character_set_client") == "utf8mb4");
  CHECK(text("select @@character_set_results") == "utf8mb4");
  CHECK_THAT(text("select @@sql_mode"), Catch::Contains("STRICT_ALL_TABLES") &&
                                            Catch::Contains("NO_AUTO_VALUE_ON_ZERO") &&
                                            !Catch::Contains("ANSI_QUOTES"));
  db.run("create table t (n tinyint not null)");
  CHECK_THROWS_WITH(db.execute("insert into t values (?)", {int64_t{300}}),
                    Catch::Contains("Out of range"));
}

TEST_CASE("mysql: values go in and come out as they are, also text with NUL and 4-byte characters",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  Connection db(look.endpoint(), Access::kWrite, nobody());
  db.run("create table t (n bigint, s longtext character set utf8mb4, b blob)");
  const std::string text("\xF0\x9F\x98\x80\0'\\", 7);
  const std::string bytes("\xFF\0", 2);

  CHECK(db.execute("insert into t values (?, ?, ?)", {INT64_MIN, text, Binary{bytes}}) == 1);
  CHECK(db.execute("insert into t values (?, ?, ?)", {sql::Value(), sql::Value(), Binary{}}) == 1);

  const std::vector<sql::Values> rows = db.all(
      "select n, s, b, cast(18446744073709551615 as unsigned), 1.5 from t order by n desc", {});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0] == sql::Values{INT64_MIN, text, bytes, std::string("18446744073709551615"),
                               std::string("1.5")});
  CHECK(std::holds_alternative<std::monostate>(rows[1][0]));
  CHECK(rows[1][2] == sql::Value(std::string()));
}

TEST_CASE("mysql: an update counts the rows that it finds, also those it leaves as they were",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  look.run("create table t (n int); insert into t values (1), (1)");
  Connection db(look.endpoint(), Access::kWrite, nobody());

  CHECK(db.execute("update t set n = ?", {int64_t{1}}) == 2);
}

TEST_CASE("mysql: a lock by name is one connection's, and is another one in another database",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  const std::string name =
      "a name of more than sixty-four characters, which GET_LOCK itself would refuse";
  Database look;
  Database elsewhere;
  Connection first(look.endpoint(), Access::kWrite, nobody());
  Connection second(look.endpoint(), Access::kWrite, nobody());
  Connection third(elsewhere.endpoint(), Access::kWrite, nobody());

  CHECK(first.lock_holder(name).empty());
  CHECK(first.try_lock(name));
  CHECK_FALSE(second.try_lock(name));
  CHECK(second.lock_holder(name) == first.session_id());
  CHECK(second.try_lock("another"));
  CHECK(third.try_lock(name));
  first.unlock(name);
  CHECK(second.try_lock(name));
}

TEST_CASE("mysql: a connection that keeps a lock for too long is ended by the next that wants it",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  Connection hung(look.endpoint(), Access::kWrite, nobody());
  Connection next(look.endpoint(), Access::kWrite, nobody());
  REQUIRE(hung.try_lock("a job"));

  {
    const sql::Locked lock(next, "a job", 50);
    CHECK(next.lock_holder("a job") == next.session_id());
  }

  CHECK_THROWS_AS(hung.run("SELECT 1"), Error);
}

TEST_CASE("mysql: a session is known to others while it lives, and can be ended by them",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  Connection db(look.endpoint(), Access::kWrite, nobody());
  auto other = std::make_unique<Connection>(look.endpoint(), Access::kWrite, nobody());
  const std::string id = other->session_id();

  CHECK(db.session_lives(id));
  CHECK_FALSE(db.session_lives(id.substr(0, id.find('/')) + "/1000"));
  CHECK_FALSE(db.session_lives("nonsense"));
  db.end_session(id);
  CHECK_THROWS_AS(other->run("select 1"), Error);
  other.reset();
  CHECK_FALSE(db.session_lives(id));
  db.end_session(id);
}

TEST_CASE("mysql: a deadlock ends the transaction and may be tried again", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  look.run("create table t (id int primary key, n int); insert into t values (1, 0), (2, 0)");
  Connection one(look.endpoint(), Access::kWrite, nobody());
  Connection two(look.endpoint(), Access::kWrite, nobody());
  one.begin();
  two.begin();
  one.run("update t set n = 1 where id = 1");
  two.run("update t set n = 2 where id = 2");
  // One of them waits for the other until the other waits too.
  std::thread waits([&] {
    try {
      one.run("update t set n = 1 where id = 2");
    } catch (const Error&) {
    }
  });
  std::string why;
  bool retryable = false;
  try {
    two.run("update t set n = 2 where id = 1");
  } catch (const Error& error) {
    why = error.what();
    retryable = error.retryable();
  }
  if (!why.empty()) {
    CHECK_FALSE(two.in_transaction());
    CHECK(retryable);
    CHECK_THAT(why, Catch::Contains("1213"));
  }
  two.rollback();
  waits.join();
  CHECK(one.in_transaction() == !why.empty());
}

TEST_CASE("mysql: what waits for the server ends when it is interrupted", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  const std::shared_ptr<Interrupts> interrupts = nobody();
  Connection db(look.endpoint(), Access::kWrite, interrupts);
  std::thread interrupts_it([&] { interrupts->raise(); });

  std::string why;
  try {
    db.run("select sleep(1000)");
  } catch (const Error& error) {
    CHECK(error.code() == CM_CANCELLED);
    why = error.what();
  }
  interrupts_it.join();

  CHECK_THAT(why, Catch::Contains("interrupted"));
  CHECK_THROWS_WITH(Connection(look.endpoint(), Access::kWrite, interrupts),
                    Catch::Contains("interrupted"));
}

TEST_CASE("mysql: an answer that does not come in time is an error, and a commit's is unknown",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  Endpoint hasty = look.endpoint();
  hasty.timeout_ms = 1'000;
  Connection db(hasty, Access::kWrite, nobody());
  db.begin();

  CHECK_THROWS_WITH(db.run("select sleep(1000)"), Catch::Contains("no answer in `timeout`"));
  CHECK_FALSE(db.in_transaction());

  Connection lost(look.endpoint(), Access::kWrite, nobody());
  lost.begin();
  Connection(look.endpoint(), Access::kWrite, nobody()).end_session(lost.session_id());
  try {
    lost.commit();
    FAIL("it was committed on a connection that was ended");
  } catch (const Error& error) {
    CHECK(error.code() == CM_COMMIT_UNKNOWN);
  }
}

TEST_CASE("mysql: a server that cannot be reached, or not by this user, is told with what to do",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  const auto with = [&](const std::string& option, testing::Value value) {
    const Endpoint& there = look.endpoint();
    testing::Value options(Map{{"host", there.host},
                               {"port", static_cast<int>(there.port)},
                               {"user", there.user},
                               {"password", there.password},
                               {"database", there.database},
                               {"table", "people"}});
    options.set(option, std::move(value));
    return options;
  };
  const auto outcome = [&](const std::string& option, testing::Value value) {
    testing::Value options = with(option, std::move(value));
    const cm_options abi = options.abi();
    Options opt(&abi);
    ConnectionOptions connection;
    connection.configure(opt);
    return testing::ask([&](cm_error* error) {
      return detail::guard(error, [&] {
        Connection db(connection.endpoint(), Access::kLook, nobody());
        return CM_OK;
      });
    });
  };

  const Outcome unknown_host = outcome("host", "nowhere.invalid");
  CHECK(unknown_host.code == CM_UNAVAILABLE);
  CHECK(unknown_host.retryable);
  CHECK(unknown_host.says("nowhere.invalid"));
  const Outcome refused = outcome("port", 1);
  CHECK(refused.code == CM_UNAVAILABLE);
  CHECK(refused.says("is the server up"));
  const Outcome wrong_password = outcome("password", "canary-password");
  CHECK(wrong_password.code == CM_PERMISSION);
  CHECK_FALSE(wrong_password.retryable);
  CHECK_FALSE(wrong_password.says("canary-password"));
  const Outcome no_database = outcome("database", "chunkmill_no_such_database");
  CHECK((no_database.code == CM_NOT_FOUND || no_database.code == CM_PERMISSION));
  CHECK(no_database.says("chunkmill_no_such_database"));
}

TEST_CASE("mysql: TLS that the job requires and the server does not have is no connection",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  if (look.rows("select @@have_ssl") == "YES\n") {
    WARN("skipped: the server has TLS");
    return;
  }

  for (const char* mode : {"require", "verify"}) {
    const Outcome outcome = checked(look.options({{"table", "people"}, {"tls", mode}}));
    CHECK(outcome.code == CM_INVALID);
    CHECK(outcome.says("TLS"));
  }
  CHECK(checked(look.options({{"table", "people"}, {"tls", "disable"}})).message == "");
  CHECK(checked(look.options({{"table", "people"}, {"tls", "prefer"}})).message == "");
}

TEST_CASE("mysql: check tells of a missing table and of another shape, and changes nothing",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;

  CHECK(checked(look.options({{"table", "people"}})).message == "");
  const Outcome missing =
      checked(look.options({{"table", "people"}, {"if_table_missing", "error"}}));
  CHECK(missing.code == CM_NOT_FOUND);
  CHECK(missing.says("if_table_missing"));
  CHECK(look.rows("show tables").empty());
  look.run("create table people (id varchar(20), name int)");
  const Outcome other = checked(look.options({{"table", "people"}}));
  CHECK(other.code == CM_INVALID);
  CHECK(other.says("column \"id\""));
  CHECK(other.says("column \"name\""));
  look.run("drop table people; create view people as select 1 as id, 'x' as name");
  CHECK(checked(look.options({{"table", "people"}})).says("view"));
  look.run("drop view people; create table people (id bigint, name text) engine = MyISAM");
  CHECK(checked(look.options({{"table", "people"}})).says("make it InnoDB"));
}

TEST_CASE("mysql: a user without permission is told which one is missing", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  look.run("create table people (id bigint, name text)");
  const std::string user = look.endpoint().database.substr(10);
  look.run("create user '" + user + "'@'%' identified by 'canary'");
  look.run("grant select on " + look.endpoint().database + ".* to '" + user + "'@'%'");
  const std::string url = "mysql://" + user + ":canary@" + look.endpoint().host + ":" +
                          std::to_string(look.endpoint().port) + "/" + look.endpoint().database;
  MysqlRun sink(Map{{"url", url}, {"table", "people"}});

  const Outcome outcome = sink.start(people());
  look.run("drop user '" + user + "'@'%'");

  CHECK(outcome.code == CM_PERMISSION);
  CHECK_FALSE(outcome.retryable);
  CHECK(outcome.says("INSERT command denied"));
  CHECK(outcome.says("GRANT INSERT ON `" + look.endpoint().database + "`.`people`"));
  CHECK_FALSE(outcome.says("canary"));
}

}  // namespace chunkmill::mysql
