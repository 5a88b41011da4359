#include <iostream>

#include "framework/cli/pipeline_page.hpp"
#include "framework/cli/verbs.hpp"
#include "framework/observe/text.hpp"

namespace chunkmill::host::cli {
namespace {

constexpr size_t kSplitsShown = 20;

// Splits, and what they come to; -1 where the source does not know.
struct Reading {
  std::vector<Split> splits;
  size_t workers = 1;
  int64_t rows = 0;
  int64_t bytes = 0;
};

void add_up(int64_t more, int64_t* sum) { *sum = more < 0 || *sum < 0 ? -1 : *sum + more; }

Result<Reading> plan_reading(Pipeline& pipeline) {
  Reading reading;
  reading.workers = worker_count(*pipeline.spec);
  const bool whole = !pipeline.spec->chunk.keep_together.empty();
  ASSIGN_OR_RETURN(reading.splits,
                   pipeline.source->plan(whole ? 1 : static_cast<uint32_t>(reading.workers)));
  for (const Split& split : reading.splits) {
    add_up(split.estimated_rows, &reading.rows);
    add_up(split.estimated_bytes, &reading.bytes);
  }
  return reading;
}

std::string about(int64_t number, const char* unit) {
  return number < 0 ? "" : with_thousands(number) + unit;
}

void add_splits(Page* page, const Reading& reading) {
  std::string text =
      std::to_string(reading.splits.size()) + (reading.splits.size() == 1 ? " split" : " splits");
  if (reading.rows >= 0) text += ", about " + about(reading.rows, " rows");
  if (reading.bytes >= 0) text += ", " + about(reading.bytes, " bytes");
  page->line("splits", text);
  if (reading.splits.empty()) return;
  Table table({"split", "rows", "bytes", "where"});
  table.right(1).right(2);
  for (size_t i = 0; i < std::min(reading.splits.size(), kSplitsShown); ++i) {
    const Split& split = reading.splits[i];
    table.add({split.id, split.estimated_rows < 0 ? "?" : about(split.estimated_rows, ""),
               split.estimated_bytes < 0 ? "?" : about(split.estimated_bytes, ""), split.where});
  }
  page->table(table);
  if (reading.splits.size() > kSplitsShown)
    page->line("", "and " + std::to_string(reading.splits.size() - kSplitsShown) + " more");
}

Table schema_table(const Schema& schema) {
  Table table({"column", "type", "", "unit"});
  for (const Field& field : schema.fields)
    table.add({field.name, field.type_text(), field.nullable ? "" : "never null", field.unit});
  return table;
}

void add_stages(Page* page, const Pipeline& pipeline) {
  page->line("reads", std::to_string(pipeline.input->size()) + " of " +
                          std::to_string(pipeline.source_schema->size()) +
                          (pipeline.pushed_down ? " columns, selected and typed by the source"
                                                : " columns, selected and typed by chunkmill"));
  page->table(schema_table(*pipeline.input));
  if (const Schema dropped = dropped_columns(pipeline); !dropped.fields.empty())
    page->line("dropped", columns_text(dropped));
  for (const Stage& stage : pipeline.stages) {
    for (size_t i = 0; i < stage.calculators.size(); ++i) {
      const BoundCalculator& bound = stage.calculators[i];
      const StreamDecl& main = bound.streams[0];
      std::string text = plugin_text(bound.calculator.module());
      if (stage.is_route) text += ", for value " + stage.route_values[i];
      text += main.append() ? ", adds to its input" : ", puts out rows of its own";
      if (main.row_for_row()) text += ", one for each input row";
      if (bound.calculator.ordered()) text += ", in source order";
      page->line(stage.is_route ? "route" : "calculator", text);
      page->table(schema_table(*main.schema));
      for (size_t s = 1; s < bound.streams.size(); ++s) {
        page->line("stream", bound.streams[s].name);
        page->table(schema_table(*bound.streams[s].schema));
      }
    }
  }
}

void add_running(Page* page, const Pipeline& pipeline, const Reading& reading) {
  const JobSpec& spec = *pipeline.spec;
  page->line("workers", std::to_string(reading.workers) +
                            (spec.workers > 0 ? "" : " (one a core)") +
                            ", each with a lane of its own through the calculators");
  std::string lanes;
  for (const BoundSink& sink : pipeline.sinks)
    lanes += (lanes.empty() ? "" : ", ") + sink.sink.module().name() + " " +
             std::to_string(lane_count(sink, reading.workers));
  page->line("lanes", "of the sinks: " + lanes);
  page->line("order", pipeline.ordered
                          ? "chunks commit in the source's order"
                          : "chunks of one split commit in order; splits side by side");
  page->line("chunk", (spec.chunk.rows > 0 ? with_thousands(spec.chunk.rows) + " rows"
                                           : "10,000 rows at first, then as commits allow") +
                          (spec.chunk.keep_together.empty()
                               ? ""
                               : ", rows of one \"" + spec.chunk.keep_together + "\" together"));
}

void write_split(JsonWriter* json, const Split& split) {
  json->begin_object().field("id", split.id).field("where", split.where);
  json->key("rows");
  split.estimated_rows < 0 ? json->null() : json->value(split.estimated_rows);
  json->key("bytes");
  split.estimated_bytes < 0 ? json->null() : json->value(split.estimated_bytes);
  json->end_object();
}

std::string as_json(const Pipeline& pipeline, const Reading& reading) {
  std::string text;
  JsonWriter json(&text);
  json.begin_object().field("job", pipeline.spec->name).key("splits").begin_array();
  for (const Split& split : reading.splits) write_split(&json, split);
  json.end_array().field("workers", reading.workers).field("ordered", pipeline.ordered);
  json.key("source").begin_object().field("type", pipeline.source->module().name());
  json.field("pushed_down", pipeline.pushed_down).key("columns");
  write_columns(&json, *pipeline.input);
  json.key("dropped");
  write_columns(&json, dropped_columns(pipeline));
  json.end_object().key("stages").begin_array();
  for (const Stage& stage : pipeline.stages) {
    for (const BoundCalculator& bound : stage.calculators) {
      json.begin_object().field("type", bound.calculator.module().name()).key("streams");
      json.begin_array();
      for (const StreamDecl& stream : bound.streams) {
        json.begin_object().field("name", stream.name).field("append", stream.append());
        json.field("row_for_row", stream.row_for_row()).key("columns");
        write_columns(&json, *stream.schema);
        json.end_object();
      }
      json.end_array().end_object();
    }
  }
  json.end_array();
  write_sinks(&json, pipeline);
  json.end_object();
  return text + '\n';
}

}  // namespace

int plan_command(const Arguments& arguments) {
  CommonOptions common;
  common.log_level = "warn";
  options::options_description described("options");
  common.describe(&described);
  options::variables_map values;
  if (const auto done = parse(verb_named("plan"), described, {"JOB"}, arguments, &values))
    return *done;

  int exit_code = kSuccess;
  const std::unique_ptr<JobSession> session =
      open_job(operand(values, "JOB"), common, Patience::kNone, &exit_code);
  if (!session) return exit_code;
  Pipeline& pipeline = session->pipeline();
  const Result<Reading> reading = plan_reading(pipeline);
  if (!reading.ok())
    return fail(Status(reading.status().code(), session->log().redact(reading.status().message())));
  if (common.json()) {
    std::cout << as_json(pipeline, *reading);
    return kSuccess;
  }
  Page page(Screen::of_stdout(common.no_color));
  page.line("job", pipeline.spec->name + " (" + session->job_path() + ")");
  page.line("source", plugin_text(pipeline.source->module()));
  add_splits(&page, *reading);
  add_lookups(&page, *pipeline.spec);
  add_stages(&page, pipeline);
  add_sinks(&page, pipeline);
  add_running(&page, pipeline, *reading);
  std::cout << page.str();
  return kSuccess;
}

}  // namespace chunkmill::host::cli
