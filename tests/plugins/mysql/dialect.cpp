#include "plugins/databases/mysql/dialect.hpp"

#include <catch2/catch.hpp>

#include "plugins/databases/mysql/calendar.hpp"

namespace chunkmill::mysql {
namespace {

std::string mismatch(const std::string& stream, const std::string& column) {
  Field field{"c"};
  REQUIRE(type_from_name(stream, &field));
  return MysqlDialect().mismatch(field, {"c", column, false, false, false});
}

}  // namespace

TEST_CASE("mysql: names are quoted with backticks, which are doubled inside", "[mysql]") {
  CHECK(MysqlDialect().quote("a`b; drop table t -- \"'\\") == "`a``b; drop table t -- \"'\\`");
  CHECK(MysqlDialect().quote_list({"select", "ü"}) == "`select`, `ü`");
}

TEST_CASE("mysql: a column that keeps every value, or refuses it aloud, fits", "[mysql]") {
  const auto [stream, column] =
      GENERATE(table<std::string, std::string>({{"bool", "tinyint(1)"},
                                                {"bool", "int(11)"},
                                                {"int32", "int(11)"},
                                                {"int32", "smallint(6) unsigned"},
                                                {"int32", "double"},
                                                {"int64", "bigint(20)"},
                                                {"int64", "decimal(20,0)"},
                                                {"float", "double"},
                                                {"string", "varchar(20)"},
                                                {"string", "longtext"},
                                                {"string", "enum('a','b(1)')"},
                                                {"string", "longblob"},
                                                {"binary", "varbinary(10)"},
                                                {"binary", "blob"},
                                                {"date", "date"},
                                                {"date", "datetime"},
                                                {"timestamp", "datetime(6)"},
                                                {"timestamp", "timestamp"},
                                                {"decimal(10,2)", "decimal(10,2)"},
                                                {"decimal(10,2)", "decimal(38,4) unsigned"}}));
  INFO(stream << " into " << column);

  CHECK(mismatch(stream, column).empty());
}

TEST_CASE("mysql: a column that would change values in silence is refused with what to declare",
          "[mysql]") {
  const auto [stream, column, declare] = GENERATE(table<std::string, std::string, std::string>(
      {{"int64", "double", "BIGINT"},
       {"int32", "float", "INT"},
       {"int64", "varchar(20)", "BIGINT"},
       {"float", "float", "DOUBLE"},
       {"float", "double(10,2)", "DOUBLE"},
       {"float", "decimal(10,2)", "DOUBLE"},
       {"string", "int(11)", "LONGTEXT"},
       {"binary", "binary(4)", "LONGBLOB"},
       {"binary", "longtext", "LONGBLOB"},
       {"date", "varchar(10)", "DATE"},
       {"timestamp", "date", "DATETIME(6)"},
       {"decimal(10,2)", "decimal(10,1)", "DECIMAL(10,2)"},
       {"decimal(10,2)", "decimal(10)", "DECIMAL(10,2)"},
       {"decimal(10,2)", "double", "DECIMAL(10,2)"}}));
  INFO(stream << " into " << column);

  CHECK_THAT(mismatch(stream, column), Catch::Contains("declare it " + declare));
}

TEST_CASE("mysql: days and microseconds become dates of the years 0000 to 9999 and back",
          "[mysql]") {
  for (int64_t days = kFirstDay; days <= kLastDay; days += 61) {
    MYSQL_TIME time{};
    set_date(&time, days);
    REQUIRE(days_from(time) == days);
  }
  MYSQL_TIME first{};
  set_date(&first, kFirstDay);
  CHECK(first.year == 0);
  CHECK(first.month == 1);
  CHECK(first.day == 1);
  MYSQL_TIME last{};
  set_date(&last, kLastDay);
  CHECK(last.year == 9999);
  CHECK(last.month == 12);
  CHECK(last.day == 31);
  for (const int64_t micros : {int64_t{-1}, int64_t{0}, int64_t{1'709'209'859'123'456},
                               kFirstDay * kMicrosPerDay, kLastDay * kMicrosPerDay}) {
    MYSQL_TIME time{};
    set_timestamp(&time, micros);
    CHECK(micros_from(time) == micros);
  }
  CHECK(day_of(-1) == -1);
  CHECK(day_of(-kMicrosPerDay) == -1);
}

TEST_CASE("mysql: the words of an ENUM are read as the server writes them", "[mysql]") {
  using Words = std::vector<std::string>;
  CHECK(words_of("enum('low','it''s','a,b','','\\\\')") == Words{"low", "it's", "a,b", "", "\\"});
  CHECK(words_of("set('x','y')") == Words{"x", "y"});
  CHECK(words_of("varchar(3)").empty());
}

}  // namespace chunkmill::mysql
