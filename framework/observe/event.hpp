// Events: what the engine tells observers and hooks. docs/metrics.md lists every name with its
// fields.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace chunkmill::host {

// Row errors of one cause.
struct ErrorGroup {
  std::string code;   // "bad_number"
  std::string stage;  // read, calculate, write
  int64_t count = 0;
  std::string example;  // the first message
  std::string where;    // where that first one came from; empty if unknown
  int64_t line = 0;     // 0 if unknown
};

using NamedValues = std::vector<std::pair<std::string, double>>;
using FieldValue =
    std::variant<bool, int64_t, double, std::string, std::vector<ErrorGroup>, NamedValues>;

struct Event {
  std::string name;
  std::vector<std::pair<std::string, FieldValue>> fields;

  // Null when there is no such field.
  const FieldValue* find(std::string_view field) const;
};

// One line, no newline at its end: {"event": NAME, FIELD: VALUE, ...}. Values that are not finite
// become null.
std::string event_as_json(const Event& event);

// Threads: on() is called from one thread at a time.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on(const Event& event) = 0;
};

// Adds `more` to `groups`: same code and stage counts up, the first example stays.
void add_errors(std::vector<ErrorGroup>& groups, const std::vector<ErrorGroup>& more);
// Most frequent first, then by code.
void sort_errors(std::vector<ErrorGroup>& groups);

// What one committed chunk came to.
struct ChunkReport {
  int64_t chunk_index = 0;  // over the run, from 0
  std::string split;
  int64_t chunk_size = 0;  // rows read, bad records included
  int64_t successful = 0;
  int64_t failed = 0;
  int64_t filtered = 0;
  double time_seconds = 0;  // from the first read to the end of the commit
  double read_seconds = 0;
  double calculate_seconds = 0;
  double write_seconds = 0;
  double commit_seconds = 0;
  int64_t retries = 0;
  std::string fallback;  // "sequential", "bisect"; empty: none was needed
  int64_t bytes = 0;
  std::vector<ErrorGroup> errors;
  NamedValues sums;

  // Rows read over time_seconds; 0 when no time has passed.
  double rows_per_second() const;
  double throughput_per_hour() const { return rows_per_second() * 3600; }
};
Event to_event(const ChunkReport& chunk);  // "chunk"

// What a whole run came to, under the same names.
struct RunTotals {
  std::string job;
  std::string run;
  std::string status;  // success, partial_success, failed, stopped
  int64_t chunks = 0;
  int64_t chunk_size = 0;  // rows read
  int64_t successful = 0;
  int64_t failed = 0;
  int64_t filtered = 0;
  int64_t pending = 0;
  int64_t earlier = 0;  // of chunk_size: committed by earlier attempts and by other processes
  double time_seconds =
      0;  // wall time of this attempt; the four below are summed over chunks that run in parallel
  double read_seconds = 0;
  double calculate_seconds = 0;
  double write_seconds = 0;
  double commit_seconds = 0;
  int64_t retries = 0;
  int64_t fallbacks = 0;
  int64_t bytes = 0;
  std::vector<ErrorGroup> errors;
  NamedValues sums;

  // Of this attempt: rows that were there before it are not counted.
  double rows_per_second() const;
  double throughput_per_hour() const { return rows_per_second() * 3600; }
  bool adds_up() const { return chunk_size == successful + failed + filtered + pending; }

  // Everything but time_seconds, which is the caller's to set.
  void add(const ChunkReport& chunk);
};
Event to_event(const RunTotals& totals);  // "run_end"

// The other events, by the names in docs/metrics.md.
Event run_start_event(std::string_view job, std::string_view run, bool resumed, int64_t splits);
Event retry_event(std::string_view split, int64_t chunk, std::string_view stage, int64_t attempt,
                  int64_t delay_ms, std::string_view message);
Event fallback_event(std::string_view split, int64_t chunk, std::string_view fallback,
                     std::string_view message);
Event threshold_event(std::string_view split, int64_t chunk, int64_t rows, int64_t failed,
                      const std::vector<ErrorGroup>& errors);

}  // namespace chunkmill::host
