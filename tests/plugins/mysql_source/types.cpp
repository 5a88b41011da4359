#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace chunkmill::mysql {
namespace {

// The type and the values of a column `c` of type `declared` that holds `values`.
std::string read_back(Database& look, const std::string& declared, const std::string& values) {
  look.run("drop table if exists t; create table t (id int primary key auto_increment, c " +
           declared + ")");
  look.run("set sql_mode = ''; insert into t (c) values " + values);
  MysqlRead source(look.options({{"table", "t"}, {"columns", "c"}}));
  Schema schema;
  source.schema(&schema).expect_ok();
  std::string out = schema[0].type_text();
  for (const std::string& line : source.lines()) out += " " + line;
  return out;
}

}  // namespace

TEST_CASE("mysql source: each type is read without loss, from one end of its range to the other",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  const auto back = [&](const std::string& declared, const std::string& values) {
    return read_back(look, declared, values);
  };

  CHECK(back("boolean", "(0), (1), (null)") == "bool false true null");
  CHECK(back("bit(1)", "(b'0'), (b'1')") == "bool false true");
  CHECK(back("tinyint", "(-128), (127)") == "int32 -128 127");
  CHECK(back("tinyint unsigned", "(255)") == "int32 255");
  CHECK(back("smallint", "(-32768)") == "int32 -32768");
  CHECK(back("mediumint unsigned", "(16777215)") == "int32 16777215");
  CHECK(back("int", "(-2147483648), (2147483647)") == "int32 -2147483648 2147483647");
  CHECK(back("int unsigned", "(4294967295)") == "int64 4294967295");
  CHECK(back("bigint", "(-9223372036854775808)") == "int64 -9223372036854775808");
  CHECK(back("bigint unsigned", "(0), (18446744073709551615)") ==
        "decimal(20,0) 0 18446744073709551615");
  CHECK(back("year", "(1999), (0)") == "int32 1999 0");
  CHECK(back("double", "(5e-324), (1.7976931348623157e308), (0.1)") ==
        "float 5e-324 1.7976931348623157e+308 0.1");
  CHECK(back("float", "(0.5), (0.1), (1234.56), (16777216), (-3.4028235e38)") ==
        "float 0.5 0.1 1234.56 16777216 -3.4028235e+38");
  CHECK(back("float(7,2)", "(1234.56)") == "float 1234.56");
  CHECK(back("decimal(38,10)", "(-1234567890123456789012345678.0123456789), (0)") ==
        "decimal(38,10) -1234567890123456789012345678.0123456789 0.0000000000");
  CHECK(back("decimal(5,0) unsigned", "(99999)") == "decimal(5,0) 99999");
  CHECK(back("decimal(4,4)", "(0.1234)") == "decimal(4,4) 0.1234");
  CHECK(back("varchar(9) character set latin1", "('\xC3\xA9')") == "string \xC3\xA9");
  CHECK(back("text character set utf8mb4", "('\xF0\x9F\x98\x80'), ('')") ==
        "string \xF0\x9F\x98\x80 ");
  CHECK(back("enum('x','y')", "('y')") == "string y");
  CHECK(back("set('x','y')", "('x,y')") == "string x,y");
  CHECK(back("json", "('{\"a\":1}')") == "string {\"a\":1}");
  CHECK(back("time(2)", "('-838:59:59.99'), ('12:30:00')") == "string -838:59:59.99 12:30:00");
  CHECK(back("varbinary(9)", "(x'61FF')") == "binary a\xFF");
  CHECK(back("binary(3)", "('a')") == std::string("binary a\0\0", 10));
  CHECK(back("date", "('0001-01-01'), ('9999-12-31')") == "date 0001-01-01 9999-12-31");
  CHECK(back("datetime(6)", "('2024-02-29 12:30:59.123456'), ('0001-01-01 00:00:00')") ==
        "timestamp 2024-02-29T12:30:59.123456Z 0001-01-01T00:00:00Z");
}

TEST_CASE("mysql source: a TIMESTAMP is read as the instant it is, whatever zone wrote it",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  look.run("create table t (id int primary key, c timestamp(3) null)");
  look.run("set time_zone = '+02:00'; insert into t values (1, '2024-02-29 12:30:59.123')");
  MysqlRead source(look.options({{"table", "t"}, {"columns", "c"}}));

  CHECK(source.lines() == Lines{"2024-02-29T10:30:59.123000Z"});
}

TEST_CASE("mysql source: text of any length is read, and rows beside it as they are", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  look.run("create table t (id int primary key, a longtext, b longblob, n int)");
  look.run(
      "insert into t values (1, 'short', 'x', 1), (2, repeat('a', 300), repeat('b', 70000), 2),"
      " (3, '', null, 3), (4, repeat('c', 100000), 'y', 4)");
  MysqlRead source(look.options({{"table", "t"}}));

  CHECK(source.lines(2) ==
        Lines{"1|short|x|1", "2|" + std::string(300, 'a') + "|" + std::string(70'000, 'b') + "|2",
              "3||null|3", "4|" + std::string(100'000, 'c') + "|y|4"});
}

TEST_CASE("mysql source: values that do not fit are bad rows, and the others are read", "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  look.run("create table t (id int primary key, flag boolean, day date, at datetime)");
  look.run(
      "set sql_mode = ''; insert into t values (1, 1, '2024-02-29', '2024-02-29'), "
      "(2, 2, null, null), (3, null, '0000-00-00', null), (4, null, null, "
      "'0000-00-00 00:00:00'), (5, 0, null, null)");
  look.run(
      "set sql_mode = 'ALLOW_INVALID_DATES'; insert into t values (6, null, '2024-02-30', "
      "null)");
  MysqlRead source(look.options({{"table", "t"}}));

  CHECK(source.lines() == Lines{"1|true|2024-02-29|2024-02-29T00:00:00Z", "out_of_range@0 flag",
                                "date_out_of_range@0 day", "date_out_of_range@0 at",
                                "5|false|null|null", "date_out_of_range@0 day"});
}

TEST_CASE("mysql source: a type that is not carried is refused with the expression to write",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  const auto [declared, instead] = GENERATE(
      table<std::string, std::string>({{"bit(8)", "CAST(`c` AS UNSIGNED) AS `c`"},
                                       {"decimal(65,30)", "CAST(`c` AS DECIMAL(38,30)) AS `c`"},
                                       {"point", "ST_AsText(`c`) AS `c`"}}));
  look.run("create table t (id int primary key, c " + declared + ")");
  MysqlRead source(look.options({{"table", "t"}}));
  Schema schema;

  const Outcome outcome = source.schema(&schema);

  CHECK(outcome.code == CM_INVALID);
  CHECK(outcome.says(instead));
  MysqlRead without(look.options({{"table", "t"}, {"columns", "id"}}));
  CHECK(without.lines().empty());
  MysqlRead cast(look.options({{"query", "SELECT id, " + instead + " FROM t"}, {"key", "id"}}));
  CHECK(cast.schema(&schema).message == "");
}

TEST_CASE("mysql source: only what is asked for is read, in the types that are asked for",
          "[mysql]") {
  CHUNKMILL_NEEDS_MYSQL();
  Database look;
  look.run(
      "create table t (id int primary key, n bigint unsigned, price decimal(10,2), note text)");
  look.run("insert into t values (1, 7, 12.50, 'x'), (2, 18446744073709551615, null, 'y')");
  MysqlRead source(look.options({{"table", "t"}}));
  Schema schema;
  source.schema(&schema).expect_ok();

  REQUIRE(
      source.select(Schema{{Field{"price", Type::kFloat64}, Field{"n", Type::kInt64}}}).message ==
      "");

  CHECK(source.lines() == Lines{"12.5|7", "out_of_range@0 n"});
  MysqlRead other(look.options({{"table", "t"}}));
  other.schema(&schema).expect_ok();
  CHECK(other.select(Schema{{Field{"note", Type::kInt64}}}).code == CM_UNSUPPORTED);
}

}  // namespace chunkmill::mysql
