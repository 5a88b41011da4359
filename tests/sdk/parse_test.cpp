#include "chunkmill/parse.hpp"

#include <catch2/catch.hpp>
#include <charconv>
#include <string>

namespace chunkmill {
namespace {

template <typename T, typename F>
ParseFault fault_of(F&& parse, std::string_view text) {
  T value{};
  return parse(text, &value);
}
ParseFault int64_fault(std::string_view text) { return fault_of<int64_t>(parse_int64, text); }
ParseFault double_fault(std::string_view text) { return fault_of<double>(parse_double, text); }
ParseFault date_fault(std::string_view text) { return fault_of<int32_t>(parse_date32, text); }
ParseFault time_fault(std::string_view text) { return fault_of<int64_t>(parse_timestamp, text); }

int64_t micros(std::string_view text) {
  int64_t value = -1;
  REQUIRE(parse_timestamp(text, &value) == ParseFault::kNone);
  return value;
}
int32_t days(std::string_view text) {
  int32_t value = -1;
  REQUIRE(parse_date32(text, &value) == ParseFault::kNone);
  return value;
}

}  // namespace

TEST_CASE("parse: whole numbers take one sign and digits, and nothing else", "[sdk]") {
  int64_t value = 0;

  REQUIRE(parse_int64("+12", &value) == ParseFault::kNone);
  CHECK(value == 12);
  REQUIRE(parse_int64("-0", &value) == ParseFault::kNone);
  CHECK(value == 0);
  REQUIRE(parse_int64("007", &value) == ParseFault::kNone);
  CHECK(value == 7);
  for (const char* text :
       {"", "+", "-", "+-1", "--1", "1.0", "1 ", " 1", "e3", "1e", "0x10", "1,234"})
    CHECK(int64_fault(text) == ParseFault::kBad);
  for (const char* text : {"1e3", "-1.5E+3", "+2e-1", "1.23457E+12", "1e9999999999"})
    CHECK(int64_fault(text) == ParseFault::kExponent);
}

TEST_CASE("parse: whole numbers end where their type ends", "[sdk]") {
  int64_t wide = 0;
  int32_t narrow = 0;

  REQUIRE(parse_int64("-9223372036854775808", &wide) == ParseFault::kNone);
  CHECK(wide == std::numeric_limits<int64_t>::min());
  CHECK(int64_fault("9223372036854775808") == ParseFault::kOutOfRange);
  CHECK(int64_fault("99999999999999999999x") == ParseFault::kBad);
  REQUIRE(parse_int32("2147483647", &narrow) == ParseFault::kNone);
  CHECK(narrow == std::numeric_limits<int32_t>::max());
  CHECK(fault_of<int32_t>(parse_int32, "2147483648") == ParseFault::kOutOfRange);
}

TEST_CASE("parse: a decimal number is finite, in range and plain", "[sdk]") {
  for (const char* text : {"", ".", "-", "+", "+-5", "1e", "1,234", "0x10", "1.2.3", "1 ", "five"})
    CHECK(double_fault(text) == ParseFault::kBad);
  for (const char* text : {"nan", "NaN", "-nan", "inf", "-inf", "Infinity"})
    CHECK(double_fault(text) == ParseFault::kNotFinite);
  CHECK(double_fault("1e999") == ParseFault::kOutOfRange);
  CHECK(double_fault("-1e999") == ParseFault::kOutOfRange);
}

TEST_CASE("parse: the short cut for plain decimals gives what the long way gives", "[sdk]") {
  // Each is written so that the short cut takes it, and once more so that it does not.
  const std::pair<const char*, const char*> pairs[] = {{"0.1", "1e-1"},
                                                       {"123456789012345", "123456789012345e0"},
                                                       {"0.00000000000001", "1e-14"},
                                                       {"-12.5", "-125e-1"},
                                                       {"5.", "5e0"},
                                                       {".5", "5e-1"},
                                                       {"0.3", "3e-1"},
                                                       {"9007199254740.99", "900719925474099e-2"}};
  for (const auto& [plain, scientific] : pairs) {
    INFO(plain);
    double left = 0;
    double right = 1;
    REQUIRE(parse_double(plain, &left) == ParseFault::kNone);
    REQUIRE(parse_double(scientific, &right) == ParseFault::kNone);
    CHECK(left == right);
  }
}

TEST_CASE("parse: every short text of digits, points and signs is read as std::from_chars reads it",
          "[sdk]") {
  constexpr std::string_view kBytes = "05./9-";
  std::string text(16, ' ');  // what may be read behind the text is there
  for (size_t size = 0; size <= 7; ++size) {
    size_t all = 1;
    for (size_t i = 0; i < size; ++i) all *= kBytes.size();
    size_t wrong = 0;
    for (size_t number = 0; number < all; ++number) {
      for (size_t i = 0, left = number; i < size; ++i, left /= kBytes.size())
        text[i] = kBytes[left % kBytes.size()];
      const std::string_view short_text(text.data(), size);
      double expected = 0;
      const auto [end, fault] = std::from_chars(text.data(), text.data() + size, expected);
      const bool good = fault == std::errc() && end == text.data() + size;
      for (const auto parse : {parse_double, parse_padded_double}) {
        double value = 0;
        const bool read = parse(short_text, &value) == ParseFault::kNone;
        if (read != good || (good && value != expected)) ++wrong;
      }
    }
    INFO(size);
    CHECK(wrong == 0);
  }
}

TEST_CASE("parse: minus zero stays minus zero", "[sdk]") {
  double value = 1;

  REQUIRE(parse_double("-0.0", &value) == ParseFault::kNone);

  CHECK(value == 0);
  CHECK(std::signbit(value));
}

TEST_CASE("parse: truth is told in a handful of words in any case", "[sdk]") {
  for (const char* text : {"true", "TRUE", "t", "Yes", "y", "1"}) {
    bool value = false;
    REQUIRE(parse_bool(text, &value) == ParseFault::kNone);
    CHECK(value);
  }
  for (const char* text : {"false", "False", "f", "NO", "n", "0"}) {
    bool value = true;
    REQUIRE(parse_bool(text, &value) == ParseFault::kNone);
    CHECK_FALSE(value);
  }
  for (const char* text : {"", "on", "2", "truely", "tru", "yes "})
    CHECK(fault_of<bool>(parse_bool, text) == ParseFault::kBad);
}

TEST_CASE("parse: a day must be in the calendar", "[sdk]") {
  CHECK(days("1970-01-01") == 0);
  CHECK(days("1969-12-31") == -1);
  CHECK(days("2000-02-29") == 11016);
  CHECK(days("2024-02-29") - days("2024-02-28") == 1);
  CHECK(date_fault("1900-02-29") == ParseFault::kOutOfRange);
  CHECK(date_fault("2023-02-29") == ParseFault::kOutOfRange);
  CHECK(date_fault("2024-13-01") == ParseFault::kOutOfRange);
  CHECK(date_fault("2024-00-10") == ParseFault::kOutOfRange);
  CHECK(date_fault("2024-04-31") == ParseFault::kOutOfRange);
  CHECK(date_fault("2024-04-00") == ParseFault::kOutOfRange);
  CHECK(date_fault("0001-02-29") == ParseFault::kOutOfRange);
  CHECK(days("0001-01-01") == -719162);
  CHECK(days("9999-12-31") == 2932896);
  for (const char* text :
       {"", "2024-2-29", "2024/02/29", "29-02-2024", "2024-02-2x", "2024-02-290"})
    CHECK(date_fault(text) == ParseFault::kBad);
}

TEST_CASE("parse: days and dates of four centuries and of the far ends are each other's inverse",
          "[sdk]") {
  size_t wrong = 0;
  for (int32_t day = days("1800-01-01"); day < days("2200-01-01"); ++day) {
    const detail::CivilDate date = detail::civil_from_days(day);
    int32_t back = 0;
    const bool is_day = detail::checked_days_from_civil(date, &back);
    if (!is_day || back != day || detail::year_from_days(day) != date.year) ++wrong;
  }
  CHECK(wrong == 0);
  CHECK(detail::year_from_days(INT32_MIN) == -5877641);
  CHECK(detail::year_from_days(INT32_MAX) == 5881580);
}

TEST_CASE("parse: a time without a zone is UTC, and a zone is taken off", "[sdk]") {
  CHECK(micros("1970-01-01") == 0);
  CHECK(micros("1970-01-01T00:00:01Z") == 1'000'000);
  CHECK(micros("1970-01-01 00:01") == 60'000'000);
  CHECK(micros("1969-12-31T23:59:59.999999Z") == -1);
  CHECK(micros("2024-02-29T12:30:00+02:00") == micros("2024-02-29T10:30"));
  CHECK(micros("2024-02-29T12:30:00-0530") == micros("2024-02-29T18:00"));
  CHECK(micros("2024-02-29T12:30:00+02") == micros("2024-02-29T10:30:00Z"));
  CHECK(micros("1970-01-01T00:00:00.5") == 500'000);
}

TEST_CASE("parse: a time finer than microseconds is refused, not cut", "[sdk]") {
  CHECK(micros("1970-01-01T00:00:00.123456000Z") == 123'456);
  CHECK(micros("1970-01-01T00:00:00.100000000000000000000Z") == 100'000);
  CHECK(time_fault("1970-01-01T00:00:00.1234567Z") == ParseFault::kTooPrecise);
  CHECK(time_fault("1970-01-01T00:00:00.000000000001Z") == ParseFault::kTooPrecise);
  CHECK(time_fault("1970-01-01T00:00:00.1234567X") == ParseFault::kBad);
  CHECK(time_fault("1970-01-01T25:00:00.1234567Z") == ParseFault::kOutOfRange);
}

TEST_CASE(
    "parse: a time finer than microseconds is cut, or rounded half up, where that is asked for",
    "[sdk]") {
  const auto with = [](Fractions fractions, std::string_view text) {
    int64_t value = 0;
    REQUIRE(parse_timestamp_with(text, fractions, &value) == ParseFault::kNone);
    return value;
  };

  CHECK(with(Fractions::kCut, "1970-01-01T00:00:00.1234569Z") == 123'456);
  CHECK(with(Fractions::kRound, "1970-01-01T00:00:00.1234565Z") == 123'457);
  CHECK(with(Fractions::kRound, "1970-01-01T00:00:00.12345649Z") == 123'456);
  CHECK(with(Fractions::kRound, "1970-01-01T00:00:00.9999999Z") == 1'000'000);
  CHECK(with(Fractions::kRound, "1969-12-31T23:59:59.9999995Z") == 0);
  CHECK(with(Fractions::kCut, "1969-12-31T23:59:59.9999995Z") == -1);
}

TEST_CASE("parse: a time that no clock shows is refused", "[sdk]") {
  CHECK(time_fault("2024-01-01T24:00:00") == ParseFault::kOutOfRange);
  CHECK(time_fault("2024-01-01T12:60:00") == ParseFault::kOutOfRange);
  CHECK(time_fault("2016-12-31T23:59:60Z") == ParseFault::kOutOfRange);
  CHECK(time_fault("2023-02-29T12:00:00") == ParseFault::kOutOfRange);
  CHECK(time_fault("2024-01-01T00:00:00+19:00") == ParseFault::kOutOfRange);
  for (const char* text : {"2024-01-01T", "2024-01-01T1:00", "2024-01-01T12:00:",
                           "2024-01-01T12:00:0", "2024-01-01T12:00:00.", "2024-01-01T12:00:00 Z",
                           "2024-01-01T12:00:00+2", "2024-01-01X12:00", "2024-01-01T12:00:00+02:0"})
    CHECK(time_fault(text) == ParseFault::kBad);
}

TEST_CASE("parse: a decimal keeps every digit or is refused", "[sdk]") {
  Int128 value = 0;

  REQUIRE(parse_decimal128("-12.34", 10, 3, &value) == ParseFault::kNone);
  CHECK((value == -12340));
  REQUIRE(parse_decimal128("12.3400", 4, 2, &value) == ParseFault::kNone);
  CHECK((value == 1234));
  REQUIRE(parse_decimal128("0000012.34", 4, 2, &value) == ParseFault::kNone);
  CHECK((value == 1234));
  CHECK(parse_decimal128("12.345", 10, 2, &value) == ParseFault::kTooPrecise);
  CHECK(parse_decimal128("12.345x", 10, 2, &value) == ParseFault::kBad);
  CHECK(parse_decimal128("12345x", 4, 2, &value) == ParseFault::kBad);
  CHECK(parse_decimal128("123.45", 4, 2, &value) == ParseFault::kOutOfRange);
  CHECK(parse_decimal128("100", 4, 2, &value) == ParseFault::kOutOfRange);
  for (const char* text : {"", ".", "-", "1.2.3", "1,0", "nan", "+-1", "e3", ".e3", "1e", "1e+",
                           "1e3.5", "1e3 ", "1e+-3", "1.2.3e4"})
    CHECK(parse_decimal128(text, 38, 2, &value) == ParseFault::kBad);
}

TEST_CASE("parse: a decimal with an exponent is read where it is exact", "[sdk]") {
  const auto fault = [](std::string_view text) {
    return fault_of<Int128>(
        [](std::string_view t, Int128* out) { return parse_decimal128(t, 20, 2, out); }, text);
  };
  const std::pair<const char*, int64_t> exact[] = {
      {"1.5E+3", 150000}, {"0E-10", 0},        {"0e999999999999999999999", 0},
      {"2.75e3", 275000}, {"-1E-2", -1},       {"1250000e-5", 1250},
      {"100.00e-2", 100}, {"0.0025e2", 25},    {"+.5E1", 500},
      {"5.E0", 500},      {"0012.50e1", 12500}};
  Int128 value = 0;

  for (const auto& [text, cents] : exact) {
    INFO(text);
    REQUIRE(parse_decimal128(text, 20, 2, &value) == ParseFault::kNone);
    CHECK((value == cents));
  }
  for (const char* text : {"1e-3", "1.005E0", "123456789012345678e-16", "1e-99999999999999999999"})
    CHECK(fault(text) == ParseFault::kTooPrecise);
  for (const char* text : {"1e18", "12.5E17", "1e99999999999999999999", "-1E+38"})
    CHECK(fault(text) == ParseFault::kOutOfRange);
  CHECK(fault("9.99E17") == ParseFault::kNone);
}

TEST_CASE("parse: a whole number that a float would round is refused, as other numbers are rounded",
          "[sdk]") {
  double value = 0;

  for (const char* text : {"9007199254740993", "-9223372036854775807", "12345678901234567890"})
    CHECK(double_fault(text) == ParseFault::kTooPrecise);
  // The last one is how JavaScript writes 2^69: the shortest digits, filled up with zeros.
  for (const char* text : {"9007199254740992", "-9223372036854775808", "000000000000000000001",
                           "590295810358705651712", "590295810358705700000"})
    CHECK(double_fault(text) == ParseFault::kNone);
  REQUIRE(parse_double("1234567890123456.78", &value) == ParseFault::kNone);
  CHECK(value == 1234567890123456.75);
}

TEST_CASE("parse: a fault says what is wrong with the value", "[sdk]") {
  Field amount;
  amount.type = Type::kDecimal128;
  amount.precision = 20;
  amount.scale = 2;

  CHECK(fault_text(ParseFault::kTooPrecise, amount) ==
        "has more digits behind the decimal sign than decimal(20,2) keeps");
  CHECK(fault_code(ParseFault::kTooPrecise, Type::kDecimal128) == "too_precise");
  CHECK(fault_code(ParseFault::kExponent, Type::kInt64) == "bad_number");
}

TEST_CASE("parse: a decimal may use all 38 digits", "[sdk]") {
  const std::string nines(38, '9');
  Int128 value = 0;

  REQUIRE(parse_decimal128(nines, 38, 0, &value) == ParseFault::kNone);
  CHECK((value % 1000 == 999));
  CHECK(parse_decimal128(nines + "9", 38, 0, &value) == ParseFault::kOutOfRange);
}

TEST_CASE("parse: a fault has a stable code for the kind of value", "[sdk]") {
  CHECK(fault_code(ParseFault::kBad, Type::kInt64) == "bad_number");
  CHECK(fault_code(ParseFault::kBad, Type::kBool) == "bad_bool");
  CHECK(fault_code(ParseFault::kBad, Type::kDate32) == "bad_date");
  CHECK(fault_code(ParseFault::kBad, Type::kTimestamp) == "bad_timestamp");
  CHECK(fault_code(ParseFault::kOutOfRange, Type::kDate32) == "date_out_of_range");
  CHECK(fault_code(ParseFault::kOutOfRange, Type::kFloat64) == "number_out_of_range");
  CHECK(fault_code(ParseFault::kNotFinite, Type::kFloat64) == "not_a_number");
}

}  // namespace chunkmill
