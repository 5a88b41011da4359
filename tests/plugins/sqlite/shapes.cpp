#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace chunkmill::sqlite {
namespace {

// What check() and attach() say of a table made by `sql` that a stream of `schema` goes into.
Outcome fit(const std::string& sql, const Schema& schema, Map more = {}) {
  const Folder folder;
  Database look(folder.file("a.db"));
  look.run(sql);
  Map options{{"path", folder.file("a.db")}, {"table", "t"}};
  for (auto& option : more) options.push_back(option);
  SqliteRun sink(options);
  REQUIRE(sink.bind({{"main", schema}}).message == "");
  const Outcome checked = sink.check();
  const Outcome attached = sink.attach();
  CHECK(checked.message == attached.message);
  CHECK((attached.code == CM_OK) ==
        (look.rows("select count(*) from sqlite_schema where name like 'chunkmill%'") != "0\n"));
  return checked;
}

Schema one(Type type, int precision = 38) {
  Schema schema{{Field{"x", type}}};
  schema.fields[0].precision = precision;
  return schema;
}

}  // namespace

TEST_CASE("sqlite: a column that is missing is named, with the one that was meant", "[sqlite]") {
  const Outcome answer = fit("create table t (id integer, nmae text)", people());

  CHECK(answer.code == CM_INVALID);
  CHECK(answer.where == "t");
  CHECK(
      answer.says("table \"t\" does not fit: column \"name\": the table has no such column; did "
                  "you mean \"nmae\"?"));
}

TEST_CASE("sqlite: every column that does not fit is named at once", "[sqlite]") {
  const Outcome answer = fit("create table t (id text, name integer, x not null)", people());

  CHECK(answer.code == CM_INVALID);
  CHECK(answer.says("column \"id\": the stream has int64, the table's type is TEXT"));
  CHECK(answer.says("column \"name\": the stream has string, the table's type is INTEGER"));
  CHECK(answer.says("column \"x\": it is NOT NULL without a default"));
}

TEST_CASE("sqlite: columns that fill themselves in need not be in the stream", "[sqlite]") {
  CHECK(fit("create table t (id integer, name text, x not null default 5)", people()).message ==
        "");
  CHECK(fit("create table t (x integer primary key, id integer, name text)", people()).message ==
        "");
  CHECK(fit("create table t (id integer, name text, x not null as (id + 1))", people()).message ==
        "");
  CHECK(fit("create table t (id integer, name text, x text primary key not null)", people()).code ==
        CM_INVALID);
}

TEST_CASE("sqlite: a computed column cannot be written", "[sqlite]") {
  const Outcome answer = fit("create table t (id integer, name text as (id))", people());

  CHECK(answer.code == CM_INVALID);
  CHECK(answer.says("computed"));
}

TEST_CASE("sqlite: types are taken where their values stay what they are, and refused elsewhere",
          "[sqlite]") {
  struct Case {
    const char* declared;
    Type type;
    bool fits;
    int precision = 38;
  };
  const Case cases[] = {{"integer", Type::kBool, true},
                        {"BIGINT", Type::kInt64, true},
                        {"numeric", Type::kInt64, true},
                        {"real", Type::kInt32, true},
                        {"real", Type::kInt64, false},
                        {"text", Type::kInt32, false},
                        {"double precision", Type::kFloat64, true},
                        {"numeric", Type::kFloat64, true},
                        {"integer", Type::kFloat64, false},
                        {"varchar(20)", Type::kUtf8, true},
                        {"string", Type::kUtf8, false},
                        {"", Type::kUtf8, true},
                        {"date", Type::kDate32, true},
                        {"datetime", Type::kTimestamp, true},
                        {"integer", Type::kTimestamp, false},
                        {"text", Type::kDecimal128, true},
                        {"real", Type::kDecimal128, false},
                        {"decimal(15,2)", Type::kDecimal128, true, 15},
                        {"decimal(18,2)", Type::kDecimal128, false, 18},
                        {"blob", Type::kBinary, true},
                        {"text", Type::kBinary, true}};
  for (const Case& c : cases) {
    INFO(c.declared << " and " << type_name(c.type));
    const std::string sql = std::string("create table t (x ") + c.declared + ")";
    CHECK(fit(sql, one(c.type, c.precision)).code == (c.fits ? CM_OK : CM_INVALID));
  }
}

TEST_CASE("sqlite: views and virtual tables are not written to", "[sqlite]") {
  CHECK(fit("create view t as select 1 as x", one(Type::kInt64)).code == CM_UNSUPPORTED);
  CHECK(fit("create virtual table t using fts5(x)", one(Type::kUtf8)).code == CM_UNSUPPORTED);
}

TEST_CASE("sqlite: if_table_missing error asks for a table that is there", "[sqlite]") {
  const Folder folder;
  SqliteRun sink(Map{{"path", folder.file("a.db")}, {"table", "t"}, {"if_table_missing", "error"}});
  REQUIRE(sink.bind({{"main", people()}}).message == "");

  CHECK(sink.check().code == CM_NOT_FOUND);
  CHECK_FALSE(std::filesystem::exists(folder.file("a.db")));
  const Outcome answer = sink.attach();
  CHECK(answer.code == CM_NOT_FOUND);
  CHECK(answer.where == "t");
  CHECK(answer.says("if_table_missing: create"));
}

TEST_CASE("sqlite: check changes nothing, and makes no file", "[sqlite]") {
  const Folder folder;
  const std::string path = folder.file("a%20?#b.db");
  SqliteRun sink(Map{{"path", path}, {"table", "t"}});
  REQUIRE(sink.bind({{"main", people()}}).message == "");

  CHECK(sink.check().message == "");
  CHECK_FALSE(std::filesystem::exists(path));
  { Database(path).run("pragma journal_mode = wal; create table t (id integer, name text)"); }
  const auto written = std::filesystem::last_write_time(path);
  CHECK(sink.check().message == "");
  CHECK(std::filesystem::last_write_time(path) == written);
  CHECK_FALSE(std::filesystem::exists(path + "-wal"));
  CHECK_FALSE(std::filesystem::exists(path + "-shm"));
}

TEST_CASE("sqlite: check sees what another connection has not yet moved out of its log",
          "[sqlite]") {
  const Folder folder;
  Database other(folder.file("a.db"));
  other.run("pragma journal_mode = wal; create table t (wrong integer)");
  SqliteRun sink(Map{{"path", folder.file("a.db")}, {"table", "t"}});
  REQUIRE(sink.bind({{"main", people()}}).message == "");

  CHECK(sink.check().code == CM_INVALID);
}

TEST_CASE("sqlite: an attach that fails leaves the file as it was", "[sqlite]") {
  const Folder folder;
  Database look(folder.file("a.db"));
  look.run("create table b (wrong integer)");
  SqliteRun sink(Map{{"path", folder.file("a.db")}, {"tables", Map{{"a", Map{}}, {"b", Map{}}}}});
  REQUIRE(sink.bind({{"main", people()}, {"main", people()}}).message == "");

  CHECK(sink.attach().code == CM_INVALID);

  CHECK(look.rows("select name from sqlite_schema") == "b\n");
}

}  // namespace chunkmill::sqlite
