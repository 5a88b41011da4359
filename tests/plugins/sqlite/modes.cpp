#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace chunkmill::sqlite {

TEST_CASE("sqlite: insert makes the table in the stream's order and adds rows chunk by chunk",
          "[sqlite]") {
  const Folder folder;
  SqliteRun sink(Map{{"path", folder.file("a.db")}, {"table", "people"}});
  REQUIRE(sink.start(people()).message == "");

  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}, {2, nullptr}})).message == "");
  REQUIRE(sink.chunk(1, people_rows({{3, ""}}), true).message == "");
  REQUIRE(sink.finish().code == CM_OK);

  Database look(folder.file("a.db"));
  CHECK(look.rows("select * from people order by id") == "1|Ada\n2|(null)\n3|\n");
  CHECK(look.rows("select name, type, \"notnull\", pk from pragma_table_info('people')") ==
        "id|INTEGER|1|0\nname|TEXT|0|0\n");
  CHECK(look.rows("select split, position, next_chunk, rows_in, done from chunkmill_split") ==
        "s|at 2|2|3|1\n");
  CHECK(look.rows("select job, run, state from chunkmill_run") == "job|run-1|finished\n");
}

TEST_CASE(
    "sqlite: insert adds to a table that is there, whatever the order and case of its columns",
    "[sqlite]") {
  const Folder folder;
  Database look(folder.file("a.db"));
  look.run("create table people (NAME text, extra text default 'x', ID integer primary key)");
  look.run("insert into people values ('Old', 'y', 7)");
  SqliteRun sink(Map{{"path", folder.file("a.db")}, {"table", "people"}});

  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}}), true).message == "");

  CHECK(look.rows("select ID, NAME, extra from people order by id") == "1|Ada|x\n7|Old|y\n");
}

TEST_CASE("sqlite: columns chooses and orders what is written", "[sqlite]") {
  const Folder folder;
  SqliteRun sink(
      Map{{"path", folder.file("a.db")}, {"table", "people"}, {"columns", List{"name"}}});

  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}}), true).message == "");

  CHECK(Database(folder.file("a.db")).rows("select * from people") == "Ada\n");
}

TEST_CASE("sqlite: upsert updates the row whose key is there", "[sqlite]") {
  const Folder folder;
  SqliteRun sink(Map{
      {"path", folder.file("a.db")}, {"table", "people"}, {"mode", "upsert"}, {"key", List{"id"}}});
  REQUIRE(sink.start(people()).message == "");

  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}, {2, "Bob"}, {1, "Ada L."}})).message == "");
  REQUIRE(sink.chunk(1, people_rows({{2, nullptr}}), true).message == "");

  Database look(folder.file("a.db"));
  CHECK(look.rows("select * from people order by id") == "1|Ada L.\n2|(null)\n");
  CHECK(look.rows("select name from pragma_table_info('people') where pk") == "id\n");
}

TEST_CASE("sqlite: upsert adds up the columns that add names, and a null adds nothing",
          "[sqlite]") {
  const Schema stock{{Field{"item", Type::kUtf8}, Field{"day", Type::kDate32},
                      Field{"quantity", Type::kInt64}, Field{"note", Type::kUtf8}}};
  const auto row = [&](testing::Cell quantity, std::string_view note) {
    return Rows(stock, {{"nail", "2024-02-29", quantity, note}});
  };
  const Folder folder;
  SqliteRun sink(Map{{"path", folder.file("a.db")},
                     {"table", "stock"},
                     {"mode", "upsert"},
                     {"key", List{"item", "day"}},
                     {"add", List{"quantity"}}});
  REQUIRE(sink.start(stock).message == "");

  REQUIRE(sink.chunk(0, row(nullptr, "a")).message == "");
  REQUIRE(sink.chunk(1, row(5, "b")).message == "");
  REQUIRE(sink.chunk(2, row(nullptr, "c")).message == "");
  REQUIRE(sink.chunk(3, row(-2, "d")).message == "");

  CHECK(Database(folder.file("a.db")).rows("select * from stock") == "nail|2024-02-29|3|d\n");
}

TEST_CASE("sqlite: upsert of rows that are all key keeps one of each", "[sqlite]") {
  const Folder folder;
  SqliteRun sink(Map{{"path", folder.file("a.db")},
                     {"table", "people"},
                     {"mode", "upsert"},
                     {"key", List{"id", "name"}}});
  REQUIRE(sink.start(people()).message == "");

  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}, {1, "Ada"}, {1, "Bob"}})).message == "");

  CHECK(Database(folder.file("a.db")).rows("select * from people order by name") ==
        "1|Ada\n1|Bob\n");
}

TEST_CASE("sqlite: upsert takes a unique index of an old table for its key", "[sqlite]") {
  const Folder folder;
  Database look(folder.file("a.db"));
  look.run("create table people (id integer, name text); create unique index u on people (id)");
  SqliteRun sink(Map{
      {"path", folder.file("a.db")}, {"table", "people"}, {"mode", "upsert"}, {"key", List{"id"}}});

  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}, {1, "Bob"}})).message == "");

  CHECK(look.rows("select * from people") == "1|Bob\n");
}

TEST_CASE("sqlite: upsert refuses a key without a unique index, also a partial one", "[sqlite]") {
  const Folder folder;
  Database look(folder.file("a.db"));
  look.run("create table people (id integer, name text)");
  look.run("create unique index u on people (id) where id > 5");
  look.run("create unique index v on people (id + 1)");
  look.run("create unique index w on people (id, name)");
  SqliteRun sink(Map{
      {"path", folder.file("a.db")}, {"table", "people"}, {"mode", "upsert"}, {"key", List{"id"}}});

  const Outcome answer = sink.start(people());

  CHECK(answer.code == CM_INVALID);
  CHECK(answer.says("unique index on exactly (\"id\")"));
  CHECK(answer.where == "people");
}

TEST_CASE("sqlite: replace leaves the old rows alone until finish, and exchanges them then",
          "[sqlite]") {
  const Folder folder;
  Database look(folder.file("a.db"));
  look.run("create table \"peo\"\"ple\" (id integer primary key, name text check (name <> 'no'))");
  look.run("insert into \"peo\"\"ple\" values (9, 'Old')");
  look.run("create index by_name on \"peo\"\"ple\" (name)");
  look.run("create view v as select name from \"peo\"\"ple\"");
  SqliteRun sink(Map{{"path", folder.file("a.db")}, {"table", "peo\"ple"}, {"mode", "replace"}});
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}}), true).message == "");
  REQUIRE(look.rows("select name from v") == "Old\n");

  REQUIRE(sink.finish().message == "");

  CHECK(look.rows("select name from v") == "Ada\n");
  CHECK(look.rows("select type, name, tbl_name from sqlite_schema "
                  "where name not like 'chunkmill%' and name not like 'sqlite%' order by type") ==
        "index|by_name|peo\"ple\ntable|peo\"ple|peo\"ple\nview|v|v\n");
  CHECK(look.rows("select instr(sql, 'check (name <> ''no'')') > 0 from sqlite_schema "
                  "where type = 'table' and name like 'peo%'") == "1\n");
}

TEST_CASE("sqlite: replace makes a table that was not there", "[sqlite]") {
  const Folder folder;
  SqliteRun sink(Map{{"path", folder.file("a.db")},
                     {"table", "people"},
                     {"mode", "replace"},
                     {"key", List{"id"}}});
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}}), true).message == "");

  REQUIRE(sink.finish().message == "");

  Database look(folder.file("a.db"));
  CHECK(look.rows("select * from people") == "1|Ada\n");
  CHECK(look.rows("select name from pragma_table_info('people') where pk") == "id\n");
  CHECK(look.rows("select count(*) from sqlite_schema where name like '%chunkmill_new'") == "0\n");
}

TEST_CASE("sqlite: a resumed replace keeps what is staged; a new run begins with nothing",
          "[sqlite]") {
  const Folder folder;
  const Map options{{"path", folder.file("a.db")}, {"table", "people"}, {"mode", "replace"}};
  {
    SqliteRun killed(options);
    REQUIRE(killed.start(people()).message == "");
    REQUIRE(killed.chunk(0, people_rows({{1, "Ada"}})).message == "");
  }
  SECTION("the same run") {
    SqliteRun sink(options);
    REQUIRE(sink.as("run-1", 2).start(people()).message == "");
    REQUIRE(sink.committed("s").code == CM_OK);
    REQUIRE(sink.chunk(1, people_rows({{2, "Bob"}}), true).message == "");
    REQUIRE(sink.finish().message == "");
    CHECK(Database(folder.file("a.db")).rows("select name from people") == "Ada\nBob\n");
  }
  SECTION("a new run") {
    SqliteRun sink(options);
    REQUIRE(sink.as("run-2").start(people()).message == "");
    REQUIRE(sink.chunk(0, people_rows({{2, "Bob"}}), true).message == "");
    REQUIRE(sink.finish().message == "");
    CHECK(Database(folder.file("a.db")).rows("select name from people") == "Bob\n");
  }
  SECTION("the same run, but the staging table is gone") {
    Database(folder.file("a.db")).run("drop table people__chunkmill_new");
    SqliteRun sink(options);
    const Outcome answer = sink.as("run-1", 2).start(people());
    CHECK(answer.code == CM_INVALID);
    CHECK(answer.says("--restart"));
  }
}

TEST_CASE("sqlite: finish swaps once, however often it and attach are called again", "[sqlite]") {
  const Folder folder;
  const Map options{{"path", folder.file("a.db")}, {"table", "people"}, {"mode", "replace"}};
  SqliteRun sink(options);
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}}), true).message == "");
  REQUIRE(sink.finish().message == "");

  CHECK(sink.finish().message == "");
  SqliteRun again(options);
  REQUIRE(again.bind({{"main", people()}}).message == "");
  CHECK(again.as("run-1", 2).attach().message == "");
  CHECK(again.finish().message == "");

  Database look(folder.file("a.db"));
  CHECK(look.rows("select name from people") == "Ada\n");
  CHECK(look.rows("select count(*) from sqlite_schema where name like '%chunkmill_new'") == "0\n");
}

TEST_CASE("sqlite: a replaced table's unique index refuses rows while they are staged",
          "[sqlite]") {
  const Folder folder;
  Database look(folder.file("a.db"));
  look.run("create table people (id integer, name text); create unique index u on people (id)");
  look.run("insert into people values (9, 'Old')");
  SqliteRun sink(Map{{"path", folder.file("a.db")}, {"table", "people"}, {"mode", "replace"}});
  REQUIRE(sink.start(people()).message == "");

  const Outcome answer = sink.chunk(0, people_rows({{1, "Ada"}, {1, "Bob"}}), true);

  CHECK(answer.code == CM_DATA);
  CHECK(answer.says("UNIQUE constraint failed"));
  CHECK(look.rows("select name from people") == "Old\n");
  CHECK(look.rows("select state from chunkmill_run") == "running\n");
}

TEST_CASE("sqlite: several tables take their streams in one transaction", "[sqlite]") {
  const Schema prices{{Field{"item", Type::kUtf8}, Field{"price", Type::kFloat64}}};
  const Folder folder;
  SqliteRun sink(Map{{"path", folder.file("a.db")},
                     {"if_table_missing", "create"},
                     {"tables", Map{{"people", Map{{"from", "main"}, {"mode", "insert"}}},
                                    {"prices", Map{{"from", "prices"},
                                                   {"mode", "upsert"},
                                                   {"key", "item"},
                                                   {"required", "false"}}}}}});
  REQUIRE(sink.bind({{"main", people()}, {"prices", prices}}).message == "");
  REQUIRE(sink.attach().message == "");
  REQUIRE(sink.open().message == "");
  const Rows price(prices, {{"nail", 0.25}});
  Database look(folder.file("a.db"));

  REQUIRE(sink.begin({0, "", "x", true}).code == CM_OK);
  REQUIRE(sink.write(people_rows({{1, "Ada"}}).abi(), 0).code == CM_OK);
  REQUIRE(sink.write(price.abi(), 1).code == CM_OK);
  REQUIRE(look.rows("select count(*) from people, prices") == "0\n");
  REQUIRE(sink.commit({1, 1}).code == CM_OK);

  CHECK(look.rows("select * from people, prices") == "1|Ada|nail|0.25\n");
}

TEST_CASE("sqlite: a write that fails takes nothing of the other tables' rows with it",
          "[sqlite]") {
  const Folder folder;
  SqliteRun sink(Map{{"path", folder.file("a.db")},
                     {"tables", Map{{"a", Map{{"key", "id"}}}, {"b", Map{{"key", "id"}}}}}});
  REQUIRE(sink.bind({{"main", people()}, {"main", people()}}).message == "");
  REQUIRE(sink.attach().message == "");
  REQUIRE(sink.open().message == "");

  REQUIRE(sink.begin({0, "", "x", true}).code == CM_OK);
  REQUIRE(sink.write(people_rows({{1, "Ada"}}).abi(), 0).code == CM_OK);
  REQUIRE(sink.write(people_rows({{5, "x"}, {5, "y"}}).abi(), 1).code == CM_DATA);
  REQUIRE(sink.commit({1, 1}).code == CM_OK);

  Database look(folder.file("a.db"));
  CHECK(look.rows("select count(*) from a") == "1\n");
  CHECK(look.rows("select count(*) from b") == "0\n");
}

TEST_CASE("sqlite: a table that could not be replaced is, once what was in the way is mended",
          "[sqlite]") {
  const Folder folder;
  Database look(folder.file("a.db"));
  look.run("create table people (id integer, name text); insert into people values (7, 'Old')");
  look.run("create trigger own before insert on people begin delete from gone; end");
  SqliteRun sink(Map{{"path", folder.file("a.db")}, {"table", "people"}, {"mode", "replace"}});
  REQUIRE(sink.start(people()).code == CM_INVALID);

  // A view that is broken must not matter to the same connection afterwards.
  look.run("drop trigger own");
  look.run("create view broken as select * from gone");
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}}), true).message == "");
  REQUIRE(sink.finish().message == "");
  CHECK(look.rows("select * from people") == "1|Ada\n");
}

}  // namespace chunkmill::sqlite
