#include <iostream>

#include "framework/cli/pipeline_page.hpp"
#include "framework/cli/verbs.hpp"
#include "framework/observe/text.hpp"
#include "framework/plan/guarantees.hpp"
#include "framework/plan/option_place.hpp"

namespace chunkmill::host::cli {
namespace {

// What --connect found.
struct Connection {
  std::string what;  // `source csv`
  std::string text;  // when it is there
  Status status;
};

std::vector<Connection> connect(Pipeline& pipeline) {
  std::vector<Connection> found;
  const Result<std::vector<Split>> splits =
      pipeline.source->plan(static_cast<uint32_t>(worker_count(*pipeline.spec)));
  Connection& source = found.emplace_back();
  source.what = "source " + pipeline.source->module().name();
  source.status = at_place(*pipeline.spec, pipeline.spec->source, splits.status());
  if (splits.ok())
    source.text =
        splits->size() == 1 ? splits->front().where : std::to_string(splits->size()) + " splits";
  for (BoundSink& sink : pipeline.sinks)
    found.push_back({"sink " + sink.sink.module().name(), "is there",
                     at_place(*pipeline.spec, sink.spec->plugin, sink.sink.check())});
  return found;
}

std::string read_text(const Pipeline& pipeline) {
  std::string text = std::to_string(pipeline.input->size()) + " of " +
                     std::to_string(pipeline.source_schema->size()) + " columns read";
  return text + (pipeline.pushed_down ? ", typed by the source itself"
                                      : ", selected and typed by chunkmill");
}

void print_text(const Screen& screen, JobSession& session,
                const std::vector<Connection>& connections) {
  Pipeline& pipeline = session.pipeline();
  Page page(screen);
  page.line("ok", pipeline.spec->name + " (" + session.job_path() + ")", true);
  page.line("source", plugin_text(pipeline.source->module()) + ", " + read_text(pipeline));
  page.line("", columns_text(*pipeline.input));
  add_lookups(&page, *pipeline.spec);
  for (const Stage& stage : pipeline.stages) {
    for (size_t i = 0; i < stage.calculators.size(); ++i) {
      const BoundCalculator& bound = stage.calculators[i];
      std::string text = plugin_text(bound.calculator.module());
      if (stage.is_route) text += ", for value " + stage.route_values[i];
      text += ", puts out " + std::to_string(bound.output->size()) + " columns";
      for (size_t s = 1; s < bound.streams.size(); ++s)
        text += (s == 1 ? " and the streams " : ", ") + bound.streams[s].name;
      page.line(stage.is_route ? "route" : "calculator", text);
    }
  }
  add_sinks(&page, pipeline);
  for (const Connection& connection : connections)
    if (connection.status.ok())
      page.line("connected", connection.what + ": " + connection.text, true);
  if (connections.empty()) return void(std::cout << page.str());
  for (const BoundSink& sink : pipeline.sinks) {
    page.line("swap", "with another sink in place of " + plugin_text(sink.sink.module()) + ":");
    for (const std::string& note : changes_with_a_swap(sink)) page.line("", note);
  }
  std::cout << page.str();
}

void print_json(JobSession& session, const std::vector<Connection>& connections) {
  Pipeline& pipeline = session.pipeline();
  bool good = true;
  for (const Connection& connection : connections) good &= connection.status.ok();
  std::string text;
  JsonWriter json(&text);
  json.begin_object().field("job", pipeline.spec->name).field("ok", good);
  json.key("source").begin_object().field("type", pipeline.source->module().name());
  json.field("version", pipeline.source->module().version());
  json.field("pushed_down", pipeline.pushed_down).key("columns");
  write_columns(&json, *pipeline.input);
  json.end_object().key("calculators").begin_array();
  for (const Stage& stage : pipeline.stages)
    for (const BoundCalculator& bound : stage.calculators)
      json.begin_object()
          .field("type", bound.calculator.module().name())
          .field("version", bound.calculator.module().version())
          .end_object();
  json.end_array();
  write_sinks(&json, pipeline);
  if (!connections.empty()) {
    json.key("connections").begin_array();
    for (const Connection& connection : connections)
      json.begin_object()
          .field("what", connection.what)
          .field("ok", connection.status.ok())
          .field("message", session.log().redact(connection.status.message()))
          .end_object();
    json.end_array().key("changes_with_a_swap").begin_array();
    for (const BoundSink& sink : pipeline.sinks) {
      json.begin_array();
      for (const std::string& note : changes_with_a_swap(sink)) json.value(note);
      json.end_array();
    }
    json.end_array();
  }
  json.end_object();
  std::cout << text << '\n';
}

}  // namespace

int validate_command(const Arguments& arguments) {
  CommonOptions common;
  common.log_level = "warn";
  bool with_connection = false;
  options::options_description described("options");
  described.add_options()("connect", options::bool_switch(&with_connection),
                          "also open the source, and see that every sink can be reached");
  common.describe(&described);
  options::variables_map values;
  if (const auto done = parse(verb_named("validate"), described, {"JOB"}, arguments, &values))
    return *done;

  int exit_code = kSuccess;
  const std::unique_ptr<JobSession> session =
      open_job(operand(values, "JOB"), common, Patience::kNone, &exit_code);
  if (!session) return exit_code;

  std::vector<Connection> connections;
  if (with_connection) connections = connect(session->pipeline());
  if (common.json()) {
    print_json(*session, connections);
  } else {
    print_text(Screen::of_stdout(common.no_color), *session, connections);
  }
  for (const Connection& connection : connections) {
    if (connection.status.ok()) continue;
    // What the job file is to blame for was reached.
    const bool reached = connection.status.code() == Code::kJob;
    const int code = fail(
        Status(connection.status.code(), (reached ? "" : connection.what + " cannot be reached: ") +
                                             session->log().redact(connection.status.message())));
    if (exit_code == kSuccess) exit_code = code;
  }
  return exit_code;
}

}  // namespace chunkmill::host::cli
