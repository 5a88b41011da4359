#include "chunkmill/nearest.hpp"

#include <catch2/catch.hpp>

namespace chunkmill {

TEST_CASE("nearest: an edit is an insertion, a deletion, a replacement or a swap", "[sdk]") {
  CHECK(edit_distance("table", "table") == 0);
  CHECK(edit_distance("tabel", "table") == 1);
  CHECK(edit_distance("tabl", "table") == 1);
  CHECK(edit_distance("tables", "table") == 1);
  CHECK(edit_distance("cable", "table") == 1);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("MODE", "mode") == 0);
}

TEST_CASE("nearest: the word that was probably meant", "[sdk]") {
  const std::vector<std::string> options = {"url", "table", "tables", "mode", "key"};

  CHECK(nearest("tabel", options) == "table");
  CHECK(nearest("Mode", options) == "mode");
  CHECK(nearest("kye", options) == "key");
}

TEST_CASE("nearest: no word when none is near", "[sdk]") {
  const std::vector<std::string> options = {"url", "table", "id"};

  CHECK(nearest("password", options).empty());
  CHECK(nearest("ab", options).empty());
  CHECK(nearest("", options).empty());
  CHECK(nearest("x", {}).empty());
  CHECK(nearest(std::string(10'000, 'a'), options).empty());
}

TEST_CASE("nearest: of two equally near words the first", "[sdk]") {
  CHECK(nearest("cat", {"car", "bat"}) == "car");
}

}  // namespace chunkmill
