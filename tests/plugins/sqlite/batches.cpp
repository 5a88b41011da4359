#include <catch2/catch.hpp>
#include <limits>

#include "fixture.hpp"

namespace chunkmill::sqlite {
namespace {

using testing::every_type;
using testing::nulls;

CellRow row_of(int64_t seed) { return testing::row_of(seed, "text'; drop table t; -- "); }

}  // namespace

TEST_CASE("sqlite: every type is stored exactly and under the type its column declares",
          "[sqlite]") {
  const Folder folder;
  SqliteRun sink(Map{{"path", folder.file("a.db")}, {"table", "t"}});
  REQUIRE(sink.start(every_type()).message == "");

  REQUIRE(sink.chunk(0, Rows(every_type(), {row_of(1), nulls()})).message == "");

  Database look(folder.file("a.db"));
  CHECK(look.rows("select b, i, l, f, u, hex(z), d, t, n from t limit 1") ==
        "0|-1|9223372036854775806|1.1|text'; drop table t; -- |00FF|1970-01-02|"
        "1970-01-01T00:00:01.000001Z|1000000000000000000000.000\n");
  CHECK(look.rows("select typeof(b), typeof(i), typeof(l), typeof(f), typeof(u), typeof(z), "
                  "typeof(d), typeof(t), typeof(n) from t limit 1") ==
        "integer|integer|integer|real|text|blob|text|text|text\n");
  CHECK(look.rows("select group_concat(type) from pragma_table_info('t')") ==
        "INTEGER,INTEGER,INTEGER,REAL,TEXT,BLOB,TEXT,TEXT,TEXT\n");
  CHECK(look.rows("select b, i, l, f, u, z, d, t, n from t limit 1 offset 1") ==
        "(null)|(null)|(null)|(null)|(null)|(null)|(null)|(null)|(null)\n");
}

TEST_CASE("sqlite: a slice writes its own rows, offset by the batch's and the columns' own",
          "[sqlite]") {
  const Folder folder;
  SqliteRun sink(Map{{"path", folder.file("a.db")}, {"table", "t"}});
  REQUIRE(sink.start(every_type()).message == "");
  std::vector<CellRow> rows;
  for (int64_t row = 0; row < 40; ++row) rows.push_back(row % 3 == 0 ? nulls() : row_of(row));
  UniqueArray batch;
  Rows(every_type(), rows).copy_to(batch.get());

  batch->offset = 9;
  batch->length = 20;
  for (int64_t i = 0; i < batch->n_children; ++i) {
    batch->children[i]->offset = 2;
    batch->children[i]->length = 38;
  }
  REQUIRE(sink.chunk(0, Rows(every_type(), std::move(batch))).message == "");

  Database look(folder.file("a.db"));
  CHECK(look.rows("select count(*), min(-i), max(-i), count(i), count(u) from t") ==
        "20|11|29|13|13\n");
  CHECK(look.rows("select count(*) from t where i is not null and "
                  "(b <> (-i % 2 = 0) or l <> 9223372036854775807 + i or f <> 0.1 - i or "
                  "hex(z) <> '00FF' or d <> date(-i * 86400, 'unixepoch'))") == "0\n");
}

TEST_CASE("sqlite: empty text and empty bytes are not NULL, and text keeps a NUL character",
          "[sqlite]") {
  const Schema schema{{Field{"u", Type::kUtf8}, Field{"z", Type::kBinary}}};
  const Folder folder;
  SqliteRun sink(Map{{"path", folder.file("a.db")}, {"table", "t"}});
  REQUIRE(sink.start(schema).message == "");

  const Rows rows(schema, {{"", ""}, {std::string_view("a\0b", 3), "x"}});
  REQUIRE(sink.chunk(0, rows).message == "");

  CHECK(Database(folder.file("a.db"))
            .rows("select typeof(u), hex(u), typeof(z), hex(z) from t order by rowid") ==
        "text||blob|\ntext|610062|blob|78\n");
}

TEST_CASE("sqlite: batches of no rows, of one and of many thousands are written", "[sqlite]") {
  const Folder folder;
  SqliteRun sink(Map{{"path", folder.file("a.db")}, {"table", "people"}});
  REQUIRE(sink.start(people()).message == "");
  std::vector<CellRow> many;
  for (int64_t i = 0; i < 33'333; ++i) many.push_back({i, std::to_string(i)});

  REQUIRE(sink.chunk(0, people_rows({})).message == "");
  REQUIRE(sink.chunk(1, people_rows({{-1, "-1"}})).message == "");
  REQUIRE(sink.chunk(2, Rows(people(), many)).message == "");

  CHECK(Database(folder.file("a.db"))
            .rows("select count(*), sum(id), sum(name = cast(id as text)) from people") ==
        "33334|555527777|33334\n");
}

TEST_CASE("sqlite: a table of 1,500 columns, wider than statements have parameters, is written",
          "[sqlite]") {
  Schema wide;
  for (int i = 0; i < 1'500; ++i)
    wide.fields.push_back(Field{"c" + std::to_string(i), Type::kInt32});
  const Folder folder;
  SqliteRun sink(Map{{"path", folder.file("a.db")}, {"table", "wide"}});
  REQUIRE(sink.start(wide).message == "");

  std::vector<CellRow> rows(200);
  for (size_t row = 0; row < rows.size(); ++row)
    for (size_t column = 0; column < wide.size(); ++column) rows[row].emplace_back(row + column);
  REQUIRE(sink.chunk(0, Rows(wide, rows)).message == "");

  CHECK(Database(folder.file("a.db")).rows("select count(*), sum(c0), sum(c1499) from wide") ==
        "200|19900|319700\n");
}

TEST_CASE("sqlite: names are quoted, whatever they hold", "[sqlite]") {
  const Schema schema{{Field{"select", Type::kInt64}, Field{"a\"); drop table t; --", Type::kUtf8},
                       Field{"ünïcode name", Type::kUtf8}}};
  const std::string table = "t\"; drop table x; --";
  const std::string mode = GENERATE("insert", "upsert", "replace");
  const Folder folder;
  SqliteRun sink(Map{{"path", folder.file("a.db")},
                     {"table", table},
                     {"mode", mode},
                     {"key", List{"select", "a\"); drop table t; --"}}});
  INFO(mode);
  REQUIRE(sink.start(schema).message == "");

  REQUIRE(sink.chunk(0, Rows(schema, {{1, "x", "y"}}), true).message == "");
  REQUIRE(sink.finish().message == "");

  Database look(folder.file("a.db"));
  CHECK(look.rows("select \"select\", \"a\"\"); drop table t; --\", \"ünïcode name\" from "
                  "\"t\"\"; drop table x; --\"") == "1|x|y\n");
}

}  // namespace chunkmill::sqlite
