#include <catch2/catch.hpp>
#include <thread>

#include "fixture.hpp"

namespace chunkmill::postgres {
namespace {

Map upsert_by_id(Map more = {}) {
  Map options{{"mode", "upsert"}, {"key", List{"id"}}};
  for (auto& entry : more) options.push_back(std::move(entry));
  return options;
}

}  // namespace

TEST_CASE("postgres: insert makes the table in the stream's order and adds rows chunk by chunk",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  PostgresRun sink(writing(look, "people"));
  REQUIRE(sink.start(people()).message == "");

  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}, {2, nullptr}})).message == "");
  REQUIRE(sink.chunk(1, people_rows({{3, ""}}), true).message == "");
  REQUIRE(sink.finish().code == CM_OK);

  CHECK(look.rows("select * from people order by id") == "1|Ada\n2|(null)\n3|\n");
  CHECK(look.rows("select split, encode(position, 'escape'), next_chunk, rows_in, done "
                  "from chunkmill_split") == "s|at 2|2|3|1\n");
  CHECK(look.rows("select state from chunkmill_run") == "finished\n");
}

TEST_CASE("postgres: insert adds to a table that is there, whatever the order of its columns",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(
      "create table people (name text, extra text default 'x', twice bigint generated always as "
      "(id * 2) stored, id bigint primary key, n int generated always as identity)");
  look.run("insert into people (name, extra, id) values ('Old', 'y', 7)");
  PostgresRun sink(writing(look, "people"));

  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}}), true).message == "");

  CHECK(look.rows("select id, name, extra, twice, n from people order by id") ==
        "1|Ada|x|2|2\n7|Old|y|14|1\n");
}

TEST_CASE("postgres: upsert updates the row whose key is there, and the last of a chunk wins",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  PostgresRun sink(writing(look, "people", upsert_by_id()));
  REQUIRE(sink.start(people()).message == "");

  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}, {2, "Bob"}, {1, "Ada L."}})).message == "");
  REQUIRE(sink.chunk(1, people_rows({{2, nullptr}}), true).message == "");

  CHECK(look.rows("select * from people order by id") == "1|Ada L.\n2|(null)\n");
}

TEST_CASE("postgres: upsert adds up as rows one after the other would, and a null adds nothing",
          "[postgres]") {
  REQUIRE_SERVER();
  const Schema stock{{Field{"item", Type::kUtf8}, Field{"quantity", Type::kInt64},
                      Field{"weight", Type::kFloat64}, Field{"note", Type::kUtf8}}};
  Database look;
  PostgresRun sink(
      writing(look, "stock",
              {{"mode", "upsert"}, {"key", List{"item"}}, {"add", List{"quantity", "weight"}}}));
  REQUIRE(sink.start(stock).message == "");

  REQUIRE(sink.chunk(0, Rows(stock, {{"nail", nullptr, 0.1, "a"},
                                     {"nut", 1, nullptr, "b"},
                                     {"nail", 5, 0.2, "c"},
                                     {"nail", nullptr, 0.3, "d"},
                                     {"bolt", 2, 1.0, "e"}}))
              .message == "");
  REQUIRE(sink.chunk(1, Rows(stock, {{"nail", -2, nullptr, "f"}, {"nut", 1, 1.5, "g"}})).message ==
          "");

  // 0.1 + 0.2 + 0.3 in this order, to the last bit.
  CHECK(look.rows("select * from stock order by item") ==
        "bolt|2|1|e\nnail|3|0.6000000000000001|f\nnut|2|1.5|g\n");
}

TEST_CASE("postgres: several batches of one chunk are upserted one after the other", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  PostgresRun sink(writing(look, "people", upsert_by_id()));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.begin({0, "", "at 1"}).code == CM_OK);

  REQUIRE(sink.write(people_rows({{1, "a"}, {2, "b"}}).abi()).message == "");
  look.run("insert into people values (9, 'other')");
  REQUIRE(sink.write(people_rows({{2, "c"}, {2, "d"}}).abi()).message == "");
  REQUIRE(sink.write(people_rows({{3, "e"}}).abi()).message == "");
  REQUIRE(sink.commit({5, 5}).message == "");

  CHECK(look.rows("select * from people order by id") == "1|a\n2|d\n3|e\n9|other\n");
  REQUIRE(sink.chunk(1, people_rows({{1, "z"}})).message == "");
  CHECK(look.rows("select name from people where id = 1") == "z\n");
}

TEST_CASE("postgres: upsert of rows that are all key keeps one of each", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  PostgresRun sink(writing(look, "people", {{"mode", "upsert"}, {"key", List{"id", "name"}}}));
  REQUIRE(sink.start(people()).message == "");

  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}, {1, "Ada"}, {1, "Bob"}})).message == "");

  CHECK(look.rows("select * from people order by name") == "1|Ada\n1|Bob\n");
}

TEST_CASE("postgres: keys that only the server takes for the same go one after the other",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run("create table people (id bigint, name uuid primary key)");
  PostgresRun sink(writing(look, "people", {{"mode", "upsert"}, {"key", List{"name"}}}));
  REQUIRE(sink.start(people()).message == "");

  REQUIRE(sink.chunk(0, people_rows({{1, "0000000A-0000-0000-0000-000000000000"},
                                     {2, "0000000a-0000-0000-0000-000000000000"},
                                     {3, "0000000b-0000-0000-0000-000000000000"}}))
              .message == "");

  CHECK(look.rows("select id, left(name::text, 8) from people order by name") ==
        "2|0000000a\n3|0000000b\n");
}

TEST_CASE("postgres: upsert needs a unique key on exactly its columns", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run("create table people (id bigint, name text, unique (name) deferrable)");
  look.run("create unique index u on people (id) where id > 5");
  look.run("create unique index v on people ((id + 1))");
  look.run("create unique index w on people (id, name)");
  PostgresRun by_id(writing(look, "people", upsert_by_id()));
  PostgresRun by_name(writing(look, "people", {{"mode", "upsert"}, {"key", List{"name"}}}));

  CHECK(by_id.start(people()).says("unique index on exactly (\"id\")"));
  CHECK(by_name.start(people()).code == CM_INVALID);
  look.run("create unique index x on people (id) include (name)");
  CHECK(by_id.start(people()).message == "");
}

TEST_CASE("postgres: two writers that upsert the same keys wait for each other and do not deadlock",
          "[postgres]") {
  REQUIRE_SERVER();
  constexpr int64_t kRows = 2'000;
  constexpr uint64_t kChunks = 20;
  Database look;
  const auto write_all = [&](const std::string& job, bool upwards, Outcome* last) {
    PostgresRun sink(writing(look, "people", upsert_by_id()));
    sink.run.job = job;
    std::vector<CellRow> rows;
    for (int64_t i = 0; i < kRows; ++i) rows.push_back({upwards ? i : kRows - 1 - i, job});
    *last = sink.start(people());
    for (uint64_t i = 0; i < kChunks && last->ok(); ++i) *last = sink.chunk(i, people_rows(rows));
  };
  look.run("create table people (id bigint primary key, name text)");
  Outcome one;
  Outcome other;

  std::thread thread([&] { write_all("one", true, &one); });
  write_all("other", false, &other);
  thread.join();

  CHECK(one.message == "");
  CHECK(other.message == "");
  CHECK(look.rows("select count(*) from people") == "2000\n");
}

TEST_CASE("postgres: several tables are one transaction", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  Map options{{"url", server_url()},
              {"schema", look.schema()},
              {"tables", Map{{"a", Map{{"from", "main"}}},
                             {"b", Map{{"from", "more"}, {"mode", "upsert"}, {"key", "id"}}}}}};
  PostgresRun sink(options);
  REQUIRE(sink.bind({{"main", people()}, {"more", people()}}).message == "");
  REQUIRE(sink.attach().message == "");
  REQUIRE(sink.open().message == "");
  REQUIRE(sink.begin({0, "", "at 1"}).code == CM_OK);
  REQUIRE(sink.write(people_rows({{1, "a"}}).abi(), 0).message == "");
  REQUIRE(sink.write(people_rows({{1, "b"}}).abi(), 1).message == "");

  CHECK(look.rows("select count(*) from a") == "0\n");
  REQUIRE(sink.commit({1, 1}).message == "");

  CHECK(look.rows("select a.name, b.name from a join b using (id)") == "a|b\n");
}

TEST_CASE("postgres: evolve adds the columns that the table lacks", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run("create table people (id bigint primary key); insert into people values (7)");
  const std::string mode = GENERATE("insert", "upsert");
  PostgresRun plain(writing(look, "people", {{"mode", mode}, {"key", List{"id"}}}));
  CHECK(plain.start(people()).says("evolve: add_columns"));
  PostgresRun sink(
      writing(look, "people", {{"mode", mode}, {"key", List{"id"}}, {"evolve", "add_columns"}}));

  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}}), true).message == "");

  CHECK(look.rows("select * from people order by id") == "1|Ada\n7|(null)\n");
}

TEST_CASE("postgres: tables are found in the schema that is named, and in no other", "[postgres]") {
  REQUIRE_SERVER();
  Database other;
  Database look;
  other.run("create table people (nothing text)");
  Map options = writing(look, "people", {{"if_table_missing", "error"}});
  PostgresRun strict(options);
  REQUIRE(strict.bind({{"main", people()}}).message == "");

  CHECK(strict.check().code == CM_NOT_FOUND);
  PostgresRun sink(writing(look, "people"));
  REQUIRE(sink.start(people()).message == "");
  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}}), true).message == "");

  CHECK(look.rows("select * from people") == "1|Ada\n");
  CHECK(other.rows("select count(*) from people") == "0\n");
}

}  // namespace chunkmill::postgres
