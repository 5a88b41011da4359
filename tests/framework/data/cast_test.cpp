#include "framework/data/cast.hpp"

#include <catch2/catch.hpp>

#include "raw_table.hpp"

using namespace chunkmill;
using namespace chunkmill::host;
using namespace chunkmill::host::test;

namespace {

struct Outcome {
  Values values;
  std::vector<CastFailure> failures;
};

Outcome cast(const Batch& batch, const Field& to) {
  Schema wanted;
  wanted.fields = {to};
  Outcome outcome;
  const Result<Batch> result =
      project_and_cast(batch, std::make_shared<const Schema>(wanted), &outcome.failures);
  REQUIRE(result.ok());
  CHECK(result->schema() == wanted);
  outcome.values = values_of(*result, 0);
  return outcome;
}

Outcome cast(const Field& from, const Values& values, const Field& to) {
  return cast(one_column(from, values, 3), to);
}

// Text to `type` and back.
Values parsed(Type type, const Values& values) {
  return cast(field("x", Type::kUtf8), values, field("x", type)).values;
}

std::string only_code(const Outcome& outcome) {
  REQUIRE(outcome.failures.size() == 1);
  return outcome.failures[0].code;
}

}  // namespace

TEST_CASE("cast: text becomes every type", "[data]") {
  CHECK(parsed(Type::kBool, {"yes", "0"}) == Values{"true", "false"});
  CHECK(parsed(Type::kInt32, {"007", "-1"}) == Values{"7", "-1"});
  CHECK(parsed(Type::kInt64, {"9007199254740993"}) == Values{"9007199254740993"});
  CHECK(parsed(Type::kFloat64, {"12.50", "1e3"}) == Values{"12.5", "1000"});
  CHECK(parsed(Type::kDate32, {"2024-02-29"}) == Values{"2024-02-29"});
  CHECK(parsed(Type::kTimestamp, {"2024-02-29 01:00+02:00"}) == Values{"2024-02-28T23:00:00Z"});
  CHECK(parsed(Type::kBinary, {"a", std::nullopt}) == Values{"a", std::nullopt});
  CHECK(cast(field("x", Type::kUtf8), {"1.5"}, decimal("x", 9, 3)).values == Values{"1.500"});
}

TEST_CASE("cast: a null stays a null and is no failure", "[data]") {
  const Outcome outcome =
      cast(field("x", Type::kUtf8), {"1", std::nullopt, "3"}, field("x", Type::kInt64));

  CHECK(outcome.values == Values{"1", std::nullopt, "3"});
  CHECK(outcome.failures.empty());
}

TEST_CASE("cast: a value that does not convert becomes null and names row, column and value",
          "[data]") {
  const Outcome outcome = cast(field("spend", Type::kUtf8), {"1", "12x", "", "1e999", "NaN"},
                               field("spend", Type::kFloat64));

  CHECK(outcome.values == Values{"1", std::nullopt, std::nullopt, std::nullopt, std::nullopt});
  REQUIRE(outcome.failures.size() == 4);
  CHECK(outcome.failures[0].row == 1);
  CHECK(outcome.failures[0].column == 0);
  CHECK(outcome.failures[0].code == "bad_number");
  CHECK(outcome.failures[0].message == "column \"spend\": \"12x\" is not of type float");
  CHECK(outcome.failures[1].code == "bad_number");
  CHECK(outcome.failures[2].code == "number_out_of_range");
  CHECK(outcome.failures[2].message == "column \"spend\": \"1e999\" does not fit into float");
  CHECK(outcome.failures[3].code == "not_a_number");
}

TEST_CASE("cast: a failure quotes no more than the head of a long value, whole characters",
          "[data]") {
  std::string text(79, 'x');
  for (int i = 0; i < 100; ++i) text += "\xC3\xBC";

  const Outcome outcome = cast(field("d", Type::kUtf8), {text}, field("d", Type::kDate32));

  CHECK(only_code(outcome) == "bad_date");
  CHECK(outcome.failures[0].message ==
        "column \"d\": \"" + std::string(79, 'x') + "...\" is not of type date");
}

TEST_CASE("cast: every type but binary becomes text", "[data]") {
  const Field text = field("x", Type::kUtf8);
  CHECK(cast(field("x", Type::kBool), {"true", std::nullopt}, text).values ==
        Values{"true", std::nullopt});
  CHECK(cast(field("x", Type::kInt32), {"-5"}, text).values == Values{"-5"});
  CHECK(cast(field("x", Type::kInt64), {"-9223372036854775808"}, text).values ==
        Values{"-9223372036854775808"});
  CHECK(cast(field("x", Type::kFloat64), {"0.1"}, text).values == Values{"0.1"});
  CHECK(cast(field("x", Type::kDate32), {"0001-01-01"}, text).values == Values{"0001-01-01"});
  CHECK(cast(field("x", Type::kTimestamp), {"1969-12-31T23:59:59.5Z"}, text).values ==
        Values{"1969-12-31T23:59:59.500000Z"});
  CHECK(cast(decimal("x", 5, 2), {"-0.05"}, text).values == Values{"-0.05"});
  CHECK_FALSE(can_cast(Type::kBinary, Type::kUtf8));
}

TEST_CASE("cast: integers widen, and narrow only where they fit", "[data]") {
  const Field narrow = field("x", Type::kInt32);
  CHECK(cast(narrow, {"-7", std::nullopt}, field("x", Type::kInt64)).values ==
        Values{"-7", std::nullopt});
  CHECK(cast(narrow, {"2147483647"}, field("x", Type::kFloat64)).values == Values{"2147483647"});

  const Outcome outcome = cast(field("x", Type::kInt64),
                               {"2147483647", "2147483648", "-2147483648", "-2147483649"}, narrow);
  CHECK(outcome.values == Values{"2147483647", std::nullopt, "-2147483648", std::nullopt});
  REQUIRE(outcome.failures.size() == 2);
  CHECK(outcome.failures[0].code == "number_out_of_range");
  CHECK(outcome.failures[1].row == 3);
}

TEST_CASE("cast: an integer that a float would round is a failure", "[data]") {
  const Outcome outcome =
      cast(field("x", Type::kInt64),
           {"9007199254740992", "9007199254740993", "9223372036854775807", "-9223372036854775808"},
           field("x", Type::kFloat64));

  CHECK(outcome.values ==
        Values{"9007199254740992", std::nullopt, std::nullopt, "-9223372036854775808"});
  CHECK(outcome.failures.size() == 2);
}

TEST_CASE("cast: integers become decimals within the precision", "[data]") {
  const Outcome outcome =
      cast(field("x", Type::kInt64), {"999", "-999", "1000"}, decimal("x", 5, 2));

  CHECK(outcome.values == Values{"999.00", "-999.00", std::nullopt});
  CHECK(only_code(outcome) == "number_out_of_range");
  CHECK(cast(field("x", Type::kInt64), {"9223372036854775807"}, decimal("x", 38, 30))
            .failures.size() == 1);
}

TEST_CASE("cast: a decimal changes its scale only where no digit is lost", "[data]") {
  const Outcome outcome =
      cast(decimal("x", 10, 4), {"1.2300", "1.2345", "99.0000", "100.0000"}, decimal("x", 4, 2));

  CHECK(outcome.values == Values{"1.23", std::nullopt, "99.00", std::nullopt});
  CHECK(outcome.failures.size() == 2);
}

TEST_CASE("cast: a decimal becomes the nearest float", "[data]") {
  const Outcome outcome =
      cast(decimal("x", 38, 10),
           {"0.1000000000", "1234567890123456789012345678.0000000001", std::nullopt},
           field("x", Type::kFloat64));

  CHECK(outcome.values == Values{"0.1", "1.2345678901234569e+27", std::nullopt});
}

TEST_CASE("cast: no value changes in silence: each is exact, or a failure with its code",
          "[data]") {
  struct Row {
    Field from;
    std::string value;
    Field to;
    std::string result;  // or a failure's code
  };
  const auto f = [](Type type) { return field("x", type); };
  const Field cents = decimal("x", 20, 2);
  const Row rows[] = {
      {f(Type::kUtf8), "2.75E+3", cents, "2750.00"},
      {f(Type::kUtf8), "0E-10", cents, "0.00"},
      {f(Type::kUtf8), "1E-3", cents, "too_precise"},
      {f(Type::kUtf8), "1E+19", cents, "number_out_of_range"},
      {f(Type::kUtf8), "12.345", cents, "too_precise"},
      {f(Type::kUtf8), "1e3", f(Type::kInt64), "bad_number"},
      {f(Type::kUtf8), "12.0", f(Type::kInt64), "bad_number"},
      {f(Type::kUtf8), "9007199254740993", f(Type::kFloat64), "too_precise"},
      {f(Type::kUtf8), "9007199254740992", f(Type::kFloat64), "9007199254740992"},
      {f(Type::kUtf8), "1.23457E+12", f(Type::kFloat64), "1234570000000"},
      {f(Type::kUtf8), "2", f(Type::kBool), "bad_bool"},
      {f(Type::kUtf8), "2024-02-30", f(Type::kDate32), "date_out_of_range"},
      {f(Type::kUtf8), "2024-02-29T10:00:00Z", f(Type::kDate32), "bad_date"},
      {f(Type::kUtf8), "2024-03-01T10:00:00.123456789Z", f(Type::kTimestamp), "too_precise"},
      {f(Type::kUtf8), "2024-03-01T10:00:00.123456000Z", f(Type::kTimestamp),
       "2024-03-01T10:00:00.123456Z"},
      {f(Type::kUtf8), "2016-12-31T23:59:60Z", f(Type::kTimestamp), "date_out_of_range"},
      {f(Type::kUtf8), "2024-03-01T10:00:00+24:00", f(Type::kTimestamp), "date_out_of_range"},
      {f(Type::kInt64), "9007199254740993", f(Type::kFloat64), "too_precise"},
      {f(Type::kInt64), "-9007199254740994", f(Type::kFloat64), "-9007199254740994"},
      {f(Type::kInt64), "2147483648", f(Type::kInt32), "number_out_of_range"},
      {f(Type::kInt64), "1000000000000000000", cents, "number_out_of_range"},
      {cents, "9007199254740993.00", f(Type::kFloat64), "too_precise"},
      {cents, "9007199254740992.00", f(Type::kFloat64), "9007199254740992"},
      {cents, "0.10", f(Type::kFloat64), "0.1"},
      {cents, "0.10", decimal("x", 20, 1), "0.1"},
      {cents, "0.12", decimal("x", 20, 1), "too_precise"},
      {f(Type::kFloat64), "0.1", f(Type::kUtf8), "0.1"},
      {f(Type::kFloat64), "9007199254740992", f(Type::kUtf8), "9007199254740992"},
      {f(Type::kBool), "true", f(Type::kUtf8), "true"},
  };

  for (const Row& row : rows) {
    INFO(row.from.type_text() << " " << row.value << " into " << row.to.type_text());
    const Outcome outcome = cast(row.from, {row.value}, row.to);
    if (outcome.failures.empty()) {
      CHECK(outcome.values == Values{row.result});
    } else {
      CHECK(outcome.failures[0].code == row.result);
    }
  }
}

TEST_CASE("cast: types that lose something of most values do not convert at all", "[data]") {
  CHECK_FALSE(can_cast(Type::kFloat64, Type::kInt64));
  CHECK_FALSE(can_cast(Type::kFloat64, Type::kDecimal128));
  CHECK_FALSE(can_cast(Type::kDecimal128, Type::kInt64));
  CHECK_FALSE(can_cast(Type::kTimestamp, Type::kDate32));
  CHECK_FALSE(can_cast(Type::kInt64, Type::kBool));
}

TEST_CASE("cast: columns are projected in the wanted order, those of their type shared", "[data]") {
  RawTable table;
  table.add(field("a", Type::kInt64), {"1"}).add(field("b", Type::kUtf8), {"x"});
  table.add(field("c", Type::kUtf8), {"2"});
  const Batch batch = table.batch();
  Schema wanted;
  wanted.fields = {field("c", Type::kInt32), field("a", Type::kInt64)};
  std::vector<CastFailure> failures;

  const Result<Batch> result =
      project_and_cast(batch, std::make_shared<const Schema>(wanted), &failures);

  REQUIRE(result.ok());
  CHECK(values_of(*result, 0) == Values{"2"});
  CHECK(result->column(1).abi().buffers == batch.column(0).abi().buffers);
}

TEST_CASE("cast: a missing column and a type that does not convert are refused at plan time",
          "[data]") {
  Schema from;
  from.fields = {field("a", Type::kFloat64), field("b", Type::kUtf8)};
  Schema missing;
  missing.fields = {field("c", Type::kUtf8)};
  Schema narrowing;
  narrowing.fields = {field("b", Type::kDate32), field("a", Type::kInt64)};

  CHECK(check_cast(from, missing).code() == Code::kJob);
  CHECK(check_cast(from, missing).message() == "column \"c\" is missing; there are: a, b");
  CHECK(check_cast(from, narrowing).message() ==
        "column \"a\" is of type float, which does not convert to int64");
  CHECK(check_cast(from, from).ok());
}

TEST_CASE("cast: what can_cast allows converts an empty batch, the rest is refused", "[data]") {
  for (int f = 0; f <= static_cast<int>(Type::kDecimal128); ++f) {
    for (int t = 0; t <= static_cast<int>(Type::kDecimal128); ++t) {
      Schema wanted;
      wanted.fields = {field("x", static_cast<Type>(t))};
      std::vector<CastFailure> failures;
      const Batch batch = one_column(field("x", static_cast<Type>(f)), {});

      const Result<Batch> result =
          project_and_cast(batch, std::make_shared<const Schema>(wanted), &failures);

      CHECK(result.ok() == can_cast(static_cast<Type>(f), static_cast<Type>(t)));
      if (result.ok()) CHECK(result->column(0).type() == static_cast<Type>(t));
    }
  }
}
