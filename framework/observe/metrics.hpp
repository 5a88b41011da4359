// Metrics: the numbers that plugins publish through the host, for one chunk and for the whole run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chunkmill/mutex.hpp"
#include "framework/observe/event.hpp"

namespace chunkmill::host {

// The same numbers as CM_METRIC_ADD, CM_METRIC_SET, CM_METRIC_OBSERVE.
enum class MetricKind : int32_t { kAdd = 1, kSet = 2, kObserve = 3 };

struct Metric {
  std::string name;
  MetricKind kind = MetricKind::kAdd;
  double value = 0;   // kAdd: the sum; kSet: the last value; kObserve: the sum of samples
  int64_t count = 0;  // calls
  double minimum = 0;
  double maximum = 0;
};

// Values by name. The first call decides a name's kind; a call of another kind for that name is
// counted under "NAME.add", "NAME.set" or "NAME.observe". A chunk gathers into its own set, which
// is merged into the run's once it is committed, so that attempts that failed leave nothing behind.
// Threads: one at a time.
class MetricSet {
 public:
  // Values that are not finite are ignored.
  void record(MetricKind kind, std::string_view name, double value);
  void merge(const MetricSet& more);
  // Forgets all values.
  void clear() { metrics_.clear(); }

  bool empty() const { return metrics_.empty(); }
  // In the order of first use.
  const std::vector<Metric>& metrics() const { return metrics_; }
  // The kAdd ones, sorted by name.
  NamedValues sums() const;
  // All as plain numbers, sorted by name: kSet under its name, kObserve as NAME.count, .mean,
  // .minimum, .maximum.
  NamedValues values() const;

 private:
  Metric& find_or_add(MetricKind kind, std::string_view name);

  std::vector<Metric> metrics_;
};

// A run's metrics.
// Threads: any.
class Metrics {
 public:
  void record(MetricKind kind, std::string_view name, double value);
  void merge(const MetricSet& chunk);
  MetricSet snapshot() const;

 private:
  mutable Mutex mutex_;
  MetricSet set_ CHUNKMILL_GUARDED_BY(mutex_);
};

}  // namespace chunkmill::host
