#include <zlib.h>

#include <catch2/catch.hpp>

#include "plugins/sources/jsonl/jsonl_source.hpp"
#include "tests/plugins/csv_sink/source_rig.hpp"

using namespace chunkmill;
using jsonl::JsonlSource;
using rig::Lines;
using rig::Map;

namespace {

// What a file of this text gives.
Lines read_text(const std::string& text, Map options = {},
                std::vector<rig::BadRow>* reports = nullptr) {
  const rig::Folder folder;
  options.emplace_back("path", folder.write("in.jsonl", text));
  const auto source = rig::make<JsonlSource>(options);
  return rig::read_all(*source, source->schema(), 1000, reports);
}

Lines types_of(const std::string& text, Map options = {}) {
  const rig::Folder folder;
  options.emplace_back("path", folder.write("in.jsonl", text));
  Lines lines;
  for (const Field& field : rig::make<JsonlSource>(options)->schema().fields)
    lines.push_back(field.name + " " + field.type_text());
  return lines;
}

}  // namespace

TEST_CASE("jsonl: columns and types are found in the first records", "[jsonl]") {
  CHECK(types_of("{\"id\": 1, \"n\": 1, \"ok\": true}\n"
                 "{\"id\": 2, \"n\": 2.5, \"late\": null, \"list\": [1]}\n"
                 "{\"id\": 3, \"mixed\": 1, \"list\": \"x\"}\n"
                 "{\"mixed\": false, \"big\": 12345678901234567890}\n") ==
        Lines{"id int64", "n float", "ok bool", "late string", "list string", "mixed string",
              "big string"});
  CHECK(types_of("{\"a\": 1}\n{\"a\": \"x\", \"b\": 1}\n", {{"infer_records", 1}}) ==
        Lines{"a int64"});
  CHECK(types_of("").empty());
}

TEST_CASE("jsonl: values are read exactly, a missing key is a null", "[jsonl]") {
  CHECK(read_text("{\"i\": 9223372036854775807, \"f\": 0.1, \"t\": \"a\\u00e9\\n\", \"n\": "
                  "{\"x\": [1, 2.50]} , \"b\": false}\n"
                  "{\"f\": -1E2, \"i\": null}\n") ==
        Lines{"9223372036854775807|0.1|a\xc3\xa9\n|{\"x\": [1, 2.50]}|false",
              "null|-100|null|null|null"});
}

TEST_CASE("jsonl: whole numbers beside fractions keep all digits, or are rejected", "[jsonl]") {
  const std::string wide = "{\"n\": 9007199254740993}\n{\"n\": 0.25}\n";
  CHECK(types_of(wide) == Lines{"n string"});
  CHECK(read_text(wide) == Lines{"9007199254740993", "0.25"});
  CHECK(types_of("{\"n\": 1234567890123456.78}\n") == Lines{"n string"});
  CHECK(types_of("{\"n\": 1E400}\n") == Lines{"n string"});
  CHECK(types_of("{\"n\": 18446744073709551615}\n{\"n\": 1.5}\n") == Lines{"n string"});
  CHECK(types_of("{\"n\": 0.10000000000000001}\n{\"n\": 9007199254740992}\n") == Lines{"n float"});
  const std::string late =
      "{\"n\": 1.5}\n{\"n\": 9007199254740993}\n{\"n\": 1234567890123456.78}\n";
  CHECK(read_text(late, {{"infer_records", 1}}) ==
        Lines{"1.5", "too_precise@2 n", "too_precise@3 n"});
  CHECK(read_text(late + "{\"n\": 9007199254740993.5}\n", {{"columns", Map{{"n", "float"}}}}) ==
        Lines{"1.5", "too_precise@2 n", "1234567890123456.8", "too_precise@4 n"});
}

TEST_CASE("jsonl: a type that changes behind the records looked at is rejected with the reason",
          "[jsonl]") {
  std::vector<rig::BadRow> reports;

  CHECK(read_text("{\"n\": 1}\n{\"n\": 2.5}\n", {{"infer_records", 1}}, &reports) ==
        Lines{"1", "bad_number@2 n"});
  CHECK(reports[0].message ==
        "2.5 is a number, expected a whole number; the type int64 was found in the first records: "
        "give the column another one in `columns`");
}

TEST_CASE("jsonl: columns are looked for in every file", "[jsonl]") {
  const rig::Folder folder;
  std::string first;
  for (int i = 0; i < 1500; ++i) first += i < 1200 ? "{\"id\": 1}\n" : "{\"id\": 1, \"late\": 2}\n";
  folder.write("a.jsonl", first);
  folder.write("b.jsonl", "{\"id\": 1, \"later\": true}\n");

  const auto source = rig::make<JsonlSource>({{"path", folder.path("*.jsonl")}});

  CHECK(source->schema().names() == std::vector<std::string>{"id", "late", "later"});
}

TEST_CASE("jsonl: the reject of what is not JSON names the cause", "[jsonl]") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"{\"a\": NaN}", "NaN at byte 7 is not JSON: it has no number for NaN and Infinity"},
      {"{\"a\": -Infinity}", "-Infinity at byte 7 is not JSON"},
      {"{\"a\": None}", "None at byte 7 is not JSON: a missing value is written null"},
      {"{\"a\": True}", "True at byte 7 is not JSON: it is written true"},
      {"{'a': 1}", "the key at byte 2 stands in single quotes"},
      {"{\"a\": 'x'}", "the text at byte 7 stands in single quotes"},
      {"{\"a\": 1,}", "a comma too many stands at byte 8"},
      {"{\"a\": [1,]}", "a comma too many stands at byte 9"},
      {"{\"a\": 1} // x", "a comment stands at byte 10"},
      {"{\"a\": 1}{\"a\": 2}", "another object begins at byte 9"},
      {"{\"a\": 1},", "the file is a JSON array"},
      {"[{\"a\": 1}]", "the record is a JSON array"},
      {"\xef\xbb\xbf{\"a\": 1}", "a byte order mark stands before the object"},
      {"{\"a\": 1", "the object that begins at byte 1 is not closed on this line"},
      {"{\"a\": 007}", "a number has no leading zeros"},
      {"{\"a\": \"\\ud800\"}", "half of a surrogate pair"},
      {"{a: 1}", "a key in double quotes is missing at byte 2, where a stands"}};
  for (const auto& [record, words] : cases) {
    INFO(record);
    std::vector<rig::BadRow> reports;
    read_text("{\"a\": 1}\n" + record + "\n", {{"columns", Map{{"a", "string"}}}}, &reports);
    REQUIRE(reports.size() == 1);
    CHECK_THAT(reports[0].message, Catch::Contains(words));
  }
}

TEST_CASE("jsonl: a decimal takes the number's own digits, or a string's", "[jsonl]") {
  const Map options{{"columns", Map{{"d", "decimal(38,2)"}, {"t", "string"}}}};

  CHECK(read_text("{\"d\": 123456789012345678901234567890.12, \"t\": 1.2300}\n"
                  "{\"d\": \"0.10\", \"t\": 12345678901234567890123}\n"
                  "{\"d\": 0.123}\n",
                  options) == Lines{"123456789012345678901234567890.12|1.2300",
                                    "0.10|12345678901234567890123", "too_precise@3 d"});
}

TEST_CASE("jsonl: columns may lie deep, by path or by pointer", "[jsonl]") {
  const Map options{{"columns", Map{{"city", Map{{"type", "string"}, {"path", "address.city"}}},
                                    {"first", Map{{"type", "int64"}, {"path", "/tags/0/id"}}},
                                    {"odd", Map{{"path", "/a.b~1c"}}},
                                    {"address", "string"}}}};

  CHECK(read_text(R"({"address": {"city": "Oslo", "zip": 1}, "tags": [{"id": 7}, {"id": 8}],)"
                  R"( "a.b/c": "x"})"
                  "\n{\"address\": \"none\", \"tags\": []}\n",
                  options) ==
        Lines{"Oslo|7|x|{\"city\": \"Oslo\", \"zip\": 1}", "null|null|null|none"});
}

TEST_CASE("jsonl: a value of the wrong type rejects its record, with line and column", "[jsonl]") {
  const Map options{{"columns", Map{{"i", "int64"},
                                    {"f", "float"},
                                    {"b", "bool"},
                                    {"d", "date"},
                                    {"t", "timestamp"},
                                    {"s", "int32"}}}};
  std::vector<rig::BadRow> reports;

  const Lines lines = read_text(
      "{\"i\": \"1\"}\n{\"i\": 1.5}\n{\"i\": 9223372036854775808}\n{\"f\": 1e999}\n"
      "{\"b\": 1}\n{\"d\": \"2023-02-29\"}\n{\"d\": 20230228}\n{\"t\": \"noon\"}\n"
      "{\"s\": 2147483648}\n{\"f\": [1]}\n{\"i\": 1}\n",
      options, &reports);

  CHECK(lines == Lines{"bad_number@1 i", "bad_number@2 i", "number_out_of_range@3 i",
                       "number_out_of_range@4 f", "bad_bool@5 b", "date_out_of_range@6 d",
                       "bad_date@7 d", "bad_timestamp@8 t", "number_out_of_range@9 s",
                       "bad_number@10 f", "1|null|null|null|null|null"});
  CHECK(reports[0].message == "\"1\" is a string, expected a whole number");
  CHECK(reports[0].raw == "{\"i\": \"1\"}");
  CHECK(reports[2].message == "9223372036854775808 does not fit into int64");
}

TEST_CASE("jsonl: what is no JSON object is rejected, and the rest goes on", "[jsonl]") {
  const Map options{{"columns", Map{{"a", "int64"}}}};
  const std::vector<std::pair<std::string, std::string>> cases{
      {"{\"a\": 1", "bad_json"},
      {"{\"a\": 1}}", "bad_json"},
      {"{\"a\": 1} {\"a\": 2}", "bad_json"},
      {"{\"a\" 1}", "bad_json"},
      {"{\"a\": 1,}", "bad_json"},
      {"{\"a\": 1 \"b\": 2}", "bad_json"},
      {"{\"a\": }", "bad_json"},
      {"{a: 1}", "bad_json"},
      {"{\"a\": 01}", "bad_json"},
      {"{\"a\": +1}", "bad_json"},
      {"{\"a\": .5}", "bad_json"},
      {"{\"a\": 1.}", "bad_json"},
      {"{\"a\": 1e}", "bad_json"},
      {"{\"a\": NaN}", "bad_json"},
      {"{\"a\": 1, \"b\": nul}", "bad_json"},
      {"{\"a\": 1, \"b\": truely}", "bad_json"},
      {"{\"a\": 1, \"b\": [1, 2}", "bad_json"},
      {"{\"a\": 1, \"b\": [1 2]}", "bad_json"},
      {"{\"a\": 1, \"b\": \"\\x\"}", "bad_json"},
      {"{\"a\": 1, \"b\": \"\\ud800\"}", "bad_json"},
      {"{\"a\": 1, \"b\": \"tab\there\"}", "bad_json"},
      {"{\"a\": 1, \"b\": \"open}", "bad_json"},
      {std::string("{\"a\": 1, \"b\": \"\0\"}", 16), "bad_json"},
      {std::string("{\"a\": 1}\0", 9), "bad_json"},
      {"{\"a\": 1, \"b\": \"\xff\"}", "bad_utf8"},
      {"{\"a\": 1, \"b\": \"\xed\xa0\x80\"}", "bad_utf8"},
      {"[1]", "not_an_object"},
      {"17", "not_an_object"},
      {"\"text\"", "not_an_object"},
      {"null", "not_an_object"}};
  for (const auto& [record, code] : cases) {
    INFO(record);
    CHECK(read_text("{\"a\": 1}\n" + record + "\n{\"a\": 3}\n", options) ==
          Lines{"1", code + "@2", "3"});
  }
}

TEST_CASE("jsonl: nesting that is too deep is rejected, not followed", "[jsonl]") {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  std::vector<rig::BadRow> reports;

  CHECK(read_text("{\"a\": " + deep + "}\n{\"a\": 1}\n", {{"columns", Map{{"a", "int64"}}}},
                  &reports) == Lines{"bad_json@1", "1"});
  CHECK(reports[0].message == "objects and arrays are nested more than 500 deep");
}

TEST_CASE("jsonl: when a key comes twice the last one counts", "[jsonl]") {
  CHECK(read_text("{\"a\": 1, \"a\": 2}\n") == Lines{"2"});
  CHECK(read_text("{\"a\": {\"b\": 1}, \"a\": 2}\n",
                  {{"columns", Map{{"b", Map{{"path", "a.b"}}}}}}) == Lines{"null"});
}

TEST_CASE("jsonl: blank lines, CRLF, a byte order mark and a missing last line end are no trouble",
          "[jsonl]") {
  CHECK(read_text("\xef\xbb\xbf{\"a\": 1}\r\n\r\n  \n{\"a\": 2}") == Lines{"1", "2"});
}

TEST_CASE("jsonl: a record that is too large is rejected with its beginning", "[jsonl]") {
  std::vector<rig::BadRow> reports;
  const std::string large = "{\"a\": \"" + std::string(1'000'000, 'x') + "\"}";

  CHECK(read_text("{\"a\": \"1\"}\n" + large + "\n{\"a\": \"3\"}\n" + large,
                  {{"max_record_bytes", "1KiB"}, {"columns", Map{{"a", "string"}}}},
                  &reports) == Lines{"1", "record_too_large@2", "3", "record_too_large@4"});
  CHECK(reports[0].raw == large.substr(0, size_t{64} << 10));
  CHECK(reports[0].message ==
        "the record has more than 1024 bytes; raise max_record_bytes if it is meant to be");
}

TEST_CASE("jsonl: all parts of a file together give the file, whatever their size", "[jsonl]") {
  std::string text;
  Lines expected;
  int line = 1;  // blank lines count
  for (int i = 0; i < 50; ++i, ++line) {
    const bool broken = i % 7 == 0;
    text += "{\"n\": " + std::to_string(i * i) + (broken ? ", \"x\": tru}\n" : "}\n");
    expected.push_back(broken ? "bad_json@" + std::to_string(line) : std::to_string(i * i));
    if (i % 11 != 0) continue;
    text += "\n";
    ++line;
  }
  const Map types{{"n", "int64"}};

  for (int bytes = 1; bytes < 200; bytes += 3)
    REQUIRE(read_text(text, {{"columns", types}, {"split_bytes", bytes}}) == expected);
}

TEST_CASE("jsonl: every position resumes where the chunk before ended", "[jsonl]") {
  const rig::Folder folder;
  std::string text;
  for (int i = 0; i < 40; ++i)
    text += i % 5 == 0 ? "broken\n" : "{\"n\": " + std::to_string(i) + "}\n\n";
  const auto source = rig::make<JsonlSource>({{"path", folder.write("in.jsonl", text)}});
  const Schema schema = source->schema();
  const Lines whole = rig::read_all(*source, schema);
  const std::string split = source->plan(1)[0].id;

  for (uint64_t rows = 1; rows < 10; ++rows) {
    Lines lines;
    std::string position;
    while (true) {
      const auto lane = source->open(split, position);
      const Lines chunk = rig::read_chunk(*lane, schema, rows);
      if (chunk.empty()) break;
      lines.insert(lines.end(), chunk.begin(), chunk.end());
      position = lane->position();
    }
    REQUIRE(lines == whole);
  }
}

TEST_CASE("jsonl: gzip is seen by its first bytes, in members, and resumes from a position",
          "[jsonl]") {
  const rig::Folder folder;
  for (const char* text : {"{\"n\": 1}\n{\"n\":", " 2}\n{\"n\": 3}\n"}) {
    gzFile out = gzopen(folder.path("in.gz").c_str(), "ab");
    gzputs(out, text);
    gzclose(out);
  }
  const auto source = rig::make<JsonlSource>({{"path", folder.path("in.gz")}});
  const Schema schema = source->schema();
  const std::string split = source->plan(4)[0].id;
  const auto lane = source->open(split, "");

  CHECK(rig::read_chunk(*lane, schema, 2) == Lines{"1", "2"});
  CHECK(rig::read_split(*source, split, schema, 1000, lane->position()) == Lines{"3"});
  const std::string packed = folder.read("in.gz");
  folder.write("cut.gz", packed.substr(0, packed.size() - 3));
  CHECK(rig::message_of([&] {
          const auto cut = rig::make<JsonlSource>({{"path", folder.path("cut.gz")}});
          rig::read_all(*cut, cut->schema());
        }) ==
        folder.path("cut.gz") + " is cut off: its gzip data ends too soon; get the file again");
}

TEST_CASE("jsonl: only what is selected is read, in the order and types asked for", "[jsonl]") {
  const rig::Folder folder;
  const auto source = rig::make<JsonlSource>(
      {{"path", folder.write("in.jsonl", "{\"a\": 1, \"b\": 2, \"c\": \"x\"}\n")}});

  const Schema wanted{{{"b", Type::kFloat64}, {"a", Type::kUtf8}}};
  REQUIRE(source->select(wanted));

  CHECK(rig::read_all(*source, wanted) == Lines{"2|1"});
  CHECK(rig::message_of([&] { source->select({{{"aa"}}}); }) ==
        "there is no column \"aa\"; did you mean \"a\"?; a key that the first records do not have "
        "can be named in `columns`");
}

TEST_CASE("jsonl: rows are counted even when no column is wanted", "[jsonl]") {
  const rig::Folder folder;
  const auto source =
      rig::make<JsonlSource>({{"path", folder.write("in.jsonl", "{\"a\": 1}\n{}\n")}});
  REQUIRE(source->select({}));
  const auto lane = source->open(source->plan(1)[0].id, "");
  std::vector<rig::BadRow> reports;
  rig::BadRows bad(&reports);
  const cm_row_errors sink = bad.abi();
  RowErrors errors(&sink);
  UniqueArray batch;

  REQUIRE(lane->next({10, 0, 0}, batch.get(), errors));

  CHECK(batch->length == 2);
}

TEST_CASE("jsonl: records come back as they stood, and can be read again", "[jsonl]") {
  const rig::Folder folder;
  const auto source = rig::make<JsonlSource>(
      {{"path", folder.write("in.jsonl", "{\"n\": 0}\n\n{\"n\": \"one\"}\n{\"n\": 2}\n")},
       {"columns", Map{{"n", "int64"}}}});
  const Schema schema = source->schema();
  const std::string split = source->plan(1)[0].id;
  const auto lane = source->open(split, "");
  CHECK(rig::read_chunk(*lane, schema, 1) == Lines{"0"});

  CHECK(rig::records_of(*source, split, lane->position(), {0, 1}) ==
        Lines{"0@3 {\"n\": \"one\"}", "1@4 {\"n\": 2}"});
  const auto again = source->replay({{0, 3, "in.jsonl", "{\"n\": 1}"},
                                     {1, 4, "in.jsonl", "{\"n\": }"},
                                     {2, 5, "in.jsonl", "{\"n\": 2}"}});
  CHECK(rig::read_chunk(*again, schema, 2) == Lines{"1", "bad_json@4"});
  CHECK(again->position() == "2");
  CHECK(rig::read_chunk(*again, schema, 2) == Lines{"2"});
  CHECK(rig::read_chunk(*again, schema, 2).empty());
}

TEST_CASE("jsonl: several files by pattern, each a split, in the order of their names", "[jsonl]") {
  const rig::Folder folder;
  folder.write("b.jsonl", "{\"n\": 2}\n");
  folder.write("a.jsonl", "{\"n\": 1}\n");
  folder.write("c.txt", "{\"n\": 3}\n");
  const auto source = rig::make<JsonlSource>({{"path", folder.path("*.jsonl")}});

  CHECK(rig::read_all(*source, source->schema()) == Lines{"1", "2"});
  CHECK(source->plan(1)[0].id == "a.jsonl#0");
  const std::string before = source->identity();
  folder.write("a.jsonl", "{\"n\": 7}\n");
  CHECK(rig::make<JsonlSource>({{"path", folder.path("*.jsonl")}})->identity() != before);
  CHECK(rig::message_of([&] {
          rig::make<JsonlSource>({{"path", folder.path("*.json")}})->schema();
        }) ==
        "no file matches \"*.json\" in " + folder.path("").substr(0, folder.path("").size() - 1));
}
