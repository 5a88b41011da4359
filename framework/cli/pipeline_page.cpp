#include "framework/cli/pipeline_page.hpp"

#include <algorithm>
#include <thread>

#include "framework/plan/guarantees.hpp"

namespace chunkmill::host::cli {

std::string plugin_text(const Module& module) { return module.name() + " " + module.version(); }

std::string columns_text(const Schema& schema) {
  std::string text;
  for (const Field& field : schema.fields)
    text += (text.empty() ? "" : ", ") + field.name + " " + field.type_text();
  return text;
}

Schema dropped_columns(const Pipeline& pipeline) {
  Schema dropped;
  for (const Field& field : pipeline.source_schema->fields)
    if (pipeline.input->find(field.name) < 0) dropped.fields.push_back(field);
  return dropped;
}

size_t worker_count(const JobSpec& spec) {
  if (spec.workers > 0) return static_cast<size_t>(spec.workers);
  return std::max(1U, std::thread::hardware_concurrency());
}

size_t lane_count(const BoundSink& sink, size_t workers) {
  const size_t most = sink.abilities.max_lanes;
  return most == 0 ? workers : std::min(most, workers);
}

void add_lookups(Page* page, const JobSpec& spec) {
  for (const LookupSpec& lookup : spec.lookups)
    page->line(&lookup == &spec.lookups.front() ? "lookups" : "",
               lookup.name + ": " + lookup.plugin.type);
}

void add_sinks(Page* page, const Pipeline& pipeline) {
  for (const BoundSink& sink : pipeline.sinks) {
    const Guarantee guarantee = guarantee_of(sink);
    const std::string promise(promise_text(guarantee.promise));
    page->line("sink", plugin_text(sink.sink.module()) + ", " +
                           (guarantee.promise == Promise::kNone ? "no guarantee" : promise));
    for (const std::string& note : guarantee.notes) page->line("", note);
    for (size_t i = 0; i < sink.spec->tables.size(); ++i)
      page->line("", "table " + sink.spec->tables[i].table + " gets stream " +
                         pipeline.streams[sink.streams[i]].name);
    if (sink.spec->tables.empty() && sink.streams[0] != 0)
      page->line("", "gets stream " + pipeline.streams[sink.streams[0]].name);
  }
  for (const std::string& note : guarantees_between(pipeline.sinks)) page->line("sinks", note);
}

void write_columns(JsonWriter* json, const Schema& schema) {
  json->begin_array();
  for (const Field& field : schema.fields) {
    json->begin_object().field("name", field.name).field("type", field.type_text());
    json->field("nullable", field.nullable);
    if (!field.unit.empty()) json->field("unit", field.unit);
    json->end_object();
  }
  json->end_array();
}

void write_sinks(JsonWriter* json, const Pipeline& pipeline) {
  json->key("sinks").begin_array();
  for (const BoundSink& sink : pipeline.sinks) {
    const Guarantee guarantee = guarantee_of(sink);
    json->begin_object().field("type", sink.sink.module().name());
    json->field("version", sink.sink.module().version());
    json->field("guarantee", promise_name(guarantee.promise));
    json->key("notes").begin_array();
    for (const std::string& note : guarantee.notes) json->value(note);
    json->end_array().key("streams").begin_array();
    for (const size_t stream : sink.streams) json->value(pipeline.streams[stream].name);
    json->end_array().end_object();
  }
  json->end_array();
}

}  // namespace chunkmill::host::cli
