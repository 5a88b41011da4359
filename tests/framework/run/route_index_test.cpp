#include "framework/run/route_index.hpp"

#include <catch2/catch.hpp>

using chunkmill::host::RouteIndex;

TEST_CASE("route index: every value finds its case, others find none", "[run]") {
  std::vector<std::string> values;
  for (int i = 0; i < 300; ++i) values.push_back(std::to_string(i));
  values.push_back("a value that is longer than a machine word");
  const RouteIndex index(values);

  for (size_t i = 0; i < values.size(); ++i) CHECK(index.find(values[i]) == i);
  CHECK(index.find("300") == RouteIndex::kNone);
  CHECK(index.find("01") == RouteIndex::kNone);
  CHECK(index.find("") == RouteIndex::kNone);
}

TEST_CASE("route index: the empty value can be a case, and no value is any", "[run]") {
  const std::vector<std::string> values = {"", "1"};
  CHECK(RouteIndex(values).find("") == 0);
  const std::vector<std::string> none;
  CHECK(RouteIndex(none).find("") == RouteIndex::kNone);
}
