#include "framework/core/json_value.hpp"

#include <catch2/catch.hpp>

namespace chunkmill::host::test {
namespace {

TEST_CASE("json: a document becomes a tree", "[plugin]") {
  const JsonValue value =
      parse_json(R"( {"a": [1, -2.5e+3, true, null], "b": {"c": "x\u00e4\ud83d\ude00\n"}} )")
          .take();

  REQUIRE(value.members.size() == 2);
  CHECK(value.find("a")->items.size() == 4);
  CHECK(value.find("a")->items[1].text == "-2.5e+3");
  CHECK(value.find("b")->find("c")->text == "x\xc3\xa4\xf0\x9f\x98\x80\n");
}

TEST_CASE("json: what is not JSON is refused", "[plugin]") {
  for (const char* text :
       {"", "{", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "01", "1.", "nul", "\"\\x\"", "\"\t\"",
        "{a:1}", "1 2", "\"\\ud800\"", "'a'", "[1", "\"abc"}) {
    INFO(text);
    CHECK(parse_json(text).status().code() == Code::kPlugin);
  }
  CHECK_FALSE(parse_json(std::string(1000, '[')).ok());
}

}  // namespace
}  // namespace chunkmill::host::test
