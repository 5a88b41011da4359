#include "plugins/databases/postgres/numeric.hpp"

#include <catch2/catch.hpp>

#include "chunkmill/format.hpp"
#include "chunkmill/parse.hpp"

namespace chunkmill::postgres {
namespace {

std::string written(const char* digits, int scale) {
  Int128 value = 0;
  REQUIRE(parse_decimal128(digits, 38, scale, &value) == ParseFault::kNone);
  char bytes[kMaxNumericBytes];
  return {bytes, write_numeric(bytes, value, scale)};
}

// "digits weight sign dscale: d d d"
std::string shown(const std::string& bytes) {
  const auto at = [&](size_t i) {
    return static_cast<int16_t>(static_cast<unsigned char>(bytes[i]) << 8 |
                                static_cast<unsigned char>(bytes[i + 1]));
  };
  std::string text;
  for (size_t i = 0; i + 1 < bytes.size(); i += 2)
    text += (i == 0 ? "" : i == 8 ? ": " : " ") + std::to_string(at(i));
  return text;
}

std::string round_trip(const char* digits, int scale) {
  Int128 value = 0;
  if (read_numeric(written(digits, scale), 38, scale, &value) != NumericFault::kNone)
    return "refused";
  std::string text;
  append_decimal128(&text, value, scale);
  return text;
}

}  // namespace

TEST_CASE("postgres: a numeric is written as the server's own binary form has it", "[postgres]") {
  CHECK(shown(written("0.00", 2)) == "0 0 0 2");
  CHECK(shown(written("1", 0)) == "1 0 0 0: 1");
  CHECK(shown(written("-12345.678", 3)) == "3 1 16384 3: 1 2345 6780");
  CHECK(shown(written("0.00012", 5)) == "2 -1 0 5: 1 2000");
  CHECK(shown(written("0.00001200", 8)) == "1 -2 0 8: 1200");
  CHECK(shown(written("120000000", 0)) == "2 2 0 0: 1 2000");
  CHECK(shown(written("10000", 0)) == "1 1 0 0: 1");
  CHECK(shown(written("0.5", 1)) == "1 -1 0 1: 5000");
}

TEST_CASE("postgres: a numeric reads back as it was, up to 38 digits", "[postgres]") {
  for (const auto& [digits, scale] :
       std::vector<std::pair<const char*, int>>{{"0", 0},
                                                {"0.000", 3},
                                                {"-1", 0},
                                                {"9999", 0},
                                                {"10000", 0},
                                                {"99999999999999999999999999999999999999", 0},
                                                {"-0.99999999999999999999999999999999999999", 38},
                                                {"0.00000000000000000000000000000000000001", 38},
                                                {"-1234567890123456789.0123456789012345678", 19},
                                                {"18446744073709551616", 0},
                                                {"100000000000000000000.00000", 5},
                                                {"20000000000000000000.0", 1}}) {
    INFO(digits);
    CHECK(round_trip(digits, scale) == digits);
  }
}

TEST_CASE("postgres: a numeric that does not fit a decimal is told, not cut", "[postgres]") {
  Int128 value = 0;

  CHECK(read_numeric(written("1234.5", 1), 4, 1, &value) == NumericFault::kTooLarge);
  CHECK(read_numeric(written("1.05", 2), 10, 1, &value) == NumericFault::kTooManyDecimals);
  CHECK(read_numeric(written("1.50", 2), 10, 1, &value) == NumericFault::kNone);
  CHECK(value == 15);
  std::string not_a_number = written("1", 0);
  not_a_number[4] = '\xC0';
  CHECK(read_numeric(not_a_number, 38, 0, &value) == NumericFault::kNotFinite);
  CHECK(read_numeric("short", 38, 0, &value) == NumericFault::kBad);
  CHECK(read_numeric(written("1", 0) + "x", 38, 0, &value) == NumericFault::kBad);
}

}  // namespace chunkmill::postgres
