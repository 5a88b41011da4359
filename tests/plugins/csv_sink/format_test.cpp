// How rows look as CSV.
#include <catch2/catch.hpp>

#include "plugins/sinks/csv/csv_sink.hpp"
#include "tests/plugins/csv_sink/plugin_rig.hpp"

using namespace chunkmill;
using csv_sink::CsvSink;
using rig::CellRow;
using rig::Map;
using rig::Rows;

namespace {

// The file that these rows become.
std::string written(const Schema& schema, const std::vector<CellRow>& rows, Map options = {}) {
  const rig::Folder folder;
  options.emplace_back("path", folder.path("out.csv"));
  const auto sink = rig::make<CsvSink>(options);
  sink->bind({{"main", schema}});
  sink->attach(rig::run_of());
  rig::write_chunk(*sink->open(), {0, "", "1", true}, Rows(schema, rows));
  sink->finish(rig::run_of());
  return folder.read("out.csv");
}

const Schema kTexts{{{"a"}, {"b"}}};

}  // namespace

TEST_CASE("csv sink: every type has its text", "[csv_sink]") {
  Field decimal{"decimal", Type::kDecimal128};
  decimal.precision = 18;
  decimal.scale = 3;
  const Schema schema{{{"bool", Type::kBool},
                       {"int32", Type::kInt32},
                       {"int64", Type::kInt64},
                       {"float", Type::kFloat64},
                       {"text"},
                       {"bytes", Type::kBinary},
                       {"date", Type::kDate32},
                       {"time", Type::kTimestamp},
                       decimal}};

  const std::string text =
      written(schema, {{"true", "-7", "9223372036854775807", "0.1", "x", "abcd", "2024-02-29",
                        "2024-02-29T12:30:59.5Z", "-12.34"},
                       {"false", "2147483647", "-9223372036854775808", "-1e300", "\xc3\xa9", "",
                        "0001-01-01", "1969-12-31T23:59:59Z", "0"},
                       CellRow(9, nullptr)});

  CHECK(text ==
        "bool,int32,int64,float,text,bytes,date,time,decimal\n"
        "true,-7,9223372036854775807,0.1,x,YWJjZA==,2024-02-29,2024-02-29T12:30:59.500000Z,"
        "-12.340\n"
        "false,2147483647,-9223372036854775808,-1e+300,\xc3\xa9,,0001-01-01,1969-12-31T23:59:59Z,"
        "0.000\n"
        ",,,,,,,,\n");
}

TEST_CASE("csv sink: fields that need quotes get them, others do not", "[csv_sink]") {
  CHECK(written(kTexts, {{"plain", "with, comma"},
                         {"say \"hi\"", "two\nlines"},
                         {" blank ", "cr\r"},
                         {"'single'", "semi;colon"}}) ==
        "a,b\n"
        "plain,\"with, comma\"\n"
        "\"say \"\"hi\"\"\",\"two\nlines\"\n"
        " blank ,\"cr\r\"\n"
        "'single',semi;colon\n");
}

TEST_CASE("csv sink: a null and an empty text can be told apart", "[csv_sink]") {
  CHECK(written(kTexts, {{"", nullptr}, {nullptr, ""}}) == "a,b\n\"\",\n,\"\"\n");
  CHECK(written(kTexts, {{"NULL", nullptr}, {nullptr, ""}}, {{"null", "NULL"}}) ==
        "a,b\n\"NULL\",NULL\nNULL,\n");
}

TEST_CASE("csv sink: a null alone in its line does not make an empty line", "[csv_sink]") {
  CHECK(written({{{"n", Type::kInt64}}}, {{"1"}, {nullptr}, {"3"}}) == "n\n1\n\"\"\n3\n");
}

TEST_CASE("csv sink: delimiter, quote, line ending, header and quoting are as asked",
          "[csv_sink]") {
  const std::vector<CellRow> rows{{"x;y", "it's"}, {nullptr, "z"}};

  CHECK(written(kTexts, rows,
                {{"delimiter", ";"}, {"quote", "'"}, {"line_ending", "crlf"}, {"header", false}}) ==
        "'x;y';'it''s'\r\n;z\r\n");
  CHECK(written(kTexts, rows, {{"delimiter", "tab"}}) == "a\tb\nx;y\tit's\n\tz\n");
  CHECK(written({{{"a"}, {"n", Type::kInt64}}}, {{"x", "1"}, {nullptr, nullptr}},
                {{"quoting", "all"}}) == "\"a\",\"n\"\n\"x\",\"1\"\n,\n");
}

TEST_CASE("csv sink: names in the header are quoted where they must be", "[csv_sink]") {
  CHECK(written({{{"a,b"}, {"say \"x\""}, {""}}}, {}) == "\"a,b\",\"say \"\"x\"\"\",\"\"\n");
}

TEST_CASE("csv sink: a slice of a batch is written, not the rows around it", "[csv_sink]") {
  const rig::Folder folder;
  const Schema schema{{{"n", Type::kInt64}, {"t"}}};
  const auto sink = rig::make<CsvSink>({{"path", folder.path("out.csv")}});
  sink->bind({{"main", schema}});
  sink->attach(rig::run_of());
  const auto lane = sink->open();
  const Rows rows(schema, {{"1", "a"}, {nullptr, "b,"}, {"3", nullptr}, {"4", "d"}});
  const ArrowArray middle = rows.slice(1, 2);

  const rig::TestChunk first;
  const cm_chunk chunk = first.abi();
  lane->begin(Chunk(&chunk));
  rig::write_batch(*lane, Batch(&middle, &schema));
  lane->commit({2, 2, 0, 0});
  sink->finish(rig::run_of());

  CHECK(folder.read("out.csv") == "n,t\n,\"b,\"\n3,\n");
}

TEST_CASE("csv sink: a special character far from the others is found in its block", "[csv_sink]") {
  std::vector<CellRow> rows(3000, CellRow{"abcdefghijklmnop", "1"});
  rows[2047][0] = "a,b";
  rows[2048][0] = "c\"d";
  std::string expected = "a,b\n";
  for (size_t i = 0; i < rows.size(); ++i)
    expected += i == 2047 ? "\"a,b\",1\n" : i == 2048 ? "\"c\"\"d\",1\n" : "abcdefghijklmnop,1\n";

  CHECK(written(kTexts, rows) == expected);
}

TEST_CASE("csv sink: wrong options are refused with the reason", "[csv_sink]") {
  const auto refusal = [](Map options) {
    options.emplace_back("path", "out.csv");
    return rig::message_of([&] { rig::make<CsvSink>(options); });
  };

  CHECK(refusal({{"delimiter", "::"}}) == "expected one ASCII character, or its name: tab, space");
  CHECK(refusal({{"quote", ","}}) == "it is the same character as delimiter");
  CHECK(refusal({{"null", "a,b"}}) ==
        "it holds the delimiter, the quote or a line end, so that it could not be told from text");
  CHECK(refusal({{"quoting", "some"}}) == "\"some\" is not one of its values");
  CHECK(rig::message_of([] {
          rig::make<CsvSink>({{"path", "x"}})->bind({{"main", kTexts}, {"prices", kTexts}});
        }) ==
        "one file holds one stream, and this sink is wired to 2 (main, prices); give each its own "
        "sink with `from:`");
}
