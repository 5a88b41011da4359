#include "framework/observe/event.hpp"

#include <catch2/catch.hpp>
#include <limits>

namespace chunkmill::host {
namespace {

ChunkReport chunk_report() {
  ChunkReport chunk;
  chunk.chunk_index = 3;
  chunk.split = "a.csv";
  chunk.chunk_size = 1000;
  chunk.successful = 990;
  chunk.failed = 8;
  chunk.filtered = 2;
  chunk.time_seconds = 0.5;
  chunk.read_seconds = 0.125;
  chunk.calculate_seconds = 0.125;
  chunk.write_seconds = 0.125;
  chunk.commit_seconds = 0.125;
  chunk.retries = 1;
  chunk.fallback = "bisect";
  chunk.bytes = 65536;
  chunk.errors = {{"bad_number", "read", 8, "\"abc\" is no number", "a.csv", 17}};
  chunk.sums = {{"emissions_kgco2e", 12.5}};
  return chunk;
}

}  // namespace

TEST_CASE("event: a chunk is told under the documented names", "[observe]") {
  CHECK(
      event_as_json(to_event(chunk_report())) ==
      R"({"event":"chunk","chunk_index":3,"split":"a.csv","chunk_size":1000,"successful":990,"failed":8,"filtered":2,)"
      R"("time_seconds":0.5,"read_seconds":0.125,"calculate_seconds":0.125,"write_seconds":0.125,"commit_seconds":0.125,)"
      R"("throughput_per_hour":7200000,"rows_per_second":2000,"retries":1,"fallback":"bisect","bytes":65536,)"
      R"("errors":[{"code":"bad_number","stage":"read","count":8,"example":"\"abc\" is no number","where":"a.csv","line":17}],)"
      R"("sums":{"emissions_kgco2e":12.5}})");
}

TEST_CASE("event: the totals of a run are the sums of its chunks", "[observe]") {
  RunTotals totals;
  ChunkReport second = chunk_report();
  second.fallback.clear();
  second.errors = {{"bad_number", "read", 1, "later", "b.csv", 1},
                   {"bad_date", "read", 1, "x", "", 0}};
  second.failed = 2;
  second.successful = 996;
  second.sums = {{"cost", 1.0}, {"emissions_kgco2e", 0.5}};

  totals.add(chunk_report());
  totals.add(second);
  totals.time_seconds = 1;

  CHECK(totals.chunks == 2);
  CHECK(totals.chunk_size == 2000);
  CHECK(totals.successful == 1986);
  CHECK(totals.failed == 10);
  CHECK(totals.filtered == 4);
  CHECK(totals.adds_up());
  CHECK(totals.retries == 2);
  CHECK(totals.fallbacks == 1);
  CHECK(totals.bytes == 131072);
  CHECK(totals.rows_per_second() == 2000);
  CHECK(totals.sums == NamedValues{{"cost", 1}, {"emissions_kgco2e", 13}});
  REQUIRE(totals.errors.size() == 2);
  CHECK(totals.errors[0].count == 9);
  CHECK(totals.errors[0].where == "a.csv");
}

TEST_CASE("event: a field is found by its name", "[observe]") {
  const Event event = retry_event("a", 3, "write", 2, 400, "locked");

  REQUIRE(event.find("delay_ms") != nullptr);
  CHECK(std::get<int64_t>(*event.find("delay_ms")) == 400);
  CHECK(event.find("nothing") == nullptr);
}

TEST_CASE("event: every kind of event is valid JSON text on one line", "[observe]") {
  CHECK(event_as_json(run_start_event("j", "r", true, 4)) ==
        R"({"event":"run_start","job":"j","run":"r","resumed":true,"splits":4})");
  CHECK(event_as_json(retry_event("a", 3, "write", 2, 400, "locked\n\xff")) ==
        "{\"event\":\"retry\",\"split\":\"a\",\"chunk_index\":3,\"stage\":\"write\",\"attempt\":2,"
        "\"delay_ms\":400,"
        "\"message\":\"locked\\n\\\\xff\"}");
  CHECK(
      event_as_json(fallback_event("a", 3, "bisect", "constraint")) ==
      R"({"event":"fallback","split":"a","chunk_index":3,"fallback":"bisect","message":"constraint"})");
  CHECK(
      event_as_json(threshold_event("a", 3, 100, 60, {})) ==
      R"({"event":"threshold","split":"a","chunk_index":3,"chunk_size":100,"failed":60,"errors":[]})");
  CHECK(event_as_json({"x", {{"v", std::numeric_limits<double>::infinity()}}}) ==
        R"({"event":"x","v":null})");
}

TEST_CASE("event: a chunk that took no time has no speed", "[observe]") {
  ChunkReport chunk = chunk_report();
  chunk.time_seconds = 0;

  CHECK(chunk.rows_per_second() == 0);
  CHECK(chunk.throughput_per_hour() == 0);
}

}  // namespace chunkmill::host
