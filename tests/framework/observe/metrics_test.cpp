#include "framework/observe/metrics.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <thread>

namespace chunkmill::host {

TEST_CASE("metrics: sums add up, settings keep the last value, samples their spread", "[observe]") {
  MetricSet set;
  set.record(MetricKind::kAdd, "emissions_kgco2e", 1.5);
  set.record(MetricKind::kAdd, "emissions_kgco2e", 2);
  set.record(MetricKind::kSet, "chunk_rows", 1000);
  set.record(MetricKind::kSet, "chunk_rows", 500);
  set.record(MetricKind::kObserve, "latency", -2);
  set.record(MetricKind::kObserve, "latency", 4);

  CHECK(set.sums() == NamedValues{{"emissions_kgco2e", 3.5}});
  CHECK(set.values() == NamedValues{{"chunk_rows", 500},
                                    {"emissions_kgco2e", 3.5},
                                    {"latency.count", 2},
                                    {"latency.maximum", 4},
                                    {"latency.mean", 1},
                                    {"latency.minimum", -2}});
}

TEST_CASE("metrics: a chunk that is merged counts once, one that is dropped not at all",
          "[observe]") {
  Metrics run;
  MetricSet failed;
  failed.record(MetricKind::kAdd, "emissions", 100);
  MetricSet chunk;
  chunk.record(MetricKind::kAdd, "emissions", 5);
  chunk.record(MetricKind::kObserve, "latency", 3);

  failed.clear();
  run.merge(failed);
  run.merge(chunk);
  run.merge(chunk);

  CHECK(run.snapshot().sums() == NamedValues{{"emissions", 10}});
  CHECK(run.snapshot().metrics()[1].count == 2);
  CHECK(run.snapshot().metrics()[1].minimum == 3);
}

TEST_CASE("metrics: one name of two kinds is kept apart", "[observe]") {
  MetricSet set;
  set.record(MetricKind::kAdd, "x", 1);
  set.record(MetricKind::kSet, "x", 7);
  set.record(MetricKind::kAdd, "x", 1);

  CHECK(set.values() == NamedValues{{"x", 2}, {"x.set", 7}});
}

TEST_CASE("metrics: a value that is no number spoils nothing", "[observe]") {
  MetricSet set;
  set.record(MetricKind::kAdd, "x", 1);
  set.record(MetricKind::kAdd, "x", std::numeric_limits<double>::quiet_NaN());
  set.record(MetricKind::kAdd, "x", std::numeric_limits<double>::infinity());

  CHECK(set.sums() == NamedValues{{"x", 1}});
}

TEST_CASE("metrics: threads record at once and nothing is lost", "[observe]") {
  Metrics run;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&run] {
      MetricSet chunk;
      chunk.record(MetricKind::kAdd, "rows", 1);
      for (int call = 0; call < 1000; ++call) {
        run.record(MetricKind::kAdd, "rows", 1);
        run.merge(chunk);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  CHECK(run.snapshot().sums() == NamedValues{{"rows", 8000}});
}

}  // namespace chunkmill::host
