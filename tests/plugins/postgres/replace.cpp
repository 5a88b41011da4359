#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace chunkmill::postgres {
namespace {

Outcome replace_with(PostgresRun& sink, const std::vector<CellRow>& rows) {
  Outcome answer = sink.start(people());
  if (answer.ok()) answer = sink.chunk(0, people_rows(rows), true);
  return answer;
}

// What a user sees of the table beside its rows.
std::string looks(Database& look) {
  return look.rows(
             "select conname, pg_get_constraintdef(oid) from pg_constraint "
             "where conrelid = 'people'::regclass order by 1") +
         look.rows(
             "select replace(indexdef, current_schema() || '.', '') from pg_indexes "
             "where tablename = 'people' and schemaname = current_schema() order by 1") +
         look.rows(
             "select obj_description('people'::regclass, 'pg_class'), "
             "col_description('people'::regclass, 2), "
             "pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = 'people'::regclass") +
         look.rows(
             "select relacl is not null and relacl::text like '%=r/%' from pg_class where "
             "oid = 'people'::regclass");
}

constexpr const char* kTable =
    "create table parent (p int primary key); insert into parent values (1);"
    "create table people (id bigint constraint my_key primary key, "
    "name text constraint not_no check (name <> 'no'), extra int default 1 references parent);"
    "create index by_name on people (lower(name)) where id > 0;"
    "create unique index by_both on people (name, id desc);"
    "insert into people values (9, 'Old');"
    "grant select on people to public; grant update (name) on people to public;"
    "comment on table people is 'who'; comment on column people.name is 'how'";

}  // namespace

TEST_CASE("postgres: replace leaves the old rows alone until finish, and exchanges them then",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(kTable);
  const std::string before = looks(look);
  const std::string number = look.rows("select 'people'::regclass::oid");
  PostgresRun sink(writing(look, "people", {{"mode", "replace"}}));
  REQUIRE(replace_with(sink, {{1, "Ada"}}).message == "");
  CHECK(look.rows("select id, name from people") == "9|Old\n");

  REQUIRE(sink.finish().message == "");

  CHECK(look.rows("select * from people") == "1|Ada|1\n");
  CHECK(looks(look) == before);
  CHECK(look.rows("select 'people'::regclass::oid") != number);
  CHECK(look.rows("select count(*) from pg_class where relname like 'people\\_\\_%' "
                  "and relnamespace = current_schema()::regnamespace") == "0\n");
  CHECK(look.rows("select has_column_privilege('public', 'people', 'name', 'update')") == "t\n");
  REQUIRE(sink.finish().message == "");
}

TEST_CASE("postgres: a table that others depend on stays, and gets the new rows", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(kTable);
  const std::string kind = GENERATE("view", "trigger", "sequence", "policy", "storage", "function");
  INFO(kind);
  if (kind == "view") look.run("create view v as select name from people");
  if (kind == "sequence")
    look.run("alter table people add serial int generated always as identity");
  if (kind == "policy") look.run("create policy p on people using (true)");
  if (kind == "storage") look.run("alter table people set (fillfactor = 70)");
  if (kind == "function")
    look.run("create function f() returns setof people language sql as 'select * from people'");
  if (kind == "trigger")
    look.run(
        "create function f() returns trigger language plpgsql as 'begin return new; end'; "
        "create trigger t before insert on people for each row execute function f()");
  const std::string before = looks(look);
  const std::string number = look.rows("select 'people'::regclass::oid");
  PostgresRun sink(writing(look, "people", {{"mode", "replace"}}));
  REQUIRE(replace_with(sink, {{1, "Ada"}, {2, "Bob"}}).message == "");
  CHECK(look.rows("select id, name from people") == "9|Old\n");

  REQUIRE(sink.finish().message == "");

  CHECK(look.rows("select id, name, extra from people order by id") == "1|Ada|1\n2|Bob|1\n");
  CHECK(looks(look) == before);
  CHECK(look.rows("select 'people'::regclass::oid") == number);
  if (kind == "view") CHECK(look.rows("select * from v order by 1") == "Ada\nBob\n");
}

TEST_CASE("postgres: replace makes a table that is not there under its own names", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  PostgresRun sink(writing(look, "people", {{"mode", "replace"}, {"key", List{"id"}}}));
  REQUIRE(replace_with(sink, {{1, "Ada"}}).message == "");
  CHECK(look.rows("select to_regclass('people') is null") == "t\n");

  REQUIRE(sink.finish().message == "");

  CHECK(look.rows("select * from people") == "1|Ada\n");
  CHECK(look.rows("select indexname from pg_indexes where tablename = 'people' and schemaname = "
                  "current_schema()") == "people_pkey\n");
}

TEST_CASE("postgres: rows that break the old table's constraints are told while they are staged",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(kTable);
  PostgresRun sink(writing(look, "people", {{"mode", "replace"}}));

  const Outcome answer = replace_with(sink, {{1, "Ada"}, {2, "no"}, {1, "Twin"}});

  CHECK(answer.code == CM_DATA);
  CHECK(rows_of(sink.bad_rows) == std::vector<int64_t>{1, 2});
}

TEST_CASE("postgres: a table that foreign keys refer to is refused before the run", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(kTable);
  look.run("create table child (c bigint references people)");
  PostgresRun sink(writing(look, "people", {{"mode", "replace"}}));

  const Outcome answer = sink.start(people());

  CHECK(answer.code == CM_UNSUPPORTED);
  CHECK(answer.says("child_c_fkey"));
  CHECK(answer.says("mode: upsert"));
}

TEST_CASE("postgres: replace with evolve brings the new columns into the table", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run("create table people (id bigint primary key); insert into people values (9)");
  const bool has_view = GENERATE(false, true);
  if (has_view) look.run("create view v as select id from people");
  PostgresRun sink(writing(look, "people", {{"mode", "replace"}, {"evolve", "add_columns"}}));
  REQUIRE(replace_with(sink, {{1, "Ada"}}).message == "");

  REQUIRE(sink.finish().message == "");

  CHECK(look.rows("select * from people") == "1|Ada\n");
}

TEST_CASE("postgres: a run that is resumed keeps what it has staged; a new one does not",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  const Map options = writing(look, "people", {{"mode", "replace"}});
  {
    PostgresRun killed(options);
    REQUIRE(killed.start(people()).message == "");
    REQUIRE(killed.chunk(0, people_rows({{1, "Ada"}})).message == "");
  }
  SECTION("the same run") {
    PostgresRun sink(options);
    REQUIRE(sink.as("run-1", 2).start(people()).message == "");
    SplitState state;
    REQUIRE(sink.committed("s", &state).code == CM_OK);
    REQUIRE(sink.chunk(1, people_rows({{2, "Bob"}}), true).message == "");
    REQUIRE(sink.finish().message == "");
    CHECK(look.rows("select * from people order by id") == "1|Ada\n2|Bob\n");
  }
  SECTION("another run") {
    PostgresRun sink(options);
    REQUIRE(sink.as("run-2", 2).start(people()).message == "");
    REQUIRE(sink.chunk(0, people_rows({{3, "Cyd"}}), true).message == "");
    REQUIRE(sink.finish().message == "");
    CHECK(look.rows("select * from people order by id") == "3|Cyd\n");
  }
}

TEST_CASE("postgres: a row that a trigger or a partition does not take is told while it is staged",
          "[postgres]") {
  REQUIRE_SERVER();
  const std::string guard = GENERATE("trigger", "partitions", "partition of partitions");
  INFO(guard);
  Database look;
  if (guard == "trigger") {
    look.run(
        "create table people (id bigint primary key, name text); create table seen (name text); "
        "create function f() returns trigger language plpgsql as $$ begin "
        "if new.name = 'no' then raise exception 'not no'; end if; new.name = new.name || '!'; "
        "return new; end $$; create trigger t before insert or update on people for each row "
        "when (new.id > 0) execute function f()");
  } else {
    look.run("create table people (id bigint, name text) partition by range (id)");
    look.run(guard == "partitions"
                 ? "create table p1 partition of people for values from (0) to (10)"
                 : "create table p1 partition of people for values from (0) to (10) partition by "
                   "list (name); create table p2 partition of p1 for values in ('Ada', 'Bob')");
  }
  look.run("insert into people values (1, 'Ada')");
  PostgresRun sink(writing(look, "people", {{"mode", "replace"}}));

  CHECK(replace_with(sink, {{1, "Ada"}, {11, "no"}, {2, "Bob"}}).code == CM_DATA);
  CHECK(rows_of(sink.bad_rows) == std::vector<int64_t>{1});
  if (guard != "trigger") CHECK(sink.bad_rows[0].message.find("no partition") == 0);

  REQUIRE(sink.chunk(0, people_rows({{1, "Ada"}, {2, "Bob"}}), true).message == "");
  REQUIRE(sink.finish().message == "");
  CHECK(look.rows("select * from people order by id") ==
        (guard == "trigger" ? "1|Ada!\n2|Bob!\n" : "1|Ada\n2|Bob\n"));
  if (guard == "trigger")
    CHECK(look.rows("select tgenabled from pg_trigger where tgrelid = 'people'::regclass") ==
          "O\n");
}

TEST_CASE("postgres: rows that are refused after they are in leave the old ones, with the reason",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(
      "create table people (id bigint primary key, name text); insert into people values (9, "
      "'Old'); "
      "create function f() returns trigger language plpgsql as $$ begin "
      "if new.name = 'no' then raise exception 'not no'; end if; return null; end $$; "
      "create trigger t after insert on people for each row execute function f()");
  PostgresRun sink(writing(look, "people", {{"mode", "replace"}}));
  REQUIRE(replace_with(sink, {{1, "Ada"}, {2, "no"}}).message == "");

  const Outcome answer = sink.finish();

  CHECK(answer.code == CM_INVALID);
  CHECK(answer.says("not no"));
  CHECK(look.rows("select * from people") == "9|Old\n");
}

TEST_CASE("postgres: a table that refers to itself still does when it is replaced", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run(
      "create table people (id bigint primary key, name text, "
      "boss bigint constraint has_boss references people (id) on delete cascade)");
  const Schema schema{{Field{"id", Type::kInt64}, Field{"boss", Type::kInt64}}};
  PostgresRun sink(writing(look, "people", {{"mode", "replace"}}));
  REQUIRE(sink.start(schema).message == "");

  CHECK(sink.chunk(0, Rows(schema, {{1, nullptr}, {2, 1}, {3, 7}})).code == CM_DATA);
  CHECK(sink.bad_rows.at(0).code == "no_such_reference");
  REQUIRE(sink.chunk(0, Rows(schema, {{1, nullptr}, {2, 1}}), true).message == "");
  REQUIRE(sink.finish().message == "");

  CHECK(
      look.rows("select pg_get_constraintdef(oid) from pg_constraint where conname = 'has_boss'") ==
      "FOREIGN KEY (boss) REFERENCES people(id) ON DELETE CASCADE\n");
}

}  // namespace chunkmill::postgres
