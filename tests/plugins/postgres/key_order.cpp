#include "plugins/databases/postgres/key_order.hpp"

#include <catch2/catch.hpp>

#include "fixture.hpp"

namespace chunkmill::postgres {
namespace {

std::vector<uint32_t> sorted(KeyOrder& order, const Rows& rows) {
  order.sort(rows.batch(), 0, rows.row_count());
  return order.rows();
}

}  // namespace

TEST_CASE("postgres: rows are put in the order of their keys, equal ones as they came",
          "[postgres]") {
  KeyOrder order({{1, Type::kUtf8}, {0, Type::kInt64}});
  const Rows rows = people_rows({{5, "prefix of eight, b"},
                                 {1, "prefix of eight, a"},
                                 {-1, "b"},
                                 {5, "b"},
                                 {-1, "b"},
                                 {0, ""}});

  CHECK(sorted(order, rows) == std::vector<uint32_t>{5, 2, 4, 3, 1, 0});
  CHECK(order.has_repeated());
  CHECK(order.repeated() == std::vector<bool>{false, true, true, false, false, false});
}

TEST_CASE("postgres: numbers are ordered by their size, texts by their bytes", "[postgres]") {
  KeyOrder numbers({{0, Type::kInt64}});
  KeyOrder texts({{1, Type::kUtf8}});
  const Rows rows = people_rows({{10, "b"}, {-9, "a"}, {9, std::string_view("a\0", 2)}, {0, "é"}});

  CHECK(sorted(numbers, rows) == std::vector<uint32_t>{1, 3, 2, 0});
  CHECK(sorted(texts, rows) == std::vector<uint32_t>{1, 2, 0, 3});
  CHECK_FALSE(texts.has_repeated());
}

TEST_CASE("postgres: a part of a batch is ordered by itself", "[postgres]") {
  KeyOrder order({{0, Type::kInt64}});
  const Rows rows = people_rows({{1, "a"}, {3, "b"}, {2, "c"}, {1, "d"}});

  order.sort(rows.batch(), 1, 4);

  CHECK(order.rows() == std::vector<uint32_t>{3, 2, 1});
  CHECK_FALSE(order.has_repeated());
}

}  // namespace chunkmill::postgres
