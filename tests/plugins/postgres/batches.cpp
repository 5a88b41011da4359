#include <catch2/catch.hpp>
#include <limits>

#include "fixture.hpp"

namespace chunkmill::postgres {
namespace {

using testing::every_type;
using testing::nulls;

CellRow row_of(int64_t seed) { return testing::row_of(seed, "text'; drop table t; -- \\ \t\n"); }

constexpr const char* kEveryRow =
    "1|f|-1|9223372036854775806|1.1|text'; drop table t; -- \\ \t\n"
    "|00ff|1970-01-02|1970-01-01 00:00:01.000001+00|1000000000000000000000.000\n";

}  // namespace

TEST_CASE("postgres: every type is stored exactly, and under the type that its column declares",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  const std::string mode = GENERATE("insert", "upsert", "replace");
  Schema schema = every_type();
  schema.fields.insert(schema.fields.begin(), Field{"id", Type::kInt32, false});
  CellRow first = row_of(1);
  first.emplace(first.begin(), 1);
  CellRow second = nulls();
  second.emplace(second.begin(), 2);
  PostgresRun sink(writing(look, "t", {{"mode", mode}, {"key", List{"id"}}}));
  REQUIRE(sink.start(schema).message == "");

  REQUIRE(sink.chunk(0, Rows(schema, {first, second}), true).message == "");
  REQUIRE(sink.finish().message == "");

  CHECK(look.rows("select id, b, i, l, f, u, encode(z, 'hex'), d, t, n from t where id = 1") ==
        kEveryRow);
  CHECK(look.rows("select count(*) from t where (b, i, l, f, u, z, d, t, n) is null") == "1\n");
  CHECK(look.rows("select string_agg(format_type(atttypid, atttypmod), ',' order by attnum) "
                  "from pg_attribute where attrelid = 't'::regclass and attnum > 0") ==
        "integer,boolean,integer,bigint,double precision,text,bytea,date,timestamp with time "
        "zone,numeric(38,3)\n");
}

TEST_CASE("postgres: columns of other types take what the server can convert", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  look.run("create type mood as enum ('good', 'bad')");
  look.run("create domain short as varchar(5) not null");
  look.run(
      "create table t (small smallint, huge numeric, bare numeric, day date, "
      "at timestamp, word varchar(10), id uuid, doc jsonb, feeling mood, code short, raw bytea, "
      "yes boolean)");
  Schema schema{
      {Field{"small", Type::kInt64}, Field{"huge", Type::kInt64}, Field{"bare", Type::kFloat64},
       Field{"day", Type::kDate32}, Field{"at", Type::kTimestamp}, Field{"word", Type::kUtf8},
       Field{"id", Type::kUtf8}, Field{"doc", Type::kUtf8}, Field{"feeling", Type::kUtf8},
       Field{"code", Type::kUtf8}, Field{"raw", Type::kBinary}, Field{"yes", Type::kBool}}};
  PostgresRun sink(writing(look, "t"));
  REQUIRE(sink.start(schema).message == "");

  REQUIRE(sink.chunk(0, Rows(schema, {{-7, std::numeric_limits<int64_t>::max(), 0.1, "2024-02-29",
                                       "2024-02-29T12:00:00.000001Z", "a\\\tb",
                                       "00000000-0000-0000-0000-00000000000a", "{\"a\": 1}", "bad",
                                       "x", std::string_view("\\\0", 2), true}}))
              .message == "");

  CHECK(look.rows("select * from t") ==
        "-7|9223372036854775807|0.1|2024-02-29|2024-02-29 12:00:00.000001|a\\\tb|"
        "00000000-0000-0000-0000-00000000000a|{\"a\": 1}|bad|x|\\x5c00|t\n");
}

TEST_CASE("postgres: a slice writes its own rows", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  PostgresRun sink(writing(look, "t"));
  REQUIRE(sink.start(every_type()).message == "");
  std::vector<CellRow> rows;
  for (int64_t row = 0; row < 40; ++row) rows.push_back(row % 3 == 0 ? nulls() : row_of(row));
  const Rows all(every_type(), rows);
  const ArrowArray slice = all.slice(11, 20);
  REQUIRE(sink.begin({0, "", "x"}).code == CM_OK);

  REQUIRE(sink.write(&slice).message == "");
  REQUIRE(sink.commit({20, 20}).message == "");

  CHECK(look.rows("select count(*), min(-i), max(-i), count(i), count(u) from t") ==
        "20|11|29|13|13\n");
}

TEST_CASE("postgres: batches of no rows, of one and of many thousands are written", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  const std::string mode = GENERATE("insert", "upsert");
  PostgresRun sink(writing(look, "people", {{"mode", mode}, {"key", List{"id"}}}));
  REQUIRE(sink.start(people()).message == "");
  std::vector<CellRow> many;
  for (int64_t i = 0; i < 33'333; ++i) many.push_back({33'333 - i, std::to_string(33'333 - i)});

  REQUIRE(sink.chunk(0, people_rows({})).message == "");
  REQUIRE(sink.chunk(1, people_rows({{-1, "-1"}})).message == "");
  REQUIRE(sink.chunk(2, Rows(people(), many)).message == "");

  CHECK(look.rows("select count(*), sum(id), sum((name = id::text)::int) from people") ==
        "33334|555561110|33334\n");
}

TEST_CASE("postgres: a table of 1,500 columns is written", "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  Schema wide;
  for (int i = 0; i < 1'500; ++i)
    wide.fields.push_back(Field{"c" + std::to_string(i), Type::kInt32});
  PostgresRun sink(writing(look, "wide"));
  REQUIRE(sink.start(wide).message == "");
  std::vector<CellRow> rows(20);
  for (size_t row = 0; row < rows.size(); ++row)
    for (size_t column = 0; column < wide.size(); ++column) rows[row].emplace_back(row + column);

  REQUIRE(sink.chunk(0, Rows(wide, rows)).message == "");

  CHECK(look.rows("select count(*), sum(c0), sum(c1499) from wide") == "20|190|30170\n");
}

TEST_CASE("postgres: names are quoted, whatever they hold", "[postgres]") {
  REQUIRE_SERVER();
  const Schema schema{{Field{"select", Type::kInt64}, Field{"a\"); drop table x; --", Type::kUtf8},
                       Field{"ünïcode $$ name's", Type::kUtf8},
                       Field{"chunkmill_row", Type::kUtf8}}};
  const std::string table = "t\"; drop table x; --'";
  const std::string mode = GENERATE("insert", "upsert", "replace");
  Database look;
  look.run("create table x (y int)");
  PostgresRun sink(
      writing(look, table, {{"mode", mode}, {"key", List{"select", "a\"); drop table x; --"}}}));
  INFO(mode);
  REQUIRE(sink.start(schema).message == "");
  // A key that comes twice takes the way of rows one by one.
  std::vector<CellRow> rows{{1, "x", "y", "z"}};
  if (mode == "upsert") rows.push_back({1, "x", "y", "again"});

  REQUIRE(sink.chunk(0, Rows(schema, rows), true).message == "");
  REQUIRE(sink.finish().message == "");

  CHECK(look.rows("select \"select\", \"a\"\"); drop table x; --\", \"ünïcode $$ name's\" from "
                  "\"t\"\"; drop table x; --'\"") == "1|x|y\n");
  CHECK(look.rows("select count(*) from x") == "0\n");
}

TEST_CASE("postgres: a name that the server would cut is refused before anything is made",
          "[postgres]") {
  REQUIRE_SERVER();
  Database look;
  const std::string name(64, 'x');
  PostgresRun table(writing(look, name));
  PostgresRun column(writing(look, "t"));

  CHECK(table.bind({{"main", people()}}).says("64 bytes"));
  CHECK(column.bind({{"main", Schema{{Field{name, Type::kUtf8}}}}}).says("64 bytes"));
}

TEST_CASE("postgres: values that PostgreSQL cannot keep are bad rows; NaN it keeps", "[postgres]") {
  REQUIRE_SERVER();
  const Schema schema{{Field{"u", Type::kUtf8}, Field{"d", Type::kDate32},
                       Field{"t", Type::kTimestamp}, Field{"f", Type::kFloat64}}};
  Database look;
  PostgresRun sink(writing(look, "t"));
  REQUIRE(sink.start(schema).message == "");
  REQUIRE(sink.begin({0, "", "x"}).code == CM_OK);
  BatchBuilder builder(schema);
  const auto add = [&](std::string_view u, int32_t d, int64_t t) {
    builder[0].append(u);
    builder[1].append(Date{d});
    builder[2].append(Timestamp{t});
    builder[3].append(std::numeric_limits<double>::quiet_NaN());
  };
  add("good", 0, 0);
  add(std::string_view("a\0b", 3), 0, 0);
  add("good", INT32_MAX, 0);
  add("good", 0, INT64_MIN);
  add("good", 2'145'042'905, INT64_MAX);
  UniqueArray array;
  builder.finish(array.get());

  const Outcome answer = sink.write(array.get());

  CHECK(answer.code == CM_DATA);
  CHECK(answer.row == 1);
  REQUIRE(rows_of(sink.bad_rows) == std::vector<int64_t>{1, 2, 3});
  CHECK(sink.bad_rows[0].code == "wrong_type");
  CHECK(sink.bad_rows[0].column == "u");
  CHECK(sink.bad_rows[1].code == "out_of_range");
  CHECK(sink.bad_rows[2].code == "out_of_range");
  ArrowArray last = *array.get();
  last.offset = 4;
  last.length = 1;
  REQUIRE(sink.write(&last).message == "");
  REQUIRE(sink.commit({1, 1}).message == "");
  CHECK(look.rows("select d, f from t") == "5874897-12-31|NaN\n");
}

TEST_CASE("postgres: a text that the server would store without its last spaces is a reject",
          "[postgres]") {
  REQUIRE_SERVER();
  const std::string type = GENERATE("varchar(3)", "char(3)", "a domain of a domain");
  INFO(type);
  Database look;
  look.run("create domain three as varchar(3); create domain code as three not null");
  look.run("create table t (id bigint primary key, name " +
           (type == "a domain of a domain" ? "code" : type) + ")");
  const bool is_char = type == "char(3)";
  PostgresRun sink(writing(look, "t"));
  REQUIRE(sink.start(people()).message == "");

  CHECK(sink.chunk(0, people_rows({{1, "AB  "},
                                   {2, "ABC"},
                                   {3, "ABCD"},
                                   {4, "\xC3\xBC\xC3\xBC\xC3\xBC"},
                                   {5, "AB "},
                                   {6, "\xC3\xBC\xC3\xBC  "},
                                   {7, ""}}))
            .code == CM_DATA);

  CHECK(rows_of(sink.bad_rows) ==
        (is_char ? std::vector<int64_t>{0, 4, 5} : std::vector<int64_t>{0, 5}));
  for (const BadRow& bad : sink.bad_rows)
    CHECK(bad.code == (bad.row == 4 ? "wrong_type" : "too_large"));
}

}  // namespace chunkmill::postgres
