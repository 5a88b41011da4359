// JobSpec: what a job file says, checked and typed. Plain data; nothing here touches a plugin.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "framework/job/value.hpp"

namespace chunkmill::host {

// One use of a plugin.
struct PluginSpec {
  std::string kind;  // "source", "calculator", "sink", "hook"
  std::string type;  // the plugin's name
  Value
      options;  // a map of the plugin's own options; relative paths of x-path options made absolute
  Place place;  // of `type:`'s value
  std::string path;  // where in the job: "sinks.0", "calculators.1.cases.4", "lookups.factors"

  // What the options mean: one line of JSON, keys sorted, secrets left out, defaults not added.
  std::string fingerprint() const;
};

struct LookupSpec {
  std::string name;
  PluginSpec plugin;
};

enum class Otherwise { kReject, kPass };

// Sends each row to a calculator by the value of a column.
struct RouteSpec {
  struct Case {
    std::string value;
    PluginSpec plugin;
  };

  std::string column;
  std::vector<Case> cases;
  Otherwise otherwise = Otherwise::kReject;
  Place place;       // of `route:`'s value
  std::string path;  // "calculators.1"
};

using CalculatorSpec = std::variant<PluginSpec, RouteSpec>;

struct RateSpec {
  std::int64_t rows_per_second = 0;  // 0: no limit
};

enum class Fallback { kBisect, kSequential, kNone };

struct TableSpec {
  std::string table;
  std::string from = "main";  // a stream of the calculators
  bool required = true;       // false: may fail without failing the chunk
  Place place;                // of the table's name
};

struct SinkSpec {
  PluginSpec plugin;
  Fallback fallback = Fallback::kBisect;
  std::string from = "main";      // the stream it gets; unused when there are tables
  std::vector<TableSpec> tables;  // of `tables:`, in file order; empty when there is none
  RateSpec rate;
};

struct ChunkSpec {
  std::int64_t rows = 0;   // 0: auto
  std::int64_t bytes = 0;  // 0: no limit of its own
  std::string keep_together;
  std::int64_t linger_ms = 0;  // 0: waits for a full chunk
};

struct RetrySpec {
  int attempts = 5;
  std::int64_t initial_delay_ms = 200;
  std::int64_t max_delay_ms = 30'000;
};

enum class Per { kChunk, kRun };

struct ErrorSpec {
  double max_failed_percent = 50;
  Per per = Per::kChunk;
  std::optional<std::int64_t> max_rejects;  // of the run
  std::int64_t min_rows = 0;                // below it a percentage is not judged
};

struct BudgetSpec {
  std::optional<std::int64_t> time_ms;
  std::optional<std::int64_t> rows;
};

enum class Order {
  kAuto,  // that of the source, where a sink shows it
  kAny,
  kSource
};

// One of `count` equal parts of a source: the splits whose number modulo count is `index`.
struct Shard {
  int index = 0;
  int count = 1;
};

struct JobSpec {
  std::string name;
  std::string path;  // of the job file, absolute
  std::string id;    // `id:`, or name + "@" + 8 hex digits of the path's hash; then "/shard-I-of-N"
                     // of a shard. What the job's state and ledger are filed under
  std::optional<Shard> shard;
  std::string text;  // as read; may hold secrets, so it is for rendering faults alone

  std::vector<LookupSpec> lookups;
  PluginSpec source;
  std::vector<CalculatorSpec> calculators;
  std::vector<SinkSpec> sinks;
  std::vector<PluginSpec> hooks;

  ChunkSpec chunk;
  RetrySpec retry;
  ErrorSpec errors;
  int workers = 0;  // 0: one a core
  std::int64_t memory = std::int64_t{256} << 20;
  RateSpec rate;
  std::int64_t grace_ms = 10'000;
  Order order = Order::kAuto;
  BudgetSpec budget;

  // All that changes which rows come out, a line `path=meaning` each ("sinks.0=sqlite {...}"), so
  // that two can be compared line by line. Left out: secrets, workers, memory, pace, retries,
  // thresholds, chunk size, hooks.
  std::string fingerprint() const;
};

}  // namespace chunkmill::host
