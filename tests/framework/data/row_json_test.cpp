#include "framework/data/row_json.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "framework/data/column_builder.hpp"
#include "raw_table.hpp"

using namespace chunkmill;
using namespace chunkmill::host;
using namespace chunkmill::host::test;

TEST_CASE("row_as_json: each type in its own way", "[data]") {
  RawTable table;
  table.add(field("bool", Type::kBool), {"true", std::nullopt}, 9);
  table.add(field("int32", Type::kInt32), {"-1", std::nullopt});
  table.add(field("int64", Type::kInt64), {"9223372036854775807", std::nullopt});
  table.add(field("float", Type::kFloat64), {"0.1", std::nullopt});
  table.add(field("text", Type::kUtf8), {"a \"b\"\n\xC3\xBC", std::nullopt});
  table.add(field("binary", Type::kBinary), {std::string("\0\xFF\x10", 3), std::nullopt});
  table.add(field("date", Type::kDate32), {"2024-02-29", std::nullopt});
  table.add(field("time", Type::kTimestamp), {"2024-02-29T12:00Z", std::nullopt});
  table.add(decimal("decimal", 20, 2), {"-1.50", std::nullopt});
  const Batch batch = table.batch();

  CHECK(row_as_json(batch, 0) ==
        "{\"bool\":true,\"int32\":-1,\"int64\":9223372036854775807,\"float\":0.1,"
        "\"text\":\"a \\\"b\\\"\\n\xC3\xBC\",\"binary\":\"AP8Q\",\"date\":\"2024-02-29\","
        "\"time\":\"2024-02-29T12:00:00Z\",\"decimal\":\"-1.50\"}");
  CHECK(row_as_json(batch.slice(1, 1), 0) ==
        "{\"bool\":null,\"int32\":null,\"int64\":null,\"float\":null,\"text\":null,"
        "\"binary\":null,\"date\":null,\"time\":null,\"decimal\":null}");
}

TEST_CASE("row_as_json: base64 is padded", "[data]") {
  const Batch batch = one_column(field("b", Type::kBinary), {"", "f", "fo", "foo", "foob"});

  CHECK(row_as_json(batch, 0) == "{\"b\":\"\"}");
  CHECK(row_as_json(batch, 1) == "{\"b\":\"Zg==\"}");
  CHECK(row_as_json(batch, 2) == "{\"b\":\"Zm8=\"}");
  CHECK(row_as_json(batch, 3) == "{\"b\":\"Zm9v\"}");
  CHECK(row_as_json(batch, 4) == "{\"b\":\"Zm9vYg==\"}");
}

TEST_CASE("row_as_json: what is not UTF-8 is replaced byte by byte", "[data]") {
  const auto json = [](const std::string& text) {
    return row_as_json(one_column(field("t", Type::kUtf8), {text}), 0);
  };
  const std::string bad = "\xEF\xBF\xBD";

  CHECK(json("a\xFFz") == "{\"t\":\"a" + bad + "z\"}");
  CHECK(json("\xC3") == "{\"t\":\"" + bad + "\"}");
  CHECK(json("\xC0\xAF") == "{\"t\":\"" + bad + bad + "\"}");
  CHECK(json("\xED\xA0\x80") == "{\"t\":\"" + bad + bad + bad + "\"}");
  CHECK(json("\xE0\x80\x80") == "{\"t\":\"" + bad + bad + bad + "\"}");
  CHECK(json("\xF0\x80\x80\x80") == "{\"t\":\"" + bad + bad + bad + bad + "\"}");
  CHECK(json("\xF4\x90\x80\x80") == "{\"t\":\"" + bad + bad + bad + bad + "\"}");
  CHECK(json("\xF0\x9F\x8C\x8D") == "{\"t\":\"\xF0\x9F\x8C\x8D\"}");
}

TEST_CASE("row_as_json: floats that JSON has no number for stay visible", "[data]") {
  ColumnBuilder builder(Type::kFloat64, 3);
  builder.append_value(std::numeric_limits<double>::quiet_NaN());
  builder.append_value(std::numeric_limits<double>::infinity());
  builder.append_value(-std::numeric_limits<double>::infinity());
  Schema schema;
  schema.fields = {field("x", Type::kFloat64)};
  const Batch batch = Batch::of(std::make_shared<const Schema>(schema), {*builder.finish()}, 3);

  CHECK(row_as_json(batch, 0) == "{\"x\":\"NaN\"}");
  CHECK(row_as_json(batch, 1) == "{\"x\":\"Infinity\"}");
  CHECK(row_as_json(batch, 2) == "{\"x\":\"-Infinity\"}");
}
