#include "framework/cli/table.hpp"

#include <catch2/catch.hpp>

namespace chunkmill::host::cli {
namespace {

Screen screen_of(int columns) {
  Screen screen;
  screen.columns = columns;
  return screen;
}

}  // namespace

TEST_CASE("table: columns line up, numbers at the right, no spaces at the ends of lines", "[cli]") {
  Table table({"name", "rows", "where"});
  table.right(1).add({"a", "5", ""}).add({"bee", "1,250", "file"});

  CHECK(table.text(screen_of(0), 0) ==
        "name   rows  where\n"
        "a         5\n"
        "bee   1,250  file\n");
}

TEST_CASE("table: wide characters count as two columns", "[cli]") {
  Table table({"a", "b"});
  table.add({"東京", "x"}).add({"abcd", "y"});

  CHECK(table.text(screen_of(0), 0) ==
        "a     b\n"
        "東京  x\n"
        "abcd  y\n");
}

TEST_CASE("table: a last column that is too wide is cut, and says so", "[cli]") {
  Table table({"id", "why"}, Overflow::kCut);
  table.add({"1", "one two three four five six"});

  CHECK(table.text(screen_of(20), 0) ==
        "id  why\n"
        "1   one two three f…\n");
}

TEST_CASE("table: a last column that is too wide goes on below itself", "[cli]") {
  Table table({"id", "why"}, Overflow::kWrap);
  table.add({"1", "one two three four five six"});

  CHECK(table.text(screen_of(22), 2) ==
        "  id  why\n"
        "  1   one two three\n"
        "      four five six\n");
}

TEST_CASE("table: columns that do not fit follow below with the first one repeated", "[cli]") {
  Table table({"#", "first", "second", "third"}, Overflow::kBlocks);
  table.add({"1", "aaaaa", "bbbbbb", "ccccc"});

  CHECK(table.text(screen_of(17), 0) ==
        "#  first  second\n"
        "1  aaaaa  bbbbbb\n"
        "\n"
        "#  third\n"
        "1  ccccc\n");
}

TEST_CASE("table: control characters of data cannot drive the terminal", "[cli]") {
  Table table({"value"});
  table.add({"a\x1b[31mb\nc"});

  CHECK(table.text(screen_of(0), 0) == "value\na\\x1b[31mb\\nc\n");
}

TEST_CASE("wrap: breaks at spaces, and leaves a word alone that is longer than a line", "[cli]") {
  CHECK(wrap("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(wrap("abcdefghij k", 5) == std::vector<std::string>{"abcdefghij", "k"});
  CHECK(wrap("whole", 0) == std::vector<std::string>{"whole"});
}

}  // namespace chunkmill::host::cli
