#include <algorithm>
#include <iostream>

#include "chunkmill/json.hpp"
#include "framework/cli/page.hpp"
#include "framework/cli/verbs.hpp"
#include "framework/job/option_schema.hpp"
#include "framework/observe/text.hpp"
#include "framework/plugin/registry.hpp"

namespace chunkmill::host::cli {
namespace {

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

std::string type_text(const OptionSchema& option) {
  switch (option.format) {
    case OptionSchema::Format::kDuration:
      return "duration";
    case OptionSchema::Format::kBytes:
      return "size";
    case OptionSchema::Format::kPercent:
      return "percentage";
    case OptionSchema::Format::kCharacter:
    case OptionSchema::Format::kCharacterOrNone:
      return "character";
    case OptionSchema::Format::kNone:
      break;
  }
  if (!option.choices.empty()) return joined(option.choices, " | ");
  if (option.path) return "path";
  if (option.column) return "column";
  if (option.lookup) return "lookup";
  if (option.items && option.single) return type_text(*option.items) + " or list";
  if (option.items) return "list of " + type_text(*option.items);
  if (option.additional) return "map to " + type_text(*option.additional);
  std::string text = joined(option.types, " or ");
  if (text == "object") return "map";
  if (text == "array") return "list";
  return text.empty() ? "any" : text;
}

bool is_required(const OptionSchema& schema, const std::string& name) {
  return std::find(schema.required.begin(), schema.required.end(), name) != schema.required.end();
}

std::string default_text(const OptionSchema& schema, const std::string& name) {
  const OptionSchema& option = schema.properties.find(name)->second;
  if (is_required(schema, name)) return "required";
  // A default is JSON as the schema has it, "" or [] where there is none to speak of.
  const std::string text = option.default_text.value_or("");
  return text.empty() || text == "null" || text == "[]" || text == "{}" || text == "\"\"" ? "-"
                                                                                          : text;
}

void add_options(const OptionSchema& schema, const std::string& prefix, Table* table) {
  for (const std::string& name : schema.property_names) {
    const OptionSchema& option = schema.properties.find(name)->second;
    if (!option.property_names.empty()) {
      table->add(
          {prefix + name, "map", is_required(schema, name) ? "required" : "-", option.description});
      add_options(option, prefix + name + ".", table);
      continue;
    }
    std::string doc = option.description;
    if (option.secret) doc += doc.empty() ? "secret" : " (secret: never shown)";
    table->add({prefix + name, type_text(option), default_text(schema, name), doc});
    if (option.items) add_options(*option.items, prefix + name + "[].", table);
    if (option.additional) add_options(*option.additional, prefix + name + ".NAME.", table);
  }
}

// A value that a person replaces.
std::string placeholder(const std::string& name, const OptionSchema& option) {
  if (!option.choices.empty()) return option.choices.front();
  if (option.secret) return "${" + name + "}";
  if (option.path) return "path/to/file";
  if (option.lookup) return "name_of_a_lookup";
  if (option.column) return "name_of_a_column";
  if (option.items && option.single) return placeholder(name, *option.items);
  if (option.items) return "[" + placeholder(name, *option.items) + "]";
  if (!option.property_names.empty() || option.additional) return "{...}";
  const std::string type = option.types.empty() ? "" : option.types.front();
  if (type == "integer" || type == "number") return "1";
  if (type == "boolean") return "true";
  if (type == "object") return "{...}";
  return "...";
}

std::string example(Kind kind, const std::string& name, const OptionSchema& schema) {
  const bool is_source = kind == Kind::kSource;
  std::string text = std::string(kind_name(kind)) + (is_source ? ":\n" : "s:\n");
  std::string lead = is_source ? "  " : "  - ";
  const auto add = [&](const std::string& key, const std::string& value) {
    text += lead + key + ": " + value + '\n';
    lead = is_source ? "  " : "    ";
  };
  add("type", name);
  for (const std::string& option : schema.property_names)
    if (is_required(schema, option))
      add(option, placeholder(option, schema.properties.find(option)->second));
  return text;
}

std::string as_text(const Module& module, const OptionSchema& schema, const Screen& screen) {
  Page page(screen);
  page.text(screen.bold(std::string(kind_name(module.kind())) + " " + module.name()) + " " +
            module.version() + "\n");
  for (const std::string& line : wrap(printable(module.summary()), screen.columns))
    page.text(line + '\n');
  Table table({"option", "type", "default", "meaning"}, Overflow::kWrap);
  add_options(schema, "", &table);
  if (!table.empty()) {
    page.gap();
    page.table(table, 0);
  }
  if (module.kind() == Kind::kSink) {
    page.gap();
    page.text("every sink: fallback, from, rate (see docs/job-file.md)\n");
  }
  page.heading("in a job file");
  page.text(example(module.kind(), module.name(), schema));
  page.gap();
  page.text(screen.dim(module.file().string()) + '\n');
  return page.str();
}

std::string as_json(const Module& module, const std::string& schema) {
  std::string text;
  JsonWriter json(&text);
  json.begin_object()
      .field("kind", kind_name(module.kind()))
      .field("name", module.name())
      .field("version", module.version())
      .field("summary", module.summary())
      .field("file", module.file().string());
  json.key("options").raw(schema).end_object();
  return text + '\n';
}

}  // namespace

int plugins_describe_command(const Arguments& arguments) {
  CommonOptions common;
  options::options_description described("options");
  common.describe_lookup(&described);
  options::variables_map values;
  const Verb& verb = verb_named("plugins describe");
  if (const auto done = parse(verb, described, {"KIND", "NAME"}, arguments, &values)) return *done;
  if (const Status status = common.check_format(); !status.ok()) return fail(status);

  const Result<Kind> kind = read_kind(operand(values, "KIND"));
  if (!kind.ok()) return fail(kind.status());
  Registry registry(common.folders());
  const Result<const Module*> module = registry.load(*kind, operand(values, "NAME"));
  if (!module.ok()) return fail(module.status());
  const Result<std::string> json = (*module)->option_schema();
  if (!json.ok()) return fail(json.status());
  if (common.json()) {
    std::cout << as_json(**module, *json);
    return kSuccess;
  }
  const Result<OptionSchema> schema = OptionSchema::parse(*json);
  if (!schema.ok()) return fail(schema.status().with_context((*module)->label()));
  std::cout << as_text(**module, *schema, Screen::of_stdout(common.no_color));
  return kSuccess;
}

}  // namespace chunkmill::host::cli
