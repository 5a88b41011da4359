#include "plugins/sinks/jsonl/jsonl_sink.hpp"

#include <catch2/catch.hpp>

#include "tests/plugins/csv_sink/plugin_rig.hpp"

using namespace chunkmill;
using jsonl_sink::JsonlSink;
using rig::CellRow;
using rig::Map;
using rig::Rows;

namespace {

// A file of these rows, and what was reported.
std::string written(const Schema& schema, const std::vector<CellRow>& rows, Map options = {},
                    std::vector<rig::BadRow>* reports = nullptr) {
  const rig::Folder folder;
  options.emplace_back("path", folder.path("out.jsonl"));
  const auto sink = rig::make<JsonlSink>(options);
  sink->bind({{"main", schema}});
  sink->attach(rig::run_of());
  const auto lane = sink->open();
  const rig::TestChunk first;
  const cm_chunk chunk = first.abi();
  lane->begin(Chunk(&chunk));
  const std::vector<rig::BadRow> found = rig::write_batch(*lane, Rows(schema, rows).batch());
  if (reports != nullptr) *reports = found;
  lane->commit({});
  sink->finish(rig::run_of());
  return folder.read("out.jsonl");
}

}  // namespace

TEST_CASE("jsonl sink: every type has its JSON", "[jsonl_sink]") {
  Field decimal{"decimal", Type::kDecimal128};
  decimal.scale = 2;
  const Schema schema{{{"bool", Type::kBool},
                       {"int32", Type::kInt32},
                       {"int64", Type::kInt64},
                       {"float", Type::kFloat64},
                       {"text"},
                       {"bytes", Type::kBinary},
                       {"date", Type::kDate32},
                       {"time", Type::kTimestamp},
                       decimal}};

  CHECK(written(schema, {{"true", "-7", "9223372036854775807", "0.1", "x", "abcde", "2024-02-29",
                          "2024-02-29T12:30:59Z", "12345678901234567890123456.78"},
                         CellRow(9, nullptr)}) ==
        R"({"bool":true,"int32":-7,"int64":9223372036854775807,"float":0.1,"text":"x",)"
        R"("bytes":"YWJjZGU=","date":"2024-02-29","time":"2024-02-29T12:30:59Z",)"
        R"("decimal":12345678901234567890123456.78})"
        "\n"
        R"({"bool":null,"int32":null,"int64":null,"float":null,"text":null,"bytes":null,)"
        R"("date":null,"time":null,"decimal":null})"
        "\n");
}

TEST_CASE("jsonl sink: names and texts are escaped", "[jsonl_sink]") {
  CHECK(written({{{"a \"b\""}}}, {{"tab\t \"quoted\" back\\slash\nline\r \x01 \xc3\xa9"}, {""}}) ==
        "{\"a \\\"b\\\"\":\"tab\\t \\\"quoted\\\" back\\\\slash\\nline\\r \\u0001 \xc3\xa9\"}\n"
        "{\"a \\\"b\\\"\":\"\"}\n");
}

TEST_CASE("jsonl sink: keys of nulls can be left out", "[jsonl_sink]") {
  CHECK(written({{{"a"}, {"b"}, {"c"}}},
                {{nullptr, "x", nullptr}, {"y", nullptr, "z"}, {nullptr, nullptr, nullptr}},
                {{"nulls", "omit"}}) == "{\"b\":\"x\"}\n{\"a\":\"y\",\"c\":\"z\"}\n{}\n");
}

TEST_CASE("jsonl sink: a number that is not finite is a bad row, the others are written",
          "[jsonl_sink]") {
  std::vector<rig::BadRow> reports;
  const Schema schema{{{"id", Type::kInt64}, {"v", Type::kFloat64}}};

  CHECK(written(schema, {{"1", "1.5"}, {"2", "nan"}, {"3", "inf"}, {"4", nullptr}}, {}, &reports) ==
        "{\"id\":1,\"v\":1.5}\n{\"id\":4,\"v\":null}\n");
  REQUIRE(reports.size() == 2);
  CHECK(reports[0].row == 1);
  CHECK(reports[0].code == "not_a_number");
  CHECK(reports[0].column == "v");
  CHECK(reports[0].message == "nan is not a number that JSON can hold");
  CHECK(reports[1].row == 2);
}

TEST_CASE("jsonl sink: a run resumes from the last commit", "[jsonl_sink]") {
  const rig::Folder folder;
  const Schema schema{{{"n", Type::kInt64}}};
  const auto make = [&] {
    auto sink = rig::make<JsonlSink>({{"path", folder.path("out.jsonl")}});
    sink->bind({{"main", schema}});
    return sink;
  };
  {
    const auto sink = make();
    sink->attach(rig::run_of());
    rig::write_chunk(*sink->open(), {0, "", "1"}, Rows(schema, {{"0"}}));
  }

  const auto sink = make();
  CHECK_FALSE(sink->ledger("job")->finished);
  sink->attach(rig::run_of("run-1", 2));
  CHECK(sink->committed("s")->position == "1");
  rig::write_chunk(*sink->open(), {1, "1", "2", true, 1, 2}, Rows(schema, {{"1"}}));
  sink->finish(rig::run_of("run-1", 2));

  CHECK(folder.read("out.jsonl") == "{\"n\":0}\n{\"n\":1}\n");
}
