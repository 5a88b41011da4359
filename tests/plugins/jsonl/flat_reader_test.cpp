// FlatReader is held against JsonRecordReader, and that one against simdjson's other reader, the
// DOM.
#include <catch2/catch.hpp>
#include <random>

#include "chunkmill/testing/rows.hpp"
#include "plugins/sources/jsonl/record_columns.hpp"

using namespace chunkmill;
using jsonl::Column;
using jsonl::KeySet;
using jsonl::RecordColumns;

namespace {

const std::vector<Column>& columns_of_all_types() {
  static const std::vector<Column> all = [] {
    std::vector<Column> made;
    for (const auto& [name, type, path] : {std::tuple("i", "int64", "/a"),
                                           {"f", "float", "/b"},
                                           {"ok", "bool", "/c"},
                                           {"dec", "decimal(20,4)", "/a"},
                                           {"day", "date", "/d"},
                                           {"time", "timestamp", "/e"},
                                           {"text", "string", "/f"},
                                           {"deep", "string", "/f/g"}})
      made.push_back(jsonl::column_of(name, {type, path, {}}));
    made[1].found = true;
    return made;
  }();
  return all;
}

Schema schema_of(const std::vector<Column>& columns) {
  Schema schema;
  for (const Column& column : columns) schema.fields.push_back(column.field);
  return schema;
}

struct Outcome {
  std::string rows;  // and the keys that were left unread
  bool good = false;
};

std::string text_of(RecordColumns& columns) {
  const Schema schema = schema_of(columns_of_all_types());
  UniqueArray batch;
  std::string text;
  for (const auto& [key, count] : columns.unread().counts())
    text += key + "=" + std::to_string(count) + " ";
  columns.unread().clear();
  columns.finish(batch.get());
  for (const std::string& line : testing::Rows(schema, std::move(batch)).lines())
    text += line + "\n";
  return text;
}

// The same record read in both ways, behind others so that a layout is expected.
class Twins {
 public:
  Outcome quick(const std::string& record) {
    const std::string padded = record + "\n" + std::string(64, '\0');
    const size_t size = quick_.append_first({padded.data(), record.size() + 1}, 1 << 20);
    if (size != 0) CHECK(size == record.size());
    return {text_of(quick_), size != 0};
  }
  Outcome slow(const std::string& record) {
    const std::string padded = record + std::string(64, '\0');
    const bool good = !slow_.append({padded.data(), record.size()});
    return {text_of(slow_), good};
  }
  // What the quick one takes gives what the other one gives.
  bool same(const std::string& record) {
    const Outcome one = quick(record);
    const Outcome other = slow(record);
    if (!one.good) return one.rows.empty();
    return other.good && one.rows == other.rows;
  }

 private:
  const KeySet known_{"a", "b", "c", "d", "e", "f"};
  RecordColumns quick_{columns_of_all_types(), Fractions::kReject, &known_};
  RecordColumns slow_{columns_of_all_types(), Fractions::kReject, &known_};
};

std::string pick(std::mt19937& random, const std::vector<std::string>& of) {
  return of[random() % of.size()];
}

std::string random_record(std::mt19937& random) {
  const std::vector<std::string> keys{"a", "b", "c", "d", "e", "f", "x", "\\u0061", "é"};
  const std::vector<std::string> values{"1",
                                        "-0",
                                        "12.50",
                                        "0.1",
                                        "1e3",
                                        "9007199254740993",
                                        "9007199254740993.5",
                                        "1234567890123456.78",
                                        "0.12345678901234567",
                                        "1E400",
                                        "01",
                                        "-",
                                        "1.",
                                        ".5",
                                        "true",
                                        "false",
                                        "null",
                                        "nul",
                                        "NaN",
                                        "\"\"",
                                        "\"2024-02-29\"",
                                        "\"2023-02-29\"",
                                        "\"2024-02-29T12:30:00Z\"",
                                        "\"a text that is longer than a block of bytes\"",
                                        "\"caf\xc3\xa9\"",
                                        "\"\xff\"",
                                        "\"\xed\xa0\x80\"",
                                        "\"a\\nb\"",
                                        "\"\\ud800\"",
                                        "\"\t\"",
                                        "\"12.3\"",
                                        "\"open",
                                        "{\"g\": \"x\"}",
                                        "[1, 2]",
                                        "99999999999999999999"};
  const std::vector<std::string> commas{",", ", ", " ,\t", ",", ",,", ""};
  std::string record = pick(random, {"{", "{ ", " {", "{", "{"});
  const size_t count = random() % 5;
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) record += random() % 10 == 0 ? pick(random, commas) : ",";
    record += "\"" + pick(random, keys) + "\"" + pick(random, {":", ": ", " : "});
    record += pick(random, values);
  }
  return record + pick(random, {"}", "}", "}", " }", "} ", "}}", "} x", ""});
}

}  // namespace

TEST_CASE("jsonl: plain records are read in one pass, with keys in any order", "[jsonl]") {
  Twins twins;
  const std::vector<std::string> plain{
      "{\"a\":1,\"b\":0.5,\"c\":true,\"d\":\"2024-02-29\",\"e\":\"2024-02-29T01:02:03Z\",\"f\":"
      "\"x\"}",
      "{\"a\":2,\"b\":-12.25,\"c\":false,\"d\":null,\"e\":null,\"f\":\"\"}",
      "{ \"f\" : \"a text that is longer than a block of bytes\" , \"a\" : 3 }",
      "{\"f\":\"caf\xc3\xa9\",\"a\":1234567890123}\r",
      "{\"b\":0.1234567890123456,\"new\":1,\"newer\":null,\"newest\":\"x\"}",
      "{\"f\":12345678901234567890.0100}"};
  for (const std::string& record : plain) {
    INFO(record);
    CHECK(twins.quick(record).good);
    CHECK(twins.same(record));
  }
}

TEST_CASE("jsonl: what is not plain is left to the full reader", "[jsonl]") {
  Twins twins;
  for (const char* record :
       {"{\"a\":1,\"a\":2}", "{\"\\u0061\":1}", "{\"f\":\"a\\nb\"}", "{\"f\":{\"g\":\"x\"}}", "{}",
        "{\"a\":01}", "{\"a\":1 \"b\":2}", "{\"a\":1,}", "{\"f\":\"\xff\"}", "{\"b\":NaN}",
        "{\"a\":1}x", "{\"a\":1.5}", "{\"b\":9007199254740993}", "[1]", "{\"f\":\"\x01\"}",
        "{\"a\":1", "{\"f\":\"open"}) {
    INFO(record);
    CHECK_FALSE(twins.quick(record).good);
    CHECK(twins.same(record));
  }
}

TEST_CASE("jsonl: both ways of reading give the same rows of any record", "[jsonl]") {
  std::mt19937 random(1);
  Twins twins;
  size_t taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string record = random_record(random);
    INFO(record);
    REQUIRE(twins.same(record));
    taken += twins.quick(record).good ? 1 : 0;
  }
  CHECK(taken > 500);
}

TEST_CASE("jsonl: the full reader takes what simdjson's DOM takes", "[jsonl]") {
  std::mt19937 random(2);
  simdjson::dom::parser parser;
  jsonl::JsonRecordReader reader;
  for (int i = 0; i < 20'000; ++i) {
    const std::string record = random_record(random);
    INFO(record);
    simdjson::dom::element element;
    const auto error = parser.parse(record).get(element);
    if (error == simdjson::NUMBER_ERROR) continue;  // it cannot hold what we hand on as text
    const std::string padded = record + std::string(64, '\0');
    std::vector<std::pair<std::string, jsonl::JsonValue>> members;
    const bool good = !reader.read_top_level({padded.data(), record.size()}, &members);
    REQUIRE(good == (error == simdjson::SUCCESS && element.is_object()));
  }
}
