#include <catch2/catch.hpp>
#include <map>

#include "fixture.hpp"

namespace chunkmill::mysql {
namespace {

// "code column" of each bad row.
std::map<int64_t, std::string> found(const MysqlRun& sink) {
  std::map<int64_t, std::string> out;
  for (const BadRow& row : sink.bad_rows)
    REQUIRE(out.emplace(row.row, row.code + " " + row.column).second);
  return out;
}

std::vector<CellRow> ten_thousand(const std::vector<int64_t>& bad) {
  std::vector<CellRow> rows;
  for (int64_t i = 0; i < 10'000; ++i) rows.push_back({i, "good"});
  for (const int64_t i : bad) rows[static_cast<size_t>(i)][1] = "bad";
  return rows;
}

}  // namespace

TEST_CASE("mysql: 0, 1, 10, 100 and all bad rows of 10,000 are found, and no good one", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  const int64_t count = GENERATE(0, 1, 10, 100, 10'000);
  const std::string how = GENERATE("arrays", "values");
  if (how == "values" && count == 10'000) return;
  INFO(count << " " << how);
  Database look;
  look.run("create table people (id bigint primary key, name varchar(9) check (name <> 'bad'))");
  MysqlRun sink(look.options({{"table", "people"}, {"write_with", how}}));
  REQUIRE(sink.start(people()).message == "");
  std::vector<int64_t> bad;
  for (int64_t i = 0; i < count; ++i) bad.push_back(count == 10'000 ? i : i * 97 % 10'000);

  const Outcome outcome = sink.chunk(0, Rows(people(), ten_thousand(bad)));

  CHECK(outcome.code == (count == 0 ? CM_OK : CM_DATA));
  std::map<int64_t, std::string> wanted;
  for (const int64_t row : bad) wanted[row] = "check_failed name";
  CHECK(found(sink) == wanted);
  CHECK(look.rows("select count(*) from people") == (count == 0 ? "10000\n" : "0\n"));
}

TEST_CASE("mysql: each kind of bad row has its reject code, its column and the vendor's number",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  const Schema schema{{Field{"id", Type::kInt64}, Field{"name", Type::kUtf8},
                       Field{"parent", Type::kInt64}, Field{"small", Type::kInt64},
                       Field{"word", Type::kUtf8}}};
  Database look;
  look.run("create table parent (id bigint primary key); insert into parent values (1)");
  look.run(
      "create table t (id bigint primary key, name varchar(3) not null, parent bigint, "
      "small tinyint, word enum('a','b'), foreign key (parent) references parent (id), "
      "check (small <> 13))");
  look.run(
      "create trigger refuses before insert on t for each row "
      "if new.small = 99 then signal sqlstate '45000' set message_text = 'no 99'; end if");
  MysqlRun sink(look.options({{"table", "t"}, {"write_with", GENERATE("arrays", "values")}}));
  REQUIRE(sink.start(schema).message == "");

  const Outcome outcome = sink.chunk(0, Rows(schema, {{1, "ok", 1, 1, "a"},
                                                      {1, "dup", 1, 1, "a"},
                                                      {2, nullptr, 1, 1, "a"},
                                                      {3, "long", 1, 1, "a"},
                                                      {4, "ok", 2, 1, "a"},
                                                      {5, "ok", 1, 128, "a"},
                                                      {6, "ok", 1, 1, "b"},
                                                      {7, "ok", 1, 13, "a"},
                                                      {8, "ok", 1, 99, "a"},
                                                      {9, "ok", nullptr, nullptr, nullptr}}));

  CHECK(outcome.code == CM_DATA);
  CHECK(outcome.row == 1);
  CHECK(outcome.vendor_code == 1062);
  CHECK(outcome.sqlstate == "23000");
  CHECK(found(sink) == std::map<int64_t, std::string>{{1, "not_unique id"},
                                                      {2, "not_null name"},
                                                      {3, "too_large name"},
                                                      {4, "no_such_reference "},
                                                      {5, "out_of_range small"},
                                                      {7, "check_failed "},
                                                      {8, "constraint "}});
  for (const BadRow& row : sink.bad_rows) {
    CHECK_THAT(row.message, Catch::Contains("(MariaDB ") && Catch::Contains(", SQLSTATE "));
    CHECK_THAT(row.message, !Catch::Contains("at row"));
  }
  CHECK(look.rows("select count(*) from t") == "0\n");
}

TEST_CASE("mysql: what MariaDB would change in silence is a bad row", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  const Schema schema{{Field{"id", Type::kInt64}, Field{"f", Type::kFloat64},
                       Field{"d", Type::kDate32}, Field{"t", Type::kTimestamp},
                       Field{"c", Type::kUtf8}, Field{"v", Type::kUtf8}}};
  Database look;
  look.run("create table t (id bigint, f double, d date, t datetime(3), c char(4), v varchar(2))");
  MysqlRun sink(look.options({{"table", "t"}, {"write_with", GENERATE("arrays", "values")}}));
  REQUIRE(sink.start(schema).message == "");
  const auto row = [](int64_t id, testing::Cell f, testing::Cell d, testing::Cell t,
                      testing::Cell c, testing::Cell v) { return CellRow{id, f, d, t, c, v}; };
  const testing::Cell null = nullptr;

  CHECK(
      sink.chunk(0, Rows(schema, {row(0, 1.5, "2024-02-29", "2024-02-29T00:00:00.123", "ab", "ab"),
                                  row(1, "nan", null, null, null, null),
                                  row(2, "inf", null, null, null, null),
                                  row(3, null, null, "2024-02-29T00:00:00.1234", null, null),
                                  row(4, null, null, null, "ab ", null)}))
          .code == CM_DATA);
  CHECK(found(sink) == std::map<int64_t, std::string>{{1, "not_a_number f"},
                                                      {2, "out_of_range f"},
                                                      {3, "out_of_range t"},
                                                      {4, "wrong_type c"}});

  // Spaces that a VARCHAR has no place for are a note to the server.
  CHECK(sink.chunk(0, Rows(schema, {row(0, 1.5, null, null, null, "ab"),
                                    row(1, null, null, null, null, "ab  ")}))
            .code == CM_DATA);
  CHECK(found(sink) == std::map<int64_t, std::string>{{1, "wrong_type v"}});
  CHECK(look.rows("select count(*) from t") == "0\n");
}

TEST_CASE("mysql: a day beyond the year 9999 is a bad row", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  const Schema schema{{Field{"d", Type::kDate32}, Field{"t", Type::kTimestamp}}};
  BatchBuilder builder(schema);
  builder[0].append(Date{2'932'897});
  builder[1].append(Timestamp{0});
  builder[0].append(Date{0});
  builder[1].append(Timestamp{INT64_MIN});
  UniqueArray array;
  builder.finish(array.get());
  Database look;
  MysqlRun sink(look.options({{"table", "t"}}));
  REQUIRE(sink.start(schema).message == "");

  CHECK(sink.chunk(0, Rows(schema, std::move(array))).code == CM_DATA);

  CHECK(found(sink) ==
        std::map<int64_t, std::string>{{0, "out_of_range d"}, {1, "out_of_range t"}});
}

TEST_CASE("mysql: upsert rejects a row whose key is null, also where the table would take it",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  const Schema schema{{Field{"id", Type::kInt64}, Field{"name", Type::kUtf8}}};
  Database look;
  look.run("create table people (id bigint unique, name text)");
  MysqlRun sink(look.options({{"table", "people"}, {"mode", "upsert"}, {"key", List{"id"}}}));
  REQUIRE(sink.start(schema).message == "");

  CHECK(sink.chunk(0, Rows(schema, {{1, "a"}, {nullptr, "b"}})).code == CM_DATA);

  CHECK(found(sink) == std::map<int64_t, std::string>{{1, "not_null id"}});
}

TEST_CASE("mysql: a sum that leaves its column's range is a bad row, and the others stay out",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  const Schema schema{{Field{"id", Type::kInt64}, Field{"n", Type::kInt64}}};
  Database look;
  MysqlRun sink(
      look.options({{"table", "t"}, {"mode", "upsert"}, {"key", List{"id"}}, {"add", List{"n"}}}));
  REQUIRE(sink.start(schema).message == "");
  REQUIRE(sink.chunk(0, Rows(schema, {{1, INT64_MAX}})).message == "");

  CHECK(sink.chunk(1, Rows(schema, {{2, 1}, {1, 1}})).code == CM_DATA);

  REQUIRE(sink.bad_rows.size() == 1);
  CHECK(sink.bad_rows[0].row == 1);
  CHECK(sink.bad_rows[0].code == "out_of_range");
  CHECK(look.rows("select id, n from t") == "1|9223372036854775807\n");
}

TEST_CASE("mysql: a text that is no word of an ENUM or SET is a reject, also where it is a number",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  const Schema schema{
      {Field{"id", Type::kInt64}, Field{"e", Type::kUtf8}, Field{"s", Type::kUtf8}}};
  Database look;
  look.run(
      "create table t (id bigint primary key, e enum('low','normal','high','3'), "
      "s set('a','b','c'))");
  MysqlRun sink(look.options({{"table", "t"}}));
  REQUIRE(sink.start(schema).message == "");
  const std::vector<CellRow> rows = {
      {1, "low", "a,b"}, {2, "2", "a"},       {3, "LOW", "a"}, {4, "low ", "a"}, {5, "", "a"},
      {6, "3", "c"},     {7, nullptr, ""},    {8, "low", "1"}, {9, "low", "A"},  {10, "low", "a,"},
      {11, "low", "7"},  {12, "high", "c,a"}, {13, "0", "a"}};

  CHECK(sink.chunk(0, Rows(schema, rows)).code == CM_DATA);

  const std::string e = "wrong_type e";
  const std::string s = "wrong_type s";
  CHECK(found(sink) ==
        std::map<int64_t, std::string>{
            {1, e}, {2, e}, {3, e}, {4, e}, {7, s}, {8, s}, {9, s}, {10, s}, {12, e}});
  const std::vector<CellRow> good = {rows[0], rows[5], rows[6], rows[11]};
  REQUIRE(sink.chunk(0, Rows(schema, good), true).message == "");
  CHECK(look.rows("select id, e, s from t order by id").find("12|high|a,c") != std::string::npos);
}

}  // namespace chunkmill::mysql
