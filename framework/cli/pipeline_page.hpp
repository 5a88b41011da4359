// What `validate` and `plan` say about a bound job.
#pragma once

#include <string>

#include "chunkmill/json.hpp"
#include "framework/cli/page.hpp"
#include "framework/plan/pipeline.hpp"

namespace chunkmill::host::cli {

// `csv 1.0.0`
std::string plugin_text(const Module& module);
// `supplier_id string, spend_usd decimal(18,4)`
std::string columns_text(const Schema& schema);
// The source's columns that nobody downstream needs.
Schema dropped_columns(const Pipeline& pipeline);
// What the worker setting comes to on this machine.
size_t worker_count(const JobSpec& spec);
// How many of a sink's lanes are open at once.
size_t lane_count(const BoundSink& sink, size_t workers);

void add_lookups(Page* page, const JobSpec& spec);
void add_sinks(Page* page, const Pipeline& pipeline);

void write_columns(JsonWriter* json, const Schema& schema);
void write_sinks(JsonWriter* json, const Pipeline& pipeline);

}  // namespace chunkmill::host::cli
