#include "framework/observe/event.hpp"

#include <algorithm>

#include "chunkmill/json.hpp"
#include "framework/observe/event_json.hpp"
#include "framework/observe/text.hpp"

namespace chunkmill::host {
namespace {

double per_second(int64_t rows, double seconds) {
  return seconds > 0 ? static_cast<double>(rows) / seconds : 0;
}

}  // namespace

void write_errors(JsonWriter& json, const std::vector<ErrorGroup>& errors) {
  json.begin_array();
  for (const ErrorGroup& group : errors) {
    json.begin_object();
    json.field("code", group.code).field("stage", group.stage);
    json.field("count", group.count).field("example", group.example);
    if (!group.where.empty()) json.field("where", group.where);
    if (group.line > 0) json.field("line", group.line);
    json.end_object();
  }
  json.end_array();
}

void write_named_values(JsonWriter& json, const NamedValues& values) {
  json.begin_object();
  for (const auto& [name, value] : values) json.field(name, value);
  json.end_object();
}

const FieldValue* Event::find(std::string_view field) const {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const auto& entry) { return entry.first == field; });
  return found == fields.end() ? nullptr : &found->second;
}

std::string event_as_json(const Event& event) {
  std::string text;
  JsonWriter json(&text);
  json.begin_object().field("event", event.name);
  for (const auto& [name, content] : event.fields) {
    json.key(name);
    std::visit(
        [&](const auto& value) {
          using Value = std::decay_t<decltype(value)>;
          if constexpr (std::is_same_v<Value, std::vector<ErrorGroup>>) {
            write_errors(json, value);
          } else if constexpr (std::is_same_v<Value, NamedValues>) {
            write_named_values(json, value);
          } else if constexpr (std::is_same_v<Value, std::string>) {
            json.value(value);
          } else {
            json.value(value);
          }
        },
        content);
  }
  json.end_object();
  return text;
}

void add_errors(std::vector<ErrorGroup>& groups, const std::vector<ErrorGroup>& more) {
  for (const ErrorGroup& group : more) {
    const auto known = std::find_if(groups.begin(), groups.end(), [&](const ErrorGroup& other) {
      return other.code == group.code && other.stage == group.stage;
    });
    if (known == groups.end()) {
      groups.push_back(group);
    } else {
      known->count += group.count;
    }
  }
}

void sort_errors(std::vector<ErrorGroup>& groups) {
  std::stable_sort(groups.begin(), groups.end(), [](const ErrorGroup& a, const ErrorGroup& b) {
    return a.count != b.count ? a.count > b.count : a.code < b.code;
  });
}

double ChunkReport::rows_per_second() const { return per_second(chunk_size, time_seconds); }
double RunTotals::rows_per_second() const { return per_second(chunk_size - earlier, time_seconds); }

void RunTotals::add(const ChunkReport& chunk) {
  ++chunks;
  chunk_size += chunk.chunk_size;
  successful += chunk.successful;
  failed += chunk.failed;
  filtered += chunk.filtered;
  read_seconds += chunk.read_seconds;
  calculate_seconds += chunk.calculate_seconds;
  write_seconds += chunk.write_seconds;
  commit_seconds += chunk.commit_seconds;
  retries += chunk.retries;
  if (!chunk.fallback.empty()) ++fallbacks;
  bytes += chunk.bytes;
  add_errors(errors, chunk.errors);
  for (const auto& [name, value] : chunk.sums) {
    const auto known = std::lower_bound(
        sums.begin(), sums.end(), name,
        [](const auto& sum, const std::string& wanted) { return sum.first < wanted; });
    if (known != sums.end() && known->first == name) {
      known->second += value;
    } else {
      sums.emplace(known, name, value);
    }
  }
}

Event to_event(const ChunkReport& chunk) {
  return {"chunk",
          {{"chunk_index", chunk.chunk_index},
           {"split", chunk.split},
           {"chunk_size", chunk.chunk_size},
           {"successful", chunk.successful},
           {"failed", chunk.failed},
           {"filtered", chunk.filtered},
           {"time_seconds", chunk.time_seconds},
           {"read_seconds", chunk.read_seconds},
           {"calculate_seconds", chunk.calculate_seconds},
           {"write_seconds", chunk.write_seconds},
           {"commit_seconds", chunk.commit_seconds},
           {"throughput_per_hour", chunk.throughput_per_hour()},
           {"rows_per_second", chunk.rows_per_second()},
           {"retries", chunk.retries},
           {"fallback", chunk.fallback},
           {"bytes", chunk.bytes},
           {"errors", chunk.errors},
           {"sums", chunk.sums}}};
}

Event to_event(const RunTotals& totals) {
  return {"run_end",
          {{"job", totals.job},
           {"run", totals.run},
           {"status", totals.status},
           {"chunks", totals.chunks},
           {"chunk_size", totals.chunk_size},
           {"successful", totals.successful},
           {"failed", totals.failed},
           {"filtered", totals.filtered},
           {"pending", totals.pending},
           {"time_seconds", totals.time_seconds},
           {"read_seconds", totals.read_seconds},
           {"calculate_seconds", totals.calculate_seconds},
           {"write_seconds", totals.write_seconds},
           {"commit_seconds", totals.commit_seconds},
           {"throughput_per_hour", totals.throughput_per_hour()},
           {"rows_per_second", totals.rows_per_second()},
           {"retries", totals.retries},
           {"fallbacks", totals.fallbacks},
           {"bytes", totals.bytes},
           {"errors", totals.errors},
           {"sums", totals.sums}}};
}

Event run_start_event(std::string_view job, std::string_view run, bool resumed, int64_t splits) {
  return {"run_start",
          {{"job", std::string(job)},
           {"run", std::string(run)},
           {"resumed", resumed},
           {"splits", splits}}};
}

Event retry_event(std::string_view split, int64_t chunk, std::string_view stage, int64_t attempt,
                  int64_t delay_ms, std::string_view message) {
  return {"retry",
          {{"split", std::string(split)},
           {"chunk_index", chunk},
           {"stage", std::string(stage)},
           {"attempt", attempt},
           {"delay_ms", delay_ms},
           {"message", std::string(message)}}};
}

Event fallback_event(std::string_view split, int64_t chunk, std::string_view fallback,
                     std::string_view message) {
  return {"fallback",
          {{"split", std::string(split)},
           {"chunk_index", chunk},
           {"fallback", std::string(fallback)},
           {"message", std::string(message)}}};
}

Event threshold_event(std::string_view split, int64_t chunk, int64_t rows, int64_t failed,
                      const std::vector<ErrorGroup>& errors) {
  return {"threshold",
          {{"split", std::string(split)},
           {"chunk_index", chunk},
           {"chunk_size", rows},
           {"failed", failed},
           {"errors", errors}}};
}

}  // namespace chunkmill::host
