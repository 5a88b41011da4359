#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace chunkmill::sqlite {
namespace {

Outcome created(Map options) { return SqliteRun(std::move(options)).created; }

Outcome bound(Map options, const std::vector<SinkStream>& streams = {{"main", people()}}) {
  options.emplace_back("path", "unused.db");
  SqliteRun sink(std::move(options));
  sink.created.expect_ok();
  return sink.bind(streams);
}

}  // namespace

TEST_CASE("sqlite: options that contradict each other are refused at their place", "[sqlite]") {
  const Outcome none = created(Map{{"path", "a.db"}});
  CHECK(none.code == CM_INVALID);
  CHECK(none.where == "table");

  const Outcome both =
      created(Map{{"path", "a.db"}, {"table", "t"}, {"tables", Map{{"u", Map{}}}}});
  CHECK(both.code == CM_INVALID);
  CHECK(both.where == "tables");

  const Outcome beside =
      created(Map{{"path", "a.db"}, {"key", "id"}, {"tables", Map{{"u", Map{}}}}});
  CHECK(beside.where == "key");

  const Outcome no_key =
      created(Map{{"path", "a.db"}, {"mode", "upsert"}, {"tables", Map{{"u", Map{}}}}});
  CHECK(no_key.where == "tables.u.key");

  const Outcome no_upsert = created(Map{{"path", "a.db"}, {"table", "t"}, {"add", "x"}});
  CHECK(no_upsert.where == "add");

  CHECK(created(Map{{"table", "t"}}).where == "path");
  CHECK(created(Map{{"path", "a.db"}, {"table", "t"}, {"mode", "upsart"}}).says("upsert"));
  CHECK(created(Map{{"path", "a.db"}, {"table", "t"}, {"busy_timeout", "10"}}).code == CM_INVALID);
}

TEST_CASE("sqlite: columns that the stream does not have are refused with the nearest",
          "[sqlite]") {
  const Outcome column = bound(Map{{"table", "t"}, {"columns", List{"id", "nane"}}});
  CHECK(column.code == CM_INVALID);
  CHECK(column.says("did you mean \"name\"?"));

  const Outcome key = bound(Map{{"table", "t"}, {"mode", "upsert"}, {"key", "ident"}});
  CHECK(key.code == CM_INVALID);
  CHECK(key.where == "key");
  CHECK(key.says("id, name"));

  CHECK(bound(Map{{"table", "t"}, {"columns", List{"id"}}, {"key", "name"}}).where == "key");
  CHECK(bound(Map{{"table", "t"}, {"columns", List{"id", "id"}}}).code == CM_INVALID);
}

TEST_CASE("sqlite: names that no database takes are refused before anything is opened",
          "[sqlite]") {
  CHECK(bound(Map{{"table", std::string(64, 'x')}}).says("64 bytes"));
  CHECK(bound(Map{{"table", std::string(63, 'x')}}).code == CM_OK);
  CHECK(bound(Map{{"table", std::string(49, 'x')}, {"mode", "replace"}}).code == CM_INVALID);
  CHECK(bound(Map{{"table", std::string("a\0b", 3)}}).says("NUL"));
  CHECK(bound(Map{{"table", "sqlite_x"}}).code == CM_INVALID);
  CHECK(bound(Map{{"table", "chunkmill_run"}}).code == CM_INVALID);
  const Schema twice{{Field{"Id", Type::kInt64}, Field{"iD", Type::kInt64}}};
  CHECK(bound(Map{{"table", "t"}}, {{"main", twice}}).says("one and the same"));
  const Schema nameless{{Field{"", Type::kInt64}}};
  CHECK(bound(Map{{"table", "t"}}, {{"main", nameless}}).code == CM_INVALID);
  CHECK(bound(Map{{"table", "t"}}, {{"main", Schema{}}}).says("no columns"));
  const Outcome same = bound(Map{{"tables", Map{{"T", Map{}}, {"t", Map{}}}}},
                             {{"main", people()}, {"main", people()}});
  CHECK(same.code == CM_INVALID);
  CHECK(same.where == "tables.t");
}

TEST_CASE("sqlite: add takes numbers that SQLite adds exactly, outside the key", "[sqlite]") {
  const Schema schema{{Field{"id", Type::kInt64}, Field{"sum", Type::kDecimal128},
                       Field{"name", Type::kUtf8}, Field{"count", Type::kInt32}}};
  const auto add = [&](const char* column) {
    return bound(Map{{"table", "t"}, {"mode", "upsert"}, {"key", "id"}, {"add", column}},
                 {{"main", schema}});
  };

  CHECK(add("count").message == "");
  CHECK(add("sum").says("decimal(38,0)"));
  CHECK(add("name").code == CM_INVALID);
  CHECK(add("id").says("part of the key"));
}

TEST_CASE("sqlite: the option schema has every option with its words", "[sqlite]") {
  std::string schema;
  const cm_out out = testing::append_to(&schema);
  cm_error error = empty_error();

  REQUIRE(chunkmill::detail::describe_plugin<SqliteSink>(&out, &error) == CM_OK);

  for (const char* option :
       {"path", "table", "tables", "mode", "key", "add", "columns", "if_table_missing", "from",
        "required", "journal", "synchronous", "busy_timeout"})
    CHECK(schema.find(std::string("\"") + option + "\":{") != std::string::npos);
  CHECK(schema.find("\"x-path\":true") != std::string::npos);
  CHECK(schema.find("[\"insert\",\"upsert\",\"replace\"]") != std::string::npos);
}

TEST_CASE("sqlite: a table name with the schema's before it is refused with the name to write",
          "[sqlite]") {
  const Folder folder;
  SqliteRun sink(Map{{"path", folder.file("t.db")}, {"table", "main.people"}});
  sink.created.expect_ok();

  const Outcome answer = sink.start(people());

  CHECK(answer.code == CM_INVALID);
  CHECK(answer.says("`table: people`"));
}

}  // namespace chunkmill::sqlite
