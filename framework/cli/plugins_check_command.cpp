#include <iostream>

#include "chunkmill/json.hpp"
#include "framework/cli/page.hpp"
#include "framework/cli/verbs.hpp"
#include "framework/conformance/conformance.hpp"
#include "framework/core/json_value.hpp"
#include "framework/job/value.hpp"
#include "framework/observe/text.hpp"

namespace chunkmill::host::cli {
namespace {

Value as_value(const JsonValue& json) {
  switch (json.kind) {
    case JsonValue::Kind::kNull:
      return Value();
    case JsonValue::Kind::kBool:
      return Value::of(json.truth);
    case JsonValue::Kind::kNumber:
      return Value::plain(json.text);
    case JsonValue::Kind::kString:
      return Value::of(std::string_view(json.text));
    case JsonValue::Kind::kArray: {
      Value list = Value::list();
      for (const JsonValue& item : json.items) list.push(as_value(item));
      return list;
    }
    case JsonValue::Kind::kObject: {
      Value map = Value::map();
      for (const auto& [name, member] : json.members) map.append(name, {}, as_value(member));
      return map;
    }
  }
  return Value();
}

Result<Value> read_options(const std::string& text) {
  const Result<JsonValue> json = parse_json(text);
  if (!json.ok()) return Status(Code::kUsage, "--options: " + json.status().message());
  if (json->kind != JsonValue::Kind::kObject)
    return Status(Code::kUsage, "--options is a JSON object, like {\"path\": \"scratch.db\"}");
  return as_value(*json);
}

const char* word_of(Check::Outcome outcome) {
  switch (outcome) {
    case Check::Outcome::kPassed:
      return "passed";
    case Check::Outcome::kFailed:
      return "failed";
    case Check::Outcome::kSkipped:
      return "skipped";
  }
  return "failed";
}

std::string as_text(const ConformanceReport& report, const Screen& screen) {
  std::string text;
  if (!report.plugin.empty()) text += screen.bold(report.plugin) + "\n\n";
  for (const Check& check : report.checks) {
    const std::string word = word_of(check.outcome);
    text += check.outcome == Check::Outcome::kPassed   ? screen.green(word)
            : check.outcome == Check::Outcome::kFailed ? screen.red(word)
                                                       : screen.yellow(word);
    text += std::string(9 - word.size(), ' ') + check.name + '\n';
    if (check.detail.empty()) continue;
    const int room = screen.columns > 0 ? std::max(screen.columns - 11, 24) : 0;
    for (const std::string& line : wrap(printable(check.detail), room))
      text += "           " + line + '\n';
  }
  text += "\n" + std::to_string(report.count(Check::Outcome::kPassed)) + " passed, " +
          std::to_string(report.count(Check::Outcome::kFailed)) + " failed, " +
          std::to_string(report.count(Check::Outcome::kSkipped)) + " skipped\n";
  return text;
}

std::string as_json(const ConformanceReport& report) {
  std::string text;
  JsonWriter json(&text);
  json.begin_object().field("plugin", report.plugin).field("passed", report.passed());
  json.key("checks").begin_array();
  for (const Check& check : report.checks)
    json.begin_object()
        .field("name", check.name)
        .field("outcome", word_of(check.outcome))
        .field("detail", check.detail)
        .end_object();
  json.end_array().end_object();
  return text + '\n';
}

}  // namespace

int plugins_check_command(const Arguments& arguments) {
  CommonOptions common;
  std::string options_text;
  options::options_description described("options");
  described.add_options()("options", options::value(&options_text),
                          "JSON object of options to create it with; without them only what "
                          "needs none is checked. A sink is written to: name a scratch target");
  common.describe_lookup(&described);
  options::variables_map values;
  const Verb& verb = verb_named("plugins check");
  if (const auto done = parse(verb, described, {"FILE"}, arguments, &values)) return *done;
  if (const Status status = common.check_format(); !status.ok()) return fail(status);

  Value given;
  cm_options view{};
  ConformanceOptions settings;
  if (!options_text.empty()) {
    Result<Value> read = read_options(options_text);
    if (!read.ok()) return fail(read.status());
    given = read.take();
    view = given.options();
    settings.options = &view;
  }
  const ConformanceReport report = check_plugin(operand(values, "FILE"), settings);
  std::cout << (common.json() ? as_json(report)
                              : as_text(report, Screen::of_stdout(common.no_color)));
  return report.passed() ? kSuccess : kBroken;
}

}  // namespace chunkmill::host::cli
