#include <catch2/catch.hpp>
#include <limits>

#include "fixture.hpp"

namespace chunkmill::mysql {
namespace {

using testing::every_type;
using testing::nulls;

CellRow row_of(int64_t seed) { return testing::row_of(seed, "text'; drop table t; -- \\"); }

Map options_of(const Database& look, const char* how) {
  return look.options({{"table", "t"}, {"write_with", how}});
}

}  // namespace

TEST_CASE("mysql: every type is stored exactly and under the type its column declares", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  MysqlRun sink(options_of(look, GENERATE("arrays", "values")));
  REQUIRE(sink.start(every_type()).message == "");

  REQUIRE(sink.chunk(0, Rows(every_type(), {row_of(1), nulls()})).message == "");

  CHECK(look.rows("select b, i, l, f, u, hex(z), d, t, n from t where b is not null") ==
        "0|-1|9223372036854775806|1.1|text'; drop table t; -- \\|00FF|1970-01-02|"
        "1970-01-01 00:00:01.000001|1000000000000000000000.000\n");
  CHECK(look.rows("select b, i, l, f, u, z, d, t, n from t where b is null") ==
        "(null)|(null)|(null)|(null)|(null)|(null)|(null)|(null)|(null)\n");
  CHECK(look.rows("select group_concat(column_type order by ordinal_position) "
                  "from information_schema.columns where table_schema = database() and "
                  "table_name = 't'") ==
        "tinyint(1),int(11),bigint(20),double,longtext,longblob,date,datetime(6),decimal(38,3)\n");
}

TEST_CASE("mysql: the ends of each type's range are stored exactly", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  MysqlRun sink(options_of(look, GENERATE("arrays", "values")));
  REQUIRE(sink.start(every_type()).message == "");
  const std::string digits(35, '9');

  REQUIRE(sink.chunk(0, Rows(every_type(),
                             {{true, std::numeric_limits<int32_t>::min(),
                               std::numeric_limits<int64_t>::min(), 1.7976931348623157e308, "", "",
                               "0000-01-01", "0000-01-01", "-" + digits + ".999"},
                              {false, std::numeric_limits<int32_t>::max(),
                               std::numeric_limits<int64_t>::max(), 5e-324,
                               std::string_view("a\0\xF0\x9F\x98\x80", 6), "x", "9999-12-31",
                               "9999-12-31T23:59:59.999999Z", digits + ".999"}}))
              .message == "");

  CHECK(look.rows("select i, l, f, hex(u), hex(z), d, t, n from t order by i") ==
        "-2147483648|-9223372036854775808|1.7976931348623157e308|||0000-01-01|"
        "0000-01-01 00:00:00.000000|-" +
            digits +
            ".999\n"
            "2147483647|9223372036854775807|5e-324|6100F09F9880|78|9999-12-31|"
            "9999-12-31 23:59:59.999999|" +
            digits + ".999\n");
}

TEST_CASE("mysql: a slice writes its own rows, offset by the batch's and the columns' own",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  MysqlRun sink(options_of(look, GENERATE("arrays", "values")));
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

  CHECK(look.rows("select count(*), min(-i), max(-i), count(i), count(u) from t") ==
        "20|11|29|13|13\n");
  CHECK(look.rows("select count(*) from t where i is not null and "
                  "(b <> (-i % 2 = 0) or l <> 9223372036854775807 + i or f <> 0.1e0 - i or "
                  "hex(z) <> '00FF' or d <> '1970-01-01' + interval -i day or "
                  "n <> -i * 1000000000000000000000)") == "0\n");
}

TEST_CASE("mysql: batches of no rows, of one and of many thousands are written", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  MysqlRun sink(look.options({{"table", "people"}, {"write_with", GENERATE("arrays", "values")}}));
  REQUIRE(sink.start(people()).message == "");
  std::vector<CellRow> many;
  for (int64_t i = 0; i < 33'333; ++i) many.push_back({i, std::to_string(i)});

  REQUIRE(sink.chunk(0, people_rows({})).message == "");
  REQUIRE(sink.chunk(1, people_rows({{-1, "-1"}})).message == "");
  REQUIRE(sink.chunk(2, Rows(people(), many)).message == "");

  CHECK(look.rows("select count(*), sum(id), sum(name = cast(id as char)) from people") ==
        "33334|555527777|33334\n");
}

TEST_CASE("mysql: more bytes than the server takes at once are sent in parts, and undone together",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  look.run("create table people (id bigint primary key check (id <> 39), name longtext)");
  MysqlRun sink(look.options({{"table", "people"}, {"write_with", GENERATE("arrays", "values")}}));
  REQUIRE(sink.start(people()).message == "");
  const std::string megabyte(1 << 20, 'x');
  const auto rows = [&](int64_t count) {
    std::vector<CellRow> out;
    for (int64_t i = 0; i < count; ++i) out.push_back({i, megabyte});
    return Rows(people(), out);
  };

  CHECK(sink.chunk(0, rows(40)).code == CM_DATA);
  REQUIRE(sink.bad_rows.size() == 1);
  CHECK(sink.bad_rows[0].row == 39);
  CHECK(look.rows("select count(*) from people") == "0\n");
  REQUIRE(sink.chunk(0, rows(39)).message == "");
  CHECK(look.rows("select count(*), sum(length(name)) from people") ==
        "39|" + std::to_string(39 << 20) + "\n");
}

TEST_CASE("mysql: a row that is larger than the server takes is a bad row", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  MysqlRun sink(look.options({{"table", "people"}}));
  REQUIRE(sink.start(people()).message == "");
  const int64_t most = std::stoll(look.rows("select @@max_allowed_packet"));
  const std::string huge(static_cast<size_t>(most), 'x');

  CHECK(sink.chunk(0, people_rows({{1, "a"}, {2, huge}, {3, "c"}})).code == CM_DATA);

  REQUIRE(sink.bad_rows.size() == 1);
  CHECK(sink.bad_rows[0].row == 1);
  CHECK(sink.bad_rows[0].code == "too_large");
  REQUIRE(sink.chunk(0, people_rows({{1, "a"}, {3, "c"}})).message == "");
}

TEST_CASE("mysql: names are quoted, whatever they hold", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  const Schema schema{{Field{"select", Type::kInt64},
                       Field{"a`) values (1); drop table x; --", Type::kInt64},
                       Field{"ünïcode \"name'", Type::kUtf8}}};
  const std::string table = "t`; drop table x; -- \"'?";
  Database look;
  look.run("create table x (a int)");
  MysqlRun sink(look.options({{"table", table},
                              {"mode", GENERATE("insert", "upsert", "replace")},
                              {"key", List{"select", "a`) values (1); drop table x; --"}}}));
  REQUIRE(sink.start(schema).message == "");

  REQUIRE(sink.chunk(0, Rows(schema, {{1, 2, "y"}}), true).message == "");
  REQUIRE(sink.finish().message == "");

  CHECK(look.rows("select * from `t``; drop table x; -- \"'?`") == "1|2|y\n");
  CHECK(look.rows("select count(*) from x") == "0\n");
}

TEST_CASE("mysql: names that the server would change or refuse are refused before a row is read",
          "[mysql]") {
  const auto bound = [](const std::string& table, const std::string& column) {
    MysqlRun sink(Map{{"user", "u"}, {"database", "d"}, {"table", table}});
    return sink.bind({{"main", Schema{{Field{column, Type::kInt64}}}}});
  };

  CHECK(bound("t", "c").message == "");
  CHECK(bound(std::string(63, 't'), "c").message == "");
  CHECK(bound(std::string(64, 't'), "c").says("at most 63"));
  CHECK(bound("t", std::string(64, 'c')).says("at most 63"));
  CHECK(bound("t", "c ").says("space"));
  CHECK(bound("t ", "c").says("space"));
  CHECK(bound("t\xF0\x9F\x98\x80", "c").says("beyond"));
  CHECK(bound("t", "\xF0\x9F\x98\x80").says("beyond"));
  CHECK(bound("t", "").code == CM_INVALID);
}

TEST_CASE("mysql: columns that differ by case alone are refused", "[mysql]") {
  MysqlRun sink(Map{{"user", "u"}, {"database", "d"}, {"table", "t"}});

  const Outcome outcome =
      sink.bind({{"main", Schema{{Field{"Id", Type::kInt64}, Field{"iD", Type::kInt64}}}}});

  CHECK(outcome.code == CM_INVALID);
  CHECK(outcome.says("one and the same in MariaDB"));
}

}  // namespace chunkmill::mysql
