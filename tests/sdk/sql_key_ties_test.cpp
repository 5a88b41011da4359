// The rows that an incremental source has read of its last cursor value.
#include <catch2/catch.hpp>

#include "chunkmill/sql/key_ties.hpp"

using namespace chunkmill::sql;

TEST_CASE("key ties: what was read is known by its key and content, through its text", "[sdk]") {
  KeyTies read("id,note");
  read.at("2024-05-03");
  CHECK(read.add({"2024-05-03", "3"}, "c"));

  KeyTies next("id,note");
  REQUIRE(next.read("2024-05-03", read.text()));

  CHECK_FALSE(next.add({"2024-05-03", "3"}, "c"));
  CHECK(next.add({"2024-05-03", "3"}, "C"));  // it changed
  CHECK(next.add({"2024-05-03", "1"}, "a"));
}

TEST_CASE("key ties: with other columns a row is known by its key alone", "[sdk]") {
  KeyTies read("id,note");
  read.at("7");
  read.add({"7", "3"}, "c");

  KeyTies next("id");
  REQUIRE(next.read("7", read.text()));

  CHECK_FALSE(next.add({"7", "3"}, "less"));
  CHECK(next.add({"7", "4"}, "less"));
}

TEST_CASE("key ties: another cursor value begins anew, and too many are none", "[sdk]") {
  KeyTies ties;
  ties.at("1");
  for (size_t i = 0; i <= KeyTies::kMost; ++i) ties.add({"1", std::to_string(i)}, "");
  CHECK(ties.is_full());
  ties.give_up();
  CHECK(ties.too_many());
  CHECK(ties.empty());

  ties.at("2");

  CHECK_FALSE(ties.too_many());
  CHECK(ties.add({"2", "1"}, ""));
}

TEST_CASE("key ties: a position holds twice as many as are kept", "[sdk]") {
  KeyTies ties;
  ties.at("2024-02-29 12:30:00.123456");
  for (size_t i = 0; i < 2 * KeyTies::kMost; ++i) ties.add({"x", std::to_string(i)}, "");

  const KeyText key = {"2024-02-29 12:30:00.123456", std::string(36, 'f')};
  const std::string position = write_position(key, ties.text());

  std::string text;
  CHECK(position.size() <= kMaxPositionBytes);
  CHECK(read_position(position, 2, &text) == key);
  CHECK(text == ties.text());
}

TEST_CASE("key ties: a text that is not theirs is not taken", "[sdk]") {
  for (const char* const text :
       {"", "row", "rows:", "rows:0123456", "rows:012345678", "rows:xyzxyzxy"})
    CHECK_FALSE(KeyTies().read("1", text));
}

TEST_CASE(
    "key ties: of a value whose rows are not known, none is noted, so that the next run does not "
    "read the others again",
    "[sdk]") {
  KeyTies partial;
  partial.at("2024-01-01");
  partial.know_none();

  CHECK(partial.add({"2024-01-01", "1"}, "a"));
  CHECK(partial.empty());

  partial.at("2024-01-02");
  CHECK(partial.add({"2024-01-02", "2"}, "a"));
  CHECK_FALSE(partial.empty());
}

TEST_CASE("key ties: once there are too many rows of a value, none of it is noted any more",
          "[sdk]") {
  KeyTies full;
  full.at("2024-01-01");
  full.give_up();

  CHECK(full.add({"2024-01-01", "1"}, "a"));
  CHECK(full.empty());
  CHECK(full.too_many());
}
