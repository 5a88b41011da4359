// Services: what one plugin object gets from the host.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "framework/observe/log.hpp"
#include "framework/observe/metrics.hpp"
#include "framework/plugin/host_services.hpp"

namespace chunkmill::host {

class Lookups;

// What all plugin objects of a run share. All must outlive them.
struct Surroundings {
  Log* log = nullptr;
  Metrics* metrics = nullptr;                    // of the run
  const std::atomic<bool>* cancelled = nullptr;  // set once the run is being stopped
};

// While it lives, metrics that plugins publish on this thread count for `set`.
// Threads: one thread, the one that made it.
class MetricScope {
 public:
  explicit MetricScope(MetricSet* set);
  ~MetricScope();
  MetricScope(const MetricScope&) = delete;
  MetricScope& operator=(const MetricScope&) = delete;

 private:
  MetricSet* before_;
};

// The services of one plugin object, which log under its name. Stays where it is: plugins keep
// abi(). Threads: any.
class Services final : public HostServices {
 public:
  // `lookups` may be null: a lookup's own source has none.
  Services(const Surroundings& surroundings, std::string plugin, Lookups* lookups);
  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;

  const cm_host* abi() const { return table_.abi(); }
  // While it is muted, what the plugin logs is dropped: it is a trial, and will be said again.
  void mute(bool muted) { muted_ = muted; }

 private:
  bool log_enabled(int level) override;
  void log(int level, std::string_view message) override;
  void metric(int kind, std::string_view name, double value) override;
  bool cancelled() override;
  Result<std::string> secret(std::string_view name) override;
  Status lookup(std::string_view name, const ArrowSchema* wanted, ArrowArrayStream* out) override;

  Surroundings surroundings_;
  std::string plugin_;
  Lookups* lookups_;
  bool muted_ = false;
  HostTable table_;
};

}  // namespace chunkmill::host
