#include "chunkmill/format.hpp"

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "chunkmill/parse.hpp"

namespace chunkmill {
namespace {

template <typename T, typename F>
std::string formatted(F&& append, T value) {
  std::string text;
  append(&text, value);
  return text;
}
std::string double_text(double value) { return formatted(append_double, value); }
std::string date_text(int32_t value) { return formatted(append_date32, value); }
std::string time_text(int64_t value) { return formatted(append_timestamp, value); }
std::string decimal_text(Int128 value, int scale) {
  std::string text;
  append_decimal128(&text, value, scale);
  return text;
}

constexpr int kRounds = 20'000;

}  // namespace

TEST_CASE("format: doubles are short, and plain between 1e-5 and 1e15", "[sdk]") {
  CHECK(double_text(0.1) == "0.1");
  CHECK(double_text(5) == "5");
  CHECK(double_text(-2.5) == "-2.5");
  CHECK(double_text(0) == "0");
  CHECK(double_text(-0.0) == "-0");
  CHECK(double_text(123456789012345) == "123456789012345");
  CHECK(double_text(0.00001) == "0.00001");
  CHECK(double_text(1e15) == "1e+15");
  CHECK(double_text(0.000001) == "1e-06");
}

TEST_CASE("format: any finite double reads back as itself", "[sdk]") {
  std::mt19937_64 random(1);

  for (int i = 0; i < kRounds; ++i) {
    const double value = std::bit_cast<double>(random());
    // A subnormal may be refused as out of range: too small to be told from zero.
    if (!std::isfinite(value) || std::fabs(value) < std::numeric_limits<double>::min()) continue;
    double back = 0;
    REQUIRE(parse_double(double_text(value), &back) == ParseFault::kNone);
    REQUIRE(std::bit_cast<uint64_t>(back) == std::bit_cast<uint64_t>(value));
  }
}

TEST_CASE("format: amounts of money read back as themselves", "[sdk]") {
  std::mt19937_64 random(2);

  for (int i = 0; i < kRounds; ++i) {
    const double value = static_cast<double>(random() % 100'000'000'000) / 100;
    double back = 0;
    REQUIRE(parse_double(double_text(value), &back) == ParseFault::kNone);
    REQUIRE(back == value);
  }
}

TEST_CASE("format: whole numbers read back as themselves", "[sdk]") {
  std::mt19937_64 random(3);

  for (int i = 0; i < kRounds; ++i) {
    const auto value = static_cast<int64_t>(random() >> (random() % 64));
    int64_t back = 0;
    REQUIRE(parse_int64(formatted(append_integer<int64_t>, value), &back) == ParseFault::kNone);
    REQUIRE(back == value);
  }
  CHECK(formatted(append_integer<int64_t>, std::numeric_limits<int64_t>::min()) ==
        "-9223372036854775808");
}

TEST_CASE("format: every day of the four-digit years reads back as itself", "[sdk]") {
  int32_t first = 0;
  int32_t last = 0;
  REQUIRE(parse_date32("0000-01-01", &first) == ParseFault::kNone);
  REQUIRE(parse_date32("9999-12-31", &last) == ParseFault::kNone);

  for (int32_t day = first; day <= last; day += 7) {
    int32_t back = 0;
    REQUIRE(parse_date32(date_text(day), &back) == ParseFault::kNone);
    REQUIRE(back == day);
  }
  CHECK(date_text(first) == "0000-01-01");
  CHECK(date_text(last) == "9999-12-31");
}

TEST_CASE("format: years beyond four digits are written in full", "[sdk]") {
  int32_t last = 0;
  REQUIRE(parse_date32("9999-12-31", &last) == ParseFault::kNone);

  CHECK(date_text(last + 1) == "10000-01-01");
  CHECK(date_text(std::numeric_limits<int32_t>::max()) == "5881580-07-11");
  CHECK(date_text(std::numeric_limits<int32_t>::min()) == "-5877641-06-23");
}

TEST_CASE("format: times before and after 1970 read back as themselves", "[sdk]") {
  std::mt19937_64 random(4);

  for (int i = 0; i < kRounds; ++i) {
    const int64_t value =
        static_cast<int64_t>(random() % 8'000'000'000'000'000) - 4'000'000'000'000'000;
    int64_t back = 0;
    REQUIRE(parse_timestamp(time_text(value), &back) == ParseFault::kNone);
    REQUIRE(back == value);
  }
  CHECK(time_text(0) == "1970-01-01T00:00:00Z");
  CHECK(time_text(-1) == "1969-12-31T23:59:59.999999Z");
  CHECK(time_text(1'500'000) == "1970-01-01T00:00:01.500000Z");
}

TEST_CASE("format: decimals keep their scale", "[sdk]") {
  CHECK(decimal_text(0, 0) == "0");
  CHECK(decimal_text(0, 2) == "0.00");
  CHECK(decimal_text(5, 2) == "0.05");
  CHECK(decimal_text(-5, 2) == "-0.05");
  CHECK(decimal_text(-12340, 3) == "-12.340");
  CHECK(decimal_text(7, 0) == "7");
}

TEST_CASE("format: decimals of any precision and scale read back as themselves", "[sdk]") {
  std::mt19937_64 random(5);

  for (int i = 0; i < kRounds; ++i) {
    const int precision = static_cast<int>(random() % 38) + 1;
    const int scale = static_cast<int>(random() % static_cast<uint64_t>(precision + 1));
    Int128 value = 0;
    for (int digit = 0; digit < precision; ++digit)
      value = value * 10 + static_cast<int>(random() % 10);
    if (random() % 2 == 0) value = -value;
    Int128 back = 0;
    REQUIRE(parse_decimal128(decimal_text(value, scale), precision, scale, &back) ==
            ParseFault::kNone);
    REQUIRE((back == value));
  }
}

}  // namespace chunkmill
