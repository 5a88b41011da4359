// What the host itself reads in a job file, in the same schema language that plugins use for their
// options.
#pragma once

#include <string_view>

namespace chunkmill::host {

// The top level. What stands inside a plugin's map is checked against that plugin.
inline constexpr std::string_view kJobSchema = R"({
"type": "object", "additionalProperties": false, "required": ["job", "source", "sinks"],
"properties": {
  "job": {"type": "string", "description": "a name of letters, digits, '-', '_' and '.'"},
  "id": {"type": "string", "description": "what the job's state and its ledger are filed under, wherever the file lies; needed where several machines share a run. Default: the name and the file's place"},
  "lookups": {"type": "object", "additionalProperties": {"type": "object"}, "description": "reference tables by name, each a source plugin"},
  "source": {"type": "object", "description": "where the rows come from"},
  "calculators": {"type": "array", "items": {"type": "object"}, "description": "what is done to them, in order"},
  "sinks": {"type": "array", "items": {"type": "object"}, "description": "a list of where the results go"},
  "hooks": {"type": "array", "items": {"type": "object"}, "description": "who is told what happens"},
  "chunk": {"type": "object", "additionalProperties": false, "properties": {
    "rows": {"type": ["integer", "string"], "minimum": 1, "maximum": 10000000, "default": "auto", "description": "rows in a chunk, or auto"},
    "bytes": {"x-format": "bytes", "minimum": 1, "description": "a chunk ends when it holds so much"},
    "keep_together": {"type": "string", "description": "a column: rows of one value of it stay in one chunk"},
    "linger": {"x-format": "duration", "default": "0", "description": "an unbounded source's chunk ends after so long"}}},
  "retry": {"type": "object", "additionalProperties": false, "properties": {
    "attempts": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 5, "description": "of a chunk, the first one counted"},
    "initial_delay": {"x-format": "duration", "default": "200ms", "description": "before the second attempt; doubles from there"},
    "max_delay": {"x-format": "duration", "default": "30s", "description": "no wait is longer"}}},
  "errors": {"type": "object", "additionalProperties": false, "properties": {
    "max_failed_percent": {"x-format": "percent", "default": "50%", "description": "more failed rows than that end the job"},
    "per": {"type": "string", "enum": ["chunk", "run"], "default": "chunk", "description": "what the percentage is of"},
    "max_rejects": {"type": "integer", "minimum": 0, "description": "more rejects in the run end the job"},
    "min_rows": {"type": "integer", "minimum": 0, "default": 0, "description": "below it the percentage is not judged"}}},
  "workers": {"type": ["integer", "string"], "minimum": 1, "maximum": 1024, "default": "auto", "description": "threads, or auto: one a core"},
  "memory": {"x-format": "bytes", "minimum": 1048576, "default": "256MiB", "description": "ceiling on rows in flight"},
  "rate": {"type": "object", "additionalProperties": false, "properties": {
    "rows_per_second": {"type": "integer", "minimum": 1, "description": "no more than that"}}},
  "grace": {"x-format": "duration", "default": "10s", "description": "time to finish chunks in hand when stopped"},
  "order": {"type": "string", "enum": ["auto", "any", "source"], "default": "auto", "description": "the order of results. auto: the source's, where a sink shows it: in files, and where rows are updated by key"},
  "budget": {"type": "object", "additionalProperties": false, "properties": {
    "time": {"x-format": "duration", "description": "stop, resumable, after so long"},
    "rows": {"type": "integer", "minimum": 1, "description": "stop, resumable, after so many rows"}}}
}})";

// Keys of a sink that are the host's.
inline constexpr std::string_view kSinkSchema = R"({
"type": "object", "additionalProperties": false, "properties": {
  "fallback": {"type": "string", "enum": ["bisect", "sequential", "none"], "default": "bisect"},
  "from": {"type": "string", "default": "main"},
  "rate": {"type": "object", "additionalProperties": false, "properties": {
    "rows_per_second": {"type": "integer", "minimum": 1}}}
}})";

// Keys of one of a sink's `tables:` that are the host's.
inline constexpr std::string_view kTableSchema = R"({
"type": "object", "additionalProperties": false, "properties": {
  "from": {"type": "string", "default": "main"},
  "required": {"type": "boolean", "default": true}
}})";

// A calculator that routes rows to others.
inline constexpr std::string_view kRouteSchema = R"({
"type": "object", "additionalProperties": false, "required": ["route", "cases"], "properties": {
  "route": {"type": "string", "description": "the column whose value decides"},
  "cases": {"type": "object", "additionalProperties": {"type": "object"}, "description": "a calculator for each value"},
  "defaults": {"type": "object", "description": "options of every case that does not say them itself"},
  "otherwise": {"type": "string", "enum": ["reject", "pass"], "default": "reject", "description": "what becomes of rows of other values"}
}})";

}  // namespace chunkmill::host
