#include "chunkmill/json.hpp"

#include <catch2/catch.hpp>
#include <limits>

namespace chunkmill {

TEST_CASE("json: commas stand between values and nowhere else", "[sdk]") {
  std::string text;
  JsonWriter json(&text);

  json.begin_object().field("a", 1).key("b").begin_array();
  json.value(true).null().begin_object().end_object().begin_array().end_array().value("x");
  json.end_array().field("c", 2.5).end_object();

  CHECK(text == R"({"a":1,"b":[true,null,{},[],"x"],"c":2.5})");
}

TEST_CASE("json: quotes, backslashes and control characters are escaped", "[sdk]") {
  std::string text;

  append_json_string(&text, std::string_view("a\"b\\c\n\r\t\x01\0\x1f\x7fß€", 17));

  CHECK(text == "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u0000\\u001f\x7fß€\"");
}

TEST_CASE("json: bytes that are not UTF-8 are written as their hexadecimal digits", "[sdk]") {
  const auto json = [](std::string_view text) {
    std::string out;
    append_json_string(&out, text);
    return out;
  };

  CHECK(json("caf\xe9.csv") == R"("caf\\xe9.csv")");
  CHECK(json("\xC3") == R"("\\xc3")");
  CHECK(json("\xED\xA0\x80") == R"("\\xed\\xa0\\x80")");  // a surrogate
  CHECK(json("\xC0\x80z") == R"("\\xc0\\x80z")");         // overlong
  CHECK(json("\xF4\x90\x80\x80") == R"("\\xf4\\x90\\x80\\x80")");
  CHECK(json("ü🌍") == "\"ü🌍\"");
}

TEST_CASE("json: keys are escaped like texts", "[sdk]") {
  std::string text;

  JsonWriter(&text).begin_object().field("a\"b", "").end_object();

  CHECK(text == R"({"a\"b":""})");
}

TEST_CASE("json: what is no number is null", "[sdk]") {
  std::string text;
  JsonWriter json(&text);

  json.begin_array();
  json.value(std::numeric_limits<double>::quiet_NaN());
  json.value(-std::numeric_limits<double>::infinity());
  json.value(std::numeric_limits<int64_t>::min()).value(std::numeric_limits<uint64_t>::max());
  json.end_array();

  CHECK(text == "[null,null,-9223372036854775808,18446744073709551615]");
}

}  // namespace chunkmill
