#include "framework/run/retried.hpp"

#include <string>

namespace chunkmill::host {

void announce_retry(Log& log, const Status& status, int64_t delay_ms, const LogFields& fields) {
  log.write(LogLevel::kWarn,
            status.message() + "; trying again in " + std::to_string(delay_ms) + " ms", fields);
}

bool wait_to_retry(RunContext& context, Backoff& backoff, const Status& status,
                   std::string_view split, int64_t chunk, std::string_view stage) {
  if (!backoff.again()) return false;
  const int64_t delay = backoff.delay_ms(status);
  {
    const Lock lock(context.mutex);
    ++context.totals.retries;
    tell(context, retry_event(split, chunk, stage, backoff.attempts() + 1, delay,
                              context.log->redact(status.message())));
  }
  LogFields fields{{"stage", std::string(stage)}};
  if (!split.empty()) fields.insert(fields.begin(), {"split", std::string(split)});
  announce_retry(*context.log, status, delay, fields);
  return context.clock->sleep_ms(delay, *context.cancelled);
}

}  // namespace chunkmill::host
