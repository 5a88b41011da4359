#include "framework/plan/editor_schema.hpp"

#include "chunkmill/json.hpp"
#include "framework/core/json_value.hpp"
#include "framework/job/job_schema.hpp"

namespace chunkmill::host {
namespace {

JsonValue text(std::string_view words) {
  JsonValue value;
  value.kind = JsonValue::Kind::kString;
  value.text = words;
  return value;
}

JsonValue object() {
  JsonValue value;
  value.kind = JsonValue::Kind::kObject;
  return value;
}

JsonValue list(std::vector<JsonValue> items) {
  JsonValue value;
  value.kind = JsonValue::Kind::kArray;
  value.items = std::move(items);
  return value;
}

JsonValue never() {
  JsonValue value;
  value.kind = JsonValue::Kind::kBool;
  return value;
}

JsonValue reference(std::string_view kind) {
  JsonValue value = object();
  value.members.emplace_back("$ref", text("#/$defs/" + std::string(kind)));
  return value;
}

JsonValue* member(JsonValue* value, std::string_view name) {
  for (auto& [key, one] : value->members)
    if (key == name) return &one;
  return nullptr;
}

JsonValue& member_or_new(JsonValue* value, std::string_view name, JsonValue made) {
  if (JsonValue* there = member(value, name)) return *there;
  return value->members.emplace_back(name, std::move(made)).second;
}

// What the host's own check allows and plain JSON Schema does not: one value for a list of one.
void allow_single_values(JsonValue* schema) {
  for (JsonValue& item : schema->items) allow_single_values(&item);
  for (auto& [name, one] : schema->members) allow_single_values(&one);
  const JsonValue* single = schema->find("x-single");
  const JsonValue* items = schema->find("items");
  if (single == nullptr || !single->truth || items == nullptr) return;
  JsonValue either = object();
  JsonValue one = *items;
  either.members.emplace_back("anyOf", list({std::move(one), std::move(*schema)}));
  *schema = std::move(either);
}

void add_properties(JsonValue* schema, const JsonValue& from) {
  JsonValue& properties = member_or_new(schema, "properties", object());
  const JsonValue* more = from.find("properties");
  for (const auto& [name, one] : more->members)
    if (properties.find(name) == nullptr) properties.members.emplace_back(name, one);
}

// A plugin's options as they stand in a job file: with `type:`, and the host's keys of its kind.
JsonValue use_of(const Module& module, JsonValue options) {
  JsonValue type = object();
  type.members.emplace_back("const", text(module.name()));
  type.members.emplace_back("description", text(module.summary()));
  JsonValue& properties = member_or_new(&options, "properties", object());
  properties.members.emplace(properties.members.begin(), "type", std::move(type));
  JsonValue& required = member_or_new(&options, "required", list({}));
  required.items.insert(required.items.begin(), text("type"));
  member_or_new(&options, "additionalProperties", never());
  if (module.kind() == Kind::kSink) {
    if (JsonValue* tables = member(&properties, "tables"))
      if (JsonValue* table = member(tables, "additionalProperties");
          table != nullptr && table->kind == JsonValue::Kind::kObject)
        add_properties(table, parse_json(kTableSchema).take());
    add_properties(&options, parse_json(kSinkSchema).take());
  }
  return options;
}

// A calculator of a route: what it must have may stand in the route's `defaults`.
JsonValue case_of_route(std::vector<JsonValue> uses) {
  for (JsonValue& use : uses) *member(&use, "required") = list({text("type")});
  JsonValue any = object();
  any.members.emplace_back("type", text("object"));
  any.members.emplace_back("oneOf", list(std::move(uses)));
  return any;
}

// Any plugin of one kind.
JsonValue definition(Registry& registry, Kind kind, std::vector<Status>* left_out) {
  std::vector<JsonValue> uses;
  for (const std::string& name : registry.names(kind)) {
    const Result<const Module*> module = registry.load(kind, name);
    const Result<std::string> json =
        module.ok() ? (*module)->option_schema() : Result<std::string>(module.status());
    Result<JsonValue> options = json.ok() ? parse_json(*json) : Result<JsonValue>(json.status());
    if (!options.ok()) {
      left_out->push_back(options.status());
      continue;
    }
    uses.push_back(use_of(**module, options.take()));
  }
  if (kind == Kind::kCalculator) {
    JsonValue route = parse_json(kRouteSchema).take();
    *member(member(member(&route, "properties"), "cases"), "additionalProperties") =
        case_of_route(uses);
    uses.push_back(std::move(route));
  }
  JsonValue any = object();
  any.members.emplace_back("type", text("object"));
  any.members.emplace_back("oneOf", list(std::move(uses)));
  return any;
}

void write(const JsonValue& value, JsonWriter* json) {
  switch (value.kind) {
    case JsonValue::Kind::kNull:
      json->null();
      return;
    case JsonValue::Kind::kBool:
      json->value(value.truth);
      return;
    case JsonValue::Kind::kNumber:
      json->raw(value.text);
      return;
    case JsonValue::Kind::kString:
      json->value(value.text);
      return;
    case JsonValue::Kind::kArray:
      json->begin_array();
      for (const JsonValue& item : value.items) write(item, json);
      json->end_array();
      return;
    case JsonValue::Kind::kObject:
      json->begin_object();
      for (const auto& [name, one] : value.members) {
        json->key(name);
        write(one, json);
      }
      json->end_object();
      return;
  }
}

}  // namespace

std::string editor_schema(Registry& registry, std::vector<Status>* left_out) {
  JsonValue job = parse_json(kJobSchema).take();
  JsonValue& properties = *member(&job, "properties");
  *member(member(&properties, "lookups"), "additionalProperties") = reference("source");
  *member(&properties, "source") = reference("source");
  for (const Kind kind : {Kind::kCalculator, Kind::kSink, Kind::kHook})
    *member(member(&properties, std::string(kind_name(kind)) + "s"), "items") =
        reference(kind_name(kind));

  JsonValue definitions = object();
  for (const Kind kind : kKinds)
    definitions.members.emplace_back(kind_name(kind), definition(registry, kind, left_out));
  job.members.emplace_back("$defs", std::move(definitions));
  job.members.emplace(job.members.begin(), "$schema",
                      text("https://json-schema.org/draft/2020-12/schema"));
  job.members.emplace(job.members.begin() + 1, "title", text("chunkmill job"));
  allow_single_values(&job);
  std::string out;
  JsonWriter json(&out);
  write(job, &json);
  return out;
}

}  // namespace chunkmill::host
