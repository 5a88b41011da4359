#include <iostream>

#include "chunkmill/parse.hpp"
#include "framework/cli/job_state.hpp"
#include "framework/cli/page.hpp"
#include "framework/cli/reject_json.hpp"
#include "framework/cli/verbs.hpp"
#include "framework/core/json_value.hpp"

namespace chunkmill::host::cli {
namespace {

std::string value_text(const JsonValue& value) {
  switch (value.kind) {
    case JsonValue::Kind::kNull:
      return "-";
    case JsonValue::Kind::kBool:
      return value.truth ? "true" : "false";
    default:
      return printable(value.text);
  }
}

void add_fields(Page* page, const std::string& fields_json) {
  const Result<JsonValue> fields = parse_json(fields_json);
  if (!fields.ok() || fields->members.empty()) return;
  page->line("fields", "as they were read");
  Table table({"column", "value"}, Overflow::kWrap);
  for (const auto& [name, value] : fields->members) table.add({name, value_text(value)});
  page->table(table);
}

std::string as_text(const std::vector<Reject>& history, const std::string& dismissed,
                    const Screen& screen) {
  const Reject& reject = history.back();
  Page page(screen);
  page.line("reject",
            std::to_string(reject.id) + ", " + std::string(reject_state_name(reject.state)));
  page.line("because", printable(reject.message));
  page.line("code",
            reject.code + (reject.column.empty() ? "" : ", column " + printable(reject.column)));
  if (!reject.where.empty())
    page.line("where",
              printable(reject.where) + (reject.line > 0 ? ":" + std::to_string(reject.line) : ""));
  page.line("stage", std::string(reject_stage_name(reject.stage)) + ", by " + reject.plugin + " " +
                         reject.plugin_version);
  page.line("run", reject.run + ", chunk " + std::to_string(reject.chunk) + " of " +
                       printable(reject.split) +
                       (reject.attempt > 1 ? ", attempt " + std::to_string(reject.attempt) : ""));
  page.line("at", time_text(reject.created_ms) + " UTC");
  if (!reject.replay_run.empty()) page.line("replayed", "by run " + reject.replay_run);
  if (!dismissed.empty()) page.line("dismissed", printable(dismissed));
  if (!reject.raw.empty()) page.line("record", printable(reject.raw));
  if (!reject.fields_json.empty()) add_fields(&page, reject.fields_json);
  if (history.size() > 1) {
    page.line("history", "");
    Table table({"id", "when", "run", "state", "why"}, Overflow::kWrap);
    table.right(0);
    for (const Reject& one : history)
      table.add({std::to_string(one.id), time_text(one.created_ms), one.run,
                 std::string(reject_state_name(one.state)), one.code + ": " + one.message});
    page.table(table);
  }
  return page.str();
}

std::string as_json(const std::vector<Reject>& history) {
  std::string text;
  JsonWriter json(&text);
  json.begin_object().key("reject");
  write_reject(&json, history.back());
  json.key("history").begin_array();
  for (const Reject& one : history) write_reject(&json, one);
  json.end_array().end_object();
  return text + '\n';
}

}  // namespace

int rejects_show_command(const Arguments& arguments) {
  CommonOptions common;
  options::options_description described("options");
  common.describe_state(&described);
  options::variables_map values;
  const Verb& verb = verb_named("rejects show");
  if (const auto done = parse(verb, described, {"JOB", "ID"}, arguments, &values)) return *done;
  int64_t id = 0;
  if (parse_int64(operand(values, "ID"), &id) != ParseFault::kNone || id < 1)
    return fail(Status(Code::kUsage, "\"" + operand(values, "ID") +
                                         "\" is no id of a reject; see: chunkmill rejects list"));

  int exit_code = kSuccess;
  const std::unique_ptr<JobState> job = open_job_state(operand(values, "JOB"), common, &exit_code);
  if (!job) return exit_code;
  const Result<std::vector<Reject>> history = job->store->reject_history(id);
  if (!history.ok()) return fail(history.status());
  if (history->empty())
    return fail(Status(Code::kUsage, "there is no reject " + std::to_string(id) +
                                         "; see: chunkmill rejects list"));
  std::string dismissed;
  if (history->back().state == RejectState::kDismissed) {
    Result<std::string> reason = job->store->dismissal(id);
    if (!reason.ok()) return fail(reason.status());
    dismissed = reason.take();
  }
  std::cout << (common.json() ? as_json(*history)
                              : as_text(*history, dismissed, Screen::of_stdout(common.no_color)));
  return kSuccess;
}

}  // namespace chunkmill::host::cli
