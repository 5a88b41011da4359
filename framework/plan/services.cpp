#include "framework/plan/services.hpp"

#include <cstdlib>

#include "framework/plan/lookups.hpp"

namespace chunkmill::host {
namespace {
// Threads: each its own. The set of the chunk that this thread works on.
thread_local MetricSet* current_set = nullptr;
}  // namespace

MetricScope::MetricScope(MetricSet* set) : before_(current_set) { current_set = set; }
MetricScope::~MetricScope() { current_set = before_; }

Services::Services(const Surroundings& surroundings, std::string plugin, Lookups* lookups)
    : surroundings_(surroundings), plugin_(std::move(plugin)), lookups_(lookups), table_(*this) {}

bool Services::log_enabled(int level) {
  return !muted_ && surroundings_.log->enabled(static_cast<LogLevel>(level));
}

void Services::log(int level, std::string_view message) {
  if (muted_) return;
  if (level < CM_LOG_DEBUG || level > CM_LOG_ERROR) level = CM_LOG_ERROR;
  surroundings_.log->write(static_cast<LogLevel>(level), message, {{"plugin", plugin_}});
}

void Services::metric(int kind, std::string_view name, double value) {
  if (kind < CM_METRIC_ADD || kind > CM_METRIC_OBSERVE) return;
  if (current_set != nullptr) {
    current_set->record(static_cast<MetricKind>(kind), name, value);
  } else {
    surroundings_.metrics->record(static_cast<MetricKind>(kind), name, value);
  }
}

bool Services::cancelled() {
  return surroundings_.cancelled != nullptr &&
         surroundings_.cancelled->load(std::memory_order_relaxed);
}

Result<std::string> Services::secret(std::string_view name) {
  const std::string key(name);
  const char* value = std::getenv(key.c_str());
  if (value == nullptr)
    return Status(Code::kNotFound,
                  "there is no secret \"" + key + "\"; set the environment variable of that name");
  surroundings_.log->add_secret(value);
  return std::string(value);
}

Status Services::lookup(std::string_view name, const ArrowSchema* wanted, ArrowArrayStream* out) {
  if (lookups_ == nullptr)
    return Status(Code::kJob, "the source of a lookup cannot use lookups itself");
  return lookups_->read(name, wanted, out);
}

}  // namespace chunkmill::host
