#include "framework/observe/metrics.hpp"

#include <algorithm>
#include <cmath>

namespace chunkmill::host {
namespace {

const char* suffix_of(MetricKind kind) {
  switch (kind) {
    case MetricKind::kAdd:
      return ".add";
    case MetricKind::kSet:
      return ".set";
    case MetricKind::kObserve:
      return ".observe";
  }
  return ".other";
}

}  // namespace

Metric& MetricSet::find_or_add(MetricKind kind, std::string_view name) {
  // A handful of names: looking through them is faster than hashing one.
  for (Metric& metric : metrics_) {
    if (metric.name != name) continue;
    return metric.kind == kind ? metric : find_or_add(kind, std::string(name) + suffix_of(kind));
  }
  return metrics_.emplace_back(Metric{std::string(name), kind, 0, 0, 0, 0});
}

void MetricSet::record(MetricKind kind, std::string_view name, double value) {
  if (!std::isfinite(value)) return;
  Metric& metric = find_or_add(kind, name);
  metric.minimum = metric.count == 0 ? value : std::min(metric.minimum, value);
  metric.maximum = metric.count == 0 ? value : std::max(metric.maximum, value);
  metric.value = kind == MetricKind::kSet ? value : metric.value + value;
  ++metric.count;
}

void MetricSet::merge(const MetricSet& more) {
  for (const Metric& other : more.metrics_) {
    if (other.count == 0) continue;
    Metric& metric = find_or_add(other.kind, other.name);
    metric.minimum = metric.count == 0 ? other.minimum : std::min(metric.minimum, other.minimum);
    metric.maximum = metric.count == 0 ? other.maximum : std::max(metric.maximum, other.maximum);
    metric.value = other.kind == MetricKind::kSet ? other.value : metric.value + other.value;
    metric.count += other.count;
  }
}

NamedValues MetricSet::sums() const {
  NamedValues sums;
  for (const Metric& metric : metrics_) {
    if (metric.kind == MetricKind::kAdd) sums.emplace_back(metric.name, metric.value);
  }
  std::sort(sums.begin(), sums.end());
  return sums;
}

NamedValues MetricSet::values() const {
  NamedValues values;
  for (const Metric& metric : metrics_) {
    if (metric.kind != MetricKind::kObserve) {
      values.emplace_back(metric.name, metric.value);
      continue;
    }
    values.emplace_back(metric.name + ".count", static_cast<double>(metric.count));
    values.emplace_back(metric.name + ".mean", metric.value / static_cast<double>(metric.count));
    values.emplace_back(metric.name + ".minimum", metric.minimum);
    values.emplace_back(metric.name + ".maximum", metric.maximum);
  }
  std::sort(values.begin(), values.end());
  return values;
}

void Metrics::record(MetricKind kind, std::string_view name, double value) {
  const Lock lock(mutex_);
  set_.record(kind, name, value);
}

void Metrics::merge(const MetricSet& chunk) {
  const Lock lock(mutex_);
  set_.merge(chunk);
}

MetricSet Metrics::snapshot() const {
  const Lock lock(mutex_);
  return set_;
}

}  // namespace chunkmill::host
