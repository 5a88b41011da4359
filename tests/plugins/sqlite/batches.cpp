#include <catch2/catch.hpp>
#include <limits>

#include "fixture.hpp"

namespace chunkmill::sqlite {
namespace {

Schema every_type() {
  Schema schema{{Field{"b", Type::kBool}, Field{"i", Type::kInt32}, Field{"l", Type::kInt64},
                 Field{"f", Type::kFloat64}, Field{"u", Type::kUtf8}, Field{"z", Type::kBinary},
                 Field{"d", Type::kDate32}, Field{"t", Type::kTimestamp},
                 Field{"n", Type::kDecimal128}}};
  schema.fields[8].precision = 38;
  schema.fields[8].scale = 3;
  return schema;
}

void append_row(BatchBuilder& out, int64_t seed) {
  out[0].append(seed % 2 == 0);
  out[1].append(static_cast<int32_t>(-seed));
  out[2].append(std::numeric_limits<int64_t>::max() - seed);
  out[3].append(0.1 + static_cast<double>(seed));
  out[4].append(std::string_view("text'; drop table t; -- "));
  out[5].append(Binary{std::string_view("\0\xFF", 2)});
  out[6].append(Date{static_cast<int32_t>(seed)});
  out[7].append(Timestamp{seed * 1'000'001});
  out[8].append(Int128{seed} * 1'000'000'000'000 * 1'000'000'000'000);
}

}  // namespace

TEST_CASE("sqlite: every type is stored exactly and under the type its column declares",
          "[sqlite]") {
  const Folder folder;
  Driver sink(Map{{"path", folder.file("a.db")}, {"table", "t"}});
  REQUIRE(sink.start(every_type()).message == "");

  const UniqueArray batch = batch_of(every_type(), [](BatchBuilder& out) {
    append_row(out, 1);
    out.fill_to(2);
  });
  REQUIRE(sink.chunk(0, batch.get()).message == "");

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
  Driver sink(Map{{"path", folder.file("a.db")}, {"table", "t"}});
  REQUIRE(sink.start(every_type()).message == "");
  UniqueArray batch = batch_of(every_type(), [](BatchBuilder& out) {
    for (int64_t row = 0; row < 40; ++row) {
      if (row % 3 == 0) {
        out.fill_to(row + 1);
      } else {
        append_row(out, row);
      }
    }
  });

  batch->offset = 9;
  batch->length = 20;
  for (int64_t i = 0; i < batch->n_children; ++i) {
    batch->children[i]->offset = 2;
    batch->children[i]->length = 38;
  }
  REQUIRE(sink.chunk(0, batch.get()).message == "");

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
  Driver sink(Map{{"path", folder.file("a.db")}, {"table", "t"}});
  REQUIRE(sink.start(schema).message == "");

  const UniqueArray batch = batch_of(schema, [](BatchBuilder& out) {
    out[0].append(std::string_view());
    out[1].append(Binary{});
    out[0].append(std::string_view("a\0b", 3));
    out[1].append(Binary{"x"});
  });
  REQUIRE(sink.chunk(0, batch.get()).message == "");

  CHECK(Database(folder.file("a.db"))
            .rows("select typeof(u), hex(u), typeof(z), hex(z) from t order by rowid") ==
        "text||blob|\ntext|610062|blob|78\n");
}

TEST_CASE("sqlite: batches of no rows, of one and of many thousands are written", "[sqlite]") {
  const Folder folder;
  Driver sink(Map{{"path", folder.file("a.db")}, {"table", "people"}});
  REQUIRE(sink.start(people()).message == "");
  const UniqueArray many = batch_of(people(), [](BatchBuilder& out) {
    for (int64_t i = 0; i < 33'333; ++i) {
      out[0].append(i);
      out[1].append(std::string_view(std::to_string(i)));
    }
  });

  REQUIRE(sink.chunk(0, people_rows({}).get()).message == "");
  REQUIRE(sink.chunk(1, people_rows({{-1, "-1"}}).get()).message == "");
  REQUIRE(sink.chunk(2, many.get()).message == "");

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
  Driver sink(Map{{"path", folder.file("a.db")}, {"table", "wide"}});
  REQUIRE(sink.start(wide).message == "");

  const UniqueArray batch = batch_of(wide, [&](BatchBuilder& out) {
    for (size_t column = 0; column < wide.size(); ++column)
      for (int32_t row = 0; row < 200; ++row)
        out[column].append(row + static_cast<int32_t>(column));
  });
  REQUIRE(sink.chunk(0, batch.get()).message == "");

  CHECK(Database(folder.file("a.db")).rows("select count(*), sum(c0), sum(c1499) from wide") ==
        "200|19900|319700\n");
}

TEST_CASE("sqlite: names are quoted, whatever they hold", "[sqlite]") {
  const Schema schema{{Field{"select", Type::kInt64}, Field{"a\"); drop table t; --", Type::kUtf8},
                       Field{"ünïcode name", Type::kUtf8}}};
  const std::string table = "t\"; drop table x; --";
  const std::string mode = GENERATE("insert", "upsert", "replace");
  const Folder folder;
  Driver sink(Map{{"path", folder.file("a.db")},
                  {"table", table},
                  {"mode", mode},
                  {"key", List{"select", "a\"); drop table t; --"}}});
  INFO(mode);
  REQUIRE(sink.start(schema).message == "");
  const UniqueArray batch = batch_of(schema, [](BatchBuilder& out) {
    out[0].append(int64_t{1});
    out[1].append(std::string_view("x"));
    out[2].append(std::string_view("y"));
  });

  REQUIRE(sink.chunk(0, batch.get(), true).message == "");
  REQUIRE(sink.finish().message == "");

  Database look(folder.file("a.db"));
  CHECK(look.rows("select \"select\", \"a\"\"); drop table t; --\", \"ünïcode name\" from "
                  "\"t\"\"; drop table x; --\"") == "1|x|y\n");
}

}  // namespace chunkmill::sqlite
