#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace chunkmill::mysql {

TEST_CASE("mysql: insert makes the table in the stream's order and adds rows chunk by chunk",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  const std::string how = GENERATE("auto", "arrays", "values");
  MysqlRun sink(look.options({{"table", "people"}, {"write_with", how}}));
  REQUIRE(sink.start(people()).message == "");

  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}, {2, nullptr}})).message == "");
  REQUIRE(sink.chunk(1, people_rows({{3, ""}}), true).message == "");
  REQUIRE(sink.finish().message == "");

  CHECK(look.rows("select * from people order by id") == "1|Ada\n2|(null)\n3|\n");
  CHECK(look.rows("select column_name, data_type, is_nullable from information_schema.columns "
                  "where table_schema = database() and table_name = 'people' "
                  "order by ordinal_position") == "id|bigint|NO\nname|longtext|YES\n");
  CHECK(look.rows("select split, position, next_chunk, rows_in, done from chunkmill_split") ==
        "s|at 2|2|3|1\n");
  CHECK(look.rows("select job, run, state from chunkmill_run") == "job|run-1|finished\n");
}

TEST_CASE("mysql: insert adds to a table that is there, whatever the order and case of its columns",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  look.run("create table people (NAME text, extra varchar(9) default 'x', ID int primary key)");
  look.run("insert into people values ('Old', 'y', 7)");
  MysqlRun sink(look.options({{"table", "people"}}));

  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}}), true).message == "");

  CHECK(look.rows("select ID, NAME, extra from people order by id") == "1|Ada|x\n7|Old|y\n");
}

TEST_CASE("mysql: upsert updates the row whose key is there, also one of the same batch",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  const std::string how = GENERATE("arrays", "values");
  MysqlRun sink(look.options(
      {{"table", "people"}, {"mode", "upsert"}, {"key", List{"id"}}, {"write_with", how}}));
  REQUIRE(sink.start(people()).message == "");

  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}, {2, "Bob"}, {1, "Ada L."}})).message == "");
  REQUIRE(sink.chunk(1, people_rows({{2, nullptr}}), true).message == "");

  CHECK(look.rows("select * from people order by id") == "1|Ada L.\n2|(null)\n");
}

TEST_CASE("mysql: upsert adds up the columns that add names, and a null adds nothing", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Schema stock{{Field{"item", Type::kUtf8}, Field{"day", Type::kDate32},
                Field{"quantity", Type::kInt64}, Field{"price", Type::kDecimal128},
                Field{"note", Type::kUtf8}}};
  stock.fields[3].precision = 20;
  stock.fields[3].scale = 3;
  const auto row = [&](testing::Cell quantity, testing::Cell price, std::string_view note) {
    return Rows(stock, {{"nail", "2024-02-29", quantity, price, note}});
  };
  Database look;
  MysqlRun sink(look.options({{"table", "stock"},
                              {"mode", "upsert"},
                              {"key", List{"item", "day"}},
                              {"add", List{"quantity", "price"}}}));
  REQUIRE(sink.start(stock).message == "");

  REQUIRE(sink.chunk(0, row(nullptr, nullptr, "a")).message == "");
  REQUIRE(sink.chunk(1, row(5, "0.001", "b")).message == "");
  REQUIRE(sink.chunk(2, row(nullptr, "10000000000000000.1", "c")).message == "");
  REQUIRE(sink.chunk(3, row(-2, nullptr, "d")).message == "");

  CHECK(look.rows("select * from stock") == "nail|2024-02-29|3|10000000000000000.101|d\n");
}

TEST_CASE("mysql: upsert of rows that are all key keeps one of each, spaces and case told apart",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  MysqlRun sink(
      look.options({{"table", "people"}, {"mode", "upsert"}, {"key", List{"id", "name"}}}));
  REQUIRE(sink.start(people()).message == "");

  REQUIRE(sink.chunk(0, people_rows({{1, "a"}, {1, "a"}, {1, "a "}, {1, "A"}, {1, "ä"}})).message ==
          "");

  CHECK(look.rows("select id, hex(name) from people order by hex(name)") ==
        "1|41\n1|61\n1|6120\n1|C3A4\n");
}

TEST_CASE("mysql: upsert refuses a key without a unique index, and another unique key beside it",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  const auto outcome = [&](const std::string& sql) {
    look.run("drop table if exists people; create table people (" + sql + ")");
    MysqlRun sink(look.options({{"table", "people"}, {"mode", "upsert"}, {"key", List{"id"}}}));
    return sink.start(people());
  };

  CHECK(outcome("id bigint, name varchar(20)").says("upsert needs a primary key"));
  CHECK(outcome("id bigint, name varchar(20), unique (id, name)").says("upsert needs"));
  CHECK(outcome("id varchar(20), name varchar(20), unique (id(3))").code == CM_INVALID);
  const Outcome other = outcome("id bigint primary key, name varchar(20), unique by_name (name)");
  CHECK(other.code == CM_INVALID);
  CHECK(other.says("by_name (`name`)"));
  CHECK(outcome("n int auto_increment primary key, id bigint not null unique, name text").message ==
        "");
  CHECK(outcome("id bigint primary key, name varchar(20), unique (id, name)").message == "");
}

TEST_CASE("mysql: replace shows the new rows at the end and not before, with the table's own shape",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  look.run(
      "create table people (id bigint primary key, name varchar(20), key by_name (name)); "
      "insert into people values (7, 'Old')");
  MysqlRun sink(look.options({{"table", "people"}, {"mode", "replace"}}));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}}), true).message == "");
  CHECK(look.rows("select * from people") == "7|Old\n");

  REQUIRE(sink.finish().message == "");
  REQUIRE(sink.finish().message == "");

  CHECK(look.rows("select * from people") == "1|Ada\n");
  CHECK(look.rows("select distinct index_name from information_schema.statistics where "
                  "table_schema = database() and table_name = 'people' order by 1") ==
        "by_name\nPRIMARY\n");
  CHECK(look.rows("show tables like 'people%'") == "people\n");
}

TEST_CASE("mysql: replace makes a table that was not there, and refuses one that others hang on",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  {
    MysqlRun sink(look.options({{"table", "people"}, {"mode", "replace"}, {"key", List{"id"}}}));
    REQUIRE(sink.start(people()).message == "");
    REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}}), true).message == "");
    REQUIRE(sink.finish().message == "");
    CHECK(look.rows("select * from people") == "1|Ada\n");
  }
  look.run("create table child (id bigint, foreign key (id) references people (id))");
  MysqlRun sink(look.options({{"table", "people"}, {"mode", "replace"}}));

  const Outcome outcome = sink.as("run-2").start(people());

  CHECK(outcome.code == CM_UNSUPPORTED);
  CHECK(outcome.says("foreign key"));
  CHECK(look.rows("select * from people") == "1|Ada\n");
}

TEST_CASE("mysql: a replace that was interrupted between its exchange and its end is ended once",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  look.run(
      "create table people (id bigint primary key, name varchar(20)); "
      "insert into people values (7, 'Old')");
  const Map options = look.options({{"table", "people"}, {"mode", "replace"}});
  {
    MysqlRun killed(options);
    REQUIRE(killed.start(people()).message == "");
    REQUIRE(killed.chunk(0, people_rows({{1, "Ada"}}), true).message == "");
  }
  look.run("update chunkmill_run set state = 'finishing'");
  const bool was_exchanged = GENERATE(true, false);
  if (was_exchanged) {
    look.run("rename table people to people__chunkmill_old, people__chunkmill_new to people");
  }

  MysqlRun sink(options);
  REQUIRE(sink.as("run-1", 2).bind({{"main", people()}}).message == "");
  REQUIRE(sink.attach().message == "");
  REQUIRE(sink.finish().message == "");

  CHECK(look.rows("select * from people") == "1|Ada\n");
  CHECK(look.rows("show tables like 'people%'") == "people\n");
  CHECK(look.rows("select state from chunkmill_run") == "finished\n");
}

TEST_CASE("mysql: evolve adds the columns that a table lacks, and without it they are named",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  look.run("create table people (id bigint primary key); insert into people values (7)");
  {
    MysqlRun strict(look.options({{"table", "people"}}));
    const Outcome refused = strict.start(people());
    CHECK(refused.code == CM_INVALID);
    CHECK(refused.says("\"name\""));
    CHECK(refused.says("evolve: add_columns"));
  }
  MysqlRun sink(look.options({{"table", "people"}, {"evolve", "add_columns"}}));

  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}}), true).message == "");

  CHECK(look.rows("select * from people order by id") == "1|Ada\n7|(null)\n");
}

TEST_CASE("mysql: several tables are written in one transaction", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  look.run("create table b (id bigint primary key check (id < 5), name text)");
  MysqlRun sink(
      look.options({{"tables", {{"a", {{"from", "main"}}}, {"b", {{"from", "other"}}}}}}));
  REQUIRE(sink.bind({{"main", people()}, {"other", people()}}).message == "");
  REQUIRE(sink.attach().message == "");
  REQUIRE(sink.open().message == "");

  REQUIRE(sink.begin({0, "", "at 1"}).message == "");
  REQUIRE(sink.write(people_rows({{1, "Ada"}}).abi(), 0).message == "");
  CHECK(sink.write(people_rows({{9, "Bob"}}).abi(), 1).code == CM_DATA);
  sink.abort();

  CHECK(look.rows("select (select count(*) from a), (select count(*) from b)") == "0|0\n");
  REQUIRE(sink.begin({0, "", "at 1"}).message == "");
  REQUIRE(sink.write(people_rows({{1, "Ada"}}).abi(), 0).message == "");
  REQUIRE(sink.write(people_rows({{2, "Bob"}}).abi(), 1).message == "");
  REQUIRE(sink.commit({2, 2, 0, 0}).message == "");
  CHECK(look.rows("select (select name from a), (select name from b)") == "Ada|Bob\n");
}

TEST_CASE("mysql: a table name with a database in it is refused with the option to write",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  MysqlRun sink(look.options({{"table", "sales.people"}}));
  REQUIRE(sink.bind({{"main", people()}}).message == "");

  const Outcome answer = sink.check();

  CHECK(answer.code == CM_INVALID);
  CHECK(answer.says("`database: sales`"));
  CHECK(answer.says("`table: people`"));
}

TEST_CASE("mysql: more columns than InnoDB takes are refused before the server is asked",
          "[mysql]") {
  Schema wide;
  for (int i = 0; i < 1018; ++i) wide.fields.push_back({"c" + std::to_string(i), Type::kInt32});
  MysqlRun sink(Map{{"url", "mysql://etl@127.0.0.1:1/etl"}, {"table", "wide"}});

  CHECK(sink.bind({{"main", wide}}).says("at most 1017"));
}

}  // namespace chunkmill::mysql
