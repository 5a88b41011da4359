#include <catch2/catch.hpp>
#include <map>

#include "chunkmill/module.hpp"
#include "chunkmill/testing/option_tree.hpp"
#include "chunkmill/testing/outcome.hpp"

namespace chunkmill {
namespace {

using testing::List;
using testing::Map;
using testing::Value;

enum class Mode { kInsert, kUpsert };

// Every kind of option once.
struct Everything {
  std::string url;
  bool header = true;
  int32_t rows = 10;
  uint32_t lanes = 2;
  double rate = 0.5;
  Duration wait{200};
  Bytes size{8 << 20};
  Percent limit{50};
  Secret token;
  Path file;
  ColumnName id;
  LookupName factors;
  std::vector<std::string> key;
  std::map<std::string, double> rates;
  std::optional<int64_t> seed;
  Mode mode = Mode::kInsert;
  std::string spend = "spend";
  struct Table {
    std::string from;
    bool required = true;
  };
  std::vector<std::pair<std::string, Table>> tables;

  void configure(Options& opt) {
    opt.required("url", url, "where to write");
    opt.optional("header", header, "first line has names");
    opt.optional("rows", rows, "how many");
    opt.optional("lanes", lanes, "at once");
    opt.optional("rate", rate, "share");
    opt.optional("wait", wait, "before a retry");
    opt.optional("size", size, "of a buffer");
    opt.optional("limit", limit, "of failed rows");
    opt.optional("token", token, "to sign in");
    opt.optional("file", file, "to read");
    opt.optional("id", id, "column of ids");
    opt.optional("factors", factors, "reference table");
    opt.optional("key", key, "columns of the key");
    opt.optional("rates", rates, "by currency");
    opt.optional("seed", seed, "of chance");
    opt.choice("mode", mode, {{"insert", Mode::kInsert}, {"upsert", Mode::kUpsert}}, "how");
    opt.group("columns", "names", [&](Options& o) { o.optional("spend", spend, "amount"); });
    opt.each("tables", tables, "by name", [](Options& o, Table& table) {
      o.required("from", table.from, "stream");
      o.optional("required", table.required, "must have rows");
    });
  }
};

std::string schema_of_everything() {
  std::string text;
  const cm_out out = testing::append_to(&text);
  cm_error error = empty_error();
  REQUIRE(detail::describe_plugin<Everything>(&out, &error) == CM_OK);
  return text;
}

// Binds options; the fault as "path: message", or empty.
std::string fault(Map entries, Everything* out = nullptr) {
  entries.emplace_back("url", "here");
  const Value tree(std::move(entries));
  const cm_options values = tree.abi();
  Everything own;
  cm_error error = empty_error();
  detail::guard(&error, [&] {
    Options options(&values);
    (out == nullptr ? own : *out).configure(options);
    return CM_OK;
  });
  return error.code == CM_OK ? "" : std::string(error.where) + ": " + error.message;
}

}  // namespace

TEST_CASE("options: the schema is written from the calls that bind", "[sdk]") {
  CHECK(
      schema_of_everything() ==
      R"({"type":"object","additionalProperties":false,"properties":{)"
      R"("url":{"description":"where to write","type":"string"},)"
      R"("header":{"description":"first line has names","type":"boolean","default":true},)"
      R"("rows":{"description":"how many","type":"integer","default":10},)"
      R"("lanes":{"description":"at once","type":"integer","minimum":0,"default":2},)"
      R"("rate":{"description":"share","type":"number","default":0.5},)"
      R"("wait":{"description":"before a retry","type":"string","x-format":"duration","default":"200ms"},)"
      R"("size":{"description":"of a buffer","type":"string","x-format":"bytes","default":"8MiB"},)"
      R"("limit":{"description":"of failed rows","type":"string","x-format":"percent","default":"50%"},)"
      R"("token":{"description":"to sign in","type":"string","x-secret":true,"default":""},)"
      R"("file":{"description":"to read","type":"string","x-path":true,"default":""},)"
      R"("id":{"description":"column of ids","type":"string","x-column":true,"default":""},)"
      R"("factors":{"description":"reference table","type":"string","x-lookup":true,"default":""},)"
      R"("key":{"description":"columns of the key","type":"array","x-single":true,"items":{"type":"string"},"default":[]},)"
      R"("rates":{"description":"by currency","type":"object","additionalProperties":{"type":"number"},"default":{}},)"
      R"("seed":{"description":"of chance","type":"integer","default":null},)"
      R"("mode":{"description":"how","type":"string","enum":["insert","upsert"],"default":"insert"},)"
      R"("columns":{"description":"names","type":"object","additionalProperties":false,"properties":{)"
      R"("spend":{"description":"amount","type":"string","default":"spend"}},"required":[]},)"
      R"("tables":{"description":"by name","type":"object","additionalProperties":{"type":"object",)"
      R"("additionalProperties":false,"properties":{"from":{"description":"stream","type":"string"},)"
      R"("required":{"description":"must have rows","type":"boolean","default":true}},"required":["from"]}}},)"
      R"("required":["url"]})");
}

TEST_CASE("options: a plugin without configure has no options", "[sdk]") {
  struct Plain {};
  std::string text;
  const cm_out out = testing::append_to(&text);

  REQUIRE(detail::describe_plugin<Plain>(&out, nullptr) == CM_OK);

  CHECK(text == R"({"type":"object","additionalProperties":false,"properties":{},"required":[]})");
}

TEST_CASE("options: what is not given keeps its default", "[sdk]") {
  Everything bound;

  REQUIRE(fault({}, &bound) == "");

  CHECK(bound.url == "here");
  CHECK(bound.header);
  CHECK(bound.rows == 10);
  CHECK(bound.wait.ms == 200);
  CHECK(bound.mode == Mode::kInsert);
  CHECK(bound.spend == "spend");
  CHECK_FALSE(bound.seed);
}

TEST_CASE("options: values are bound to their types", "[sdk]") {
  Everything bound;

  REQUIRE(
      fault({{"header", false},
             {"rows", -3},
             {"lanes", 0},
             {"rate", 2},
             {"wait", "1.5s"},
             {"size", "64KiB"},
             {"limit", "12.5%"},
             {"token", "s3cret"},
             {"key", List{"a", "b"}},
             {"rates", {{"EUR", 1.1}, {"USD", 1}}},
             {"seed", 7},
             {"mode", "upsert"},
             {"columns", {{"spend", "amount"}}},
             {"tables", {{"x", {{"from", "main"}}}, {"y", {{"from", "z"}, {"required", false}}}}}},
            &bound) == "");

  CHECK_FALSE(bound.header);
  CHECK(bound.rows == -3);
  CHECK(bound.lanes == 0);
  CHECK(bound.rate == 2);
  CHECK(bound.wait.ms == 1500);
  CHECK(bound.size.count == 65536);
  CHECK(bound.limit.value == 12.5);
  CHECK(bound.token.value == "s3cret");
  CHECK(bound.key == std::vector<std::string>{"a", "b"});
  CHECK(bound.rates == std::map<std::string, double>{{"EUR", 1.1}, {"USD", 1}});
  CHECK(bound.seed == 7);
  CHECK(bound.mode == Mode::kUpsert);
  CHECK(bound.spend == "amount");
  REQUIRE(bound.tables.size() == 2);
  CHECK(bound.tables[0].first == "x");
  CHECK(bound.tables[0].second.required);
  CHECK_FALSE(bound.tables[1].second.required);
}

TEST_CASE("options: one value stands for a list of one", "[sdk]") {
  Everything bound;

  REQUIRE(fault({{"key", "id"}}, &bound) == "");

  CHECK(bound.key == std::vector<std::string>{"id"});
}

TEST_CASE("options: a value of the wrong type is named by its path", "[sdk]") {
  CHECK(fault({{"header", "maybe"}}) == "header: expected true or false");
  CHECK(fault({{"rows", "many"}}) == "rows: expected a whole number");
  CHECK(fault({{"rows", 1.5}}) == "rows: expected a whole number");
  CHECK(fault({{"rows", 3'000'000'000}}) == "rows: expected a whole number");
  CHECK(fault({{"rows", Value::quoted("5")}}) == "rows: expected a whole number");
  CHECK(fault({{"lanes", -1}}) == "lanes: expected a whole number");
  CHECK(fault({{"rate", "half"}}) == "rate: expected a number");
  CHECK(fault({{"wait", 5}}) == "wait: expected a duration like 200ms, 1.5s or 10m");
  CHECK(fault({{"size", "big"}}) == "size: expected a size like 64KiB or 8MiB");
  CHECK(fault({{"limit", "101%"}}) == "limit: expected a percentage between 0% and 100%");
  CHECK(fault({{"file", List{"a"}}}) == "file: expected text");
  CHECK(fault({{"key", {{"a", "b"}}}}) == "key: expected a list");
  CHECK(fault({{"rates", "none"}}) == "rates: expected a map");
  CHECK(fault({{"rates", {{"EUR", "much"}}}}) == "rates: expected a map");
  CHECK(fault({{"columns", {{"spend", List{}}}}}) == "columns.spend: expected text");
}

TEST_CASE("options: a group or an entry that is no map is refused", "[sdk]") {
  CHECK(fault({{"columns", "spend"}}) == "columns: expected a map");
  CHECK(fault({{"tables", List{"a"}}}) == "tables: expected a map");
  CHECK(fault({{"tables", {{"a", "main"}}}}) == "tables.a: expected a map");
}

TEST_CASE("options: a missing one is named by its path", "[sdk]") {
  const Value nothing{Map{}};
  const cm_options values = nothing.abi();
  Options options(&values);
  std::string url;

  CHECK_THROWS_WITH(options.required("url", url, ""), "it is missing, and must be given");
  CHECK(fault({{"tables", {{"a", Map{}}}}}) == "tables.a.from: it is missing, and must be given");
}

TEST_CASE("options: a choice that is none names the nearest", "[sdk]") {
  CHECK(fault({{"mode", "upsrt"}}) ==
        "mode: \"upsrt\" is not one of its values; did you mean \"upsert\"?");
  CHECK(fault({{"mode", "replace"}}) == "mode: \"replace\" is not one of its values");
}

TEST_CASE("options: a character is itself or its name, and may be none where that is said",
          "[sdk]") {
  struct Marks {
    Character delimiter;
    std::optional<Character> quote{{'"'}};
  };
  const auto read = [](const Map& given, Marks* marks) {
    const Value tree{given};
    const cm_options values = tree.abi();
    Options options(&values);
    options.optional("delimiter", marks->delimiter, "");
    options.optional("quote", marks->quote, "");
  };

  Marks marks;
  read({}, &marks);
  CHECK(marks.delimiter.value == '\0');
  CHECK(marks.quote->value == '"');
  read({{"delimiter", "tab"}, {"quote", ""}}, &marks);
  CHECK(marks.delimiter.value == '\t');
  CHECK_FALSE(marks.quote.has_value());
  read({{"delimiter", "space"}, {"quote", "'"}}, &marks);
  CHECK(marks.delimiter.value == ' ');
  CHECK(marks.quote->value == '\'');
  for (const char* wrong : {"", "||", "tabs", "\n", "\xE2\x82\xAC"})
    CHECK_THROWS_WITH(read({{"delimiter", wrong}}, &marks),
                      "expected one ASCII character, or its name: tab, space");
  CHECK_THROWS_WITH(read({{"quote", "''"}}, &marks),
                    "expected one ASCII character, its name: tab, space, or \"\" for none");
}

TEST_CASE("options: null counts as not given", "[sdk]") {
  Everything bound;

  REQUIRE(fault({{"rows", Value()}, {"columns", Value()}}, &bound) == "");

  CHECK(bound.rows == 10);
}

}  // namespace chunkmill
