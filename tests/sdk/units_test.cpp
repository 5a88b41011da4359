#include "chunkmill/units.hpp"

#include <catch2/catch.hpp>
#include <string_view>

namespace chunkmill {
namespace {

int64_t milliseconds(std::string_view text) {
  int64_t value = -1;
  return parse_duration(text, &value) ? value : -1;
}
int64_t bytes(std::string_view text) {
  uint64_t value = 0;
  return parse_bytes(text, &value) ? static_cast<int64_t>(value) : -1;
}
double percent(std::string_view text) {
  double value = -1;
  return parse_percent(text, &value) ? value : -1;
}

}  // namespace

TEST_CASE("units: a duration says its unit", "[sdk]") {
  CHECK(milliseconds("200ms") == 200);
  CHECK(milliseconds("1.5s") == 1500);
  CHECK(milliseconds("10m") == 600'000);
  CHECK(milliseconds("10 min") == 600'000);
  CHECK(milliseconds("2h") == 7'200'000);
  CHECK(milliseconds("1d") == 86'400'000);
  CHECK(milliseconds("0") == 0);
  for (const char* text : {"", "5", "s", "-1s", "1e3s", "1 week", "1s ", "1..5s"})
    CHECK(milliseconds(text) == -1);
}

TEST_CASE("units: binary and decimal sizes differ", "[sdk]") {
  CHECK(bytes("4096") == 4096);
  CHECK(bytes("512B") == 512);
  CHECK(bytes("64KiB") == 65536);
  CHECK(bytes("8MiB") == 8 << 20);
  CHECK(bytes("1.5 GiB") == 1536LL << 20);
  CHECK(bytes("1GB") == 1'000'000'000);
  CHECK(bytes("1kB") == 1000);
  for (const char* text : {"", "MiB", "1mib", "-1B", "1 bit", "99999999999999999999TB"})
    CHECK(bytes(text) == -1);
}

TEST_CASE("units: a percentage lies between 0 and 100", "[sdk]") {
  CHECK(percent("50%") == 50);
  CHECK(percent("12.5 %") == 12.5);
  CHECK(percent("0") == 0);
  CHECK(percent("100%") == 100);
  for (const char* text : {"", "%", "-1%", "100.1%", "half"}) CHECK(percent(text) == -1);
}

}  // namespace chunkmill
