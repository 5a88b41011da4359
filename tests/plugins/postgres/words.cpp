// What the server says and what becomes of it: no server is needed.
#include <catch2/catch.hpp>

#include "fixture.hpp"
#include "plugins/databases/postgres/errors.hpp"

namespace chunkmill::postgres {
namespace {

ConnectionOptions options_of(const Map& map) {
  const Value tree(map);
  const cm_options values = tree.abi();
  Options opt(&values);
  ConnectionOptions options;
  options.configure(opt);
  return options;
}

std::string refusal(const Map& map) {
  try {
    options_of(map);
  } catch (const Error& error) {
    cm_error out = empty_error();
    error.write_to(&out);
    return std::string(out.where) + ": " + out.message;
  }
  return "taken";
}

}  // namespace

TEST_CASE("postgres: a password is taken out of every text, in all its spellings", "[postgres]") {
  const ConnectionOptions by_url =
      options_of({{"url", "postgresql://etl:s3%2Fcr%3Aet@db.example:5433/t?sslmode=require"}});
  const ConnectionOptions by_words =
      options_of({{"url", "host=db.example user=etl password=s3/cr:et dbname=t"}});
  const ConnectionOptions by_option = options_of({{"host", "h"}, {"password", "s3/cr:et"}});
  for (const ConnectionOptions* options : {&by_url, &by_words, &by_option}) {
    CHECK(options->redact("no s3/cr:et here") == "no *** here");
    CHECK(options->redact("s3%2Fcr%3Aet, s3%2fcr%3aet") == "***, ***");
    CHECK(options->redact("nothing") == "nothing");
    CHECK(options->place().find("s3") == std::string::npos);
  }
  CHECK(by_url.place() == "db.example:5433/t");
  CHECK(by_url.redact("postgresql://etl:s3%2Fcr%3Aet@db.example:5433/t?sslmode=require") == "***");
}

TEST_CASE("postgres: options that contradict each other are refused where they stand",
          "[postgres]") {
  const Map url{{"url", "postgresql://etl@h/t"}};
  const auto with = [&](const char* name, const Value& value) {
    Map map = url;
    map.emplace_back(name, value);
    return refusal(map);
  };

  CHECK(refusal(url) == "taken");
  CHECK(with("password", "other") == "taken");
  CHECK(with("host", "h") == "host: `url` says this already; leave one of them out");
  CHECK(with("port", 5432) == "port: `url` says this already; leave one of them out");
  CHECK(with("sslmode", "requre").find("did you mean \"require\"?") != std::string::npos);
  CHECK(with("timeout", "0s").starts_with("timeout: "));
  CHECK(with("schema", std::string(64, 'x')).starts_with("schema: "));
  CHECK(refusal({{"password", "a"}, {"password_file", "b"}}).starts_with("password_file: "));
  CHECK(refusal({{"password_file", "/nonexistent/file"}}).starts_with("password_file: cannot"));
}

TEST_CASE("postgres: a url that cannot be read is refused without a piece of it", "[postgres]") {
  const std::string why = refusal({{"url", "postgresql://etl:canary%zz@h/t"}});

  CHECK(why.starts_with("url: it cannot be read"));
  CHECK(why.find("canary") == std::string::npos);
}

TEST_CASE("postgres: SQLSTATEs mean the same as in every database", "[postgres]") {
  const auto code = [](const char* state) { return meaning_of(state).code; };

  for (const char* state : {"08006", "40001", "40P01", "53300", "55P03", "57P01", "57P03", "57014"})
    CHECK((code(state) == CM_UNAVAILABLE && meaning_of(state).retryable));
  CHECK(code("53100") == CM_FULL);
  for (const char* state : {"28P01", "28000", "42501", "25006"})
    CHECK(code(state) == CM_PERMISSION);
  for (const char* state : {"3D000", "42P01", "42703", "3F000"}) CHECK(code(state) == CM_NOT_FOUND);
  CHECK(code("42601") == CM_INVALID);
  CHECK(code("0A000") == CM_UNSUPPORTED);
  CHECK(code("XX001") == CM_IO);
  for (const char* state : {"23505", "22P02", "22003", "54000", "P0001"})
    CHECK(is_row_fault(state));
  for (const char* state : {"42P01", "57014", "53100"}) CHECK_FALSE(is_row_fault(state));
  CHECK(reject_code("23502") == "not_null");
  CHECK(reject_code("23505") == "not_unique");
  CHECK(reject_code("23503") == "no_such_reference");
  CHECK(reject_code("23514") == "check_failed");
  CHECK(reject_code("22P02") == "wrong_type");
  CHECK(reject_code("22003") == "out_of_range");
  CHECK(reject_code("22001") == "too_large");
  CHECK(reject_code("23P01") == "constraint");
}

TEST_CASE("postgres: the line of a COPY is found whatever the server's language", "[postgres]") {
  CHECK(copy_place("COPY t, line 12", "t").line == 12);
  CHECK(copy_place("COPY t, line 12, column n: \"x\"", "t").column == "n");
  CHECK(copy_place("COPY t, Zeile 7, Spalte my name: \"x, line 9\"", "t").line == 7);
  CHECK(copy_place("COPY t, Zeile 7, Spalte my name: \"x\"", "t").column == "my name");
  CHECK(copy_place("COPY t9, 行 3", "t9").line == 3);
  CHECK(copy_place("PL/pgSQL function f() line 4 at RAISE\nCOPY t, line 5: \"1\"", "t").line == 5);
  CHECK(copy_place("SQL statement \"SELECT 1\"", "t").line == 0);
  CHECK(copy_place("COPY other, line 5", "t").line == 0);
  CHECK(copy_place("", "t").line == 0);
}

TEST_CASE("postgres: a refused connection is read apart, with its SQLSTATE", "[postgres]") {
  const Failure refused = connect_failure(
      "connection to server at \"127.0.0.1\", port 5432 failed: FATAL:  28P01: password "
      "authentication failed for user \"etl\"\nLOCATION:  auth_failed, auth.c:326\n");
  CHECK(refused.sqlstate == "28P01");
  CHECK(refused.message == "password authentication failed for user \"etl\"");

  const Failure no_server = connect_failure(
      "connection to server at \"h\", port 1 failed: Connection refused\n\tIs it running?\n");
  CHECK(no_server.sqlstate.empty());
  CHECK(no_server.message ==
        "connection to server at \"h\", port 1 failed: Connection refused; Is it running?");
}

TEST_CASE("postgres: a server that is too old is refused by its version", "[postgres]") {
  CHECK_NOTHROW(check_server_version(110'000, "h"));
  try {
    check_server_version(100'023, "h/t");
    FAIL("it was taken");
  } catch (const Error& error) {
    CHECK(error.code() == CM_UNSUPPORTED);
    CHECK(std::string(error.what()) ==
          "the PostgreSQL server at h/t is version 10; 11 or later is needed");
  }
}

TEST_CASE("postgres: a table's types keep our values or are refused", "[postgres]") {
  const PostgresDialect dialect;
  const auto why = [&](const Field& field, const char* type) {
    return dialect.mismatch(field, sql::ExistingColumn{"c", type});
  };
  Field decimal{"c", Type::kDecimal128};
  decimal.precision = 10;
  decimal.scale = 2;

  for (const char* type : {"text", "character varying(10)", "character(3)", "bpchar", "uuid",
                           "jsonb", "mood", "citext", "text[]", "character varying[]"})
    CHECK(why({"c", Type::kUtf8}, type).empty());
  for (const char* type :
       {"\"char\"", "name", "bit(3)", "tsvector", "point", "oid", "regclass", "int4range", "cidr",
        "macaddr", "integer[]", "character varying(3)[]", "character(3)[]", "mood[]", "bytea[]"})
    CHECK_FALSE(why({"c", Type::kUtf8}, type).empty());
  CHECK(why({"c", Type::kUtf8}, "integer").find("007 would become 7") != std::string::npos);
  CHECK_FALSE(why({"c", Type::kUtf8}, "bytea").empty());
  CHECK(why({"c", Type::kInt64}, "smallint").empty());
  CHECK(why({"c", Type::kInt64}, "double precision").find("2^53") != std::string::npos);
  CHECK_FALSE(why({"c", Type::kInt64}, "text").empty());
  CHECK(why({"c", Type::kInt64}, "numeric(5,-2)").find("rounds") != std::string::npos);
  CHECK(why({"c", Type::kFloat64}, "real") ==
        "the stream has float, the table's type is real, which rounds to some 7 digits; declare "
        "it double precision");
  CHECK(why({"c", Type::kFloat64}, "numeric").empty());
  CHECK_FALSE(why({"c", Type::kFloat64}, "numeric(10,2)").empty());
  CHECK(why({"c", Type::kTimestamp}, "timestamp without time zone").empty());
  CHECK_FALSE(why({"c", Type::kTimestamp}, "timestamp(3) with time zone").empty());
  CHECK(why(decimal, "numeric(12,2)").empty());
  CHECK(why(decimal, "numeric").empty());
  CHECK_FALSE(why(decimal, "numeric(12,1)").empty());
  CHECK_FALSE(why(decimal, "numeric(12,-1)").empty());
  CHECK_FALSE(why(decimal, "bigint").empty());
}

}  // namespace chunkmill::postgres
