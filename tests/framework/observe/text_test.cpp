#include "framework/observe/text.hpp"

#include <catch2/catch.hpp>
#include <limits>

namespace chunkmill::host {

TEST_CASE("text: numbers get thousands separators", "[observe]") {
  CHECK(with_thousands(int64_t{0}) == "0");
  CHECK(with_thousands(int64_t{999}) == "999");
  CHECK(with_thousands(int64_t{1000}) == "1,000");
  CHECK(with_thousands(int64_t{-1234567}) == "-1,234,567");
  CHECK(with_thousands(std::numeric_limits<int64_t>::min()) == "-9,223,372,036,854,775,808");
}

TEST_CASE("text: fractions show what a person wants to see", "[observe]") {
  CHECK(with_thousands(12.0) == "12");
  CHECK(with_thousands(-1234.567) == "-1,234.57");
  CHECK(with_thousands(0.12345) == "0.123");
  CHECK(with_thousands(0.0123) == "0.0123");
  CHECK(with_thousands(0.0000123) == "1.23e-05");
  CHECK(with_thousands(999999.999) == "1,000,000.00");
  CHECK(with_thousands(std::numeric_limits<double>::quiet_NaN()) == "nan");
  CHECK(with_thousands(-std::numeric_limits<double>::infinity()) == "-inf");
}

TEST_CASE("text: durations read naturally at every size", "[observe]") {
  CHECK(duration_text(0) == "0 ms");
  CHECK(duration_text(0.0424) == "42 ms");
  CHECK(duration_text(0.9999) == "1.0 s");
  CHECK(duration_text(12.44) == "12.4 s");
  CHECK(duration_text(59.96) == "1:00 min");
  CHECK(duration_text(185) == "3:05 min");
  CHECK(duration_text(3599.9) == "1:00:00 h");
  CHECK(duration_text(7385) == "2:03:05 h");
  CHECK(duration_text(-1) == "0 ms");
  CHECK(clock_text(12) == "0:12");
  CHECK(clock_text(1e300) == clock_text(3.2e9));
}

TEST_CASE("text: widths count columns, not bytes", "[observe]") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("é") == 1);
  CHECK(display_width("e\xCC\x81") == 1);  // e and a combining accent
  CHECK(display_width("排出量") == 6);
  CHECK(display_width("🌍") == 2);
  CHECK(display_width("\xff\xfe") == 2);
}

TEST_CASE("text: cutting never splits a character and never exceeds the width", "[observe]") {
  CHECK(fit("supplier", 8) == "supplier");
  CHECK(fit("suppliers", 8) == "supplie…");
  CHECK(fit("suppliers", 8, false) == "suppl...");
  CHECK(fit("排出量の計算", 6) == "排出…");
  CHECK(fit("suppliers", 0).empty());
  for (int columns = 0; columns < 20; ++columns) {
    CHECK(display_width(fit("排出量 emissions 🌍🌍", columns)) <= columns);
    CHECK(display_width(fit("排出量 emissions 🌍🌍", columns, false)) <= columns);
  }
}

TEST_CASE("text: what could drive the terminal is made visible", "[observe]") {
  CHECK(printable("a\nb\rc") == "a\\nb\\rc");
  CHECK(printable("\x1b[2Jx") == "\\x1b[2Jx");
  CHECK(printable(std::string_view("a\0b", 3)) == "a\\x00b");
  CHECK(printable("\xff") == "\\xff");
  CHECK(printable("\xC2\x9B") == "\\xc2\\x9b");           // CSI as one character
  CHECK(printable("\xE2\x80\xAE") == "\\xe2\\x80\\xae");  // right-to-left override
  CHECK(printable("排出量 ü") == "排出量 ü");
}

}  // namespace chunkmill::host
