// A run's record as JSON and in words, as the runs verbs print it.
#pragma once

#include <algorithm>
#include <string>

#include "chunkmill/json.hpp"
#include "framework/observe/text.hpp"
#include "framework/state/records.hpp"

namespace chunkmill::host::cli {

inline void write_counts(JsonWriter* json, const RowCounts& rows) {
  json->begin_object()
      .field("read", rows.read)
      .field("written", rows.written)
      .field("rejected", rows.rejected)
      .field("filtered", rows.filtered)
      .field("pending", rows.pending)
      .end_object();
}

// Of a run that has not ended: how long ago it began.
inline double age_seconds(const RunRecord& run, int64_t now_ms) {
  return static_cast<double>(std::max<int64_t>(now_ms - run.started_ms, 0)) / 1000;
}

// The fields of an object that the caller opens and closes.
inline void write_run(JsonWriter* json, const RunRecord& run, int64_t now_ms) {
  json->field("run", run.run).field("command", run.command);
  json->field("status", run_status_name(run.status));
  json->field("started_ms", run.started_ms).field("ended_ms", run.ended_ms);
  if (run.ended_ms == 0) json->field("age_seconds", age_seconds(run, now_ms));
  if (!run.message.empty()) json->field("message", run.message);
  json->key("rows");
  write_counts(json, run.totals);
  json->key("sums").begin_object();
  for (const auto& [name, value] : run.sums) json->field(name, value);
  json->end_object().field("sums_complete", run.sums_complete);
}

// A run that is marked as running and has not ended may as well have died.
inline std::string status_text(const RunRecord& run) {
  if (run.status == RunStatus::kRunning) return "not ended";
  return std::string(run_status_name(run.status));
}

// How long it took; of one that has not ended, how old it is.
inline std::string took_text(const RunRecord& run, int64_t now_ms) {
  if (run.ended_ms == 0) return duration_text(age_seconds(run, now_ms)) + " so far";
  return duration_text(static_cast<double>(run.ended_ms - run.started_ms) / 1000);
}

}  // namespace chunkmill::host::cli
